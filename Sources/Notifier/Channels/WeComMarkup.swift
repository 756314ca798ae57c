import Model

/// The Markdown of WeCom's robots, which has no escapes: what would mean something is shown as its wide twin.
package enum WeComMarkup: RobotMarkup {
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let isFirst = index == 0
      switch scalar {
      case "<": escaped += "＜"
      case "*": escaped += "＊"
      case "`": escaped += "｀"
      case "(" where index > 0 && scalars[index - 1] == "]": escaped += "（"
      case ">" where isFirst: escaped += "＞"
      case "#" where isFirst: escaped += "＃"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A span of code ends at the next mark, so that a text with one is shown as text.
  package static func code(_ text: String) -> String {
    text.utf8.contains { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "<") } ? escaped(text) : "`" + text + "`"
  }

  package static func link(_ title: String, _ url: String) -> String {
    guard let target = url.robotLinkTarget else { return escaped(title.before(url)) }
    return "[" + escaped(title).replacingBytes("]", with: "］") + "](" + target + ")"
  }

  package static func tinted(_ text: String, _ tint: RobotTint) -> String {
    "<font color=\"" + tint.weComName + "\">" + escaped(text) + "</font>"
  }
}

extension RobotTint {
  /// One of the three colours that there are.
  fileprivate var weComName: String {
    switch self {
    case .red, .orange: "warning"
    case .green: "info"
    case .blue, .grey: "comment"
    }
  }

  /// `desc_color` of a card: 0 grey, 1 black, 2 red, 3 green.
  var weComNumber: Int64 {
    switch self {
    case .red: 2
    case .orange: 1
    case .green: 3
    case .blue, .grey: 0
    }
  }
}
