import Model

/// A value inside the flat JSON that some columns hold.
enum FlatValue: Hashable, Sendable {
  case text(String)
  /// The number as it is written.
  case number(String)
  case null

  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  var integer: Int64? {
    guard case .number(let digits) = self else { return nil }
    return Int64(digits)
  }

  /// NaN for `null`, since JSON has no word for it; infinity is written `1e999`.
  var double: Double? {
    switch self {
    case .number(let digits): Double(digits)
    case .null: .nan
    case .text: nil
    }
  }

  init(_ integer: Int64?) {
    self = integer.map { .number(String($0)) } ?? .null
  }

  init(_ text: String?) {
    self = text.map { .text($0) } ?? .null
  }

  init(_ double: Double) {
    if double.isNaN {
      self = .null
    } else if double.isInfinite {
      self = .number(double < 0 ? "-1e999" : "1e999")
    } else {
      self = .number(String(double))
    }
  }
}

/// Writes one array or one object of scalars, without spaces.
struct FlatJSONWriter {
  private var bytes: [UInt8] = []

  /// `["a",1,null]`
  static func array(_ values: [FlatValue]) -> String {
    var writer = FlatJSONWriter()
    writer.list(values, between: "[", "]") { $0.append($1) }
    return writer.text
  }

  /// `{"name":"value"}` in the order given; a name may come twice.
  static func object(_ pairs: [Label]) -> String {
    var writer = FlatJSONWriter()
    writer.bytes.reserveCapacity(pairs.count * 32)
    writer.list(pairs, between: "{", "}") { writer, pair in
      writer.append(text: pair.name)
      writer.bytes.append(UInt8(ascii: ":"))
      writer.append(text: pair.value)
    }
    return writer.text
  }

  /// `{"name":1.5}` in the order given.
  static func object(_ pairs: [(name: String, value: Double)]) -> String {
    var writer = FlatJSONWriter()
    writer.list(pairs, between: "{", "}") { writer, pair in
      writer.append(text: pair.name)
      writer.bytes.append(UInt8(ascii: ":"))
      writer.append(FlatValue(pair.value))
    }
    return writer.text
  }

  private var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func list<Element>(
    _ elements: [Element], between opening: Unicode.Scalar, _ closing: Unicode.Scalar,
    _ write: (inout Self, Element) -> Void
  ) {
    bytes.append(UInt8(ascii: opening))
    var isFirst = true
    for element in elements {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      write(&self, element)
    }
    bytes.append(UInt8(ascii: closing))
  }

  private mutating func append(_ value: FlatValue) {
    switch value {
    case .text(let text): append(text: text)
    case .number(let digits): bytes.append(contentsOf: digits.utf8)
    case .null: bytes.append(contentsOf: "null".utf8)
    }
  }

  private mutating func append(text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
      case 0..<0x20:
        bytes.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
        bytes.append(contentsOf: String(byte, radix: 16).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
