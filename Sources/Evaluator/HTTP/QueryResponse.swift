import JSON
package import Model

/// The answer of a query API, read straight into samples.
package struct QueryResponse {
  private enum Status {
    case success
    case error
  }

  /// What `result` turned out to be by its shape.
  private enum Shape {
    case samples([QuerySample], histograms: Int)
    /// A scalar, or a string, which looks alike but for its text.
    case single(Double?)
    case series
  }

  private var status = Status.error
  private var errorType = ""
  private var error = ""
  private var resultType = ""
  private var shape = Shape.samples([], histograms: 0)
  private var warnings: [String] = []
  private var isPartial = false

  /// The samples of an HTTP answer.
  package static func answer(_ response: HTTPResponse, acceptsPartial: Bool) throws(QueryError) -> QueryAnswer {
    var parsed: QueryResponse?
    var syntax: JSONSyntaxError?
    do throws(JSONSyntaxError) {
      parsed = try QueryResponse(response.body)
    } catch {
      syntax = error
    }
    guard response.status / 100 == 2 else { throw refusal(response, parsed) }
    if let syntax { throw problem(response.body, syntax) }
    guard let parsed else { throw .truncated }
    return try parsed.answer(acceptsPartial: acceptsPartial)
  }

  private func answer(acceptsPartial: Bool) throws(QueryError) -> QueryAnswer {
    guard status == .success else { throw .rejected(error.isEmpty ? errorType : error) }
    if !acceptsPartial {
      if isPartial { throw .partial("the server says 'isPartial: true'") }
      if let warning = warnings.first { throw .partial(warning) }
    }
    switch shape {
    case .series: throw .wrongType(resultType.isEmpty ? "matrix" : resultType)
    case .single(let value):
      guard resultType != "string", let value else { throw .wrongType("string") }
      return QueryAnswer(samples: [QuerySample(.empty, value)], warnings: warnings)
    case .samples(let samples, let histograms):
      guard resultType.isEmpty || resultType == "vector" || samples.isEmpty && resultType != "matrix" else {
        throw .wrongType(resultType)
      }
      var warnings = warnings
      if histograms > 0 { warnings.append("\(histograms) native histogram samples were left out") }
      return QueryAnswer(samples: samples, warnings: warnings)
    }
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

// MARK: - Reading

extension QueryResponse {
  private init(_ body: [UInt8]) throws(JSONSyntaxError) {
    var reader = JSONReader(body)
    try reader.beginObject()
    while let name = try reader.nextObjectKey() {
      switch name {
      case "status": status = try reader.string() == "success" ? .success : .error
      case "errorType": errorType = try Self.text(&reader)
      case "error": error = try Self.text(&reader)
      case "isPartial": isPartial = try reader.peek() == .bool ? try reader.bool() : false
      case "warnings": try readWarnings(&reader)
      case "data" where try reader.peek() == .object: try readData(&reader)
      default: try reader.skipValue()
      }
    }
    try reader.end()
  }

  private static func text(_ reader: inout JSONReader) throws(JSONSyntaxError) -> String {
    guard try reader.peek() == .string else {
      try reader.skipValue()
      return ""
    }
    return try reader.string()
  }

  private mutating func readWarnings(_ reader: inout JSONReader) throws(JSONSyntaxError) {
    guard try reader.peek() == .array else { return try reader.skipValue() }
    try reader.beginArray()
    while try reader.nextElement() { warnings.append(try Self.text(&reader)) }
  }

  private mutating func readData(_ reader: inout JSONReader) throws(JSONSyntaxError) {
    try reader.beginObject()
    while let name = try reader.nextObjectKey() {
      switch name {
      case "resultType": resultType = try Self.text(&reader)
      case "result" where try reader.peek() == .array: try readResult(&reader)
      default: try reader.skipValue()
      }
    }
  }

  private mutating func readResult(_ reader: inout JSONReader) throws(JSONSyntaxError) {
    var samples: [QuerySample] = []
    var histograms = 0
    try reader.beginArray()
    while try reader.nextElement() {
      guard try reader.peek() == .object else {
        // A scalar or string: time and text, of which the time was asked for.
        try reader.skipValue()
        guard try reader.nextElement() else { return shape = .single(nil) }
        shape = .single(try reader.peek() == .string ? try reader.quotedDouble() : nil)
        while try reader.nextElement() { try reader.skipValue() }
        return
      }
      switch try Self.readSeries(&reader) {
      case .sample(let sample): samples.append(sample)
      case .histogram: histograms += 1
      case .range: shape = .series
      }
    }
    if case .series = shape { return }
    shape = .samples(samples, histograms: histograms)
  }

  private enum Series {
    case sample(QuerySample)
    case histogram
    case range
  }

  private static func readSeries(_ reader: inout JSONReader) throws(JSONSyntaxError) -> Series {
    var labels = Labels.empty
    var value: Double?
    var isRange = false
    try reader.beginObject()
    while let name = try reader.nextObjectKey() {
      switch name {
      case "metric" where try reader.peek() == .object: labels = try readLabels(&reader)
      case "value": value = try readValue(&reader)
      case "values", "histograms":
        isRange = true
        try reader.skipValue()
      default: try reader.skipValue()
      }
    }
    if isRange { return .range }
    return value.map { .sample(QuerySample(labels, $0)) } ?? .histogram
  }

  private static func readLabels(_ reader: inout JSONReader) throws(JSONSyntaxError) -> Labels {
    var labels = Labels.empty
    try reader.beginObject()
    while let name = try reader.nextObjectKey() { labels[name] = try reader.string() }
    return labels
  }

  /// Reads `[time, "value"]`; the value may be `NaN`, `+Inf` or `-Inf`.
  private static func readValue(_ reader: inout JSONReader) throws(JSONSyntaxError) -> Double {
    try reader.beginArray()
    guard try reader.nextElement() else { throw JSONSyntaxError(.expectedValue, at: reader.offset) }
    try reader.skipValue()
    guard try reader.nextElement() else { throw JSONSyntaxError(.expectedValue, at: reader.offset) }
    guard let value = try reader.quotedDouble() else { throw JSONSyntaxError(.expected(.number), at: reader.offset) }
    while try reader.nextElement() { try reader.skipValue() }
    return value
  }
}
