import Model

/// The Markdown of DingTalk's robots: backslashes escape, and `<font>` colours.
package enum DingTalkMarkup: RobotMarkup {
  /// With backslashes before marks, and entities for brackets of tags; marks of lists and headings only where a line
  /// could begin with them.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += next == "#" || next?.properties.isAlphabetic ?? false ? "&amp;" : "&"
      case "\\", "`", "*", "_", "[", "]", "~", "|": escaped += "\\" + String(scalar)
      case "#", "+", "-", "=": escaped += index == 0 ? "\\" + String(scalar) : String(scalar)
      case "." where index > 0 && (next == " " || next == nil) && scalars[..<index].allSatisfy({ "0"..."9" ~= $0 }):
        escaped += "\\."
      case "!" where next == "[": escaped += "\\!"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Not all clients show code, so that it is text.
  package static func code(_ text: String) -> String { escaped(text) }

  package static func tinted(_ text: String, _ tint: RobotTint) -> String {
    "<font color=\"" + tint.hex + "\">" + escaped(text) + "</font>"
  }

  /// Two blanks: a line feed alone is swallowed.
  package static var lineBreak: String { "  \n" }
}

extension RobotTint {
  /// `#RRGGBB`.
  fileprivate var hex: String {
    switch self {
    case .red: "#CF222E"
    case .orange: "#BC4C00"
    case .blue: "#0969DA"
    case .green: "#1A7F37"
    case .grey: "#6E7781"
    }
  }
}
