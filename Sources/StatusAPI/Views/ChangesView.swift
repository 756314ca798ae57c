package import JSON
package import Model

/// What happened since somebody looked last: the answer of `/api/v1/changes`.
package struct ChangesView: Hashable, Sendable {
  /// The most elements that each list shows; counts go on behind them.
  package static let shown = 50

  package var since: Timestamp
  /// Now.
  package var until: Timestamp
  /// More rows lie in the window than one answer reads: counts are those of its newest part.
  package var isTruncated: Bool
  /// Began to fire in the window, newest first.
  package var fired: AlertChanges<TransitionRecord>
  /// Ended in the window, newest first.
  package var resolved: AlertChanges<TransitionRecord>
  /// Fires now, newest first, whenever it began.
  package var stillFiring: AlertChanges<AlertView>
  /// Each channel that a try was made for, ascending by id.
  package var channels: [ChannelStatistics]
  /// Newest first.
  package var syncs: Counted<SyncView>
  /// What changed in specs by the audit: rules, routes, silences, channels and all else; newest first.
  package var specs: Counted<AuditRecord>
  package var silencesBegun: [SilenceView]
  package var silencesEnded: [SilenceView]
  /// In force, and at an end within 24 hours.
  package var silencesEndingSoon: [SilenceView]
  /// Data sources, channels, rules and scopes that had trouble or were rid of it, newest first.
  package var health: [HealthChange]

  /// A list cut to ``ChangesView/shown``, with how many there are.
  package struct Counted<Element: Hashable & Sendable>: Hashable, Sendable {
    package var count: Int
    package var items: [Element]

    package init(count: Int, items: [Element]) {
      self.count = count
      self.items = items
    }
  }

  /// Alerts, cut to ``ChangesView/shown``, with how many there are by severity, most first.
  package struct AlertChanges<Element: Hashable & Sendable>: Hashable, Sendable {
    package var count: Int
    package var severities: [SeverityCount]
    package var items: [Element]

    package init(count: Int = 0, severities: [SeverityCount] = [], items: [Element] = []) {
      self.count = count
      self.severities = severities
      self.items = items
    }
  }

  package init(
    since: Timestamp, until: Timestamp, isTruncated: Bool = false, fired: AlertChanges<TransitionRecord> = .init(),
    resolved: AlertChanges<TransitionRecord> = .init(), stillFiring: AlertChanges<AlertView> = .init(),
    channels: [ChannelStatistics] = [], syncs: Counted<SyncView> = .init(count: 0, items: []),
    specs: Counted<AuditRecord> = .init(count: 0, items: []), silencesBegun: [SilenceView] = [],
    silencesEnded: [SilenceView] = [], silencesEndingSoon: [SilenceView] = [], health: [HealthChange] = []
  ) {
    self.since = since
    self.until = until
    self.isTruncated = isTruncated
    self.fired = fired
    self.resolved = resolved
    self.stillFiring = stillFiring
    self.channels = channels
    self.syncs = syncs
    self.specs = specs
    self.silencesBegun = silencesBegun
    self.silencesEnded = silencesEnded
    self.silencesEndingSoon = silencesEndingSoon
    self.health = health
  }
}

/// Something that Belfry depends on and that stopped working, or works again.
package struct HealthChange: Hashable, Sendable {
  package var at: Timestamp
  package var scope: Scope
  /// The built-in alert that tells of it, such as `BelfryDataSourceDown`.
  package var alert: String
  /// What it is about: the data source's, channel's or group's name, or empty.
  package var name: String
  /// Whether it works again.
  package var isRecovery: Bool
  /// One line for people, or empty.
  package var message: String

  package init(
    at: Timestamp, scope: Scope, alert: String, name: String = "", isRecovery: Bool, message: String = ""
  ) {
    self.at = at
    self.scope = scope
    self.alert = alert
    self.name = name
    self.isRecovery = isRecovery
    self.message = message
  }
}

extension ChangesView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("since", since.description)
      $0.member("until", until.description)
      $0.member("truncated", isTruncated)
      $0.object("alerts") {
        $0.changes("fired", fired)
        $0.changes("resolved", resolved)
        $0.changes("stillFiring", stillFiring)
      }
      $0.views("channels", channels)
      $0.object("syncs") {
        $0.member("count", syncs.count)
        $0.array("items", syncs.items) { sync, writer in writer.object { sync.writeSummary(to: &$0) } }
      }
      $0.object("specs") {
        $0.member("count", specs.count)
        $0.views("items", specs.items)
      }
      $0.object("silences") {
        $0.views("begun", silencesBegun)
        $0.views("ended", silencesEnded)
        $0.views("endingSoon", silencesEndingSoon)
      }
      $0.views("health", health)
    }
  }
}

extension HealthChange: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("at", at.description)
      $0.scope(scope)
      $0.member("alert", alert)
      $0.optional("name", name.isEmpty ? nil : name)
      $0.member("recovered", isRecovery)
      $0.optional("message", message.isEmpty ? nil : message)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func changes<Element: JSONView>(_ name: String, _ changes: ChangesView.AlertChanges<Element>) {
    object(name) {
      $0.member("count", changes.count)
      $0.views("severities", changes.severities)
      $0.views("items", changes.items)
    }
  }
}
