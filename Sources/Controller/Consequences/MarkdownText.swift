import Model

/// Pieces of Markdown from texts that anybody may have written: none can end the piece that it stands in, name a
/// person, or link to anything.
enum MarkdownText {
  /// A text as code within a line, in a table, or in a summary.
  ///
  /// An HTML element with entities and no back-ticks: a back-tick span can't hold a `|` in a table that follows a
  /// backslash (GFM §4.10), and isn't read inside `<summary>`.
  static func code(_ text: String) -> String {
    let shown = text.shownOnOneLine
    return "<code>" + parted(shown.unicodeScalars.map(entity).joined()) + "</code>"
  }

  /// With an entity in `://`, from which pages make links.
  private static func parted(_ text: String) -> String {
    var parts = text.split(separator: "://", omittingEmptySubsequences: false)
    let first = parts.removeFirst()
    return parts.reduce(String(first)) { $0 + "&#58;//" + $1 }
  }

  private static func entity(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    case "`", "*", "_", "[", "]", "\\", "~", "|", "!", "@", "#", "$", "^": "&#\(scalar.value);"
    default: String(scalar)
    }
  }

  /// Lines as a code block whose fence is longer than any run of back-ticks in them.
  static func block(_ lines: [String], language: String) -> String {
    let body = lines.map(\.shownOnOneLine)
    let fence = String(repeating: "`", count: max(3, (body.map(longestRun).max() ?? 0) + 1))
    return fence + language + "\n" + body.map { $0 + "\n" }.joined() + fence + "\n"
  }

  private static func longestRun(_ text: String) -> Int {
    var (longest, run) = (0, 0)
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// A row of a table.
  static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }

  /// A fold; `isOpen`: shown at once.
  static func fold(_ summary: String, isOpen: Bool, _ body: String) -> String {
    "<details\(isOpen ? " open" : "")><summary>\(summary)</summary>\n\n\(body)\n</details>\n"
  }
}
