import Model

extension ExpositionParser {
  /// The range of name and labels at the position, which is then behind them. They are read by ``labels(of:limits:)``.
  mutating func skipSeries() throws(ExpositionError) -> Range<Int> {
    let start = position
    while let byte, byte.isNameByte { position += 1 }
    var end = position
    // Blanks may stand between name and labels.
    if format == .text { skipBlanks() }
    if byte == UInt8(ascii: "{") {
      try skipBraces()
      end = position
    } else {
      position = end
    }
    guard end > start else { throw error("\(excerpt(word())) is not the name of a metric") }
    return start..<end
  }

  /// Passes everything up to the brace that closes the one at the position.
  mutating func skipBraces() throws(ExpositionError) {
    while let byte, byte != UInt8(ascii: "\n") {
      switch byte {
      case UInt8(ascii: "\""): try skipQuoted()
      case UInt8(ascii: "}"):
        position += 1
        return
      default: position += 1
      }
    }
    throw error("labels without a closing brace")
  }

  /// Passes the quoted text at the position.
  mutating func skipQuoted() throws(ExpositionError) {
    position += 1
    while let byte {
      position += 1
      if byte == UInt8(ascii: "\"") { return }
      if byte == UInt8(ascii: "\\"), position < bytes.count { position += 1 }
      if byte == UInt8(ascii: "\n") { break }
    }
    throw error("a text in quotes that isn't closed")
  }

  /// The labels of a sample, its name as `__name__`; a label without a value is left out.
  func labels(of sample: ExpositionSample, limits: LabelLimits = .none) throws(ExpositionError) -> Labels {
    var reader = LabelReader(
      bytes: bytes, position: sample.series.lowerBound, end: sample.series.upperBound, limits: limits)
    do throws(LabelReader.Problem) {
      return try reader.read(allowingBlanks: format == .text)
    } catch {
      throw ExpositionError(line: sample.line, message: error.message)
    }
  }
}

/// What a target's labels may be at most; 0 for no limit.
struct LabelLimits: Hashable, Sendable {
  var count = 0
  /// Bytes.
  var name = 0
  var value = 0

  static let none = LabelLimits()
}

/// Reads `name{a="b",…}` or `{"name","a"="b",…}`.
private struct LabelReader {
  struct Problem: Error {
    var message: String
  }

  let bytes: [UInt8]
  var position: Int
  let end: Int
  let limits: LabelLimits
  private var pairs: [Label] = []

  init(bytes: [UInt8], position: Int, end: Int, limits: LabelLimits) {
    self.bytes = bytes
    self.position = position
    self.end = end
    self.limits = limits
  }

  mutating func read(allowingBlanks: Bool) throws(Problem) -> Labels {
    if let name = bareName() { try add("__name__", name) }
    skipBlanks(allowingBlanks)
    if take("{") {
      skipBlanks(allowingBlanks)
      while !take("}") {
        try readPair(allowingBlanks)
        skipBlanks(allowingBlanks)
        if take(",") { skipBlanks(allowingBlanks) } else if byte != UInt8(ascii: "}") { throw unexpected() }
      }
    }
    guard position == end else { throw unexpected() }
    guard pairs.contains(where: { $0.name == "__name__" && !$0.value.isEmpty }) else {
      throw Problem(message: "a sample without the name of its metric")
    }
    let labels = Labels(pairs)
    // Empty values leave fewer; two of one name do too.
    if labels.pairs.count < pairs.count, let name = repeatedName() {
      throw Problem(message: "the label '\(name)' stands twice in one sample")
    }
    return labels
  }

  private mutating func readPair(_ allowingBlanks: Bool) throws(Problem) {
    let isQuoted = byte == UInt8(ascii: "\"")
    guard let name = isQuoted ? try quoted() : bareName(), !name.isEmpty else { throw unexpected() }
    skipBlanks(allowingBlanks)
    guard take("=") else {
      // A quoted text alone is the name of the metric.
      guard isQuoted else { throw unexpected() }
      return try add("__name__", name)
    }
    guard isQuoted || !name.utf8.contains(UInt8(ascii: ":")) else {
      throw Problem(message: "'\(name)' is not the name of a label")
    }
    skipBlanks(allowingBlanks)
    guard byte == UInt8(ascii: "\"") else { throw unexpected() }
    try add(name, quoted())
  }

  private mutating func add(_ name: String, _ value: String) throws(Problem) {
    func check(_ count: Int, _ limit: Int, _ what: String) throws(Problem) {
      guard limit == 0 || count <= limit else {
        throw Problem(message: "\(what): \(count), where \(limit) is the limit")
      }
    }
    try check(name.utf8.count, limits.name, "bytes in the name of a label")
    try check(value.utf8.count, limits.value, "bytes in the value of label '\(name)'")
    try check(pairs.count + 1, limits.count, "labels of one sample")
    pairs.append(Label(name, value))
  }

  private var byte: UInt8? { position < end ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks(_ areAllowed: Bool) {
    while areAllowed, let byte, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
  }

  /// `nil` where there is no byte of a name; a digit can't be the first.
  private mutating func bareName() -> String? {
    guard let first = byte, first.isNameByte, !(0x30...0x39).contains(first) else { return nil }
    let start = position
    while let byte, byte.isNameByte { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// The quoted text at the position. `\\`, `\"` and `\n` are escapes; other backslashes stand for themselves.
  private mutating func quoted() throws(Problem) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte, byte != UInt8(ascii: "\"") {
      position += 1
      guard byte == UInt8(ascii: "\\"), let next = self.byte else {
        text.append(byte)
        continue
      }
      switch next {
      case UInt8(ascii: "\\"), UInt8(ascii: "\""): text.append(next)
      case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
      default: text += [byte, next]
      }
      position += 1
    }
    guard take("\"") else { throw Problem(message: "a text in quotes that isn't closed") }
    guard let valid = String(validating: text, as: UTF8.self) else {
      throw Problem(message: "a text in quotes that isn't UTF-8")
    }
    return valid
  }

  private func repeatedName() -> String? {
    var names: Set<String> = []
    return pairs.first { !names.insert($0.name).inserted }?.name
  }

  private func unexpected() -> Problem {
    guard let byte else { return Problem(message: "labels that end too early") }
    return Problem(message: "'\(String(decoding: [byte], as: UTF8.self))' where a label, ',' or '}' is expected")
  }
}

extension UInt8 {
  /// Letters, digits, `_` and `:`.
  var isNameByte: Bool {
    (0x61...0x7a).contains(self) || (0x41...0x5a).contains(self) || (0x30...0x39).contains(self)
      || self == UInt8(ascii: "_") || self == UInt8(ascii: ":")
  }
}
