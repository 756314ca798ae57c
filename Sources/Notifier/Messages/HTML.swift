/// HTML as mails and Telegram have it.
package enum HTML: Markup {
  /// Where HTML may stand, in attributes too.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  package static func bold(_ text: String) -> String { "<b>" + escaped(text) + "</b>" }
  package static func code(_ text: String) -> String { "<code>" + escaped(text) + "</code>" }

  package static func link(_ title: String, _ url: String) -> String {
    guard url.hasPrefix("https://") || url.hasPrefix("http://") else { return escaped(title.before(url)) }
    return "<a href=\"" + escaped(url) + "\">" + escaped(title) + "</a>"
  }

  package static var lineBreak: String { "<br>\n" }
  package static var paragraphBreak: String { "</p>\n<p>" }
}
