import Model

extension DashboardPage {
  func writeAlerts(to writer: inout HTMLWriter) {
    let count = status.alerts.firing + status.alerts.pending
    writer.section("Alerts", count: count) {
      if firing.elements.isEmpty && pending.elements.isEmpty {
        $0.empty("Nothing is firing and nothing is pending.")
      } else {
        $0.table(["State", "Alert", "Labels", "Value", "Since", "Scope"]) { rows in
          for alert in firing.elements { write(alert, to: &rows) }
          for alert in pending.elements { write(alert, to: &rows) }
        }
        if firing.hasMore || pending.hasMore {
          $0.element("p", class: "empty") {
            $0.text("This is a part of them; ")
            $0.markup(#"<a href="api/v1/alerts">all alerts</a> are in the API."#)
          }
        }
      }
    }
  }

  private func write(_ view: AlertView, to writer: inout HTMLWriter) {
    let alert = view.alert
    writer.row {
      $0.cell("State") {
        $0.badge(alert.state.rawValue, alert.state == .firing ? .bad : .warning)
        writeQuiet(view, to: &$0)
      }
      $0.cell("Alert") {
        $0.element("bdi", alert.labels["alertname"])
        for name in ["summary", "description"] {
          guard let text = alert.annotations.first(where: { $0.name == name })?.value, !text.isEmpty else { continue }
          $0.element("p", class: "quiet") { $0.element("bdi", text) }
          break
        }
      }
      $0.cell("Labels") {
        for label in alert.labels.pairs where label.name != "alertname" {
          $0.element("bdi", class: "label", label.name + "=" + label.value)
          $0.text(" ")
        }
      }
      $0.cell("Value", sampleText(alert.value))
      $0.cell("Since") { $0.time(alert.firedAt ?? alert.activeAt, until: now) }
      $0.cell("Scope") { $0.element("bdi", alert.scope.description) }
    }
  }

  /// Why nobody hears of it, if nobody does.
  private func writeQuiet(_ view: AlertView, to writer: inout HTMLWriter) {
    let words = [
      view.silencedBy.isEmpty ? nil : "silenced", view.inhibitedBy.isEmpty ? nil : "inhibited",
      view.mutedBy.isEmpty ? nil : "muted", view.isUnrouted ? "unrouted" : nil,
    ]
    for word in words.compactMap({ $0 }) { writer.element("span", class: "quiet", " " + word) }
  }
}
