import Model

/// What somebody on call wants to see first.
struct OverviewPage: PageContent {
  var status: StatusDocument
  /// What fires, the gravest and newest first.
  var firing: [AlertView]
  /// How many of ``firing`` there are of each gravity.
  var gravities: [(gravity: Gravity, count: Int)]
  var timeline: Result<FiringTimeline, SourceUnavailable>
  /// The held scopes in full, with the texts of the files that their findings are in.
  var held: [(view: ScopeView, sources: SourceTexts)]
  var syncs: Result<[SyncView], SourceUnavailable>
  var deliveries: Result<[DeliveryRecord], SourceUnavailable>

  static let shownAlerts = 8
  static let shownRows = 6
  static let shownHeld = 4
  static let shownFindings = 3

  func title(_ language: Language) -> String { Phrase.overview.filled(language) }

  func write(to writer: inout HTMLWriter) {
    writer.heading(writer.phrase(.overview)) {
      $0.element("p", class: "quiet") {
        $0.say(.asOf)
        $0.text(" ")
        $0.time(status.observedAt)
      }
    }
    writer.element("div", class: "tiles") {
      writeFiring(to: &$0)
      writeSync(to: &$0)
      writeHealth(to: &$0)
      writeRepository(to: &$0)
    }
    writeTimeline(to: &writer)
    writer.element("div", class: "halves") {
      $0.element("div", class: "stack") {
        if !held.isEmpty { writeHeld(to: &$0) }
        writeAlerts(to: &$0)
      }
      $0.element("div", class: "stack") {
        writeDeliveries(to: &$0)
        writeSyncs(to: &$0)
      }
    }
  }

  private func tile(
    _ id: String, _ name: Phrase, to writer: inout HTMLWriter, _ content: (inout HTMLWriter) -> Void
  ) {
    writer.element("section", class: "tile", ["id": id]) {
      $0.element("h2", name)
      content(&$0)
    }
    writer.markup("\n")
  }

  private func writeFiring(to writer: inout HTMLWriter) {
    tile("tile-firing", .firing, to: &writer) {
      $0.link("alerts?state=firing", class: "figure") { $0.text($0.number(status.alerts.firing)) }
      $0.element("ul", class: "gravities") { writer in
        for (gravity, count) in gravities where count > 0 {
          writer.element("li", ["data-key": gravity.rawValue]) {
            $0.gravity(gravity)
            $0.element("b", $0.number(count))
          }
        }
      }
      let alerts = status.alerts
      let others: [(Phrase, Int)] = [
        (.pendingCount, alerts.pending), (.silencedCount, alerts.silenced), (.inhibitedCount, alerts.inhibited),
        (.unroutedCount, alerts.unrouted),
      ]
      $0.element("p", class: "quiet") { writer in
        let told = others.filter { $0.1 > 0 }.map { writer.phrase($0.0, writer.number($0.1)) }
        writer.text(told.isEmpty ? writer.phrase(.nothingElse) : told.joined(separator: " · "))
      }
    }
  }

  private func writeSync(to writer: inout HTMLWriter) {
    tile("tile-sync", .sync, to: &writer) {
      $0.element("p", class: "headline") {
        $0.badge(status.sync.status)
        if let since = status.sync.since { $0.age(since: since) }
      }
      if !status.sync.message.isEmpty { $0.element("p") { $0.outside(status.sync.message) } }
      if let commit = status.source.commit {
        $0.element("p", class: "commit") {
          $0.revision(status.source.revision.desired)
          $0.text(" ")
          $0.outside(commit.subject)
        }
        $0.element("p", class: "quiet") { $0.outside(commit.authorName) }
      } else {
        $0.element("p", class: "quiet") {
          if status.source.revision.desired == nil {
            $0.say(.noneSeen)
          } else {
            $0.revision(status.source.revision.desired)
          }
        }
      }
    }
  }

  private func writeHealth(to writer: inout HTMLWriter) {
    tile("tile-health", .health, to: &writer) {
      $0.element("p", class: "headline") {
        $0.badge(status.health.status)
        if let since = status.health.since { $0.age(since: since) }
      }
      if !status.health.message.isEmpty { $0.element("p") { $0.outside(status.health.message) } }
      $0.element("p", class: "quiet") {
        let counts = status.counts
        $0.text(
          [
            $0.phrase(.ruleCount, $0.number(counts.rules)), $0.phrase(.channelCount, $0.number(counts.channels)),
            $0.phrase(.sourceCount, $0.number(counts.dataSources)),
            $0.phrase(.tenantCount, $0.number(status.tenantCount)),
          ].joined(separator: " · "))
      }
    }
  }

