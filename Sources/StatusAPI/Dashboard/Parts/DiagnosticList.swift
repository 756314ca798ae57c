import Diagnostics
import Model

/// The findings of a scope, each at its place.
struct DiagnosticList {
  let findings: [DiagnosticView]
  let sources: SourceTexts
  let limit: Int
  /// Where the rest is, from the root of the dashboard.
  var more: String?

  func write(to writer: inout HTMLWriter) {
    guard !findings.isEmpty else { return }
    let texts = sources.mapValues { SourceText($0) }
    writer.element("ul", class: "findings") { writer in
      for finding in findings.prefix(limit) {
        DiagnosticBlock(finding: finding, source: texts[finding.diagnostic.span.file]).write(to: &writer)
      }
    }
    let hidden = findings.count - limit
    guard hidden > 0 else { return }
    writer.element("p", class: "quiet") {
      if let more {
        $0.link(more) { $0.say(.andMore, $0.number(hidden)) }
      } else {
        $0.say(.andMore, $0.number(hidden))
      }
    }
  }
}
