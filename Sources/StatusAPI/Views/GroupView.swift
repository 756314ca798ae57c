package import JSON
package import Model

/// The identity of a notification group.
package struct GroupKey: Hashable, Comparable, Sendable {
  /// The dispatcher's owner: the tenant, or platform.
  package var owner: Scope
  /// `<route key>:<group labels>`, as Alertmanager writes it.
  package var key: String

  package init(owner: Scope, key: String) {
    self.owner = owner
    self.key = key
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.owner != right.owner ? left.owner < right.owner : left.key.precedesInBytes(right.key)
  }
}

/// One group in which the notifier tells alerts.
package struct GroupView: Hashable, Sendable {
  /// One alert of it.
  package struct Member: Hashable, Sendable {
    package var fingerprint: Fingerprint
    package var scope: Scope
    package var labels: Labels
    package var state: AlertState
    /// Silenced, inhibited, or muted by a time interval.
    package var isMuted: Bool

    package init(fingerprint: Fingerprint, scope: Scope, labels: Labels, state: AlertState, isMuted: Bool) {
      self.fingerprint = fingerprint
      self.scope = scope
      self.labels = labels
      self.state = state
      self.isMuted = isMuted
    }
  }

  package var id: GroupKey
  package var labels: Labels
  package var route: ResourceID
  package var channels: [ResourceID]
  package var nextFlushAt: Timestamp
  /// Firing first.
  package var alerts: [Member]

  package init(
    id: GroupKey, labels: Labels, route: ResourceID, channels: [ResourceID], nextFlushAt: Timestamp, alerts: [Member]
  ) {
    self.id = id
    self.labels = labels
    self.route = route
    self.channels = channels
    self.nextFlushAt = nextFlushAt
    self.alerts = alerts
  }
}

extension GroupView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("owner", id.owner.description)
      $0.member("key", id.key)
      $0.labels("labels", labels.pairs)
      $0.object("route") { $0.reference(to: route) }
      $0.array("channels", channels) { channel, writer in writer.object { $0.reference(to: channel) } }
      $0.member("nextFlushAt", nextFlushAt.description)
      $0.array("alerts", alerts) { alert, writer in
        writer.object {
          $0.member("fingerprint", alert.fingerprint.description)
          $0.scope(alert.scope)
          $0.member("state", alert.state.rawValue)
          $0.member("muted", alert.isMuted)
          $0.labels("labels", alert.labels.pairs)
        }
      }
    }
  }
}
