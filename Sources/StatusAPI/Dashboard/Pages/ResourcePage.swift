import Model

/// One applied resource: a rule group with its rules, a channel with what was sent, or any other.
struct ResourcePage: PageContent {
  var view: ResourceView
  /// What was sent over a channel; empty for other kinds.
  var deliveries: [DeliveryRecord]

  private var id: ResourceID { view.summary.record.id }

  func title(_ language: Language) -> String { id.name }

  func write(to writer: inout HTMLWriter) {
    Crumbs(section: section).write(to: &writer)
    writer.heading(id.name) {
      $0.quiet(id.kind.rawValue)
      $0.badge(view.summary.health.status)
    }
    writer.card("resource", .standing) {
      $0.facts { writeFacts(to: &$0) }
    }
    if !view.rules.isEmpty {
      writer.card("rules", .rules, count: view.rules.count) {
        $0.table("group-rules", [.rule, .state, .health, .evaluated, .took, .writtenAt]) { writer in
          for (index, rule) in view.rules.enumerated() {
            RuleRow(group: id, rule: rule, position: index).write(to: &writer)
          }
        }
      }
    }
    if id.kind == .channel {
      writer.card("sent", .whatWasSent) { writer in
        if deliveries.isEmpty { writer.empty(.nothingSent) }
        writer.element("ol", class: "feed") { writer in
          for record in deliveries { DeliveryItem(record: record).write(to: &writer) }
        }
      }
    }
    writer.card("fields", .effectiveSpec) { writer in
      if view.fields.isEmpty { writer.empty(.noFields) }
      writer.facts { writer in
        for field in view.fields {
          writer.element("div") {
            $0.element("dt") { $0.element("code", field.name) }
            $0.element("dd") { $0.outside(field.isURL ? redactedURL(field.value) : field.value, class: "mono") }
          }
        }
      }
    }
  }

  private var section: DashboardSection {
    switch id.kind {
    case .channel: .channels
    case .silence: .silences
    case .ruleGroup: .rules
    default: .tenants
    }
  }

  private func writeFacts(to writer: inout HTMLWriter) {
    writer.fact(.scope) { $0.link(to: id.scope) }
    writer.fact(.health) {
      $0.badge(view.summary.health.status)
      $0.outside(view.summary.health.message)
    }
    writer.fact(.writtenAt) { $0.origin(view.summary.record.provenance) }
    writer.fact(.appliedRevision) {
      $0.revision(view.summary.record.revision)
      $0.time(view.summary.record.appliedAt)
    }
    if let channel = view.channel {
      writer.fact(.type, channel.type)
      writer.fact(.queued, String(channel.queued))
      writer.fact(.lastDelivered) { $0.time(channel.lastDeliveredAt) }
      if let failed = channel.lastFailedAt {
        writer.fact(.lastFailed) {
          $0.time(failed)
          $0.outside(channel.lastError ?? "")
        }
      }
    }
    if let silence = view.silence {
      writer.fact(.state) { $0.badge(Phrase(silence.state), Tone(silence.state)) }
      writer.fact(.matchers) { $0.chips(silence.matchers) }
      writer.fact(.ends) { $0.time(silence.endsAt) }
    }
  }
}

/// Applied resources in a table.
struct ResourceTable {
  let resources: [ResourceSummary]

  func write(to writer: inout HTMLWriter) {
    guard !resources.isEmpty else {
      writer.empty(.noResources)
      return
    }
    writer.table("resource-rows", [.name, .kind, .health, .writtenAt, .lastChange]) { writer in
      for resource in resources {
        let id = resource.record.id
        writer.row(id.opaque) {
          $0.cell(.name, class: "main") {
            $0.link("resources/" + id.opaque, class: "row-link") { $0.outside(id.name) }
          }
          $0.cell(.kind, id.kind.rawValue)
          $0.cell(.health) { $0.badge(resource.health.status) }
          $0.cell(.writtenAt) {
            let place = resource.record.provenance
            $0.element("code", class: "place clip", place.file + ":" + String(place.line))
          }
          $0.cell(.lastChange) {
            if let change = resource.record.provenance.change {
              $0.outside(change.author, class: "clip")
              $0.time(change.committedAt)
            } else {
              $0.quiet("–")
            }
          }
        }
      }
    }
  }
}
