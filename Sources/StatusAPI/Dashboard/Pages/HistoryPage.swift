import Model

/// Changes of alerts' states, newest first.
struct HistoryPage: PageContent {
  var rows: Result<Page<TransitionRecord>, SourceUnavailable>
  static let shown = 100

  func title(_ language: Language) -> String { Phrase.history.filled(language) }

  func write(to writer: inout HTMLWriter) {
    writer.heading(writer.phrase(.history)) { $0.filter("history-rows") }
    writer.element("section", class: "card") {
      switch rows {
      case .failure(let error): $0.unavailable(error)
      case .success(let page) where page.elements.isEmpty: $0.empty(.noHistory)
      case .success(let page):
        $0.table("history-rows", [.state, .alert, .scope, .reason, .when]) { writer in
          for record in page.elements { row(record, to: &writer) }
        }
      }
    }
    if case .success(let page) = rows, page.hasMore {
      writer.pager("history", next: page.elements.last?.id.opaqueText)
    }
  }

  private func row(_ record: TransitionRecord, to writer: inout HTMLWriter) {
    let alert = record.transition.alert
    writer.row(String(record.id)) {
      $0.cell(.state) { $0.badge(alert.state) }
      $0.cell(.alert, class: "main") {
        if alert.state == .resolved {
          $0.outside(alert.labels["alertname"], class: "row-title")
        } else {
          $0.link(alert.page, class: "row-link") { $0.outside(alert.labels["alertname"]) }
        }
        $0.gravity(Gravity(alert.labels))
        $0.chips(alert.labels.pairs.filter { !AlertRow.plainLabels.contains($0.name) })
      }
      $0.cell(.scope) { $0.link(to: alert.scope) }
      $0.cell(.reason) { $0.outside(record.transition.reason.rawValue, class: "quiet") }
      $0.cell(.when) { $0.time(record.transition.at) }
    }
  }
}
