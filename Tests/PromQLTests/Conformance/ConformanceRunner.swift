import Model

@testable import PromQL

/// What a script's queries came to.
struct ConformanceReport {
  var passed = 0
  /// `line: query: what is wrong`
  var failures: [String] = []
  /// Queries about native histograms, `line: query`.
  var setAside: [String] = []
}

/// Runs a script's commands in their order.
struct ConformanceRunner {
  private var store = ConformanceStore()
  private var report = ConformanceReport()

  static func report(on script: ConformanceScript) -> ConformanceReport {
    var runner = ConformanceRunner()
    for command in script.commands {
      switch command {
      case .clear: runner.store = ConformanceStore()
      case .load(let load): runner.store.load(load)
      case .eval(let eval): runner.run(eval)
      case .mistake(let mistake): runner.report.failures.append("\(mistake.line): \(mistake.message)")
      }
    }
    return runner.report
  }

  private mutating func run(_ eval: ConformanceEval) {
    do throws(Mismatch) {
      if eval.expectsNativeHistograms { throw .nativeHistogram }
      let parsed = Expr.parse(eval.query)
      if let expr = parsed.expr { try checkMain(eval, expr) } else { try eval.check(parsed.problems) }
      report.passed += 1
    } catch {
      switch error {
      case .nativeHistogram: report.setAside.append("\(eval.line): \(eval.query)")
      case .wrong(let words): report.failures.append("\(eval.line): \(eval.query)\n    \(words)")
      }
    }
  }

  private func checkMain(_ eval: ConformanceEval, _ expr: Expr) throws(Mismatch) {
    let result: QueryResult
    do throws(EvaluationError) {
      result = try evaluate(expr, eval.times)
    } catch {
      return try eval.check(error)
    }
    try eval.check(result)
    if eval.times.step == nil { try checkElsewhere(eval, expr) }
  }

  /// The query with its time attached, at other times and as a range query: it must give the same.
  private func checkElsewhere(_ eval: ConformanceEval, _ expr: Expr) throws(Mismatch) {
    let instant = eval.times.start
    var runs = [(expr, instant)]
    if !expr.dependsOnEvaluationTime {
      let attached = expr.attached(to: instant)
      let printed = attached.description
      guard Expr.parse(printed).expr == attached else { throw .wrong("prints as \(printed), which reads differently") }
      let milliseconds = instant.millisecondsSinceEpoch
      let others =
        milliseconds == 0
        ? [-1000, 0, 1000] : [-10 * milliseconds, 0, milliseconds / 5, milliseconds, 10 * milliseconds]
      runs += others.map { (attached, Timestamp(millisecondsSinceEpoch: $0)) }
    }
    for (expr, time) in runs {
      do throws(Mismatch) {
        if time != instant || expr != runs[0].0 { try eval.check(try result(expr, QueryTimes(at: time))) }
        if eval.isComparableAsRange { try checkRange(eval, expr, time) }
      } catch {
        // Only the times around the evaluation's own read such samples.
        if case .wrong(let words) = error {
          throw .wrong("as \(expr) at \(time.millisecondsSinceEpoch) ms: \(words)")
        }
      }
    }
  }

  private func checkRange(_ eval: ConformanceEval, _ expr: Expr, _ time: Timestamp) throws(Mismatch) {
    let times = QueryTimes(from: time - .seconds(60), through: time + .seconds(60), step: .seconds(60))
    let result = try result(expr, times)
    guard case .matrix(let matrix) = result.value else { throw .wrong("in range mode: no matrix: \(result.value)") }
    try ConformanceEval.checkOrder(matrix)
    let samples = matrix.compactMap { series in
      series.times.firstIndex(of: time).map { QuerySample(series.labels, series.values[$0]) }
    }
    let value: QueryValue = eval.scalar == nil ? .vector(samples) : .scalar(samples.first?.value ?? .nan)
    do throws(Mismatch) {
      try eval.check(value)
    } catch {
      guard case .wrong(let words) = error else { throw error }
      throw .wrong("in range mode: \(words)")
    }
  }

  private func result(_ expr: Expr, _ times: QueryTimes) throws(Mismatch) -> QueryResult {
    do throws(EvaluationError) {
      return try evaluate(expr, times)
    } catch {
      throw error == .nativeHistogram ? .nativeHistogram : .wrong("fails: \(error)")
    }
  }

  private func evaluate(_ expr: Expr, _ times: QueryTimes) throws(EvaluationError) -> QueryResult {
    var settings = EngineSettings()
    // The scripts assume 10,000 samples; here the places of absent ones count too.
    settings.sampleLimit = 1_000_000
    return try PreparedQuery(expr, times: times, settings: settings).evaluate(store)
  }
}

/// Why a query doesn't pass.
enum Mismatch: Error {
  case wrong(String)
  /// It is about something that the engine leaves out.
  case nativeHistogram
}
