package import Model
import Specs

extension Dispatcher {
  /// Flushes the groups whose time has come, and sets their next.
  ///
  /// `limit`: after how many alerts to stop; what is still due stays due, so that ``nextWake`` isn't later
  ///   than `now`. A storm is then worked off in pieces.
  package mutating func tick(at now: Timestamp, in surroundings: Surroundings, limit: Int = 10_000) -> [Flush] {
    log.removeExpired(at: now)
    var context = FlushContext(now: now, surroundings: surroundings)
    var flushes: [Flush] = []
    var flushed = 0
    while flushed < limit, let timer = timers.first, timer.due <= now {
      timers.removeFirst()
      guard let group = groups[timer.group], group.timer == timer.id else { continue }
      // The timer is set anew before the flush, so that nothing slow shifts the schedule.
      schedule(timer.group, at: now + routes[group.identity.target].groupInterval)
      flushed += group.members.count
      let flush = flush(timer.group, &context)
      if !flush.isEmpty { flushes.append(flush) }
    }
    dropVoidTimers()
    return flushes
  }

  /// Applies what became of a delivery: on success the log's new entry, which the ledger needs.
  ///
  /// Where the group moved on while the message was on its way, the group is flushed anew at once: it was decided
  /// without knowing that this message would arrive.
  package mutating func completed(
    _ delivery: Delivery, succeeded: Bool, handle: String? = nil, at now: Timestamp, in surroundings: Surroundings
  ) -> (entry: NotificationLogEntry?, flush: Flush?) {
    let delivery = translated(delivery)
    var entry: NotificationLogEntry?
    if succeeded {
      let new = delivery.entry(at: now, handle: handle, after: log.entries[delivery.key])
      log.record(new)
      entry = new
    }
    settleNotification(delivery, succeeded: succeeded, in: surroundings)
    let position = delivery.group.position
    guard groups.indices.contains(position), groups[position]?.serial == delivery.group.serial else {
      let flush = succeeded ? reclaim(delivery, at: now, in: surroundings) : nil
      dropVoidTimers()
      return (entry, flush.flatMap { $0.isEmpty ? nil : $0 })
    }
    if let index = groups[position]?.outstanding.firstIndex(where: { $0.id == delivery.id }) {
      groups[position]?.outstanding.remove(at: index)
      settle(delivery.id, succeeded: succeeded, in: position)
      dropVoidTimers()
      return (entry, nil)
    }
    guard succeeded else { return (entry, nil) }
    var flush = reclaim(delivery, at: now, in: surroundings)
    flush.add(flushAnew(position, delivery.key.channel, at: now, in: surroundings))
    dropVoidTimers()
    return (entry, flush.isEmpty ? nil : flush)
  }

  /// A message has arrived that was let go of: whoever has its alerts now has to know that they were told, and those
  /// that nobody has any more ended meanwhile, which is still to be told.
  private mutating func reclaim(_ delivery: Delivery, at now: Timestamp, in surroundings: Surroundings) -> Flush {
    var heirs: Set<Int> = []
    batch = nextNumber()
    for alert in delivery.message.alerts {
      guard let slot = alerts.find(alert) else {
        if alert.state != .resolved { takeUp(alert.ended(at: now), at: now) }
        continue
      }
      let positions = alerts[slot]?.groups ?? []
      if positions.contains(where: { groups[$0]?.key == delivery.key.groupKey }) { continue }
      let own = positions.filter { inherits($0, from: delivery.key) }
      for position in own { bequeath(alert, delivery.key, to: position) }
      heirs.formUnion(own)
      if own.isEmpty, alert.state != .resolved { strays[alert.fingerprint, default: []].insert(delivery.key) }
    }
    var flush = Flush(groupKey: delivery.key.groupKey, at: now)
    for position in heirs.sorted() {
      let isWaiting = groups[position]?.outstanding.contains { $0.channel == delivery.key.channel } ?? false
      if isWaiting { flush.add(flushAnew(position, delivery.key.channel, at: now, in: surroundings)) }
    }
    return flush
  }

  /// Has the log of a group list what a message has told of one of its alerts in the name of another group.
  private mutating func bequeath(_ alert: Alert, _ key: NotificationLogEntry.Key, to position: Int) {
    guard let group = groups[position] else { return }
    let own = logKey(group, key.channel)
    carryOver([alert.fingerprint], key, own)
    guard alert.state == .resolved, var entry = log.entries[own] else { return }
    entry.firing = entry.firing.removing([alert.fingerprint])
    entry.resolved.include(alert.fingerprint)
    log.record(entry)
    changedEntries[own] = entry
  }

