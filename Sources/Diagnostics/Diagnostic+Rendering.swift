/// How findings are printed.
package struct RenderingStyle: Hashable, Sendable {
  /// Whether to use the colours of ANSI terminals.
  package var colour: Bool
  /// How many columns of a source line are shown at most.
  package var width: Int

  package init(colour: Bool = false, width: Int = 120) {
    self.colour = colour
    self.width = width
  }

  /// Without colours, lines up to 120 columns.
  package static let plain = RenderingStyle()
}

extension Diagnostic {
  /// This finding for people: `file:line:column: error: message [code]`, the line with carets, remedy and notes.
  ///
  /// Every line ends with a line break. `source` gives the text of a file by the name that spans have; without it, the
  /// source line is left out.
  package func rendered(_ style: RenderingStyle = .plain, source: (String) -> SourceText?) -> String {
    var page = RenderedPage(style: style)
    page.heading(span, severity.rawValue, severity == .error ? .red : .yellow, message + " [" + code + "]")
    page.snippet(span, in: source(span.file), .red)
    if let fix { page.remark("fix", fix) }
    for note in notes where note.span == nil { page.remark("note", note.message) }
    for note in notes {
      guard let place = note.span else { continue }
      page.heading(place, "note", .cyan, note.message)
      page.snippet(place, in: source(place.file), .cyan)
    }
    return page.text
  }
}

extension Diagnostics {
  /// All findings for people, in the order of files and places, an empty line between two, and the summary behind.
  ///
  /// `source` gives the bytes of a file by the name that spans have; it is asked once per file.
  package func rendered(_ style: RenderingStyle = .plain, source: (String) -> [UInt8]?) -> String {
    var texts: [String: SourceText?] = [:]
    func text(_ file: String) -> SourceText? {
      if let known = texts[file] { return known }
      let text = source(file).map { SourceText($0) }
      texts[file] = .some(text)
      return text
    }
    let blocks = all.sorted().map { $0.rendered(style, source: text) }
    return (blocks + [summary + "\n"]).joined(separator: "\n")
  }

  /// What was found, in one line: `2 errors, 1 warning in 2 files`.
  package var summary: String {
    let errors = all.count { $0.severity == .error }
    let warnings = all.count - errors
    guard !all.isEmpty else { return "no errors, no warnings" }
    var parts: [String] = []
    if errors > 0 { parts.append("\(errors) error" + (errors == 1 ? "" : "s")) }
    if warnings > 0 { parts.append("\(warnings) warning" + (warnings == 1 ? "" : "s")) }
    let files = Set(all.map(\.span.file)).count
    return parts.joined(separator: ", ") + " in \(files) file" + (files == 1 ? "" : "s")
  }
}

/// The text of one rendered finding, while it grows.
private struct RenderedPage {
  enum Colour: String {
    case red = "31"
    case yellow = "33"
    case blue = "34"
    case cyan = "36"
  }

  let style: RenderingStyle
  var text = ""
  /// The width of the last snippet's line number, which remarks are aligned with.
  private var gutter = 1

  init(style: RenderingStyle) {
    self.style = style
  }

  mutating func heading(_ span: SourceSpan, _ word: String, _ colour: Colour, _ message: String) {
    let place = "\(span.file.displayable):\(span.range.start.line):\(span.range.start.column): "
    text += emphasised(place) + painted(word + ": ", colour) + emphasised(message.displayable) + "\n"
  }

  mutating func snippet(_ span: SourceSpan, in source: SourceText?, _ colour: Colour) {
    let (start, end) = (span.range.start, span.range.end)
    guard let source, let line = source.line(Int(start.line)) else { return }
    let first = max(0, Int(start.column) - 1)
    // Of a stretch over several lines the first is shown, marked to its end.
    let last = end.line > start.line ? Int.max : max(first, Int(end.column) - 1)
    let number = String(start.line)
    gutter = number.utf8.count
    let shown = Snippet(line: line, of: source.bytes, columns: first..<last, width: style.width - gutter - 3)
    let margin = painted(String(repeating: " ", count: gutter + 1) + "|", .blue)
    text += margin + "\n" + painted(number + " |", .blue) + (shown.text.isEmpty ? "" : " " + shown.text) + "\n"
    let carets = String(repeating: "^", count: shown.caretCount)
    text += margin + " " + String(repeating: " ", count: shown.caretIndent) + painted(carets, colour) + "\n"
  }

  mutating func remark(_ word: String, _ message: String) {
    text += String(repeating: " ", count: gutter + 1) + painted("= ", .blue) + emphasised(word + ": ")
    text += message.displayable + "\n"
  }

  private func painted(_ text: String, _ colour: Colour) -> String {
    style.colour ? "\u{1b}[1;\(colour.rawValue)m\(text)\u{1b}[0m" : text
  }

  private func emphasised(_ text: String) -> String {
    style.colour ? "\u{1b}[1m\(text)\u{1b}[0m" : text
  }
}
