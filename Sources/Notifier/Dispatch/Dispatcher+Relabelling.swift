import Model

// An alert goes on under other labels: what was told of it was told of what it is now.
extension Dispatcher {
  /// What the log lists of these alerts as told, and not as ended since.
  func told(_ fingerprints: Set<Fingerprint>) -> ToldEntries {
    var told: ToldEntries = [:]
    for entry in log.entries.values where !entry.firing.isEmpty {
      for fingerprint in entry.firing where fingerprints.contains(fingerprint) && !entry.resolved.includes(fingerprint)
      {
        told[fingerprint, default: []].append(entry)
      }
    }
    return told
  }

  /// Takes alerts in as they are now. The channels of their groups that were told of them before count as told.
  ///
  /// A destination that is told labels again and again, such as an Alertmanager, has to hear of both. Gives the entries
  /// of `told` that are carried on.
  mutating func adopt(
    _ pairs: [CarriedAlerts.Pair], _ told: ToldEntries, at now: Timestamp, in surroundings: Surroundings,
    informing platform: inout Inhibitor
  ) -> AdoptedEntries {
    batch = nextNumber()
    var adopted = AdoptedEntries()
    var additions: [NotificationLogEntry.Key: Addition] = [:]
    for pair in pairs where pair.current.state == .firing {
      fire(pair.current, at: now, &platform)
      guard let known = told[pair.former.fingerprint], let slot = alerts.find(pair.current) else { continue }
      for group in (alerts[slot]?.groups ?? []).compactMap({ groups[$0] }) {
        for channel in channels(of: group) where !surroundings.traits(of: channel).forgetsAlerts {
          for entry in known where entry.key.channel == channel {
            adopted.insert(entry.key, of: pair.former.fingerprint)
            let key = entry.key.isObserved ? logKey(group, channel).observed : logKey(group, channel)
            additions[key, default: Addition(origin: entry)].fingerprints.insert(pair.current.fingerprint)
          }
        }
      }
    }
    for (key, addition) in additions { record(addition, key, in: surroundings) }
    dropVoidTimers()
    return adopted
  }

  /// Alerts that an entry is to list as told, and the entry that they come from.
  private struct Addition {
    let origin: NotificationLogEntry
    var fingerprints: Set<Fingerprint> = []
  }

  private mutating func record(
    _ addition: Addition, _ key: NotificationLogEntry.Key, in surroundings: Surroundings
  ) {
    let origin = addition.origin
    var entry =
      log.entries[key]
      ?? NotificationLogEntry(
        key: key, sentAt: origin.sentAt, expiresAt: origin.expiresAt, firing: [], resolved: [])
    entry.firing = entry.firing.merged(with: addition.fingerprints.sorted())
    entry.resolved = entry.resolved.removing(addition.fingerprints)
    if entry.handle == nil, key != origin.key {
      entry.handle = origin.handle ?? surroundings.groupHandle(of: origin.key)
    }
    log.record(entry)
    changedEntries[key] = entry
  }

  /// Lets go of alerts as they were. Nobody is told of their end who goes on with them; whoever doesn't, is.
  ///
  /// Gives the keys of messages that should no longer be sent, if they haven't begun.
  mutating func release(
    _ pairs: [CarriedAlerts.Pair], _ told: ToldEntries, _ adopted: AdoptedEntries, at now: Timestamp,
    informing platform: inout Inhibitor
  ) -> [NotificationLogEntry.Key] {
    let isSame = Set(pairs.lazy.filter { $0.former.fingerprint == $0.current.fingerprint }.map(\.former.fingerprint))
    for (key, fingerprints) in adopted.byKey { strike(fingerprints.subtracting(isSame), from: key) }
    if !successors.isEmpty { successors = successors.filter { $0.value.until > now } }
    var withdrawn: [NotificationLogEntry.Key] = []
    for pair in pairs {
      guard let slot = alerts.find(pair.former), alerts[slot]?.isFiring ?? false else { continue }
      let isFurther = alerts[slot]?.others.isEmpty == false
      let left = (told[pair.former.fingerprint] ?? []).contains { entry in
        !adopted.contains(entry.key, of: pair.former.fingerprint) && canTell(slot, entry.key)
      }
      for position in alerts[slot]?.groups ?? [] where isUnderWay(pair.former.fingerprint, in: position) {
        successors[pair.former.fingerprint] = Successor(alert: pair.current, until: now + Successor.lifetime)
        withdrawn += decideAnew(position, at: now)
      }
      if isFurther || left {
        resolve(pair.former, at: now, &platform)
      } else {
        dismiss(slot, pair.former, &platform)
      }
    }
    dropVoidTimers()
    return withdrawn
  }

  /// Has an entry list alerts as ended that go on elsewhere, or under other labels: there is nothing to tell of them.
  private mutating func strike(_ fingerprints: Set<Fingerprint>, from key: NotificationLogEntry.Key) {
    guard !fingerprints.isEmpty, var entry = log.entries[key] else { return }
    entry.firing = entry.firing.removing(fingerprints)
    entry.resolved = entry.resolved.merged(with: fingerprints.sorted())
    log.record(entry)
    changedEntries[key] = entry
  }

  /// Whether a group of the alert tells under this key.
  private func canTell(_ slot: Int, _ key: NotificationLogEntry.Key) -> Bool {
    (alerts[slot]?.groups ?? []).compactMap { groups[$0] }.contains { group in
      group.key[...] == key.shownGroupKey && channels(of: group).contains(key.channel)
    }
  }

  private func isUnderWay(_ fingerprint: Fingerprint, in position: Int) -> Bool {
    groups[position]?.outstanding.contains { $0.firing.includes(fingerprint) } ?? false
  }

  /// Takes an alert out of everything, without a word.
  private mutating func dismiss(_ slot: Int, _ alert: Alert, _ platform: inout Inhibitor) {
    inhibitor.remove(alert.labels, alert.fingerprint, in: alert.scope)
    platform.remove(alert.labels, alert.fingerprint, in: alert.scope)
    unrouted.remove(slot)
    alerts[slot]?.alert.state = .resolved
    let places = alerts[slot]?.groups ?? []
    if places.isEmpty { alerts.remove(slot) }
    for position in places { leave(position, [slot]) }
  }

  /// What a message that was under way told, as it is now.
  func translated(_ delivery: Delivery) -> Delivery {
    successors.isEmpty ? delivery : delivery.translated { self.successors[$0]?.alert }
  }

  /// Alerts that come from a rule of another group now, and are the same otherwise.
  mutating func regroup(_ pairs: [CarriedAlerts.Pair]) {
    for pair in pairs {
      guard let slot = alerts.find(pair.former) else { continue }
      alerts[slot]?.renameRule(from: pair.former.rule, to: pair.current.rule)
    }
  }
}

extension AlertStore.Slot {
  fileprivate mutating func renameRule(from old: RuleReference, to new: RuleReference) {
    if alert.rule.group == old.group, alert.rule.rule == old.rule { alert.rule = new }
    for index in others.indices where others[index].rule.group == old.group && others[index].rule.rule == old.rule {
      others[index].rule = new
    }
  }
}

extension Delivery {
  /// This with alerts in the place of those that have a successor.
  fileprivate func translated(_ successor: (Fingerprint) -> Alert?) -> Delivery {
    var delivery = self
    delivery.firing = firing.map { successor($0)?.fingerprint ?? $0 }.sorted()
    delivery.message.alerts = message.alerts.map { alert in
      alert.state == .resolved ? alert : successor(alert.fingerprint) ?? alert
    }
    return delivery
  }
}
