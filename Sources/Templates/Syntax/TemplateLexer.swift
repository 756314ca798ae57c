/// A word or sign within an action.
struct TemplateToken: Sendable {
  enum Kind: Hashable, Sendable {
    /// A function or keyword.
    case identifier(String)
    /// `.name`, without the dot.
    case field(String)
    /// `$name`, with the dollar.
    case variable(String)
    case dot, pipe, leftParenthesis, rightParenthesis, declare, assign, comma
    case string(String)
    case integer(Int)
    case float(Double)
  }

  var kind: Kind
  /// The bytes of the template that it takes.
  var range: Range<Int>
  var followsSpace: Bool
  /// A literal as it is written; empty for other tokens.
  var written = ""
}

/// Cuts one action into tokens; the delimiters are Go's.
struct TemplateLexer {
  let bytes: [UInt8]
  var offset: Int
  private(set) var trimsAfter = false

  init(bytes: [UInt8], offset: Int) {
    self.bytes = bytes
    self.offset = offset
  }

  /// The tokens up to the closing `}}`, behind which ``offset`` then stands.
  mutating func tokens() throws(TemplateSyntaxError) -> [TemplateToken] {
    var tokens: [TemplateToken] = []
    tokens.reserveCapacity(8)
    let start = offset
    while true {
      let before = offset
      while offset < bytes.count, bytes[offset].isTemplateSpace { offset += 1 }
      if try readClosing(after: before) { return tokens }
      guard offset < bytes.count else { throw .init(.unclosedAction, at: start) }
      let first = offset
      let kind = try next()
      var token = TemplateToken(kind: kind, range: first..<offset, followsSpace: first > before)
      switch kind {
      case .string, .integer, .float: token.written = text(first..<offset)
      default: break
      }
      tokens.append(token)
    }
  }

  /// Steps over a comment, `offset` being at its `/*`.
  mutating func skipComment() throws(TemplateSyntaxError) {
    let start = offset
    offset += 2
    while !has("*/", at: offset) {
      guard offset < bytes.count else { throw .init(.unclosedComment, at: start) }
      offset += 1
    }
    offset += 2
    let before = offset
    if offset < bytes.count, bytes[offset].isTemplateSpace, has("-}}", at: offset + 1) { offset += 1 }
    guard try readClosing(after: before) else { throw .init(.commentWithinAction, at: start) }
  }

  /// Steps behind the next `}}`, as far as a problem allows to tell; `false` when there is none.
  mutating func skipToClosing() -> Bool {
    // An action that was read to its end ends there.
    if offset >= 2, has("}}", at: offset - 2) { return true }
    while offset < bytes.count {
      if has("}}", at: offset) {
        trimsAfter = offset > 0 && bytes[offset - 1] == UInt8(ascii: "-")
        offset += 2
        return true
      }
      offset += 1
    }
    return false
  }

  func has(_ text: StaticString, at index: Int) -> Bool {
    guard index >= 0, index + text.utf8CodeUnitCount <= bytes.count else { return false }
    for position in 0..<text.utf8CodeUnitCount where bytes[index + position] != text.utf8Start[position] {
      return false
    }
    return true
  }

  private mutating func readClosing(after spaceStart: Int) throws(TemplateSyntaxError) -> Bool {
    if has("}}", at: offset) {
      offset += 2
      return true
    }
    guard offset > spaceStart, has("-}}", at: offset) else { return false }
    offset += 3
    trimsAfter = true
    return true
  }

  private mutating func next() throws(TemplateSyntaxError) -> TemplateToken.Kind {
    let start = offset
    let byte = bytes[offset]
    switch byte {
    case UInt8(ascii: "|"): return sign(.pipe)
    case UInt8(ascii: "("): return sign(.leftParenthesis)
    case UInt8(ascii: ")"): return sign(.rightParenthesis)
    case UInt8(ascii: ","): return sign(.comma)
    case UInt8(ascii: "="): return sign(.assign)
    case UInt8(ascii: ":") where has(":=", at: offset): return sign(.declare, length: 2)
    case UInt8(ascii: "\""): return .string(try quotedString())
    case UInt8(ascii: "`"): return .string(try rawString())
    case UInt8(ascii: "'"): return .integer(try character())
    case UInt8(ascii: "/") where has("/*", at: offset): throw .init(.commentWithinAction, at: start)
    case UInt8(ascii: "$"):
      offset += 1
      try skipWord(after: start)
      return .variable(text(start..<offset))
    case UInt8(ascii: ".") where !(offset + 1 < bytes.count && bytes[offset + 1].isASCIIDigit):
      offset += 1
      let name = try word(after: start)
      return name.isEmpty ? .dot : .field(name)
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return try number()
    default:
      let name = try word(after: start)
      guard !name.isEmpty else { throw .init(.unexpectedCharacter(scalar(at: offset)), at: offset) }
      return .identifier(name)
    }
  }

  private mutating func sign(_ kind: TemplateToken.Kind, length: Int = 1) -> TemplateToken.Kind {
    offset += length
    return kind
  }

  /// Reads letters, digits and underscores, and checks that what follows may follow a name.
  private mutating func word(after start: Int) throws(TemplateSyntaxError) -> String {
    let first = offset
    try skipWord(after: start)
    return text(first..<offset)
  }

  private mutating func skipWord(after start: Int) throws(TemplateSyntaxError) {
    while offset < bytes.count, let length = letterLength(at: offset) { offset += length }
    guard offset < bytes.count else { return }
    switch bytes[offset] {
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: ":"), UInt8(ascii: "("),
      UInt8(ascii: ")"):
      break
    case let byte where byte.isTemplateSpace || has("}}", at: offset): break
    default:
      guard offset > start else { break }
      throw .init(.unexpectedCharacter(scalar(at: offset)), at: offset)
    }
  }

  /// The length of the letter, digit or underscore at `index`; `nil` for anything else.
  private func letterLength(at index: Int) -> Int? {
    switch bytes[index] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      return 1
    case 0x80...:
      let scalar = scalar(at: index)
      let category = scalar.properties.generalCategory
      let isLetter = scalar.properties.isAlphabetic || category == .decimalNumber
      return isLetter ? UTF8.width(scalar) : nil
    default: return nil
    }
  }

  func scalar(at index: Int) -> Unicode.Scalar {
    let end = min(index + 4, bytes.count)
    return String(decoding: bytes[index..<end], as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

extension UInt8 {
  /// Go's templates know only these as space within actions.
  var isTemplateSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0d || self == 0x0a }

  var isASCIIDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
