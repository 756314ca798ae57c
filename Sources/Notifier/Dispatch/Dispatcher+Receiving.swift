package import Model

extension Dispatcher {
  /// Takes in what the evaluator reports, in its order. Pending alerts don't concern anyone yet.
  package mutating func receive(_ transitions: some Sequence<AlertTransition>, at now: Timestamp) {
    batch = nextNumber()
    for transition in transitions {
      switch transition.alert.state {
      case .firing: fire(transition.alert, at: now)
      case .resolved where transition.alert.firedAt != nil || transition.from == .firing:
        resolve(transition.alert, at: transition.at)
      // Its `for` was raised beyond the time it had held: it fires no longer.
      case .pending where transition.from == .firing: resolve(transition.alert, at: transition.at)
      case .resolved, .pending: break
      }
    }
    dropVoidTimers()
  }

  mutating func fire(_ alert: Alert, at now: Timestamp) {
    guard let slot = alerts.find(alert) else {
      let slot = alerts.insert(alert)
      inhibitor.insert(alert.labels, alert.fingerprint, in: alert.scope)
      join(slot, at: now)
      return
    }
    guard alerts.fire(slot, alert) == .fired else { return }
    inhibitor.insert(alert.labels, alert.fingerprint, in: alert.scope)
    for position in alerts[slot]?.groups ?? [] where groups[position]?.held.remove(slot) != nil {
      forget([alert.fingerprint], in: position)
    }
  }

  mutating func resolve(_ alert: Alert, at instant: Timestamp) {
    guard let slot = alerts.find(alert) else { return }
    var alert = alert
    alert.state = .resolved
    alert.firedAt = alert.firedAt ?? alerts[slot]?.alert.firedAt
    alert.resolvedAt = alert.resolvedAt ?? instant
    guard alerts.resolve(slot, alert) == .resolved else { return }
    inhibitor.remove(alert.labels, alert.fingerprint, in: alert.scope)
    if alerts[slot]?.groups.isEmpty ?? false {
      unrouted.remove(slot)
      alerts.remove(slot)
    }
  }

  /// Takes alerts out of what the log says was told as firing, so that their next firing is told.
  mutating func forget(_ fingerprints: Set<Fingerprint>, in position: Int) {
    guard let group = groups[position] else { return }
    for channel in routes[group.identity.target].channels {
      for key in [logKey(group, channel), logKey(group, channel).observed] {
        guard var entry = log.entries[key] else { continue }
        let firing = entry.firing.removing(fingerprints)
        guard firing.count < entry.firing.count else { continue }
        entry.firing = firing
        log.record(entry)
        changedEntries[key] = entry
      }
    }
  }
}

extension NotificationLogEntry.Key {
  /// The entry beside this one that says what was observed, in scopes that only observe.
  var observed: NotificationLogEntry.Key {
    var key = self
    key.groupKey += "#observed"
    return key
  }
}
