extension JSONReader {
  /// Reads a string.
  package mutating func string() throws(JSONSyntaxError) -> String {
    guard try byteAfterSpace() == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expected(.string), at: offset) }
    let start = offset + 1
    offset = start
    try advanceToSpecialByte()
    guard bytes[offset] == UInt8(ascii: "\"") else { return try stringWithEscapes(from: start) }
    let text = try text(start..<offset)
    offset += 1
    return text
  }

  /// Steps over a string and looks only for its end.
  mutating func skipString() throws(JSONSyntaxError) {
    guard try byteAfterSpace() == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expected(.string), at: offset) }
    offset += 1
    try advanceToSpecialByte()
    while bytes[offset] != UInt8(ascii: "\"") {
      offset += 2
      try advanceToSpecialByte()
    }
    offset += 1
  }

  /// Goes to the next quote or backslash.
  private mutating func advanceToSpecialByte() throws(JSONSyntaxError) {
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
      guard byte >= 0x20 else { throw JSONSyntaxError(.controlCharacter, at: offset) }
      offset += 1
    }
    throw JSONSyntaxError(.endOfText, at: bytes.count)
  }

  /// The text of these bytes, which hold no escape.
  private func text(_ range: Range<Int>) throws(JSONSyntaxError) -> String {
    if let text = String(validating: bytes[range], as: UTF8.self) { return text }
    do {
      _ = try UTF8Span(validating: bytes.span.extracting(range))
      return ""
    } catch {
      throw JSONSyntaxError(.notUTF8, at: range.lowerBound + error.byteOffsets.lowerBound)
    }
  }

  /// The rest of a string, `offset` being at its first backslash.
  private mutating func stringWithEscapes(from start: Int) throws(JSONSyntaxError) -> String {
    var whole = try text(start..<offset)
    while bytes[offset] != UInt8(ascii: "\"") {
      whole.unicodeScalars.append(try escape())
      let run = offset
      try advanceToSpecialByte()
      whole += try text(run..<offset)
    }
    offset += 1
    return whole
  }

  /// Reads one escape, a surrogate pair being one.
  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let start = offset
    guard start + 1 < bytes.count else { throw JSONSyntaxError(.endOfText, at: bytes.count) }
    offset += 2
    switch bytes[start + 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(from: start)
    default: throw JSONSyntaxError(.unknownEscape, at: start)
    }
  }

  private mutating func unicodeEscape(from start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try fourDigits(from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard
      UTF16.isLeadSurrogate(UInt16(first)), offset + 1 < bytes.count,
      bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
    else { throw JSONSyntaxError(.unpairedSurrogate, at: start) }
    offset += 2
    let second = try fourDigits(from: offset - 2)
    guard
      UTF16.isTrailSurrogate(UInt16(second)),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    else { throw JSONSyntaxError(.unpairedSurrogate, at: start) }
    return scalar
  }

  private mutating func fourDigits(from start: Int) throws(JSONSyntaxError) -> UInt32 {
    guard offset + 4 <= bytes.count else { throw JSONSyntaxError(.endOfText, at: bytes.count) }
    var value: UInt32 = 0
    for byte in bytes[offset..<offset + 4] {
      guard let digit = byte.hexadecimalDigit else { throw JSONSyntaxError(.unknownEscape, at: start) }
      value = value << 4 | digit
    }
    offset += 4
    return value
  }
}

extension UInt8 {
  fileprivate var hexadecimalDigit: UInt32? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