  /// Flushes a group of which a channel has been told something: what waits for that channel was decided without that.
  private mutating func flushAnew(
    _ position: Int, _ channel: ResourceID, at now: Timestamp, in surroundings: Surroundings
  ) -> Flush {
    guard let group = groups[position] else { return Flush(groupKey: "", at: now) }
    let waiting = group.outstanding.firstIndex { $0.channel == channel }
    if let waiting {
      groups[position]?.outstanding.remove(at: waiting)
      groups[position]?.pending?.waiting.remove(group.outstanding[waiting].id)
      withdrawNotification(to: channel, of: group, position)
    }
    var context = FlushContext(now: now, surroundings: surroundings)
    var flush = flush(position, &context)
    let key = logKey(group, channel)
    // A delivery takes the place of what waits.
    if waiting != nil, !flush.deliveries.contains(where: { $0.key == key }) { flush.withdrawn.append(key) }
    return flush
  }

  /// Whether a group tells the same channel by the same route as the group of `key`, for another rule or for none.
  private func inherits(_ position: Int, from key: NotificationLogEntry.Key) -> Bool {
    guard let group = groups[position], channels(of: group).contains(key.channel) else { return false }
    let base = routes.groupKey(of: group.identity.target, labels: group.identity.labels)
    return key.groupKey == base || key.groupKey.hasPrefix(base + Group.ruleMark)
  }

  /// Takes a delivery off what a flush waits for; once all have succeeded, its resolved alerts go.
  private mutating func settle(_ id: UInt64, succeeded: Bool, in position: Int) {
    guard groups[position]?.pending?.waiting.remove(id) != nil else { return }
    if !succeeded { groups[position]?.pending?.hasFailed = true }
    guard let pending = groups[position]?.pending, pending.waiting.isEmpty else { return }
    groups[position]?.pending = nil
    if !pending.hasFailed { discard(pending.resolved, from: position) }
  }

  /// Takes out alerts that were told as resolved, unless they have changed since.
  private mutating func discard(_ resolved: [(slot: Int, version: UInt64)], from position: Int) {
    var slots: Set<Int> = []
    for alert in resolved where alerts[alert.slot]?.version == alert.version { slots.insert(alert.slot) }
    leave(position, slots)
  }
}

// MARK: - One flush

extension Dispatcher {
  mutating func flush(_ position: Int, _ context: inout FlushContext) -> Flush {
    guard let group = groups[position] else { return Flush(groupKey: "", at: context.now) }
    groups[position]?.isFlushed = true
    let node = routes[group.identity.target]
    let channels = channels(of: group)
    var contents = sorted(group, node, &context)
    contents.sent.sort()
    contents.observed.sort()

    let gone = holdMuted(contents, of: group, position, channels)
    let (isCounted, caps) = caps(on: group, contents, context)
    var offering = Offering(
      position: position, group: group, node: node, repeatInterval: repeatInterval(of: group), isCounted: isCounted,
      caps: caps, flush: Flush(groupKey: group.key, at: context.now))
    if isCounted { offering.notes = notes(on: group, contents, caps, context) }
    for channel in channels {
      adopt(contents, logKey(group, channel), at: context.now)
      observe(contents, channel, context, &offering)
      offer(contents, channel, context, &offering)
    }
    concludeHolds(offering, contents, context)
    leave(position, gone)
    let resolved = resolvedSlots(contents)
    if offering.waiting.isEmpty {
      groups[position]?.pending = nil
      discard(resolved, from: position)
    } else {
      groups[position]?.pending = Group.Pending(waiting: offering.waiting, resolved: resolved)
    }
    return offering.flush
  }

  /// Goes through the muting stages: inhibition, the route's intervals, silences.
  private mutating func sorted(_ group: Group, _ node: RouteTree.Node, _ context: inout FlushContext) -> FlushContents {
    let isMutedByTime = !context.surroundings.mutingIntervals(of: node, at: context.now).isEmpty
    var contents = FlushContents()
    for slot in group.members {
      guard let alert = alerts.glimpse(slot) else { continue }
      let view = context.view(alert.scope, of: alerts.scopes[alert.scope])
      if view.notify == .none, !alert.isFiring {
        contents.dropped.append((slot, alert.fingerprint))
      } else if view.notify == .none {
        contents.muted.append((slot, alert.fingerprint, true))
      } else if isMuted(alert, view, isMutedByTime, context) {
        contents.muted.append((slot, alert.fingerprint, alert.isFiring))
      } else if view.notify == .observe {
        contents.observed.add(slot, alert.fingerprint, isFiring: alert.isFiring)
      } else {
        contents.sent.add(slot, alert.fingerprint, isFiring: alert.isFiring)
        if view.isLimited, alert.isFiring, !contents.limitedScopes.contains(alert.scope) {
          contents.limitedScopes.append(alert.scope)
        }
      }
    }
    return contents
  }

