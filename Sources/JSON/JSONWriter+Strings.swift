extension JSONWriter {
  /// Appends a string in quotes. Runs of bytes that need no escape are copied as they are.
  mutating func append(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    let copied: Void? = text.utf8.withContiguousStorageIfAvailable { append(escaping: $0) }
    if copied == nil { Array(text.utf8).withUnsafeBufferPointer { append(escaping: $0) } }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
    var copied = 0
    var index = 0
    while index < text.count {
      let length = specialLength(in: text, at: index)
      if length == 0 {
        index += 1
        continue
      }
      bytes.append(contentsOf: text[copied..<index])
      append(escapeFor: text, at: index)
      index += length
      copied = index
    }
    bytes.append(contentsOf: text[copied..<text.count])
  }

  /// How many bytes the character at `index` has if it must be escaped; 0 if it need not.
  private func specialLength(in text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    switch text[index] {
    case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): 1
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): escaping == .likeGo ? 1 : 0
    case 0xe2:
      // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
      escaping == .likeGo && index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xfe == 0xa8
        ? 3 : 0
    default: 0
    }
  }

  private mutating func append(escapeFor text: UnsafeBufferPointer<UInt8>, at index: Int) {
    let byte = text[index]
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
    case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
    case 0x0c: bytes.append(contentsOf: #"\f"#.utf8)
    case 0x0a: bytes.append(contentsOf: #"\n"#.utf8)
    case 0x0d: bytes.append(contentsOf: #"\r"#.utf8)
    case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
    case 0xe2: bytes.append(contentsOf: text[index + 2] == 0xa8 ? #"\u2028"#.utf8 : #"\u2029"#.utf8)
    default:
      bytes.append(contentsOf: #"\u00"#.utf8)
      bytes.append(hexadecimalDigit(byte >> 4))
      bytes.append(hexadecimalDigit(byte & 0xf))
    }
  }

  private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
