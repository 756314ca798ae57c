/// Reads JSON from front to back without building a tree (RFC 8259, strictly).
///
/// The caller says what it expects, member by member:
///
///     try reader.beginObject()
///     while let name = try reader.nextObjectKey() {
///       switch name {
///       case "status": status = try reader.string()
///       default: try reader.skipValue()
///       }
///     }
///
/// Whatever the text is, each call returns or throws. After a throw the reader's place is unspecified.
package struct JSONReader: Sendable {
  let bytes: [UInt8]
  let depthLimit: Int
  /// The place in the text: the next byte to be read.
  package internal(set) var offset = 0
  private var depth = 0
  /// Whether an object or array was just begun, so that no comma comes before what follows.
  private var isAtFirst = false

  /// A reader at the start of `bytes`, in which objects and arrays may nest as deep as `depthLimit`.
  package init(_ bytes: [UInt8], depthLimit: Int = 64) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  /// The kind of the value that comes next, which stays unread.
  package mutating func peek() throws(JSONSyntaxError) -> JSONKind {
    switch try byteAfterSpace() {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    default: throw JSONSyntaxError(.expectedValue, at: offset)
    }
  }

  /// Enters an object; read it with ``nextObjectKey()``.
  package mutating func beginObject() throws(JSONSyntaxError) {
    try begin(UInt8(ascii: "{"), .object)
  }

  /// Enters an array; read it with ``nextElement()``.
  package mutating func beginArray() throws(JSONSyntaxError) {
    try begin(UInt8(ascii: "["), .array)
  }

  /// The name of the next member, whose value is to be read next; `nil` once the object has ended.
  package mutating func nextObjectKey() throws(JSONSyntaxError) -> String? {
    guard try advanceToMember() else { return nil }
    let name = try string()
    try readColon()
    return name
  }

  /// Whether another element follows, to be read next; `false` once the array has ended.
  package mutating func nextElement() throws(JSONSyntaxError) -> Bool {
    try advance(closing: UInt8(ascii: "]"))
  }

  /// Reads `true` or `false`.
  package mutating func bool() throws(JSONSyntaxError) -> Bool {
    guard try peek() == .bool else { throw JSONSyntaxError(.expected(.bool), at: offset) }
    let value = bytes[offset] == UInt8(ascii: "t")
    try readWord(value ? "true" : "false")
    return value
  }

  /// Reads `null` if that comes next, and says whether it did.
  package mutating func null() throws(JSONSyntaxError) -> Bool {
    guard try peek() == .null else { return false }
    try readWord("null")
    return true
  }

  /// Reads over one value of any kind. What a skipped string contains isn't looked at, save for its end.
  package mutating func skipValue() throws(JSONSyntaxError) {
    switch try peek() {
    case .object:
      try beginObject()
      while try advanceToMember() {
        try skipString()
        try readColon()
        try skipValue()
      }
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .string: try skipString()
    case .number: _ = try scanNumber()
    case .bool: _ = try bool()
    case .null: _ = try null()
    }
  }

  /// Checks that nothing but white space follows.
  package mutating func end() throws(JSONSyntaxError) {
    skipSpace()
    guard offset == bytes.count else { throw JSONSyntaxError(.textAfterValue, at: offset) }
  }
}

// MARK: - Punctuation

extension JSONReader {
  private mutating func begin(_ opening: UInt8, _ kind: JSONKind) throws(JSONSyntaxError) {
    guard try byteAfterSpace() == opening else { throw JSONSyntaxError(.expected(kind), at: offset) }
    guard depth < depthLimit else { throw JSONSyntaxError(.tooDeep(limit: depthLimit), at: offset) }
    depth += 1
    offset += 1
    isAtFirst = true
  }

  private mutating func advanceToMember() throws(JSONSyntaxError) -> Bool {
    guard try advance(closing: UInt8(ascii: "}")) else { return false }
    guard try byteAfterSpace() == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expectedName, at: offset) }
    return true
  }

  /// Steps over the comma to what follows, or over `closing` out of the list.
  private mutating func advance(closing: UInt8) throws(JSONSyntaxError) -> Bool {
    let next = try byteAfterSpace()
    if next == closing {
      depth -= 1
      offset += 1
      isAtFirst = false
      return false
    }
    if isAtFirst {
      isAtFirst = false
      return true
    }
    guard next == UInt8(ascii: ",") else { throw JSONSyntaxError(.expectedCommaOrEnd, at: offset) }
    let comma = offset
    offset += 1
    guard try byteAfterSpace() != closing else { throw JSONSyntaxError(.trailingComma, at: comma) }
    return true
  }

  private mutating func readColon() throws(JSONSyntaxError) {
    guard try byteAfterSpace() == UInt8(ascii: ":") else { throw JSONSyntaxError(.expectedColon, at: offset) }
    offset += 1
  }

  private mutating func readWord(_ word: StaticString) throws(JSONSyntaxError) {
    for index in 0..<word.utf8CodeUnitCount {
      guard offset + index < bytes.count else { throw JSONSyntaxError(.endOfText, at: bytes.count) }
      guard bytes[offset + index] == word.utf8Start[index] else { throw JSONSyntaxError(.expectedValue, at: offset) }
    }
    offset += word.utf8CodeUnitCount
    isAtFirst = false
  }

  mutating func byteAfterSpace() throws(JSONSyntaxError) -> UInt8 {
    skipSpace()
    guard offset < bytes.count else { throw JSONSyntaxError(.endOfText, at: offset) }
    return bytes[offset]
  }

  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x0a, 0x0d, 0x09: offset += 1
      default: return
      }
    }
  }
}