  private mutating func isMuted(
    _ alert: AlertStore.Glimpse, _ view: FlushContext.ScopeView, _ isMutedByTime: Bool, _ context: FlushContext
  ) -> Bool {
    if inhibitor.inhibits(alert.labels, in: view.scope)
      || context.surroundings.platformInhibitor.inhibits(alert.labels, in: view.scope)
    {
      suppressed.inhibited += 1
    } else if isMutedByTime {
      suppressed.timeInterval += 1
    } else if context.isSilenced(alert, view) {
      suppressed.silenced += 1
    } else {
      return false
    }
    return true
  }

  /// Holds the muted alerts that resolved and were told as firing; gives the others that may go at once.
  private mutating func holdMuted(
    _ contents: FlushContents, of group: Group, _ position: Int, _ channels: [ResourceID]
  ) -> Set<Int> {
    if !group.held.isEmpty { groups[position]?.held = [] }
    var gone: Set<Int> = []
    if !contents.dropped.isEmpty {
      gone.formUnion(contents.dropped.lazy.map(\.slot))
      forget(Set(contents.dropped.lazy.map(\.fingerprint)), in: position)
    }
    for alert in contents.muted where !alert.isFiring {
      if wasTold(alert.fingerprint, of: group, channels) {
        groups[position]?.held.insert(alert.slot)
      } else {
        gone.insert(alert.slot)
      }
    }
    return gone
  }

  /// Whether any of these channels was told that an alert fires, and not yet that it ended.
  func wasTold(_ fingerprint: Fingerprint, of group: Group, _ channels: [ResourceID]) -> Bool {
    channels.contains { channel in
      let key = logKey(group, channel)
      return [key, key.observed].contains { log.entries[$0]?.firing.includes(fingerprint) ?? false }
    }
  }

  private func resolvedSlots(_ contents: FlushContents) -> [(slot: Int, version: UInt64)] {
    guard !contents.sent.resolved.isEmpty || !contents.observed.resolved.isEmpty else { return [] }
    return (contents.sent.slots + contents.observed.slots).compactMap { slot in
      guard let version = alerts[slot]?.version, alerts[slot]?.alert.state == .resolved else { return nil }
      return (slot, version)
    }
  }

  /// Where a scope went from observing to sending or back, moves what was told to the entry that now counts.
  private mutating func adopt(_ contents: FlushContents, _ key: NotificationLogEntry.Key, at now: Timestamp) {
    guard let observed = log.entry(key.observed, at: now) else {
      if !contents.observed.isEmpty { move(contents.observed, from: key, to: key.observed, at: now) }
      return
    }
    if !contents.sent.isEmpty, !observed.firing.isEmpty { move(contents.sent, from: key.observed, to: key, at: now) }
    if !contents.observed.isEmpty { move(contents.observed, from: key, to: key.observed, at: now) }
  }

  private mutating func move(
    _ part: FlushContents.Part, from source: NotificationLogEntry.Key, to target: NotificationLogEntry.Key,
    at now: Timestamp
  ) {
    guard var old = log.entry(source, at: now), !old.firing.isEmpty else { return }
    let moved = Set(old.firing).intersection(part.firing + part.resolved)
    guard !moved.isEmpty else { return }
    var new = log.entry(target, at: now) ?? old
    new.key = target
    new.firing = (log.entry(target, at: now)?.firing ?? []).merged(with: moved.sorted())
    if log.entry(target, at: now) == nil { new.resolved = [] }
    old.firing = old.firing.removing(moved)
    for entry in [old, new] {
      log.record(entry)
      changedEntries[entry.key] = entry
    }
  }
}

extension Alert {
  /// The same alert, which nobody says fires any longer.
  fileprivate func ended(at instant: Timestamp) -> Alert {
    var alert = self
    alert.state = .resolved
    alert.resolvedAt = instant
    return alert
  }
}
