/// The Markdown of Discord, Mattermost and Teams.
package protocol ChatMarkup: Markup {}

extension ChatMarkup {
  package static func bold(_ text: String) -> String { text.isEmpty ? "" : "**" + escaped(text) + "**" }
  package static func code(_ text: String) -> String { ChatMarkdown.code(text) ?? escaped(text) }

  package static func link(_ title: String, _ url: String) -> String {
    guard let url = url.webLink else { return escaped(title.before(url)) }
    return "[" + escaped(title) + "](" + url.encoding("()[]<>") + ")"
  }
}

/// How a text is kept a text in the Markdown of chats.
///
/// As few backslashes as possible: phones show them in notifications, and not every program drops each of them.
enum ChatMarkdown {
  /// `marks`: what gets a backslash wherever it stands. `hasEntities`: whether `&amp;` is read as `&`.
  static func escaped(_ text: String, marks: String, hasEntities: Bool) -> String {
    let marks = Set(marks.unicodeScalars)
    let scalars = Array(text.unicodeScalars)
    var escaped = beginsBlock(scalars) ? "\u{200b}" : ""
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      // `_` within a word marks nothing, and most names of metrics have one.
      case "_" where isInWord(index, scalars): break
      // Not all programs mind a backslash in a link: what makes it one is that its brackets stand together.
      case _ where index > 0 && scalars[index - 1] == "]" && "([:".unicodeScalars.contains(scalar):
        escaped += "\u{200b}"
      case "&" where hasEntities && beginsEntity(scalars[(index + 1)...]):
        escaped += "&amp;"
        continue
      case _ where marks.contains(scalar): escaped += "\\"
      default: break
      }
      escaped.unicodeScalars.append(scalar)
    }
    return escaped
  }

  /// Between backticks, of which there are more than in the text; `nil` where that would take three. By bytes, since a
  /// backtick with an accent on it is one character.
  static func code(_ text: String) -> String? {
    let tick = UInt8(ascii: "`")
    guard text.utf8.contains(tick) else { return "`" + text + "`" }
    let hasTwo = zip(text.utf8, text.utf8.dropFirst()).contains { $0 == tick && $1 == tick }
    return hasTwo ? nil : "`` " + text + " ``"
  }

  /// Whether a heading, a quotation, a list or a rule would begin: `#`, `>`, `-`, `+`, `=`, `1.`; not a mere number.
  private static func beginsBlock(_ text: [Unicode.Scalar]) -> Bool {
    guard let first = text.first else { return false }
    if "-+".unicodeScalars.contains(first), text.count > 1, "0"..."9" ~= text[1] { return false }
    if "#>-+=".unicodeScalars.contains(first) { return true }
    let rest = text.drop { "0"..."9" ~= $0 }
    guard rest.count < text.count, rest.first == "." || rest.first == ")" else { return false }
    return rest.dropFirst().first.map { $0 == " " } ?? true
  }

  /// `amp;`, `#64;` or the like.
  private static func beginsEntity(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
    let name = rest.prefix(32).prefix { isWord($0) || $0 == "#" }
    return !name.isEmpty && rest.dropFirst(name.count).first == ";"
  }

  private static func isInWord(_ index: Int, _ text: [Unicode.Scalar]) -> Bool {
    index > 0 && index + 1 < text.count && isWord(text[index - 1]) && isWord(text[index + 1])
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: false
    }
  }
}

extension MessageContent {
  /// How much a chat's message shows at most: for readers, not for the vendor.
  static let chatSteps = Detail.steps.filter { $0.items <= 10 }
}
