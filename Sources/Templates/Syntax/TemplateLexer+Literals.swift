/// Strings, characters and numbers as Go writes them.
extension TemplateLexer {
  /// Reads a string in double quotes.
  mutating func quotedString() throws(TemplateSyntaxError) -> String {
    let start = offset
    offset += 1
    var decoded: [UInt8] = []
    while true {
      guard offset < bytes.count, bytes[offset] != 0x0a else { throw .init(.unclosedString, at: start) }
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        offset += 1
        return String(decoding: decoded, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &decoded)
      default:
        decoded.append(bytes[offset])
        offset += 1
      }
    }
  }

  /// Reads a string in back quotes.
  mutating func rawString() throws(TemplateSyntaxError) -> String {
    let start = offset
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "`") { offset += 1 }
    guard offset < bytes.count else { throw .init(.unclosedString, at: start) }
    defer { offset += 1 }
    return text(start + 1..<offset)
  }

  /// Reads a character constant: its code point.
  mutating func character() throws(TemplateSyntaxError) -> Int {
    let start = offset
    offset += 1
    var decoded: [UInt8] = []
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "'"), bytes[offset] != 0x0a {
      if bytes[offset] == UInt8(ascii: "\\") {
        try escape(into: &decoded)
      } else {
        decoded.append(bytes[offset])
        offset += 1
      }
    }
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "'") else { throw .init(.unclosedString, at: start) }
    offset += 1
    let scalars = String(decoding: decoded, as: UTF8.self).unicodeScalars
    guard let scalar = scalars.first, scalars.count == 1 else {
      throw .init(.malformedNumber(text(start..<offset)), at: start)
    }
    return Int(scalar.value)
  }

  private mutating func escape(into decoded: inout [UInt8]) throws(TemplateSyntaxError) {
    let start = offset
    guard offset + 1 < bytes.count else { throw .init(.unclosedString, at: start) }
    let letter = bytes[offset + 1]
    offset += 2
    switch letter {
    case UInt8(ascii: "n"): decoded.append(0x0a)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "r"): decoded.append(0x0d)
    case UInt8(ascii: "a"): decoded.append(0x07)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0c)
    case UInt8(ascii: "v"): decoded.append(0x0b)
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): decoded.append(letter)
    case UInt8(ascii: "x"): decoded.append(UInt8(truncatingIfNeeded: try digits(2, radix: 16, from: start)))
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      offset -= 1
      decoded.append(UInt8(truncatingIfNeeded: try digits(3, radix: 8, from: start)))
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      let code = try digits(letter == UInt8(ascii: "u") ? 4 : 8, radix: 16, from: start)
      guard let scalar = Unicode.Scalar(code) else { throw .init(.malformedString, at: start) }
      decoded.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw .init(.malformedString, at: start)
    }
  }

  private mutating func digits(_ count: Int, radix: Int, from start: Int) throws(TemplateSyntaxError) -> UInt32 {
    guard offset + count <= bytes.count, let value = UInt32(text(offset..<offset + count), radix: radix),
      bytes[offset] != UInt8(ascii: "+")
    else { throw .init(.malformedString, at: start) }
    offset += count
    return value
  }

  /// Reads an integer or a float; as in Go it is a float when it is written with a point or an exponent.
  mutating func number() throws(TemplateSyntaxError) -> TemplateToken.Kind {
    let start = offset
    if bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    while offset < bytes.count {
      let byte = bytes[offset]
      let previous = bytes[offset - 1] | 0x20
      let followsExponent = offset > start && (previous == UInt8(ascii: "e") || previous == UInt8(ascii: "p"))
      let isSign = (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")) && followsExponent
      guard byte.isNumberByte || isSign else { break }
      offset += 1
    }
    let written = text(start..<offset)
    guard Self.hasGoodUnderscores(written) else { throw .init(.malformedNumber(written), at: start) }
    let digits = String(written.unicodeScalars.filter { $0 != "_" })
    if let integer = Self.integer(digits) { return .integer(integer) }
    // A number beyond 64 bits without point and exponent is an overflow, not a float.
    let looksLikeFloat = digits.utf8.contains { ".eEpP".utf8.contains($0) }
    if looksLikeFloat, let float = Double(digits), float.isFinite { return .float(float) }
    throw .init(.malformedNumber(written), at: start)
  }

  /// Whether each underscore stands between two digits, or behind `0x` and its like.
  private static func hasGoodUnderscores(_ written: String) -> Bool {
    let bytes = Array(written.utf8)
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "_") {
      guard index > 0, index + 1 < bytes.count, bytes[index - 1].isHexDigit || bytes[index - 1].isBaseLetter,
        bytes[index + 1].isHexDigit
      else { return false }
    }
    return true
  }

  private static func integer(_ written: String) -> Int? {
    let sign = written.first == "-" ? "-" : ""
    let digits = written.first == "-" || written.first == "+" ? String(written.dropFirst()) : written
    let lower = digits.lowercased()
    for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] where lower.hasPrefix(prefix) {
      return Int(sign + lower.dropFirst(2), radix: radix)
    }
    guard !digits.isEmpty, digits.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
    return Int(sign + digits, radix: digits.utf8.count > 1 && digits.hasPrefix("0") ? 8 : 10)
  }
}

extension UInt8 {
  /// What may stand in a number: digits of any base, a point, an exponent, underscores.
  fileprivate var isNumberByte: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  fileprivate var isHexDigit: Bool {
    isASCIIDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self | 0x20
  }

  /// The letter of `0x`, `0b` and `0o`.
  fileprivate var isBaseLetter: Bool { "xbo".utf8.contains(self | 0x20) }
}
