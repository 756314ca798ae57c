import Model

/// Text in mail headers beyond ASCII: encoded words of RFC 2047, UTF-8 in base64.
package enum EncodedWord {
  /// `text` as encoded words of at most 75 characters, cut between characters and joined by folded lines.
  static func text(_ text: String) -> String {
    let bytesPerWord = 45
    var words: [String] = []
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      let encoded = Array(String(scalar).utf8)
      if bytes.count + encoded.count > bytesPerWord {
        words.append(word(bytes))
        bytes = []
      }
      bytes += encoded
    }
    if !bytes.isEmpty { words.append(word(bytes)) }
    return words.joined(separator: "\r\n ")
  }

  private static func word(_ bytes: [UInt8]) -> String { "=?UTF-8?B?" + bytes.base64 + "?=" }

  /// `text` as a header's value: as it is when it is ASCII and short, else encoded. Control characters are gone, so
  /// no text can add a header.
  package static func headerValue(_ text: String, limit: Int = 200) -> String {
    let line = text.onOneLine(limit: limit)
    let isPlain = line.utf8.allSatisfy { 0x20...0x7e ~= $0 } && !line.contains("=?") && line.utf8.count <= 900
    return isPlain ? line : self.text(line)
  }
}
