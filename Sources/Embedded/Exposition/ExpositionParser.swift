import Model

/// One sample of an exposition; its labels are read only where they aren't known by their bytes.
struct ExpositionSample: Hashable, Sendable {
  /// The bytes of name and labels as they stand there.
  var series: Range<Int>
  var value: Double
  /// The target's own time for it, where there is one.
  var time: Timestamp?
  var line: Int
}

/// Reads samples from Prometheus's text format (0.0.4, and 1.0.0 with quoted names) or from OpenMetrics 1.0, one by one.
///
/// What is accepted follows Prometheus's own parsers (`model/textparse`): a line that is neither fails the whole text.
/// Exemplars and the texts of `HELP` and `UNIT` are passed over.
struct ExpositionParser {
  /// The format, as the content type tells it.
  enum Format: Hashable, Sendable {
    case text, openMetrics

    /// OpenMetrics where the type says so, else text.
    init(contentType: String?) {
      let type = (contentType ?? "").lowercased().prefix { $0 != ";" && $0 != " " }
      self = type == "application/openmetrics-text" ? .openMetrics : .text
    }
  }

  let bytes: [UInt8]
  let format: Format
  var position = 0
  private(set) var line = 0
  /// `# EOF` was read.
  private var hasEnded = false

  init(_ bytes: [UInt8], _ format: Format) {
    self.bytes = bytes
    self.format = format
  }

  /// The next sample; `nil` after the last.
  mutating func next() throws(ExpositionError) -> ExpositionSample? {
    while position < bytes.count {
      line += 1
      if hasEnded { throw error("data after '# EOF'") }
      if format == .text { skipBlanks() }
      switch byte {
      case UInt8(ascii: "\n"), nil:
        if format == .openMetrics { throw error("an empty line, which OpenMetrics doesn't have") }
        position += 1
      case UInt8(ascii: "#"): try readComment()
      default: return try readSample()
      }
    }
    if format == .openMetrics, !hasEnded { throw error("the data doesn't end with '# EOF'") }
    return nil
  }

  // MARK: - Bytes

  /// The byte at the position, `nil` at the end.
  var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipBlanks() {
    while let byte, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
  }

  /// Passes what separates two parts of a line: blanks in the text format, one space in OpenMetrics.
  mutating func skipSeparator() -> Bool {
    guard let byte, byte == UInt8(ascii: " ") || (byte == UInt8(ascii: "\t") && format == .text) else { return false }
    position += 1
    if format == .text { skipBlanks() }
    return true
  }

  /// The bytes up to the next blank or the end of the line.
  mutating func word() -> Range<Int> {
    let start = position
    while let byte, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\t") { position += 1 }
    return start..<position
  }

  mutating func skipLine() {
    while let byte, byte != UInt8(ascii: "\n") { position += 1 }
    position += 1
  }

  func error(_ message: String) -> ExpositionError { ExpositionError(line: max(line, 1), message: message) }

  /// The start of some bytes, for messages.
  func excerpt(_ range: Range<Int>) -> String {
    let text = String(decoding: bytes[range].prefix(60), as: UTF8.self)
    return "'\(text)\(range.count > 60 ? "…" : "")'"
  }

  // MARK: - Comments

  private mutating func readComment() throws(ExpositionError) {
    let start = position
    position += 1
    guard skipSeparator() else {
      if format == .openMetrics { throw error("'#' without a space after it") }
      return skipLine()
    }
    let keyword = String(decoding: bytes[word()], as: UTF8.self)
    switch (keyword, format) {
    case ("TYPE", _): try readType()
    case ("EOF", .openMetrics):
      guard byte == nil || byte == UInt8(ascii: "\n") else { throw error("'# EOF' with something after it") }
      hasEnded = true
      position += 1
    case ("HELP", _), ("UNIT", .openMetrics), (_, .text): skipLine()
    default:
      skipLine()
      throw error("\(excerpt(start..<min(position, bytes.count))) is neither HELP, TYPE, UNIT nor EOF")
    }
  }

  private static let textTypes: Set<String> = ["counter", "gauge", "histogram", "summary", "untyped"]
  private static let openMetricsTypes: Set<String> = [
    "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset", "unknown",
  ]

  private mutating func readType() throws(ExpositionError) {
    _ = skipSeparator()
    if byte == UInt8(ascii: "\"") { try skipQuoted() } else { _ = word() }
    _ = skipSeparator()
    let type = word()
    let name = String(decoding: bytes[type], as: UTF8.self)
    guard (format == .text ? Self.textTypes : Self.openMetricsTypes).contains(name) else {
      throw error("\(excerpt(type)) is not a type of metric")
    }
    skipLine()
  }

  // MARK: - Samples

  private mutating func readSample() throws(ExpositionError) -> ExpositionSample {
    let series = try skipSeries()
    // After a brace the text format needs no blank.
    let hasBrace = bytes[series.upperBound - 1] == UInt8(ascii: "}")
    guard skipSeparator() || (hasBrace && format == .text) else { throw error("\(excerpt(series)) has no value") }
    let valueBytes = word()
    guard let value = ExpositionNumber.value(bytes[valueBytes]) else {
      throw error(valueBytes.isEmpty ? "\(excerpt(series)) has no value" : "\(excerpt(valueBytes)) is not a number")
    }
    var time: Timestamp?
    if skipSeparator(), let byte, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "#") || format == .text {
      time = try readTime()
      _ = skipSeparator()
    }
    if format == .openMetrics, byte == UInt8(ascii: "#") {
      try skipExemplar()
    }
    guard byte == nil || byte == UInt8(ascii: "\n") else {
      throw error("\(excerpt(word())) after the end of a sample")
    }
    position += 1
    return ExpositionSample(series: series, value: value, time: time, line: line)
  }

  private mutating func readTime() throws(ExpositionError) -> Timestamp? {
    let word = word()
    let time =
      format == .text
      ? Int64(String(decoding: bytes[word], as: UTF8.self)).map(Timestamp.init(millisecondsSinceEpoch:))
      : ExpositionNumber.value(bytes[word]).flatMap(Timestamp.init(secondsSinceEpoch:))
    guard let time else { throw error("\(excerpt(word)) is not a timestamp") }
    return time
  }

  private mutating func skipExemplar() throws(ExpositionError) {
    position += 1
    guard skipSeparator(), byte == UInt8(ascii: "{") else { throw error("an exemplar without labels") }
    try skipBraces()
    while skipSeparator() {
      let word = word()
      guard ExpositionNumber.value(bytes[word]) != nil else { throw error("an exemplar with \(excerpt(word))") }
    }
  }
}
