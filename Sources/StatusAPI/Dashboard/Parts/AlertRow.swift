import Model

/// One alert in a list: a row of two lines that leads to what explains it. The script of the alerts' page makes the same.
struct AlertRow {
  let view: AlertView

  /// Its identity in a list.
  var key: String { view.alert.fingerprint.description + "@" + view.alert.scope.description }

  /// What quiets it; empty for one that is told.
  static func quiets(_ view: AlertView) -> [Phrase] {
    [
      view.silencedBy.isEmpty ? nil : .silenced, view.inhibitedBy.isEmpty ? nil : .inhibited,
      view.mutedBy.isEmpty ? nil : .muted, view.isUnrouted ? .unrouted : nil,
    ].compactMap { $0 }
  }

  static func summary(_ alert: Alert) -> String {
    for name in ["summary", "description", "message"] {
      if let text = alert.annotations.first(where: { $0.name == name })?.value, !text.isEmpty { return text }
    }
    return ""
  }

  /// Labels that the row shows otherwise, or that each alert of a scope has.
  static let plainLabels: Set<String> = ["alertname", "severity", "tenant", "project"]

  func write(to writer: inout HTMLWriter, as element: StaticString = "li") {
    let alert = view.alert
    writer.element(element, class: "alert " + alert.state.rawValue, ["data-key": key]) {
      $0.link(alert.page, class: "alert-link") {
        $0.gravity(Gravity(alert.labels))
        $0.element("span", class: "alert-main") {
          $0.element("span", class: "alert-line") {
            $0.outside(alert.labels["alertname"], class: "alert-name")
            $0.chips(alert.labels.pairs.filter { !Self.plainLabels.contains($0.name) })
          }
          $0.outside(Self.summary(alert), class: "alert-summary")
        }
        $0.outside(alert.scope.description, class: "alert-scope")
        $0.element("span", class: "alert-state") {
          let quiets = Self.quiets(view)
          if let quiet = quiets.first {
            $0.badge(quiet, quiet == .unrouted ? .warning : .neutral)
          } else {
            $0.badge(alert.state)
          }
        }
        $0.element("span", class: "alert-since") { $0.age(since: alert.firedAt ?? alert.activeAt) }
      }
    }
    writer.markup("\n")
  }
}
