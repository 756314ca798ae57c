/// Slack's mrkdwn. Only `&`, `<` and `>` can be escaped in it; the other marks get spaces of no width beside them, so
/// that they mark nothing (https://api.slack.com/reference/surfaces/formatting).
package enum SlackMarkup: Markup {
  package static func escaped(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var escaped = ""
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      // At the beginning of a line it would make a quotation.
      case ">": escaped += index == 0 ? "\u{200b}&gt;" : "&gt;"
      case "_" where scalars.isInWord(index): escaped += "_"
      case "*", "_", "~", "`": escaped += "\u{200b}" + String(scalar) + "\u{200b}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  package static func bold(_ text: String) -> String { text.isEmpty ? "" : "*" + escaped(text) + "*" }

  package static func code(_ text: String) -> String {
    text.utf8.contains(UInt8(ascii: "`")) ? escaped(text) : "`" + HTML.entities(text) + "`"
  }

  package static func link(_ title: String, _ url: String) -> String {
    guard let url = url.webLink else { return escaped(title.before(url)) }
    return "<" + HTML.entities(url.encoding("|<>")) + "|" + escaped(title) + ">"
  }
}

extension HTML {
  /// `&`, `<` and `>` as entities, the rest as it is. By scalars, since a `<` with an accent on it is one character.
  static func entities(_ text: String) -> String {
    var entities = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": entities += "&amp;"
      case "<": entities += "&lt;"
      case ">": entities += "&gt;"
      default: entities.unicodeScalars.append(scalar)
      }
    }
    return entities
  }
}

extension [Unicode.Scalar] {
  /// Whether letters or digits stand on both sides of an index, so that a mark there marks nothing.
  fileprivate func isInWord(_ index: Int) -> Bool {
    index > 0 && index + 1 < count && self[index - 1].isWord && self[index + 1].isWord
  }
}

extension Unicode.Scalar {
  fileprivate var isWord: Bool {
    switch self {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: false
    }
  }
}
