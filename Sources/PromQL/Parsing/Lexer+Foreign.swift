extension Lexer {
  /// What begins with a byte beyond ASCII, outside of strings: `nil` for a space, which is reported and passed over.
  mutating func foreign(_ start: Int) -> Token? {
    let (scalar, length) = scalar(at: start)
    let name = Self.codePoint(scalar.value)
    switch scalar {
    case "\u{A0}", "\u{1680}", "\u{2000}"..."\u{200D}", "\u{2028}", "\u{2029}", "\u{202F}", "\u{205F}", "\u{2060}",
      "\u{3000}", "\u{FEFF}", "\u{85}":
      move(to: start + length)
      report("an unusual space (\(name)) stands here", at: start..<start + length, fix: "write a plain space")
      return nil
    case "“", "”", "„", "‟", "«", "»", "″": return typographicString(start, length, scalar, "\"")
    case "‘", "’", "‚", "‛", "′": return typographicString(start, length, scalar, "'")
    case "–", "—", "−", "‐", "‑":
      return refused(length, "'\(scalar)' (\(name)) is no minus", fix: "write -", kind: .binary(.subtract))
    case "×": return refused(length, "'×' is no operator", fix: "write *", kind: .binary(.multiply))
    case "÷": return refused(length, "'÷' is no operator", fix: "write /", kind: .binary(.divide))
    case "≠": return refused(length, "'≠' is no operator", fix: "write !=", kind: .binary(.notEqual))
    case "≤": return refused(length, "'≤' is no operator", fix: "write <=", kind: .binary(.lessOrEqual))
    case "≥": return refused(length, "'≥' is no operator", fix: "write >=", kind: .binary(.greaterOrEqual))
    default:
      var end = start + length
      while bytes[end] >= 0x80 || Self.isWord(bytes[end]) { end += 1 }
      let word = text(start..<min(end, start + 64))
      return refused(
        end - start, "'\(word)' can't stand outside of quotes", fix: "write such names in quotes: {\"…\"}")
    }
  }

  /// A string in quotes of a word processor, up to the closing one where there is one.
  private mutating func typographicString(
    _ start: Int, _ length: Int, _ quote: Unicode.Scalar, _ plain: String
  ) -> Token {
    report(
      "'\(quote)' (\(Self.codePoint(quote.value))) is a typographic quote", at: start..<start + length,
      fix: "write \(plain)")
    var place = start + length
    while place < end, bytes[place] != 0x0a {
      guard bytes[place] >= 0x80 else {
        place += 1
        continue
      }
      let (scalar, length) = scalar(at: place)
      place += length
      if "“”„‟«»″‘’‚‛′".unicodeScalars.contains(scalar) {
        move(to: place)
        return token(.bad, from: start)
      }
    }
    move(to: start + length)
    return token(.bad, from: start)
  }

  private func scalar(at start: Int) -> (Unicode.Scalar, length: Int) {
    let first = bytes[start]
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    let end = min(start + length, end)
    let scalar = String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
    return (scalar, max(1, end - start))
  }
}
