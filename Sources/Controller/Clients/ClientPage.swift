import Diagnostics
import JSON
import Model

/// A page of text in sections. What others wrote can't steer the terminal.
struct ClientPage {
  private let screen: Screen
  private(set) var text = ""

  init(_ screen: Screen) {
    self.screen = screen
  }

  mutating func line(_ words: String, indent: Int = 0) {
    let line = String(repeating: " ", count: indent) + words.displayable
    text += (screen.width.map { line.cut(toColumns: $0) } ?? line) + "\n"
  }

  /// A line that isn't cut: it can be copied.
  mutating func whole(_ words: String, indent: Int = 0) {
    text += String(repeating: " ", count: indent) + words.displayable + "\n"
  }

  mutating func section(_ title: String) {
    text += "\n" + screen.ink.strong(title.displayable) + "\n"
  }

  /// A table, indented; nothing for one without rows.
  mutating func table(_ table: Table) {
    guard !table.isEmpty else { return }
    var inner = screen
    inner.width = screen.width.map { $0 - 2 }
    for line in table.text(for: inner).split(separator: "\n") { text += "  " + line + "\n" }
  }

  mutating func silence(_ silence: JSONValue, _ times: ClientTimes) {
    let matchers = (silence["matchers"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
    line(
      "\(silence.cell("state"))  \(silence.cell("scope"))/\(silence.cell("name"))  {\(matchers)}  "
        + "until \(times.text(silence.deep("endsAt")?.string))  by \(silence.cell("createdBy")): "
        + silence.cell("comment"), indent: 2)
  }
}
