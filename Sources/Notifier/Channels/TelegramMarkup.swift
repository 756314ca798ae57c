/// The HTML of Telegram's messages (https://core.telegram.org/bots/api#html-style): few tags, line feeds as they are.
package enum TelegramMarkup: Markup {
  /// A name behind `@` would call its owner, wherever it stands.
  package static func escaped(_ text: String) -> String { HTML.escaped(text.withoutCalls) }
  package static func bold(_ text: String) -> String { text.isEmpty ? "" : "<b>" + escaped(text) + "</b>" }
  package static func code(_ text: String) -> String { HTML.code(text) }

  package static func link(_ title: String, _ url: String) -> String {
    guard let url = url.webLink else { return escaped(title.before(url)) }
    return "<a href=\"" + HTML.escaped(url) + "\">" + escaped(title) + "</a>"
  }

  /// How long Telegram takes a text to be: in UTF-16 units, without tags, an entity as one character.
  package static func units(in html: String) -> Int {
    var count = 0
    var isTag = false
    var isEntity = false
    for unit in html.utf16 {
      switch unit {
      case UInt16(UInt8(ascii: "<")) where !isTag: isTag = true
      case UInt16(UInt8(ascii: ">")) where isTag: isTag = false
      case _ where isTag: break
      case UInt16(UInt8(ascii: "&")) where !isEntity: isEntity = true
      case UInt16(UInt8(ascii: ";")) where isEntity:
        isEntity = false
        count += 1
      case _ where isEntity: break
      default: count += 1
      }
    }
    return count
  }
}
