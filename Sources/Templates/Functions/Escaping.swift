import Model

/// Go's `template.HTMLEscapeString`.
func htmlEscaped(_ text: String) -> String {
  var escaped: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "\""): escaped += "&#34;".utf8
    case UInt8(ascii: "'"): escaped += "&#39;".utf8
    case UInt8(ascii: "&"): escaped += "&amp;".utf8
    case UInt8(ascii: "<"): escaped += "&lt;".utf8
    case UInt8(ascii: ">"): escaped += "&gt;".utf8
    case 0: escaped += "\u{FFFD}".utf8
    default: escaped.append(byte)
    }
  }
  return String(decoding: escaped, as: UTF8.self)
}

/// Go's `template.JSEscapeString`.
func jsEscaped(_ text: String) -> String {
  var escaped = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\\": escaped += "\\\\"
    case "'": escaped += "\\'"
    case "\"": escaped += "\\\""
    case "<": escaped += "\\u003C"
    case ">": escaped += "\\u003E"
    case "&": escaped += "\\u0026"
    case "=": escaped += "\\u003D"
    case _ where scalar.value < 0x20 || scalar.value >= 0x80 && !scalar.isPrintedByGo:
      escaped += "\\u" + hexadecimal(scalar.value, width: 4)
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}

private func hexadecimal(_ number: UInt32, width: Int, uppercase: Bool = true) -> String {
  let digits = String(number, radix: 16, uppercase: uppercase)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

extension Unicode.Scalar {
  /// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the plain space.
  fileprivate var isPrintedByGo: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
      .spaceSeparator:
      self == " "
    default: true
    }
  }
}

/// Go's `url.QueryUnescape`.
func queryUnescaped(_ text: String) throws(TemplateCallError) -> String {
  let bytes = Array(text.utf8)
  var result: [UInt8] = []
  var index = 0
  while index < bytes.count {
    switch bytes[index] {
    case UInt8(ascii: "+"): result.append(0x20)
    case UInt8(ascii: "%"):
      let digits = bytes[(index + 1)...].prefix(2)
      guard digits.count == 2, !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-")),
        let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else {
        let piece = String(decoding: bytes[index..<min(index + 3, bytes.count)], as: UTF8.self)
        throw .function("invalid URL escape \(piece.quotedAsGo)")
      }
      result.append(byte)
      index += 2
    case let byte: result.append(byte)
    }
    index += 1
  }
  return String(decoding: result, as: UTF8.self)
}

/// Go's `strings.TrimSpace`.
func trimmingSpace(_ text: String) -> String {
  let scalars = text.unicodeScalars
  let start = scalars.drop { $0.properties.isWhitespace }
  guard let last = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
  return String(start[...last])
}

/// Base64 with the alphabet for URLs, and padding.
func base64Encoded(_ text: String) -> String {
  String(text.utf8.base64.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
}

/// Reads ``base64Encoded(_:)``'s alphabet; padding is asked for, as in Go's `URLEncoding`.
func base64Decoded(_ text: String) throws(TemplateCallError) -> String {
  let bytes = Array(text.utf8).filter { $0 != 0x0a && $0 != 0x0d }
  let content = bytes.prefix { $0 != UInt8(ascii: "=") }
  let padding = bytes.count - content.count
  guard bytes.count.isMultiple(of: 4), padding <= 2, bytes.suffix(padding).allSatisfy({ $0 == UInt8(ascii: "=") })
  else { throw .function("illegal base64 data at input byte \(content.count)") }
  var decoded: [UInt8] = []
  var (bits, count): (UInt32, Int) = (0, 0)
  for (index, byte) in content.enumerated() {
    guard let value = byte.base64Digit else { throw .function("illegal base64 data at input byte \(index)") }
    bits = bits << 6 | value
    count += 6
    guard count >= 8 else { continue }
    count -= 8
    decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
  }
  return String(decoding: decoded, as: UTF8.self)
}

extension UInt8 {
  fileprivate var base64Digit: UInt32? {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(self - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(self - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
