/// Writes JSON from front to back into bytes; commas and colons come by themselves.
///
/// The caller keeps names, values, beginnings and ends in their order; nothing checks it.
package struct JSONWriter: Sendable {
  /// Which characters of a string are escaped beyond what JSON asks for.
  package enum Escaping: Hashable, Sendable {
    /// None.
    case minimal
    /// `<`, `>`, `&`, U+2028 and U+2029, as Go's `encoding/json` does unless told otherwise.
    case likeGo
  }

  /// What was written so far.
  package internal(set) var bytes: [UInt8] = []
  let escaping: Escaping
  private let isPretty: Bool
  private var depth = 0
  private var needsComma = false
  private var isAfterKey = false

  /// A writer that has written nothing; `pretty` puts each member and element on a line of its own, indented by two
  /// spaces; `capacity` is how many bytes to make room for at once.
  package init(escaping: Escaping = .minimal, pretty: Bool = false, capacity: Int = 0) {
    self.escaping = escaping
    isPretty = pretty
    bytes.reserveCapacity(capacity)
  }

  /// What was written so far, as text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Begins an object; keys and values follow in turn.
  package mutating func beginObject() { begin(UInt8(ascii: "{")) }
  /// Ends the object that was begun last.
  package mutating func endObject() { end(UInt8(ascii: "}")) }
  /// Begins an array; its elements follow.
  package mutating func beginArray() { begin(UInt8(ascii: "[")) }
  /// Ends the array that was begun last.
  package mutating func endArray() { end(UInt8(ascii: "]")) }

  /// The name of the member that is written next.
  package mutating func key(_ name: String) {
    separate()
    append(quoted: name)
    bytes.append(UInt8(ascii: ":"))
    if isPretty { bytes.append(UInt8(ascii: " ")) }
    isAfterKey = true
  }

  /// A string as a value.
  package mutating func string(_ value: String) {
    separate()
    append(quoted: value)
    needsComma = true
  }

  /// A whole number as a value.
  package mutating func int(_ value: some BinaryInteger) {
    separate()
    append(decimal: value)
    needsComma = true
  }

  /// The shortest digits that read back as `value`, laid out as Go does; JSON has no word for NaN and the infinities,
  /// which become `null`.
  package mutating func double(_ value: Double) {
    separate()
    append(number: value)
    needsComma = true
  }

  /// `true` or `false` as a value.
  package mutating func bool(_ value: Bool) {
    raw(value ? "true" : "false")
  }

  /// `null` as a value.
  package mutating func null() {
    raw("null")
  }

  /// A whole value that is JSON already.
  package mutating func raw(_ json: String) {
    separate()
    bytes.append(contentsOf: json.utf8)
    needsComma = true
  }

  /// A whole value that is JSON already.
  package mutating func raw(_ json: [UInt8]) {
    separate()
    bytes.append(contentsOf: json)
    needsComma = true
  }
}

// MARK: - Members in one call

extension JSONWriter {
  /// A key and a string.
  package mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  /// A key and a whole number.
  package mutating func member(_ name: String, _ value: some BinaryInteger) {
    key(name)
    int(value)
  }

  /// A key and a number.
  package mutating func member(_ name: String, _ value: Double) {
    key(name)
    double(value)
  }

  /// A key and a boolean.
  package mutating func member(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }
}

// MARK: - Layout

extension JSONWriter {
  private mutating func begin(_ opening: UInt8) {
    separate()
    bytes.append(opening)
    depth += 1
    needsComma = false
  }

  private mutating func end(_ closing: UInt8) {
    depth = max(0, depth - 1)
    if isPretty, needsComma { breakLine() }
    bytes.append(closing)
    needsComma = true
    isAfterKey = false
  }

  /// Puts what belongs between the value before and the one that follows.
  private mutating func separate() {
    if isAfterKey {
      isAfterKey = false
      needsComma = false
      return
    }
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    if isPretty, depth > 0 { breakLine() }
    needsComma = false
  }

  private mutating func breakLine() {
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth { bytes.append(contentsOf: [0x20, 0x20]) }
  }
}
