import Model

/// Reads what ``FlatJSONWriter`` writes, and the same written otherwise; `nil` for any other text.
struct FlatJSONReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  /// The scalars of an array.
  static func array(_ text: String) -> [FlatValue]? {
    reading(text) { reader in
      reader.list(between: "[", "]") { $0.value() }
    }
  }

  /// The pairs of an object whose values are texts, in the order written.
  ///
  /// A text that is the same as its counterpart in `neighbour` shares that one's memory.
  static func texts(_ text: String, sharing neighbour: [Label] = []) -> [Label]? {
    reading(text) { reader in
      var position = 0
      return reader.list(between: "{", "}", expecting: neighbour.count) { reader in
        let like = position < neighbour.count ? neighbour[position] : Label("", "")
        position += 1
        guard let name = reader.name(like: like.name), let value = reader.string(like: like.value) else { return nil }
        return Label(name, value)
      }
    }
  }

  /// The pairs of an object whose values are numbers, in the order written.
  static func numbers(_ text: String) -> [(name: String, value: Double)]? {
    reading(text) { reader in
      reader.list(between: "{", "}") { reader in
        guard let name = reader.name(), let value = reader.value()?.double else { return nil }
        return (name, value)
      }
    }
  }

  private static func reading<Value>(_ text: String, _ body: (inout Self) -> [Value]?) -> [Value]? {
    var text = text
    return text.withUTF8 { bytes in
      var reader = FlatJSONReader(bytes: bytes)
      guard let values = body(&reader), reader.isAtEnd else { return nil }
      return values
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  private var isAtEnd: Bool {
    bytes[index...].allSatisfy { $0 == UInt8(ascii: " ") }
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    while next == UInt8(ascii: " ") { index += 1 }
    guard next == UInt8(ascii: mark) else { return false }
    index += 1
    return true
  }

  private mutating func list<Value>(
    between opening: Unicode.Scalar, _ closing: Unicode.Scalar, expecting count: Int = 0,
    _ element: (inout Self) -> Value?
  ) -> [Value]? {
    guard skip(opening) else { return nil }
    if skip(closing) { return [] }
    var values: [Value] = []
    values.reserveCapacity(count)
    repeat {
      guard let value = element(&self) else { return nil }
      values.append(value)
    } while skip(",")
    return skip(closing) ? values : nil
  }

  private mutating func name(like neighbour: String = "") -> String? {
    guard let name = string(like: neighbour), skip(":") else { return nil }
    return name
  }

  private mutating func value() -> FlatValue? {
    if let text = string() { return .text(text) }
    let start = index
    while let byte = next, byte != UInt8(ascii: ","), byte != UInt8(ascii: "]"), byte != UInt8(ascii: "}") {
      index += 1
    }
    let word = String(decoding: bytes[start..<index], as: UTF8.self)
    if word == "null" { return .null }
    return Double(word) == nil ? nil : .number(word)
  }

  /// A text in quotes; `nil`, staying in place, where none begins.
  private mutating func string(like neighbour: String = "") -> String? {
    guard skip("\"") else { return nil }
    let start = index
    while let byte = next {
      if byte == UInt8(ascii: "\"") {
        defer { index += 1 }
        return Self.text(bytes[start..<index], like: neighbour)
      }
      if byte == UInt8(ascii: "\\") { return escapedString(from: start) }
      index += 1
    }
    return nil
  }

  private static func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, like neighbour: String) -> String {
    // Shorter texts need no memory of their own.
    if bytes.count > 15, neighbour.utf8.count == bytes.count, neighbour.utf8.elementsEqual(bytes) { return neighbour }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The slower way, for a text with escapes in it.
  private mutating func escapedString(from start: Int) -> String? {
    var units = Array(bytes[start..<index])
    while let byte = next {
      index += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: units, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\") else {
        units.append(byte)
        continue
      }
      guard let scalar = escape() else { return nil }
      units.append(contentsOf: String(Character(scalar)).utf8)
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let letter = next else { return nil }
    index += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "u"):
      guard index + 4 <= bytes.count else { return nil }
      defer { index += 4 }
      return UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
    default: return nil
    }
  }
}
