import Model

extension String {
  /// Pieces of at most `limit` UTF-16 units, which together are this text without the line breaks between them: cut
  /// between lines where that is possible, else between two scalars.
  func pieces(of limit: Int) -> [String] {
    var pieces: [String] = []
    var piece = ""
    for line in unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if !piece.isEmpty, piece.utf16.count + 1 + line.utf16.count > limit {
        pieces.append(piece)
        piece = ""
      }
      if !piece.isEmpty { piece += "\n" }
      piece += line
      while piece.utf16.count > limit {
        let head = piece.prefix(units: limit)
        pieces.append(head)
        piece = String(piece.unicodeScalars.dropFirst(head.unicodeScalars.count))
      }
    }
    return (piece.isEmpty ? pieces : pieces + [piece]).filter { !$0.allSatisfy(\.isWhitespace) }
  }

  /// The first `limit` UTF-16 units or fewer, between two scalars.
  func prefix(units limit: Int) -> String {
    guard utf16.count > limit else { return self }
    var text = ""
    var size = 0
    for scalar in unicodeScalars {
      size += UTF16.width(scalar)
      if size > limit { break }
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  /// The same with `…` where something is missing.
  func cut(units limit: Int) -> String { utf16.count > limit ? prefix(units: max(0, limit - 1)) + "…" : self }

  /// The first `limit` scalars or fewer, with `…` where something is missing.
  func cut(scalars limit: Int) -> String {
    guard unicodeScalars.count > limit else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.prefix(max(limit - 1, 0)))) + "…"
  }

  /// A link's address in which `characters` are written as `%XX`, so that markup around it stays whole.
  func encoding(_ characters: String) -> String {
    var text = ""
    for scalar in unicodeScalars {
      if characters.unicodeScalars.contains(scalar) {
        text += String(scalar).percentEncoded
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// This text with a space of no width after each `@` that may begin a name, so that it calls nobody; mail addresses
  /// stay as they are. Only ASCII letters count as a word before it, as they do to the chats.
  var withoutCalls: String {
    guard utf8.contains(UInt8(ascii: "@")) else { return self }
    var text = ""
    var isWord = false
    for scalar in unicodeScalars {
      text.unicodeScalars.append(scalar)
      if scalar == "@", !isWord { text.unicodeScalars.append("\u{200b}") }
      isWord = "a"..."z" ~= scalar || "A"..."Z" ~= scalar || "0"..."9" ~= scalar
    }
    return text
  }
}
