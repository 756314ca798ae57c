extension Lexer {
  /// A string in double or single quotes with Go's escapes, or in backquotes without any.
  mutating func string(_ start: Int, _ quote: UInt8) -> Token {
    let isRaw = quote == UInt8(ascii: "`")
    var place = start + 1
    while place < end {
      let byte = bytes[place]
      if byte == quote {
        move(to: place + 1)
        return token(.string, from: start)
      }
      if !isRaw {
        if byte == 0x0a { break }
        if byte == UInt8(ascii: "\\"), place + 1 < end, bytes[place + 1] != 0x0a { place += 1 }
      }
      place += 1
    }
    let character = String(UnicodeScalar(quote))
    report(
      "the string that begins here has no closing \(character)" + (isRaw ? "" : " on its line"), at: start..<start + 1,
      fix: "write \(character) at its end")
    move(to: place)
    return token(.bad, from: start)
  }

  /// What stands between the quotes, where that is what the string stands for: without escapes.
  func plainContents(_ token: Token) -> Range<Int>? {
    let inner = token.start + 1..<token.end - 1
    if bytes[token.start] != UInt8(ascii: "`") {
      for place in inner where bytes[place] == UInt8(ascii: "\\") { return nil }
    }
    return inner
  }

  /// The text that the string at `token` stands for; `nil`, and a problem, when an escape in it is none of Go's.
  ///
  /// What is wrong with a label's name is said in the words of Prometheus.
  mutating func contents(_ token: Token, isLabelName: Bool = false) -> String? {
    if let plain = plainContents(token) { return text(plain) }
    let quote = bytes[token.start]
    let inner = token.start + 1..<token.end - 1
    var unescaped: [UInt8] = []
    unescaped.reserveCapacity(inner.count)
    var place = inner.lowerBound
    while place < inner.upperBound {
      guard bytes[place] == UInt8(ascii: "\\") else {
        unescaped.append(bytes[place])
        place += 1
        continue
      }
      guard let length = escape(place, inner.upperBound, quote, &unescaped) else {
        let shown = text(place..<min(place + 2, inner.upperBound))
        report(
          "'\(shown)' is no escape of a string", at: place..<min(place + 2, inner.upperBound),
          fix: "write \\\(shown) for a backslash, or put the string in backquotes")
        return nil
      }
      place += length
    }
    guard let text = String(validating: unescaped, as: UTF8.self) else {
      report(
        isLabelName
          ? "invalid label name \(self.text(token.range))" : "the escapes of this string don't give UTF-8",
        at: token.range, fix: "write the characters themselves, or \\u and four digits")
      return nil
    }
    return text
  }

  /// Appends what the escape at `place` stands for and gives its length; `nil` when it is none.
  private func escape(_ place: Int, _ limit: Int, _ quote: UInt8, _ bytes: inout [UInt8]) -> Int? {
    guard place + 1 < limit else { return nil }
    let letter = self.bytes[place + 1]
    switch letter {
    case UInt8(ascii: "a"): bytes.append(0x07)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0c)
    case UInt8(ascii: "n"): bytes.append(0x0a)
    case UInt8(ascii: "r"): bytes.append(0x0d)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "v"): bytes.append(0x0b)
    case UInt8(ascii: "\\"), quote: bytes.append(letter)
    case UInt8(ascii: "x"):
      guard let value = digits(2, radix: 16, at: place + 2, limit) else { return nil }
      bytes.append(UInt8(truncatingIfNeeded: value))
      return 4
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      let length = letter == UInt8(ascii: "u") ? 4 : 8
      guard let value = digits(length, radix: 16, at: place + 2, limit), let scalar = Unicode.Scalar(value) else {
        return nil
      }
      bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
      return 2 + length
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      guard let value = digits(3, radix: 8, at: place + 1, limit), value < 256 else { return nil }
      bytes.append(UInt8(truncatingIfNeeded: value))
      return 4
    default: return nil
    }
    return 2
  }

  private func digits(_ count: Int, radix: UInt32, at place: Int, _ limit: Int) -> UInt32? {
    guard place + count <= limit else { return nil }
    var value: UInt32 = 0
    for index in place..<place + count {
      guard let digit = Self.digit(bytes[index]), digit < radix else { return nil }
      value = value &* radix &+ digit
    }
    return value
  }

  /// The value of a hexadecimal digit.
  static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
