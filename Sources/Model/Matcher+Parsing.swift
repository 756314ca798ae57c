import Patterns

/// Why a text is not a list of matchers, and at which byte of it.
package struct MatcherSyntaxError: Error, Hashable, Sendable {
  /// What was wrong.
  package enum Problem: Hashable, Sendable {
    case expectedName, expectedOperator, expectedValue, expectedCommaOrBrace
    case unclosedBrace, unopenedBrace, unclosedQuote, unknownEscape, strayQuote
    /// RE2's own words about a pattern.
    case pattern(String)
    /// Where one matcher was asked for.
    case notOne(Int)
  }

  package let problem: Problem
  package let offset: Int

  package init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }

  /// Whether the matcher is well formed, and its pattern isn't.
  package var isAboutPattern: Bool {
    if case .pattern = problem { true } else { false }
  }

  /// What was found and what would be accepted, without the text itself.
  package var message: String {
    switch problem {
    case .expectedName: "expected a label name"
    case .expectedOperator: "expected one of =, !=, =~ and !~ after the label name"
    case .expectedValue: "expected a value after the operator; an empty one is written \"\""
    case .expectedCommaOrBrace: "expected a comma between two matchers; a value with blanks or marks goes in quotes"
    case .unclosedBrace: "expected '}' to close the '{'"
    case .unopenedBrace: "'}' closes nothing"
    case .unclosedQuote: "expected '\"' to close the quoted text"
    case .unknownEscape: "no such escape in a quoted text; a backslash itself is written \\\\"
    case .strayQuote: "a quote within a value is written \\\""
    case .pattern(let words): "not a pattern of RE2: \(words)"
    case .notOne(let count): "expected one matcher, found \(count)"
    }
  }
}

/// Matchers read from a text, and how they were read.
package struct MatcherList: Hashable, Sendable {
  package var matchers: [Matcher]
  /// The older syntax was taken: the newer one either refuses the text or reads it differently.
  package var isClassic: Bool

  /// Reads matchers such as `{severity="critical", team=~"a|b"}`, braces optional, by both of Alertmanager's syntaxes.
  ///
  /// The newer, UTF-8 syntax is tried first; the classic one is taken where the newer one refuses the text, and where
  /// the two differ (Alertmanager's fallback mode). A text that neither accepts is explained by the newer one.
  package init(parsing text: String) throws(MatcherSyntaxError) {
    let bytes = Array(text.utf8)
    let modern = Result { () throws(MatcherSyntaxError) in try ModernMatcherParser.matchers(in: bytes) }
    let classic = Result { () throws(MatcherSyntaxError) in try ClassicMatcherParser.matchers(in: bytes) }
    switch (modern, classic) {
    case (.success(let matchers), .success(let older)):
      self.init(matchers: older, isClassic: matchers != older)
    case (.success(let matchers), .failure): self.init(matchers: matchers, isClassic: false)
    case (.failure, .success(let older)): self.init(matchers: older, isClassic: true)
    case (.failure(let error), .failure): throw error
    }
  }

  private init(matchers: [Matcher], isClassic: Bool) {
    self.matchers = matchers
    self.isClassic = isClassic
  }
}

extension Matcher {
  /// Reads a list of matchers as Alertmanager does; see ``MatcherList``.
  package static func parseList(_ text: String) throws(MatcherSyntaxError) -> [Matcher] {
    try MatcherList(parsing: text).matchers
  }

  /// Reads exactly one matcher.
  package init(parsing text: String) throws(MatcherSyntaxError) {
    let matchers = try Self.parseList(text)
    guard let only = matchers.first, matchers.count == 1 else { throw .init(.notOne(matchers.count), at: 0) }
    self = only
  }

  /// `Matcher.init`, with a pattern's error placed at `offset`.
  fileprivate init(
    _ name: String, _ operation: Operator, _ value: String, at offset: Int
  ) throws(MatcherSyntaxError) {
    do {
      try self.init(name, operation, value)
    } catch {
      // RE2 quotes the pattern as it was anchored; people know it as they wrote it.
      throw MatcherSyntaxError(.pattern(error.message.replacing("^(?:" + value + ")$", with: value)), at: offset)
    }
  }
}

