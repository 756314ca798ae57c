package import Model

extension Dispatcher {
  /// Takes in what the evaluator reports, in its order. Pending alerts don't concern anyone yet.
  package mutating func receive(_ transitions: some Sequence<AlertTransition>, at now: Timestamp) {
    var nobody = Inhibitor()
    receive(transitions, at: now, informing: &nobody)
  }

  /// Does the same, and tells the platform's inhibitor which alerts fire.
  package mutating func receive(
    _ transitions: some Sequence<AlertTransition>, at now: Timestamp, informing platform: inout Inhibitor
  ) {
    batch = nextNumber()
    for transition in transitions {
      switch transition.alert.state {
      case .firing: fire(transition.alert, at: now, &platform)
      case .resolved where transition.alert.firedAt != nil || transition.from == .firing:
        resolve(transition.alert, at: transition.at, &platform)
      // Its `for` was raised beyond the time it had held: it fires no longer.
      case .pending where transition.from == .firing: resolve(transition.alert, at: transition.at, &platform)
      case .resolved, .pending: break
      }
    }
    dropVoidTimers()
  }

  mutating func fire(_ alert: Alert, at now: Timestamp, _ platform: inout Inhibitor) {
    guard let slot = alerts.find(alert) else {
      let slot = alerts.insert(alert)
      inhibitor.insert(alert.labels, alert.fingerprint, in: alert.scope)
      platform.insert(alert.labels, alert.fingerprint, in: alert.scope)
      join(slot, at: now)
      return
    }
    guard alerts.fire(slot, alert) == .fired else { return }
    inhibitor.insert(alert.labels, alert.fingerprint, in: alert.scope)
    platform.insert(alert.labels, alert.fingerprint, in: alert.scope)
    for position in alerts[slot]?.groups ?? [] where groups[position]?.held.remove(slot) != nil {
      markEnded(alert.fingerprint, in: position)
    }
  }

  private mutating func resolve(_ alert: Alert, at instant: Timestamp, _ platform: inout Inhibitor) {
    guard let slot = alerts.find(alert) else { return }
    var alert = alert
    alert.state = .resolved
    alert.firedAt = alert.firedAt ?? alerts[slot]?.alert.firedAt
    alert.resolvedAt = alert.resolvedAt ?? instant
    guard alerts.resolve(slot, alert) == .resolved else { return }
    inhibitor.remove(alert.labels, alert.fingerprint, in: alert.scope)
    platform.remove(alert.labels, alert.fingerprint, in: alert.scope)
    if alerts[slot]?.groups.isEmpty ?? false {
      unrouted.remove(slot)
      alerts.remove(slot)
    }
  }

  /// An alert that was told as firing ended unseen, and fires anew: the log lists it as both. So its new firing is
  /// told like any other, and if that ends unseen too, its end still is.
  private mutating func markEnded(_ fingerprint: Fingerprint, in position: Int) {
    rewriteEntries(of: position) { entry in
      guard entry.firing.contains(fingerprint), !entry.resolved.contains(fingerprint) else { return false }
      entry.resolved = entry.resolved.merged(with: [fingerprint])
      return true
    }
  }

  /// Takes alerts out of what the log says was told as firing, so that their next firing is told.
  mutating func forget(_ fingerprints: Set<Fingerprint>, in position: Int) {
    rewriteEntries(of: position) { entry in
      let firing = entry.firing.removing(fingerprints)
      defer { entry.firing = firing }
      return firing.count < entry.firing.count
    }
  }

  /// Changes the entries of a group's channels without a message.
  private mutating func rewriteEntries(of position: Int, _ change: (inout NotificationLogEntry) -> Bool) {
    guard let group = groups[position] else { return }
    for channel in routes[group.identity.target].channels {
      for key in [logKey(group, channel), logKey(group, channel).observed] {
        guard var entry = log.entries[key], change(&entry) else { continue }
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
