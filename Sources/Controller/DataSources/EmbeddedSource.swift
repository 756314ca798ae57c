import Embedded
import Evaluator
import Model
import PromQL
import Synchronization

/// An embedded store as a data source: expressions are evaluated here.
struct EmbeddedSource: SampleSource {
  let store: SampleStore
  let clock: any WallClock
  let expressions = ExpressionCache()
  let settings = EngineSettings()

  init(store: SampleStore, clock: any WallClock) {
    self.store = store
    self.clock = clock
  }

  func query(_ expression: String, at instant: Timestamp, timeout: Duration) async throws(QueryError) -> QueryAnswer {
    let answer = try await queryValue(expression, QueryTimes(at: instant), timeout: timeout)
    switch answer.value {
    case .vector(let samples): return QueryAnswer(samples: samples, warnings: answer.warnings)
    case .scalar(let value): return QueryAnswer(samples: [QuerySample(.empty, value)], warnings: answer.warnings)
    case .string, .matrix: throw .wrongType(answer.value.typeName)
    }
  }

  func queryValue(
    _ expression: String, _ times: QueryTimes, timeout: Duration
  ) async throws(QueryError) -> ValueAnswer {
    let deadline = clock.now + timeout
    do throws(EvaluationError) {
      let expr = try expressions.expr(of: expression)
      let query = try PreparedQuery(expr, times: times, settings: settings)
      let result = try query.evaluate(await gathered(query.selections)) {
        Task.isCancelled || clock.now > deadline
      }
      return ValueAnswer(result.value, warnings: result.annotations.map { $0.description(in: expression) })
    } catch {
      switch error {
      case .cancelled: throw Task.isCancelled ? .cancelled : .timedOut
      default: throw .rejected(error.description)
      }
    }
  }

  private func gathered(_ selections: [Selection]) async throws(EvaluationError) -> GatheredSeries {
    var gathered = GatheredSeries()
    var room = settings.sampleLimit
    for selection in selections where gathered.series[selection] == nil {
      let series = try await store.select(selection, limit: room)
      room -= series.reduce(0) { $0 + $1.times.count }
      gathered.series[selection] = series
    }
    return gathered
  }
}

/// The trees of the expressions that were asked for last: rules ask for the same ones again and again.
final class ExpressionCache: Sendable {
  /// Beyond this all are forgotten and read again.
  private static let capacity = 4096

  private let known = Mutex<[String: Expr]>([:])

  /// The tree of a text. Throws its first problem.
  func expr(of text: String) throws(EvaluationError) -> Expr {
    if let expr = known.withLock({ $0[text] }) { return expr }
    let parsed = Expr.parse(text)
    guard let expr = parsed.expr else {
      throw .failed("the expression can't be read: " + (parsed.problems.first?.message ?? ""))
    }
    known.withLock { known in
      if known.count >= Self.capacity { known.removeAll() }
      known[text] = expr
    }
    return expr
  }
}

/// An embedded store as the place where samples of rules go.
struct EmbeddedSink: SampleSink {
  let store: SampleStore
  let clock: any WallClock

  func write(_ samples: [QuerySample], at instant: Timestamp) async throws(SampleWriteError) {
    let counts = store.append(samples.map { ($0.labels, $0.value) }, at: instant, now: clock.now)
    guard counts.refused > 0 else { return }
    if counts.withoutSeries > 0 {
      throw .lost("the store has as many series as 'max_series' allows; \(counts.withoutSeries) samples were refused")
    }
    throw .lost("\(counts.refused) samples are older than what the store has")
  }
}