/// The newer syntax: names and values are quoted as in Go, or runs without blanks and marks.
private struct ModernMatcherParser {
  private let bytes: [UInt8]
  private var offset = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  static func matchers(in bytes: [UInt8]) throws(MatcherSyntaxError) -> [Matcher] {
    var parser = Self(bytes)
    return try parser.list()
  }

  private mutating func list() throws(MatcherSyntaxError) -> [Matcher] {
    skipBlank()
    let opening = offset
    let isOpen = take(UInt8(ascii: "{"))
    var matchers: [Matcher] = []
    skipBlank()
    while let byte = peek, byte != UInt8(ascii: "}") {
      matchers.append(try matcher())
      skipBlank()
      guard peek != nil, peek != UInt8(ascii: "}") else { break }
      guard take(UInt8(ascii: ",")) else { throw .init(.expectedCommaOrBrace, at: offset) }
      skipBlank()
    }
    if isOpen {
      guard take(UInt8(ascii: "}")) else { throw .init(.unclosedBrace, at: opening) }
      skipBlank()
    }
    guard offset == bytes.count else {
      throw .init(peek == UInt8(ascii: "}") ? .unopenedBrace : .expectedCommaOrBrace, at: offset)
    }
    return matchers
  }

  private mutating func matcher() throws(MatcherSyntaxError) -> Matcher {
    let name = try word(else: .expectedName)
    skipBlank()
    let operation = try comparison()
    skipBlank()
    let start = offset
    let value = try word(else: .expectedValue)
    return try Matcher(name, operation, value, at: start)
  }

  private mutating func comparison() throws(MatcherSyntaxError) -> Matcher.Operator {
    if take(UInt8(ascii: "=")) { return take(UInt8(ascii: "~")) ? .matches : .equal }
    let start = offset
    if take(UInt8(ascii: "!")) {
      if take(UInt8(ascii: "=")) { return .notEqual }
      if take(UInt8(ascii: "~")) { return .matchesNot }
    }
    throw .init(.expectedOperator, at: start)
  }

  private mutating func word(else problem: MatcherSyntaxError.Problem) throws(MatcherSyntaxError) -> String {
    if peek == UInt8(ascii: "\"") {
      var quoted = GoQuotedText(bytes, at: offset)
      let text = try quoted.read()
      offset = quoted.offset
      return text
    }
    let start = offset
    while let byte = peek, !Self.isMark(byte), blankLength == 0 { offset += 1 }
    guard offset > start else { throw .init(problem, at: start) }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    offset += 1
    return true
  }

  private mutating func skipBlank() {
    while blankLength > 0 { offset += blankLength }
  }

  /// The bytes of the white space here; Go's `unicode.IsSpace` has some beyond ASCII.
  private var blankLength: Int {
    bytes.blankLength(at: offset)
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "!"), UInt8(ascii: "="), UInt8(ascii: "~"),
      UInt8(ascii: ","), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
      true
    default: false
    }
  }
}

/// The older syntax: ASCII names, values to the next comma, three escapes.
private enum ClassicMatcherParser {
  static func matchers(in bytes: [UInt8]) throws(MatcherSyntaxError) -> [Matcher] {
    var range = 0..<bytes.count
    if bytes.first == UInt8(ascii: "{") { range = 1..<bytes.count }
    if let last = bytes.last, last == UInt8(ascii: "}"), !range.isEmpty { range = range.lowerBound..<bytes.count - 1 }
    var matchers: [Matcher] = []
    for piece in pieces(of: bytes, in: range) { matchers.append(try matcher(in: bytes, piece)) }
    return matchers
  }

