import Model
import Testing

@testable import PromQL

/// Series in memory, at a fixed step from the epoch.
struct FixedSeries: SeriesSource {
  var all: [SampleSeries]

  init(_ all: [SampleSeries]) { self.all = all }

  /// Lines in the notation of unit tests.
  init(step: Duration = .seconds(30), _ lines: String...) throws {
    all = try lines.map { line in
      let notation = try SeriesNotation.parse(line)
      var series = SampleSeries(notation.labels)
      for (index, value) in notation.values.enumerated() {
        if case .number(let number) = value { series.append(number, at: .epoch + step * index) }
      }
      return series
    }
  }

  func series(for selection: Selection) throws(EvaluationError) -> [SampleSeries] {
    all.filter { selection.matchers.accept($0.labels) }
  }
}

extension FixedSeries {
  func result(
    _ text: String, _ times: QueryTimes, _ settings: EngineSettings = .init()
  ) throws -> QueryResult {
    let parsed = Expr.parse(text)
    let expr = try #require(parsed.expr, "\(text): \(parsed.problems)")
    return try PreparedQuery(expr, times: times, settings: settings).evaluate(self)
  }

  /// The elements of an instant query as lines, in the order of the result.
  func lines(_ text: String, at seconds: Int) throws -> [String] {
    try Self.lines(result(text, .at(seconds)).value)
  }

  /// The series of a range query as lines; `_` for a step without a value.
  func lines(_ text: String, from start: Int, through end: Int, step: Int) throws -> [String] {
    let times = QueryTimes(from: .at(start), through: .at(end), step: .seconds(step))
    guard case .matrix(let matrix) = try result(text, times).value else { return ["no matrix"] }
    return matrix.map { series in
      let values = stride(from: start, through: end, by: step).map { second in
        series.times.firstIndex(of: .at(second)).map { series.values[$0].printedAsGo } ?? "_"
      }
      return ([series.labels.text] + values).joined(separator: " ")
    }
  }

  /// The words of the error that a query ends with.
  func failure(_ text: String, at seconds: Int) throws -> String? {
    do {
      _ = try result(text, .at(seconds))
      return nil
    } catch let error as EvaluationError {
      return error.description
    }
  }

  static func lines(_ value: QueryValue) -> [String] {
    switch value {
    case .scalar(let number): [number.printedAsGo]
    case .string(let text): [text]
    case .vector(let samples): samples.map { "\($0.labels.text) \($0.value.printedAsGo)" }
    case .matrix(let matrix):
      matrix.map { series in
        let samples = zip(series.times, series.values).map { "\($1.printedAsGo)@\($0.secondsSinceEpoch.printedAsGo)" }
        return ([series.labels.text] + samples).joined(separator: " ")
      }
    }
  }
}

extension Timestamp {
  static func at(_ seconds: Int) -> Timestamp { .epoch + .seconds(seconds) }
}

extension QueryTimes {
  static func at(_ seconds: Int) -> QueryTimes { QueryTimes(at: .at(seconds)) }
}

extension Labels {
  /// The name in front, as people write it.
  fileprivate var text: String {
    let name = self["__name__"]
    let rest = without(["__name__"])
    return rest.isEmpty && !name.isEmpty ? name : name + rest.prometheusText
  }
}