  private func writeRepository(to writer: inout HTMLWriter) {
    tile("tile-repository", .repository, to: &writer) {
      $0.element("p", class: "headline") {
        if status.source.lastError == nil {
          $0.badge(.reachable, .good)
        } else {
          $0.badge(.unreachable, .bad)
        }
        $0.time(status.source.poll.lastCheckAt)
      }
      if let error = status.source.lastError {
        $0.element("p") { $0.outside(error.message) }
        $0.element("p", class: "quiet") {
          $0.say(.failingSince)
          $0.text(" ")
          $0.time(error.since)
        }
      } else {
        $0.element("p") { $0.outside(redactedURL(status.source.url)) }
        $0.element("p", class: "quiet") { $0.outside(status.source.ref) }
      }
    }
  }

  private func writeTimeline(to writer: inout HTMLWriter) {
    writer.card("timeline", .timeline) {
      switch timeline {
      case .failure(let error): $0.unavailable(error)
      case .success(let timeline) where timeline.isQuiet: $0.empty(.timelineQuiet, .good)
      case .success(let timeline):
        let drawing = TimelineDrawing(timeline: timeline)
        $0.element("div", class: "plot") {
          $0.element("div", class: "plot-scale", ["aria-hidden": "true"]) {
            $0.element("span", $0.number(drawing.ceiling))
            $0.element("span", "0")
          }
          drawing.write(to: &$0)
          $0.element("div", class: "plot-axis", ["aria-hidden": "true"]) { writer in
            for hours in [24, 18, 12, 6, 0] {
              let at = timeline.end - .seconds(hours * 3600)
              writer.element(
                "time", ["datetime": at.description, "data-time": "clock", "title": at.description],
                String(at.description.dropFirst(11).prefix(5)))
            }
          }
        }
        $0.element("ul", class: "legend") { writer in
          for gravity in Gravity.allCases where timeline.steps.contains(where: { $0.firing[gravity.rank] > 0 }) {
            writer.element("li") { $0.gravity(gravity) }
          }
          writer.element("li", class: "quiet", writer.phrase(.timelineWords, writer.number(timeline.peak)))
        }
      }
    }
  }

  private func writeHeld(to writer: inout HTMLWriter) {
    writer.card("held", .heldScopes, count: status.held.count, class: "attention", more: "tenants") { writer in
      for scope in held {
        writer.element("div", class: "held", ["data-key": scope.view.summary.scope.description]) {
          HeldScope(view: scope.view, sources: scope.sources, limit: Self.shownFindings).write(to: &$0)
        }
      }
    }
  }

  private func writeAlerts(to writer: inout HTMLWriter) {
    writer.card("firing", .firingNow, count: status.alerts.firing, more: "alerts") { writer in
      if firing.isEmpty {
        writer.empty(.nothingFires, .good)
      } else {
        writer.element("ol", class: "alerts compact") { writer in
          for view in firing.prefix(Self.shownAlerts) { AlertRow(view: view).write(to: &writer) }
        }
      }
    }
  }

  private func writeDeliveries(to writer: inout HTMLWriter) {
    writer.card("deliveries", .recentPages, more: "channels") { writer in
      switch deliveries {
      case .failure(let error): writer.unavailable(error)
      case .success(let rows) where rows.isEmpty: writer.empty(.nothingSent)
      case .success(let rows):
        writer.element("ol", class: "feed") { writer in
          for row in rows.prefix(Self.shownRows) { DeliveryItem(record: row).write(to: &writer) }
        }
      }
    }
  }

  private func writeSyncs(to writer: inout HTMLWriter) {
    writer.card("syncs", .recentChanges, more: "syncs") { writer in
      switch syncs {
      case .failure(let error): writer.unavailable(error)
      case .success(let rows) where rows.isEmpty: writer.empty(.noSyncs)
      case .success(let rows):
        writer.element("ol", class: "feed") { writer in
          for row in rows.prefix(Self.shownRows) { SyncItem(view: row).write(to: &writer) }
        }
      }
    }
  }
}
