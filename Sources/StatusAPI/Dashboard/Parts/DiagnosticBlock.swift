import Diagnostics
import Model

/// A finding with the line that it is about, as compilers show it.
struct DiagnosticBlock {
  let finding: DiagnosticView
  /// The file's text; `nil` where it can't be had or must not be shown.
  let source: SourceText?

  /// The longest part of a line that is shown.
  private static let shownBytes = 160

  func write(to writer: inout HTMLWriter) {
    let diagnostic = finding.diagnostic
    let start = diagnostic.span.range.start
    writer.element(
      "li", class: "finding " + diagnostic.severity.rawValue,
      ["data-key": "\(diagnostic.span.file):\(start.line):\(start.column):\(diagnostic.code)"]
    ) {
      $0.element("p", class: "finding-head") {
        $0.badge(diagnostic.severity == .error ? Phrase.errorWord : .warningWord, Tone(diagnostic.severity))
        $0.outside(diagnostic.message, class: "finding-message")
        $0.element("code", class: "quiet", diagnostic.code)
      }
      writeExcerpt(diagnostic, to: &$0)
      if let fix = diagnostic.fix {
        $0.element("p", class: "finding-note") {
          $0.element("b", .fix)
          $0.text(" ")
          $0.outside(fix)
        }
      }
      for note in diagnostic.notes {
        $0.element("p", class: "finding-note") {
          $0.element("b", .note)
          $0.text(" ")
          $0.outside(note.message)
          if let span = note.span {
            $0.text(" ")
            $0.element("code", "\(span.file):\(span.range.start.line)")
          }
        }
      }
      if let commit = finding.introducedBy {
        $0.element("p", class: "quiet finding-note") {
          $0.element("code", commit.short)
          if let author = finding.author {
            $0.text(" ")
            $0.outside(author)
          }
        }
      }
    }
    writer.markup("\n")
  }

  private func writeExcerpt(_ diagnostic: Diagnostic, to writer: inout HTMLWriter) {
    let start = diagnostic.span.range.start
    writer.element("figure", class: "excerpt") {
      $0.element("figcaption") {
        $0.element("code", "\(diagnostic.span.file):\(start.line):\(start.column)")
      }
      guard let source else { return }
      $0.element("pre") { writer in
        for number in max(1, Int(start.line) - 2)...Int(start.line) + 1 {
          guard let text = line(number, of: source) else { continue }
          let isMarked = number == Int(start.line)
          writer.element("span", class: isMarked ? "line marked" : "line") {
            $0.element("span", class: "number", String(number))
            $0.outside(text)
          }
          writer.markup("\n")
          if isMarked { writeCaret(under: text, diagnostic.span.range, to: &writer) }
        }
      }
    }
  }

  private func line(_ number: Int, of source: SourceText) -> String? {
    guard let range = source.line(number) else { return nil }
    let bytes = source.bytes[range].prefix(Self.shownBytes)
    return Self.withoutSecret(String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline })
  }

  /// A line without what stands behind a key that secrets have: the page shows more lines than the finding's own.
  private static func withoutSecret(_ line: String) -> String {
    guard let colon = line.firstIndex(of: ":") else { return line }
    let key = line[..<colon].lowercased()
    let words = ["secret", "token", "password", "passphrase", "credential", "api_key", "routing_key", "webhook"]
    guard words.contains(where: { key.contains($0) }), line[colon...].count > 2 else { return line }
    return line[...colon] + " ‹redacted›"
  }

  private func writeCaret(under text: String, _ range: SourceRange, to writer: inout HTMLWriter) {
    let column = min(max(1, Int(range.start.column)), text.count + 1)
    let end = range.end.line == range.start.line ? Int(range.end.column) : text.count + 1
    // Tabs stay tabs, so that the caret stands under its column whatever their width.
    let indent = text.prefix(column - 1).map { $0 == "\t" ? "\t" : $0.isWide ? "\u{3000}" : " " }.joined()
    let carets = String(repeating: "^", count: max(1, min(end, text.count + 1) - column))
    writer.element("span", class: "line caret", ["aria-hidden": "true"]) {
      $0.element("span", class: "number", "")
      $0.text(indent)
      $0.element("span", class: "mark", carets)
    }
    writer.markup("\n")
  }
}

extension Character {
  /// Whether it takes two columns in a font of one width: Chinese, Japanese and Korean.
  fileprivate var isWide: Bool {
    guard let scalar = unicodeScalars.first?.value else { return false }
    return 0x2e80...0x9fff ~= scalar || 0xac00...0xd7a3 ~= scalar || 0xff00...0xff60 ~= scalar
  }
}
