import Model

/// Every silence: what it covers, by whom, and until when.
struct SilencesPage: PageContent {
  /// One silence with how many live alerts it keeps quiet.
  struct Row {
    var view: SilenceView
    var covered: Int
  }

  var rows: [Row]
  var next: String?
  static let shown = 100

  func title(_ language: Language) -> String { Phrase.silences.filled(language) }

  func write(to writer: inout HTMLWriter) {
    writer.heading(writer.phrase(.silences)) { $0.filter("silence-rows") }
    writer.element("section", class: "card") {
      if rows.isEmpty {
        $0.empty(.noSilences)
      } else {
        $0.table("silence-rows", [.name, .state, .matchers, .covers, .ends, .createdBy]) { writer in
          for row in rows { write(row, to: &writer) }
        }
      }
    }
    writer.pager("silences", next: next)
  }

  private func write(_ row: Row, to writer: inout HTMLWriter) {
    let silence = row.view
    writer.row(silence.resource.opaque, class: silence.state == .expired ? "past" : "") {
      $0.cell(.name, class: "main") {
        if silence.provenance == nil {
          $0.outside(silence.name)
        } else {
          $0.link("resources/" + silence.resource.opaque, class: "row-link") { $0.outside(silence.name) }
        }
        $0.outside(silence.scope.description, class: "quiet")
        $0.outside(silence.comment, class: "quiet")
      }
      $0.cell(.state) {
        $0.badge(Phrase(silence.state), Tone(silence.state))
        if silence.provenance == nil { $0.badge(.notInGit, .warning) }
      }
      $0.cell(.matchers) { $0.chips(silence.matchers) }
      $0.cell(.covers, class: "number") {
        $0.text($0.phrase(.alertCount, $0.number(row.covered)))
      }
      $0.cell(.ends) {
        $0.time(silence.endsAt)
        if let interval = silence.timeInterval { $0.outside(interval, class: "quiet") }
        if silence.untilResolved { $0.quiet(.untilResolved) }
      }
      $0.cell(.createdBy) { $0.outside(silence.createdBy, class: "clip") }
    }
  }
}
