import Model

/// One alert explained, from its rule to what was sent.
struct AlertPage: PageContent {
  var explanation: AlertExplanation

  private var alert: Alert { explanation.alert.alert }

  func title(_ language: Language) -> String { alert.labels["alertname"] }

  func write(to writer: inout HTMLWriter) {
    Crumbs(section: .alerts).write(to: &writer)
    writer.heading(alert.labels["alertname"]) {
      $0.gravity(Gravity(alert.labels))
      $0.badge(alert.state)
      for quiet in AlertRow.quiets(explanation.alert) { $0.badge(quiet, quiet == .unrouted ? .warning : .neutral) }
    }
    let summary = AlertRow.summary(alert)
    if !summary.isEmpty { writer.element("p", class: "lead") { $0.outside(summary) } }
    writer.element("div", class: "halves") {
      $0.element("div", class: "stack") {
        writeNow(to: &$0)
        writeRoute(to: &$0)
        writeQuiet(to: &$0)
      }
      $0.element("div", class: "stack") {
        writeRule(to: &$0)
        writeDeliveries(to: &$0)
        writeTransitions(to: &$0)
      }
    }
  }

  private func writeNow(to writer: inout HTMLWriter) {
    writer.card("now", .now) {
      $0.facts {
        $0.fact(.value) { $0.element("code", sampleText(alert.value)) }
        $0.fact(.activeSince) { $0.time(alert.activeAt) }
        if let fired = alert.firedAt { $0.fact(.firingSince) { $0.time(fired) } }
        if let kept = alert.keepFiringSince { $0.fact(.keptSince) { $0.time(kept) } }
        $0.fact(.scope) { $0.link(to: alert.scope) }
        $0.fact(.labels) { $0.chips(alert.labels.pairs) }
        for annotation in alert.annotations where !annotation.value.isEmpty {
          $0.element("div") {
            $0.element("dt") { $0.outside(annotation.name) }
            $0.element("dd") { $0.linked(annotation.value) }
          }
        }
        if !alert.generatorURL.isEmpty { $0.fact(.graph) { $0.linked(alert.generatorURL) } }
        $0.fact(.fingerprint) { $0.element("code", alert.fingerprint.description) }
      }
    }
  }

  private func writeRule(to writer: inout HTMLWriter) {
    writer.card("rule", .rule) {
      $0.facts {
        $0.fact(.writtenAt) { $0.origin(alert.rule.provenance) }
        $0.fact(.group) { $0.link(to: alert.rule.group) }
        guard let rule = explanation.rule else { return }
        $0.fact(.expression) { $0.element("pre", class: "code") { $0.outside(rule.query) } }
        $0.fact(.hold) { $0.element("code", rule.hold.prometheus) }
        $0.fact(.evaluated) {
          $0.time(rule.lastEvaluationAt)
          if let took = rule.lastDuration { $0.quiet("\(took.wholeMilliseconds) ms") }
          if let error = rule.lastError { $0.badge(error, .bad) }
        }
      }
      if explanation.rule == nil { $0.empty(.ruleGone) }
    }
  }

  private func writeRoute(to writer: inout HTMLWriter) {
    writer.card("route", .route) { writer in
      if explanation.route.isEmpty { writer.empty(.noRoute, .warning) }
      writer.element("ol", class: "steps") { writer in
        for step in explanation.route {
          writer.element("li", class: (step.isMatch ? "step" : "step passed-by") + " depth-\(min(step.depth, 5))") {
            $0.icon(step.isMatch ? .good : .neutral)
            $0.outside(step.owner.description, class: "quiet")
            if step.matchers.isEmpty { $0.say(.everything) } else { $0.chips(step.matchers) }
            if !step.channels.isEmpty {
              $0.markup(" → ")
              for channel in step.channels { $0.link(to: channel) }
            }
            if let provenance = step.provenance {
              $0.element("code", class: "place quiet", "\(provenance.file):\(provenance.line)")
            }
          }
        }
      }
      guard !explanation.groups.isEmpty else { return }
      writer.table("groups", [.channel, .group, .lastSent, .nextSend]) { writer in
        for group in explanation.groups {
          writer.row(group.key + group.channel.opaque) {
            $0.cell(.channel) { $0.link(to: group.channel) }
            $0.cell(.group) { $0.element("code", class: "wrap", group.key) }
            $0.cell(.lastSent) { $0.time(group.lastSentAt) }
            $0.cell(.nextSend) { if let next = group.nextFlushAt { $0.time(next) } else { $0.quiet("–") } }
          }
        }
      }
    }
  }

  private func writeQuiet(to writer: inout HTMLWriter) {
    writer.card("quiets", .quietedBy) { writer in
      if explanation.silences.isEmpty && explanation.inhibitions.isEmpty { writer.empty(.nothingQuiets) }
      writer.element("ul", class: "feed") { writer in
        for silence in explanation.silences {
          writer.element("li", ["data-key": silence.id]) {
            $0.element("div", class: "feed-line") {
              $0.badge(Phrase(silence.state), Tone(silence.state))
              $0.outside(silence.name)
              $0.outside(silence.comment, class: "quiet grow")
              $0.say(.ends)
              $0.time(silence.endsAt)
            }
          }
        }
        for inhibition in explanation.inhibitions {
          writer.element("li", ["data-key": inhibition.rule.opaque]) {
            $0.element("div", class: "feed-line") {
              $0.badge(.inhibited, .neutral)
              $0.link(to: inhibition.rule)
              if let source = inhibition.source {
                $0.link("alerts/" + source.description) { $0.element("code", source.description) }
              }
            }
          }
        }
      }
    }
  }

  private func writeDeliveries(to writer: inout HTMLWriter) {
    writer.card("sent", .whatWasSent) { writer in
      if explanation.deliveries.isEmpty { writer.empty(.nothingSent) }
      writer.element("ol", class: "feed") { writer in
        for record in explanation.deliveries { DeliveryItem(record: record).write(to: &writer) }
      }
    }
  }

  private func writeTransitions(to writer: inout HTMLWriter) {
    writer.card("transitions", .history) { writer in
      if explanation.transitions.isEmpty { writer.empty(.noHistory) }
      writer.element("ol", class: "feed") { writer in
        for record in explanation.transitions {
          writer.element("li", ["data-key": String(record.id)]) {
            $0.element("div", class: "feed-line") {
              $0.badge(record.transition.alert.state)
              $0.element("span", class: "quiet grow") { $0.outside(record.transition.reason.rawValue) }
              $0.time(record.transition.at)
            }
          }
        }
      }
    }
  }
}