  /// The stretches between commas outside quotes; a blank one at the end doesn't count.
  private static func pieces(of bytes: [UInt8], in range: Range<Int>) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = range.lowerBound
    var isQuoted = false
    var isEscaped = false
    for offset in range {
      switch bytes[offset] {
      case UInt8(ascii: ",") where !isQuoted:
        pieces.append(start..<offset)
        start = offset + 1
        continue
      case UInt8(ascii: "\""):
        if isEscaped { isEscaped = false } else { isQuoted.toggle() }
      case UInt8(ascii: "\\"): isEscaped.toggle()
      default: isEscaped = false
      }
    }
    let last = bytes.trimmed(start..<range.upperBound)
    return last.isEmpty ? pieces : pieces + [last]
  }

  private static func matcher(in bytes: [UInt8], _ piece: Range<Int>) throws(MatcherSyntaxError) -> Matcher {
    let piece = bytes.trimmed(piece)
    var offset = piece.lowerBound
    while offset < piece.upperBound, isNameByte(bytes[offset], first: offset == piece.lowerBound) { offset += 1 }
    guard offset > piece.lowerBound else { throw .init(.expectedName, at: offset) }
    let name = String(decoding: bytes[piece.lowerBound..<offset], as: UTF8.self)
    let rest = bytes.trimmed(offset..<piece.upperBound)
    let second = rest.count > 1 ? bytes[rest.lowerBound + 1] : 0
    let operation: Matcher.Operator
    switch (rest.isEmpty ? 0 : bytes[rest.lowerBound], second) {
    case (UInt8(ascii: "="), UInt8(ascii: "~")): operation = .matches
    case (UInt8(ascii: "="), _): operation = .equal
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): operation = .notEqual
    case (UInt8(ascii: "!"), UInt8(ascii: "~")): operation = .matchesNot
    default: throw .init(.expectedOperator, at: rest.lowerBound)
    }
    let written = bytes.trimmed(rest.lowerBound + operation.rawValue.utf8.count..<rest.upperBound)
    return try Matcher(name, operation, value(in: bytes, written), at: written.lowerBound)
  }

  private static func value(in bytes: [UInt8], _ written: Range<Int>) throws(MatcherSyntaxError) -> String {
    let isQuoted = !written.isEmpty && bytes[written.lowerBound] == UInt8(ascii: "\"")
    var isClosed = !isQuoted
    var value: [UInt8] = []
    var offset = written.lowerBound + (isQuoted ? 1 : 0)
    while offset < written.upperBound {
      let byte = bytes[offset]
      let isLast = offset == written.upperBound - 1
      if byte == UInt8(ascii: "\\"), !isLast {
        offset += 1
        switch bytes[offset] {
        case UInt8(ascii: "n"): value.append(0x0a)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): value.append(bytes[offset])
        default: value += [UInt8(ascii: "\\"), bytes[offset]]
        }
      } else if byte == UInt8(ascii: "\"") {
        guard isQuoted, isLast else { throw .init(.strayQuote, at: offset) }
        isClosed = true
      } else {
        value.append(byte)
      }
      offset += 1
    }
    guard isClosed else { throw .init(.unclosedQuote, at: written.lowerBound) }
    return String(decoding: value, as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8, first: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: ":"):
      true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): !first
    default: false
    }
  }
}

extension [UInt8] {
  /// The bytes of the white space at `offset`: 0 where there is none (Go's `unicode.IsSpace`).
  fileprivate func blankLength(at offset: Int) -> Int {
    guard offset < count else { return 0 }
    switch self[offset] {
    case 0x09...0x0d, 0x20: return 1
    case 0xc2 where offset + 1 < count && (self[offset + 1] == 0x85 || self[offset + 1] == 0xa0): return 2
    default: return 0
    }
  }

  fileprivate func trimmed(_ range: Range<Int>) -> Range<Int> {
    var low = Swift.min(range.lowerBound, count)
    var high = Swift.max(low, range.upperBound)
    while low < high, (0x09...0x0d).contains(self[low]) || self[low] == 0x20 { low += 1 }
    while low < high, (0x09...0x0d).contains(self[high - 1]) || self[high - 1] == 0x20 { high -= 1 }
    return low..<high
  }
}
