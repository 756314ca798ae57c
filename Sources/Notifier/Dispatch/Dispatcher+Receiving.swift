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
      if !strays.isEmpty { forgetStrays(alert.fingerprint, of: slot) }
      join(slot, at: now)
      return
    }
    let ended = routes.controls.isEmpty ? nil : alerts[slot]?.alert
    guard alerts.fire(slot, alert) == .fired else { return }
    if let ended { leaveEnd(of: ended, at: slot) }
    if !strays.isEmpty { forgetStrays(alert.fingerprint, of: slot) }
    inhibitor.insert(alert.labels, alert.fingerprint, in: alert.scope)
    platform.insert(alert.labels, alert.fingerprint, in: alert.scope)
    for position in alerts[slot]?.groups ?? [] where groups[position]?.held.remove(slot) != nil {
      markEnded(alert.fingerprint, in: position)
    }
    rejoin(slot, alert, at: now)
  }

  /// Another rule fires with the labels of an alert whose end isn't told yet. Groups that aren't those of that rule
  /// keep the end to tell, and nothing else.
  private mutating func leaveEnd(of ended: Alert, at slot: Int) {
    let places = places(of: slot)
    let former = (alerts[slot]?.groups ?? []).filter { position in
      groups[position].map { !places.contains(Place(target: $0.identity.target, rule: $0.identity.rule)) } ?? false
    }
    guard ended.state == .resolved, !former.isEmpty else { return }
    let end = alerts.insertEnded(ended)
    alerts[end]?.groups = former
    alerts[slot]?.groups.removeAll { former.contains($0) }
    for position in former {
      if let index = groups[position]?.members.firstIndex(of: slot) { groups[position]?.members[index] = end }
      if groups[position]?.held.remove(slot) != nil { groups[position]?.held.insert(end) }
    }
  }

  /// An alert comes back to a group that still has the end of its last firing to tell: it then tells both, or neither,
  /// as if the alert had never been away.
  mutating func absorbEnd(of slot: Int, in position: Int) {
    guard alerts.isCurrent(slot), let fingerprint = alerts[slot]?.alert.fingerprint, let scope = alerts[slot]?.scope,
      let members = groups[position]?.members
    else { return }
    let ends = members.filter {
      $0 != slot && alerts[$0]?.alert.fingerprint == fingerprint && alerts[$0]?.scope == scope
    }
    for end in ends {
      if groups[position]?.held.contains(end) ?? false { markEnded(fingerprint, in: position) }
      leave(position, [end])
    }
  }

  /// An alert fires anew: what the log lists of its last firing, where its end was not told, counts no longer.
  private mutating func forgetStrays(_ fingerprint: Fingerprint, of slot: Int) {
    guard let keys = strays.removeValue(forKey: fingerprint) else { return }
    let own = (alerts[slot]?.groups ?? []).compactMap { groups[$0] }
    for key in keys
    where !own.contains(where: { $0.key[...] == key.shownGroupKey && channels(of: $0).contains(key.channel) }) {
      guard var entry = log.entries[key], entry.firing.includes(fingerprint) else { continue }
      entry.firing = entry.firing.removing([fingerprint])
      log.record(entry)
      changedEntries[key] = entry
    }
  }

  /// A group that told an alert's end has let go of it while another still has it: it comes back to the first.
  private mutating func rejoin(_ slot: Int, _ alert: Alert, at now: Timestamp) {
    let present = (alerts[slot]?.groups ?? []).compactMap { groups[$0]?.identity }.map {
      Place(target: $0.target, rule: $0.rule)
    }
    for place in places(of: slot) where !present.contains(place) { join(slot, alert.labels, place, at: now) }
  }

  mutating func resolve(_ alert: Alert, at instant: Timestamp, _ platform: inout Inhibitor) {
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
  mutating func markEnded(_ fingerprint: Fingerprint, in position: Int) {
    rewriteEntries(of: position) { entry in
      guard entry.firing.includes(fingerprint), !entry.resolved.includes(fingerprint) else { return false }
      entry.resolved.include(fingerprint)
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
    for channel in channels(of: group) {
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
    key.groupKey += Self.observedMark
    return key
  }

  private static let observedMark = "#observed"

  /// Whether this is the entry of what was observed.
  var isObserved: Bool { groupKey.hasSuffix(Self.observedMark) }

  /// The key of the group, also where this is the entry of what was observed.
  var shownGroupKey: Substring {
    isObserved ? groupKey.dropLast(Self.observedMark.count) : groupKey[...]
  }
}
