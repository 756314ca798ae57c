import Model

extension String {
  /// This text as the address of a link; `nil` when it isn't one that a reader may safely be led to.
  ///
  /// Only `http` and `https`, with a host. What a browser would escape itself, and what would end a link in some markup
  /// or hide a part of it, is percent-encoded.
  package var webLink: String? {
    let limit = 2048
    let scheme = lowercasedPrefix("https://") ?? lowercasedPrefix("http://")
    guard let scheme, utf8.count <= limit else { return nil }
    let rest = utf8.dropFirst(scheme.utf8.count)
    guard let first = rest.first, !"/?#\\ ".utf8.contains(first) else { return nil }
    var link = scheme
    for scalar in unicodeScalars.dropFirst(scheme.unicodeScalars.count) {
      switch scalar {
      case _ where scalar.value < 0x20 || scalar.value == 0x7f: return nil
      case "\"", "<", ">", "\\", "`", "|", "^", "{", "}", " ": link += String(Character(scalar)).percentEncoded
      case _ where scalar.value > 0x7f:
        // Letters stay as they are, so that a reader knows the place; what can't be seen is spelt out.
        let text = String(Character(scalar))
        link += text.onOneLine(limit: 8) == text ? text : text.percentEncoded
      default: link.unicodeScalars.append(scalar)
      }
    }
    return link.utf8.count <= limit ? link : nil
  }

  /// `prefix`, in lower case, if this text begins with it in any case.
  private func lowercasedPrefix(_ prefix: String) -> String? {
    String(decoding: utf8.prefix(prefix.utf8.count), as: UTF8.self).lowercased() == prefix ? prefix : nil
  }
}
