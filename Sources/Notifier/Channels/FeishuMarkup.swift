import Model
import Specs

/// The Markdown of Feishu's cards, which has entities for what would mean something.
package enum FeishuMarkup: RobotMarkup {
  /// By the vendor's table of entities; a colon only before a letter, where it could begin an emoji's name, and marks
  /// of lists and headings only where a line could begin with them.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      if let entity = entities[scalar] {
        escaped += entity
      } else if scalar == "&" {
        escaped += next == "#" || next?.properties.isAlphabetic ?? false ? "&#38;" : "&"
      } else if scalar == ":" {
        escaped += next?.properties.isAlphabetic ?? false ? "&#58;" : ":"
      } else if scalar == "-" || scalar == "+" || scalar == "#" {
        escaped += index == 0 || scalars[index - 1] == scalar || next == scalar ? "&#\(scalar.value);" : String(scalar)
      } else if scalar == ".", next == " " || next == nil, scalars[..<index].allSatisfy({ "0"..."9" ~= $0 }) {
        escaped += "&#46;"
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static let entities: [Unicode.Scalar: String] = [
    "<": "&#60;", ">": "&#62;", "~": "&sim;", "!": "&#33;", "*": "&#42;", "\\": "&#92;", "[": "&#91;", "]": "&#93;",
    "(": "&#40;", ")": "&#41;", "`": "&#96;", "$": "&#36;", "_": "&#95;", "|": "&#124;",
  ]

  /// A span of code has no entities, so that a text that could end it is shown as text.
  package static func code(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { !#"`<>\$"#.utf8.contains($0) }
    return isPlain ? "`" + text + "`" : escaped(text)
  }

  package static func tinted(_ text: String, _ tint: RobotTint) -> String {
    "<font color='" + tint.rawValue + "'>" + escaped(text) + "</font>"
  }

  /// `<at id=ou_1a2b></at>`; somebody whom a robot can't call is named.
  static func mention(_ mention: Mention) -> String? {
    mention.feishuID.map { "<at id=" + $0 + "></at>" } ?? mention.shownName(in: .feishu).map(escaped)
  }
}

extension Mention {
  /// An open id, a user id or `all`: what a Feishu robot can call.
  var feishuID: String? {
    switch self {
    case .everyone: "all"
    case .id("feishu", let id) where id.isRobotID: id
    default: nil
    }
  }
}
