import JSON
import Model
import PromQL

extension QueryResponse {
  init(_ body: [UInt8], readsSeries: Bool) throws(JSONSyntaxError) {
    self.readsSeries = readsSeries
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
    var series: [SampleSeries] = []
    var isRange = false
    try reader.beginArray()
    while try reader.nextElement() {
      guard try reader.peek() == .object else {
        // A scalar or string: time and text, of which the time was asked for.
        try reader.skipValue()
        guard try reader.nextElement() else { return shape = .single(nil, "") }
        shape = try Self.single(&reader)
        while try reader.nextElement() { try reader.skipValue() }
        return
      }
      switch try readSeries(&reader) {
      case .sample(let sample): samples.append(sample)
      case .histogram: histograms += 1
      case .series(let one):
        isRange = true
        series.append(one)
      case .range: isRange = true
      }
    }
    shape = isRange ? .series(series) : .samples(samples)
  }

  private static func single(_ reader: inout JSONReader) throws(JSONSyntaxError) -> Shape {
    guard try reader.peek() == .string else {
      try reader.skipValue()
      return .single(nil, "")
    }
    var again = reader
    return .single(try reader.quotedDouble(), try again.string())
  }

  private enum Series {
    case sample(QuerySample)
    case histogram
    case series(SampleSeries)
    /// Samples over time that were read over.
    case range
  }

  private mutating func readSeries(_ reader: inout JSONReader) throws(JSONSyntaxError) -> Series {
    var labels = Labels.empty
    var value: Double?
    var isRange = false
    var series = SampleSeries(.empty)
    try reader.beginObject()
    while let name = try reader.nextObjectKey() {
      switch name {
      case "metric" where try reader.peek() == .object: labels = try Self.readLabels(&reader)
      case "value": value = try Self.readValue(&reader)
      case "values" where readsSeries:
        isRange = true
        try Self.readValues(&reader, into: &series)
      case "values":
        isRange = true
        try reader.skipValue()
      case "histograms":
        isRange = true
        histograms += 1
        try reader.skipValue()
      default: try reader.skipValue()
      }
    }
    if isRange {
      series.labels = labels
      return series.times.isEmpty ? .range : .series(series)
    }
    return value.map { .sample(QuerySample(labels, $0)) } ?? .histogram
  }

  private static func readLabels(_ reader: inout JSONReader) throws(JSONSyntaxError) -> Labels {
    var labels = Labels.empty
    try reader.beginObject()
    while let name = try reader.nextObjectKey() { labels[name] = try reader.string() }
    return labels
  }

  /// Reads `[[time, "value"], …]`.
  private static func readValues(
    _ reader: inout JSONReader, into series: inout SampleSeries
  ) throws(JSONSyntaxError) {
    try reader.beginArray()
    while try reader.nextElement() {
      try reader.beginArray()
      guard try reader.nextElement() else { throw JSONSyntaxError(.expectedValue, at: reader.offset) }
      let offset = reader.offset
      guard let time = Timestamp(secondsSinceEpoch: try reader.double()) else {
        throw JSONSyntaxError(.numberOutOfRange, at: offset)
      }
      guard try reader.nextElement() else { throw JSONSyntaxError(.expectedValue, at: reader.offset) }
      guard let value = try reader.quotedDouble() else { throw JSONSyntaxError(.expected(.number), at: reader.offset) }
      while try reader.nextElement() { try reader.skipValue() }
      series.append(value, at: time)
    }
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
