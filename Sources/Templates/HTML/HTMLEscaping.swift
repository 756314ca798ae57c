import Model

/// Text for a page, or for a value in quotes, as Go's `html/template` writes it.
func htmlText(_ text: String) -> String {
  guard text.utf8.contains(where: { $0 <= 0x3E && htmlReplacement($0) != nil }) else { return text }
  var escaped: [UInt8] = []
  for byte in text.utf8 {
    if let replacement = htmlReplacement(byte) { escaped += replacement.utf8 } else { escaped.append(byte) }
  }
  return String(decoding: escaped, as: UTF8.self)
}

private func htmlReplacement(_ byte: UInt8) -> String? {
  switch byte {
  case 0: "\u{FFFD}"
  case UInt8(ascii: "\""): "&#34;"
  case UInt8(ascii: "&"): "&amp;"
  case UInt8(ascii: "'"): "&#39;"
  case UInt8(ascii: "+"): "&#43;"
  case UInt8(ascii: "<"): "&lt;"
  case UInt8(ascii: ">"): "&gt;"
  default: nil
  }
}

/// Text for a value without quotes: what would end it is escaped too.
func unquotedText(_ text: String) -> String {
  var escaped: [UInt8] = []
  for byte in htmlText(text).utf8 {
    switch byte {
    case 0x09...0x0D, 0x20, UInt8(ascii: "="), UInt8(ascii: "`"): escaped += "&#\(byte);".utf8
    default: escaped.append(byte)
    }
  }
  return String(decoding: escaped, as: UTF8.self)
}

/// Whether following an address can't run code: without a scheme, or with that of the web or of mail.
func isHarmless(url: String) -> Bool {
  guard let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")) else { return true }
  let scheme = url.utf8[..<colon]
  guard !scheme.contains(UInt8(ascii: "/")) else { return true }
  return ["http", "https", "mailto"].contains(String(decoding: scheme, as: UTF8.self).lowercased())
}

/// Every byte that can't stand in a URL as `%` and two digits; `keepsReserved`: signs that divide a URL stay, and so
/// does what is escaped already.
func percentEncoded(_ text: String, keepsReserved: Bool) -> String {
  let bytes = Array(text.utf8)
  var encoded: [UInt8] = []
  encoded.reserveCapacity(bytes.count)
  for (index, byte) in bytes.enumerated() {
    let stays =
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        true
      case UInt8(ascii: "%"):
        keepsReserved && index + 2 < bytes.count && bytes[index + 1].isHexadecimal && bytes[index + 2].isHexadecimal
      default: keepsReserved && reserved.contains(byte)
      }
    if stays { encoded.append(byte) } else { encoded += ("%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8 }
  }
  return String(decoding: encoded, as: UTF8.self)
}

private let reserved = Set("!#$&*+,/:;=?@[]".utf8)

extension UInt8 {
  fileprivate var isHexadecimal: Bool { isASCIIDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
}

/// A text as a constant of JavaScript that ends neither an attribute nor the element.
func scriptText(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    let isPlain = scalar.value >= 0x20 && scalar.value < 0x7F && !"\"'\\<>&`/$".unicodeScalars.contains(scalar)
    if isPlain || scalar.value >= 0xA0 && scalar.value <= 0xFFFF && scalar != "\u{2028}" && scalar != "\u{2029}" {
      quoted.unicodeScalars.append(scalar)
    } else if scalar.value > 0xFFFF {
      quoted.unicodeScalars.append(scalar)
    } else {
      let digits = String(scalar.value, radix: 16)
      quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
  }
  return quoted + "\""
}

/// A text as a value of CSS: a colour, a length, a word; anything that could be more is refused.
func styleText(_ text: String) -> String {
  let letters = text.utf8.filter { $0 >= 0x80 || $0.isASCIIDigit || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
  let word = String(decoding: letters, as: UTF8.self).lowercased()
  let isHarmless =
    !text.utf8.contains { $0 == 0 || cssMarks.contains($0) } && !text.contains("--") && !word.contains("expression")
    && !word.contains("mozbinding")
  return isHarmless ? text : "unsafe"
}

/// What ends a value or begins something else.
private let cssMarks = Set("\"'()/;@[\\]`{}<>".utf8)
