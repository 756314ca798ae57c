import JSON
package import Model
import PromQL

/// The answer of a query API, read straight into samples.
package struct QueryResponse {
  enum Status {
    case success
    case error
  }

  /// What `result` turned out to be by its shape.
  enum Shape {
    case samples([QuerySample])
    /// A scalar, or a string, which looks alike but for its text.
    case single(Double?, String)
    /// Samples over time; empty where only the type counts.
    case series([SampleSeries])
  }

  var status = Status.error
  var errorType = ""
  var error = ""
  var resultType = ""
  var shape = Shape.samples([])
  /// Native histograms, which are read over.
  var histograms = 0
  var warnings: [String] = []
  var isPartial = false
  /// Whether samples over time are read, and not only recognised.
  let readsSeries: Bool

  /// The samples of an HTTP answer: those of a vector, or a scalar as one sample without labels.
  package static func answer(_ response: HTTPResponse, acceptsPartial: Bool) throws(QueryError) -> QueryAnswer {
    let parsed = try success(response, readsSeries: false, acceptsPartial: acceptsPartial)
    switch parsed.shape {
    case .series: throw .wrongType(parsed.resultType.isEmpty ? "matrix" : parsed.resultType)
    case .single(let value, _):
      guard parsed.resultType != "string", let value else { throw .wrongType("string") }
      return QueryAnswer(samples: [QuerySample(.empty, value)], warnings: parsed.warnings)
    case .samples(let samples):
      let type = parsed.resultType
      guard type.isEmpty || type == "vector" || samples.isEmpty && type != "matrix" else { throw .wrongType(type) }
      return QueryAnswer(samples: samples, warnings: parsed.allWarnings)
    }
  }

  /// The value of an HTTP answer, whatever its type is.
  package static func value(_ response: HTTPResponse, acceptsPartial: Bool) throws(QueryError) -> ValueAnswer {
    let parsed = try success(response, readsSeries: true, acceptsPartial: acceptsPartial)
    let value: QueryValue
    switch (parsed.resultType, parsed.shape) {
    case ("vector", .samples(let samples)): value = .vector(samples)
    case ("matrix", .series(let series)): value = .matrix(series)
    case ("matrix", .samples(let samples)) where samples.isEmpty: value = .matrix([])
    case ("scalar", .single(let number?, _)): value = .scalar(number)
    case ("string", .single(_, let text)): value = .string(text)
    default: throw .unexpected(parsed.resultType.isEmpty ? "value without a type" : parsed.resultType)
    }
    return ValueAnswer(value, warnings: parsed.allWarnings)
  }

  /// The answer to a query that succeeded.
  private static func success(
    _ response: HTTPResponse, readsSeries: Bool, acceptsPartial: Bool
  ) throws(QueryError) -> QueryResponse {
    var parsed: QueryResponse?
    var syntax: JSONSyntaxError?
    do throws(JSONSyntaxError) {
      parsed = try QueryResponse(response.body, readsSeries: readsSeries)
    } catch {
      syntax = error
    }
    guard response.status / 100 == 2 else { throw refusal(response, parsed) }
    if let syntax { throw problem(response.body, syntax) }
    guard let parsed else { throw .truncated }
    guard parsed.status == .success else { throw .rejected(parsed.error.isEmpty ? parsed.errorType : parsed.error) }
    guard !acceptsPartial else { return parsed }
    if parsed.isPartial { throw .partial("the server says 'isPartial: true'") }
    if let warning = parsed.warnings.first { throw .partial(warning) }
    return parsed
  }

  private var allWarnings: [String] {
    histograms == 0 ? warnings : warnings + ["\(histograms) native histogram samples were left out"]
  }

  /// What an answer with another status than success means.
  private static func refusal(_ response: HTTPResponse, _ parsed: QueryResponse?) -> QueryError {
    let words = parsed.map { $0.error.isEmpty ? $0.errorType : $0.error } ?? described(response.body)
    switch (response.status, parsed?.errorType) {
    case (_, "timeout"), (504, _): return .timedOut
    case (_, "bad_data"), (_, "execution"), (422, _): return .rejected(words)
    case (400, _) where parsed != nil: return .rejected(words)
    default: return .serverError(status: response.status, words: words)
    }
  }

  private static func problem(_ body: [UInt8], _ error: JSONSyntaxError) -> QueryError {
    if case .endOfText = error.problem, body.contains(UInt8(ascii: "{")) { return .truncated }
    return .notJSON(described(body))
  }

  /// What a body that isn't a query API's JSON looks like.
  private static func described(_ body: [UInt8]) -> String {
    guard let first = body.first(where: { $0 > 0x20 }) else { return "nothing" }
    switch first {
    case UInt8(ascii: "<"): return "HTML"
    case UInt8(ascii: "{"), UInt8(ascii: "["): return "other JSON"
    default:
      let line = body.prefix(80).prefix { $0 >= 0x20 }
      return "'" + String(decoding: line, as: UTF8.self) + "'"
    }
  }
}
