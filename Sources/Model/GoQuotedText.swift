/// Reads a text in double quotes with Go's escapes (`strconv.Unquote`).
struct GoQuotedText {
  private let bytes: [UInt8]
  /// Where reading stands; behind the closing quote after ``read()``.
  private(set) var offset: Int

  /// A reader that stands at the opening quote.
  init(_ bytes: [UInt8], at offset: Int) {
    self.bytes = bytes
    self.offset = offset
  }

  /// The text between the quotes.
  mutating func read() throws(MatcherSyntaxError) -> String {
    let opening = offset
    var text: [UInt8] = []
    offset += 1
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        guard let valid = String(validating: text, as: UTF8.self) else { throw .init(.unknownEscape, at: opening) }
        return valid
      case 0x0a: throw .init(.unclosedQuote, at: opening)
      case UInt8(ascii: "\\"): text += try escape()
      default:
        text.append(byte)
        offset += 1
      }
    }
    throw .init(.unclosedQuote, at: opening)
  }

  /// The bytes that the escape here stands for.
  private mutating func escape() throws(MatcherSyntaxError) -> [UInt8] {
    let start = offset
    guard offset + 1 < bytes.count else { throw .init(.unclosedQuote, at: start) }
    let letter = bytes[offset + 1]
    offset += 2
    switch letter {
    case UInt8(ascii: "a"): return [0x07]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "v"): return [0x0b]
    case UInt8(ascii: "\\"), UInt8(ascii: "\""): return [letter]
    case UInt8(ascii: "x"):
      guard let value = number(digits: 2, radix: 16) else { throw .init(.unknownEscape, at: start) }
      return [UInt8(truncatingIfNeeded: value)]
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      let digits = letter == UInt8(ascii: "u") ? 4 : 8
      guard let value = number(digits: digits, radix: 16), let scalar = Unicode.Scalar(value) else {
        throw .init(.unknownEscape, at: start)
      }
      return Array(String(Character(scalar)).utf8)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      offset -= 1
      guard let value = number(digits: 3, radix: 8), value < 256 else { throw .init(.unknownEscape, at: start) }
      return [UInt8(truncatingIfNeeded: value)]
    default: throw .init(.unknownEscape, at: start)
    }
  }

  private mutating func number(digits: Int, radix: UInt32) -> UInt32? {
    guard offset + digits <= bytes.count else { return nil }
    let text = String(decoding: bytes[offset..<offset + digits], as: UTF8.self)
    guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      let value = UInt32(text, radix: Int(radix))
    else { return nil }
    offset += digits
    return value
  }
}
