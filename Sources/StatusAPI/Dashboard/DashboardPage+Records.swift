import Model

extension DashboardPage {
  func writeSyncs(to writer: inout HTMLWriter) {
    writer.section("Syncs") {
      switch syncs {
      case .failure(let error): $0.element("p", class: "bad", error.message)
      case .success(let syncs) where syncs.isEmpty: $0.empty("The repository has not been looked at yet.")
      case .success(let syncs):
        $0.table(["When", "Trigger", "Revision", "Outcome", "Changes", "Took"]) { rows in
          for sync in syncs { write(sync, to: &rows) }
        }
      }
    }
  }

  private func write(_ view: SyncView, to writer: inout HTMLWriter) {
    let sync = view.record
    let changes = [(sync.created, "+"), (sync.updated, "~"), (sync.moved, "→"), (sync.deleted, "−")]
      .filter { $0.0 > 0 }.map { $0.1 + String($0.0) }
    writer.row {
      $0.cell("When") { $0.time(sync.startedAt, until: now) }
      $0.cell("Trigger", sync.trigger.rawValue)
      $0.cell("Revision") {
        $0.element("code", sync.revision.commit.short)
        if let commit = view.commit { $0.element("bdi", class: "quiet", " " + commit.subject) }
      }
      $0.cell("Outcome") { $0.badge(sync.status.rawValue, Tone(sync.status)) }
      $0.cell("Changes", changes.isEmpty ? "none" : changes.joined(separator: " "))
      $0.cell("Took", "\((sync.finishedAt - sync.startedAt).wholeMilliseconds) ms")
    }
  }

  func writeDeliveries(to writer: inout HTMLWriter) {
    writer.section("Deliveries") {
      switch deliveries {
      case .failure(let error): $0.element("p", class: "bad", error.message)
      case .success(let deliveries) where deliveries.isEmpty: $0.empty("Nothing has been sent yet.")
      case .success(let deliveries):
        $0.table(["When", "Channel", "Outcome", "Alerts", "Why", "Answer"]) { rows in
          for delivery in deliveries { write(delivery, to: &rows) }
        }
      }
    }
  }

  private func write(_ delivery: DeliveryRecord, to writer: inout HTMLWriter) {
    writer.row {
      $0.cell("When") { $0.time(delivery.startedAt, until: now) }
      $0.cell("Channel") {
        $0.element("bdi", delivery.channel.name)
        $0.element("bdi", class: "quiet", " " + delivery.channel.scope.description)
      }
      $0.cell("Outcome") {
        $0.badge(delivery.outcome.rawValue, Tone(delivery.outcome))
        if delivery.attempt > 1 { $0.element("span", class: "quiet", " attempt \(delivery.attempt)") }
      }
      $0.cell("Alerts", "\(delivery.firing) firing, \(delivery.resolved) resolved")
      $0.cell("Why", delivery.reason)
      $0.cell("Answer") { $0.element("bdi", delivery.detail) }
    }
  }
}
