package import Model

extension Dispatcher {
  /// Takes up the work of an earlier process.
  ///
  /// Groups are made from the firing alerts and begin their wait anew, except that old alerts are looked at at once;
  /// what was told already the log knows. A resolved alert that some channel was told of as firing is taken up too,
  /// and told as resolved; other resolved ones are left out, so that the caller may give all recent ones. What the
  /// log lists as firing and `alerts` doesn't have is taken out of the log (``takeChangedEntries()``).
  ///
  /// `alerts`: those of this owner; pending ones are left out.
  package init(
    owner: Scope, routes: RouteSet, inhibitRules: [Inhibitor.Rule] = [], restoring alerts: some Sequence<Alert>,
    log entries: some Sequence<NotificationLogEntry>, at now: Timestamp
  ) {
    self.init(owner: owner, routes: routes, inhibitRules: inhibitRules)
    var nobody = Inhibitor()
    restore(alerts, log: entries, at: now, informing: &nobody)
  }

  /// Does what the initialiser does, for a dispatcher that has its routes and no alerts yet.
  package mutating func restore(
    _ restored: some Sequence<Alert>, log entries: some Sequence<NotificationLogEntry>, at now: Timestamp,
    informing platform: inout Inhibitor
  ) {
    log = NotificationLog(entries.filter { $0.key.owner == owner })
    let told = Set(log.entries.values.lazy.flatMap(\.firing))
    var known: Set<Fingerprint> = []
    batch = nextNumber()
    var resolved: [Alert] = []
    for alert in restored {
      switch alert.state {
      case .firing:
        fire(alert, at: now, &platform)
        known.insert(alert.fingerprint)
      case .resolved where told.contains(alert.fingerprint): resolved.append(alert)
      case .resolved, .pending: break
      }
    }
    for alert in resolved where alerts.find(alert) == nil {
      takeUp(alert, at: now)
      known.insert(alert.fingerprint)
    }
    removeOrphans(told.subtracting(known))
    findStrays()
    dropVoidTimers()
  }

  mutating func takeUp(_ alert: Alert, at now: Timestamp) {
    let slot = alerts.insert(alert)
    join(slot, at: now)
    if unrouted.remove(slot) != nil { alerts.remove(slot) }
  }

  private mutating func removeOrphans(_ orphans: Set<Fingerprint>) {
    guard !orphans.isEmpty else { return }
    for (key, entry) in log.entries where entry.firing.contains(where: orphans.contains) {
      var entry = entry
      entry.firing = entry.firing.removing(orphans)
      log.record(entry)
      changedEntries[key] = entry
    }
  }

  /// What the log lists of alerts that no group tells of at that place: the routes have changed since.
  mutating func findStrays() {
    var places: [Substring: (members: Set<Fingerprint>, channels: [ResourceID])] = [:]
    for group in groups.lazy.compactMap({ $0 }) {
      let members = Set(group.members.compactMap { alerts[$0]?.alert.fingerprint })
      places[group.key[...]] = (members, channels(of: group))
    }
    strays = [:]
    for (key, entry) in log.entries where !entry.firing.isEmpty {
      let place = places[key.shownGroupKey]
      let isTold = place?.channels.contains(key.channel) ?? false
      for fingerprint in entry.firing where !isTold || !(place?.members.contains(fingerprint) ?? false) {
        strays[fingerprint, default: []].insert(key)
      }
    }
  }

  /// Resolved alerts whose end isn't told everywhere yet: what a restart needs beside the firing ones.
  package var untold: [Alert] {
    alerts.occupied.compactMap { alerts[$0]?.alert }.filter { $0.state == .resolved }
  }
}
