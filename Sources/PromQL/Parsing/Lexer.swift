/// Cuts an expression into tokens.
///
/// As in Prometheus, the same letters mean different things by place: within braces there are no keywords, and within
/// brackets a colon parts range and step instead of belonging to a name.
struct Lexer {
  /// The text, and a 0 behind it, which no token holds.
  let bytes: [UInt8]
  private let count: Int
  private(set) var position = 0
  private var inBraces = false
  private var inBrackets = false
  private var isStopped = false
  private(set) var problems: [ExpressionProblem] = []
  private let keywords = Words.keywords

  init(_ text: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 1)
    bytes.append(contentsOf: text.utf8)
    count = bytes.count
    bytes.append(0)
    self.bytes = bytes
  }

  /// Where the text ends.
  var end: Int { count }

  /// The text at `range`.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Notes a problem, unless there are many already.
  mutating func report(_ message: String, at range: Range<Int>, fix: String? = nil) {
    guard !isStopped, problems.count < Expr.problemLimit else { return }
    problems.append(ExpressionProblem(message, at: range, fix: fix))
  }

  /// Gives up: there are no more tokens and no more problems.
  mutating func stop() {
    isStopped = true
    position = count
  }

  /// Forgets that a bracket is open, to go on behind a mistake.
  mutating func leaveBrackets() { inBrackets = false }

  mutating func next() -> Token {
    while true {
      let start = position
      let byte = bytes[start]
      switch byte {
      case 0x20, 0x0a, 0x09, 0x0d: position += 1
      case UInt8(ascii: "#"): skipComment()
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        return word(start)
      case UInt8(ascii: "0")...UInt8(ascii: "9"): return number(start)
      case UInt8(ascii: "."):
        if Self.isDigit(bytes[start + 1]) { return number(start) }
        return refused(1, "'.' stands alone", fix: "write names with dots in quotes: {\"my.metric\"}")
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): return string(start, byte)
      case UInt8(ascii: ":"):
        if inBrackets { return token(.colon, 1) }
        return inBraces ? refused(1, "':' can't stand in a label's name") : word(start)
      case 0 where start >= count: return Token(kind: .end, start: count, end: count)
      case 0x80...: if let token = foreign(start) { return token }
      default: return symbol(byte)
      }
    }
  }

  // MARK: Symbols

  func token(_ kind: TokenKind, from start: Int) -> Token { Token(kind: kind, start: start, end: position) }

  private mutating func token(_ kind: TokenKind, _ length: Int) -> Token {
    let start = position
    position += length
    return Token(kind: kind, start: start, end: position)
  }

  /// A token that can't be one.
  mutating func refused(
    _ length: Int, _ message: String, fix: String? = nil, kind: TokenKind = .bad
  ) -> Token {
    let token = token(kind, length)
    report(message, at: token.range, fix: fix)
    return token
  }

  private mutating func symbol(_ byte: UInt8) -> Token {
    let following = bytes[position + 1]
    switch byte {
    case UInt8(ascii: "("): return token(.leftParenthesis, 1)
    case UInt8(ascii: ")"): return token(.rightParenthesis, 1)
    case UInt8(ascii: ","): return token(.comma, 1)
    case UInt8(ascii: "{"):
      inBraces = true
      return token(.leftBrace, 1)
    case UInt8(ascii: "}"):
      inBraces = false
      return token(.rightBrace, 1)
    case UInt8(ascii: "["):
      inBrackets = true
      return token(.leftBracket, 1)
    case UInt8(ascii: "]"):
      inBrackets = false
      return token(.rightBracket, 1)
    case UInt8(ascii: "+"): return token(.binary(.add), 1)
    case UInt8(ascii: "-"): return token(.binary(.subtract), 1)
    case UInt8(ascii: "*"): return token(.binary(.multiply), 1)
    case UInt8(ascii: "/"): return token(.binary(.divide), 1)
    case UInt8(ascii: "%"): return token(.binary(.modulo), 1)
    case UInt8(ascii: "^"): return token(.binary(.power), 1)
    case UInt8(ascii: "@"): return token(.at, 1)
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "!"): return comparison(byte, following)
    default: return unknown(byte, following)
    }
  }

  private mutating func comparison(_ byte: UInt8, _ following: UInt8) -> Token {
    switch (byte, following) {
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): return token(.binary(.lessOrEqual), 2)
    case (UInt8(ascii: "<"), UInt8(ascii: "/")): return token(.binary(.trimUpper), 2)
    case (UInt8(ascii: "<"), UInt8(ascii: ">")):
      return refused(2, "'<>' is no operator", fix: "write !=", kind: .binary(.notEqual))
    case (UInt8(ascii: "<"), _): return token(.binary(.less), 1)
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): return token(.binary(.greaterOrEqual), 2)
    case (UInt8(ascii: ">"), UInt8(ascii: "/")): return token(.binary(.trimLower), 2)
    case (UInt8(ascii: ">"), _): return token(.binary(.greater), 1)
    case (UInt8(ascii: "="), UInt8(ascii: "=")) where !inBraces: return token(.binary(.equal), 2)
    case (UInt8(ascii: "="), UInt8(ascii: "=")):
      return refused(2, "'==' doesn't compare labels", fix: "write =", kind: .assign)
    case (UInt8(ascii: "="), UInt8(ascii: "~")): return token(.regexMatch, 2)
    case (UInt8(ascii: "="), _): return token(.assign, 1)
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): return token(.binary(.notEqual), 2)
    case (UInt8(ascii: "!"), UInt8(ascii: "~")): return token(.regexNotMatch, 2)
    default: return refused(1, "'!' is no operator", fix: "write != or !~ in a selector, or unless between vectors")
    }
  }

  private mutating func unknown(_ byte: UInt8, _ following: UInt8) -> Token {
    switch byte {
    case UInt8(ascii: "&"):
      return refused(following == byte ? 2 : 1, "'&' is no operator", fix: "write and", kind: .binary(.and))
    case UInt8(ascii: "|"):
      return refused(following == byte ? 2 : 1, "'|' is no operator", fix: "write or", kind: .binary(.or))
    case UInt8(ascii: ";"): return refused(1, "';' ends nothing here", fix: "remove it: a rule has one expression")
    case UInt8(ascii: "$"):
      return refused(
        1, "'$' begins no variable: nothing fills in what a dashboard would", fix: "write the value itself")
    case 0..<0x20, 0x7f:
      return refused(1, "a control character (\(Self.codePoint(UInt32(byte)))) stands here", fix: "remove it")
    default: return refused(1, "'\(String(UnicodeScalar(byte)))' can't stand here")
    }
  }

  private mutating func skipComment() {
    while position < count, bytes[position] != 0x0a, bytes[position] != 0x0d { position += 1 }
  }

  // MARK: Words

  private mutating func word(_ start: Int) -> Token {
    var end = start
    var hash = WordHash()
    var hasColon = false
    let takesColons = !inBraces && !inBrackets
    while true {
      let byte = bytes[end]
      if Self.isWord(byte) {
        hash.combine(byte)
      } else if takesColons, byte == UInt8(ascii: ":") {
        hasColon = true
      } else {
        break
      }
      end += 1
    }
    position = end
    if hasColon { return Token(kind: .metricWord, start: start, end: end) }
    guard !inBraces, end - start <= Words.longestKeyword,
      let kind = keywords.find(bytes, start..<end, hash)
    else { return Token(kind: .word, start: start, end: end) }
    return Token(kind: isPlainFill(kind) ? .word : kind, start: start, end: end)
  }

  /// `fill` and its kin are keywords only in front of a parenthesis.
  private func isPlainFill(_ kind: TokenKind) -> Bool {
    guard kind == .keyword(.fill) || kind == .keyword(.fillLeft) || kind == .keyword(.fillRight) else { return false }
    var place = position
    while bytes[place] == 0x20 || bytes[place] == 0x09 || bytes[place] == 0x0a || bytes[place] == 0x0d { place += 1 }
    return bytes[place] != UInt8(ascii: "(")
  }

  /// The hash of the word at `range`, for a ``WordTable``.
  func hash(_ range: Range<Int>) -> WordHash {
    var hash = WordHash()
    for index in range { hash.combine(bytes[index]) }
    return hash
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  static func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
  }

  static func codePoint(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// Moves to `position`, within the text.
  mutating func move(to position: Int) { self.position = position }
}
