package import Model

/// Alerts that go on after a change of the specs: nobody is told of their end, nor of their beginning.
package struct CarriedAlerts: Sendable {
  /// An alert before and after.
  package struct Pair: Sendable {
    package let former: Alert
    package let current: Alert

    package init(former: Alert, current: Alert) {
      self.former = former
      self.current = current
    }
  }

  /// Those with other labels, or in another scope.
  package var relabelled: [Pair]
  /// Those that are the same, and come from a rule of another group now.
  package var regrouped: [Pair]

  package init(relabelled: [Pair] = [], regrouped: [Pair] = []) {
    self.relabelled = relabelled
    self.regrouped = regrouped
  }
}

/// What the log says that was told of some alerts and isn't over, by fingerprint.
typealias ToldEntries = [Fingerprint: [NotificationLogEntry]]

/// What became of those: entries whose channel goes on with the alert under its new labels.
struct AdoptedEntries {
  private var keys: [Fingerprint: Set<NotificationLogEntry.Key>] = [:]

  mutating func insert(_ key: NotificationLogEntry.Key, of former: Fingerprint) {
    keys[former, default: []].insert(key)
  }

  func contains(_ key: NotificationLogEntry.Key, of former: Fingerprint) -> Bool {
    keys[former]?.contains(key) ?? false
  }

  /// Each entry with the alerts that went on from it.
  var byKey: [NotificationLogEntry.Key: Set<Fingerprint>] {
    var found: [NotificationLogEntry.Key: Set<Fingerprint>] = [:]
    for (former, keys) in keys { for key in keys { found[key, default: []].insert(former) } }
    return found
  }
}

/// A message on its way may tell of an alert that has other labels by now.
struct Successor {
  let alert: Alert
  let until: Timestamp

  /// Longer than any message is under way.
  static let lifetime = Duration.seconds(3600)
}
