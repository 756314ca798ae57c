import Model

/// Every rule group with its rules: their state and how their last evaluation went.
struct RulesPage: PageContent {
  var groups: [ResourceView]
  var next: String?

  /// How many groups one page has.
  static let shown = 100

  func title(_ language: Language) -> String { Phrase.rules.filled(language) }

  func write(to writer: inout HTMLWriter) {
    writer.heading(writer.phrase(.rules)) { $0.filter("rule-rows") }
    writer.element("section", class: "card") {
      if groups.isEmpty {
        $0.empty(.noRules)
      } else {
        $0.table("rule-rows", [.rule, .state, .health, .evaluated, .took, .writtenAt]) { writer in
          for group in groups {
            let id = group.summary.record.id
            for (index, rule) in group.rules.enumerated() {
              RuleRow(group: id, rule: rule, position: index).write(to: &writer)
            }
          }
        }
      }
    }
    writer.pager("rules", next: next)
  }
}

/// One rule in a table.
struct RuleRow {
  let group: ResourceID
  let rule: RuleView
  /// Within its group: rules of one name may stand several times.
  let position: Int

  func write(to writer: inout HTMLWriter) {
    writer.row(group.opaque + " \(position)") {
      $0.cell(.rule, class: "main") {
        $0.link("resources/" + group.opaque, class: "row-link") { $0.outside(rule.name) }
        $0.outside(group.scope.description, class: "quiet")
        $0.element("code", class: "clip expression") { $0.outside(rule.query) }
      }
      $0.cell(.state) {
        if !rule.isEnabled {
          $0.badge(.disabled, .neutral)
        } else if let state = rule.state {
          $0.badge(state)
          if rule.alerts.firing + rule.alerts.pending > 1 {
            $0.quiet("\(rule.alerts.firing) / \(rule.alerts.pending)")
          }
        } else if rule.purpose == .recording {
          $0.badge(.recording, .neutral)
        } else {
          $0.badge(.inactive, .good)
        }
      }
      $0.cell(.health) {
        if let error = rule.lastError {
          $0.badge(.failing, .bad)
          $0.outside(error, class: "quiet clip")
        } else {
          $0.badge(rule.health.status)
        }
      }
      $0.cell(.evaluated) { $0.time(rule.lastEvaluationAt) }
      $0.cell(.took, class: "number", rule.lastDuration.map { "\($0.wholeMilliseconds) ms" } ?? "–")
      $0.cell(.writtenAt) {
        $0.element("code", class: "place clip", rule.provenance.file + ":" + String(rule.provenance.line))
      }
    }
  }
}
