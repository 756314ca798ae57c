import Model

/// The markdown that a `TextBlock` or a fact of an adaptive card understands, a part of CommonMark
/// (https://learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features).
package enum TeamsMarkup: ChatMarkup {
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in ChatMarkdown.escaped(text.withoutDateFunctions, marks: "\\*_~`|", hasEntities: true).unicodeScalars {
      // `<at>` would be a mention.
      if scalar == "<" { escaped += "&lt;" } else { escaped.unicodeScalars.append(scalar) }
    }
    return escaped
  }

  package static func code(_ text: String) -> String { escaped(text) }

  /// Two blanks before a line break, since one alone is read as a blank.
  package static var lineBreak: String { "  \n" }
}
