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
    _ delivery: Delivery, succeeded: Bool, at now: Timestamp, in surroundings: Surroundings
  ) -> (entry: NotificationLogEntry?, flush: Flush?) {
    var entry: NotificationLogEntry?
    if succeeded {
      let new = delivery.retained.kept(in: delivery.entry(at: now), from: log.entries[delivery.key])
      log.record(new)
      entry = new
    }
    let position = delivery.group.position
    guard groups.indices.contains(position), groups[position]?.serial == delivery.group.serial else {
      return (entry, nil)
    }
    if let index = groups[position]?.outstanding.firstIndex(where: { $0.id == delivery.id }) {
      groups[position]?.outstanding.remove(at: index)
      settle(delivery.id, succeeded: succeeded, in: position)
      dropVoidTimers()
      return (entry, nil)
    }
    guard succeeded else { return (entry, nil) }
    var context = FlushContext(now: now, surroundings: surroundings)
    let flush = flush(position, &context)
    dropVoidTimers()
    return (entry, flush.isEmpty ? nil : flush)
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
    var flush = Flush(groupKey: group.key, at: context.now)
    let node = routes[group.identity.target]
    var contents = sorted(group, node, &context)
    contents.sent.sort()
    contents.observed.sort()

    let gone = holdMuted(contents, of: group, position, node)
    var waiting: Set<UInt64> = []
    var messageAlerts: [Alert] = []
    for channel in node.channels {
      adopt(contents, logKey(group, channel), at: context.now)
      observe(contents, group, node, channel, context, &flush)
      offer(contents, group, position, node, channel, context, &messageAlerts, &waiting, &flush)
    }
    leave(position, gone)
    let resolved = resolvedSlots(contents)
    if waiting.isEmpty {
      groups[position]?.pending = nil
      discard(resolved, from: position)
    } else {
      groups[position]?.pending = Group.Pending(waiting: waiting, resolved: resolved)
    }
    return flush
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
      } else if isMuted(alert.labels, view, isMutedByTime, context) {
        contents.muted.append((slot, alert.fingerprint, alert.isFiring))
      } else if view.notify == .observe {
        contents.observed.add(slot, alert.fingerprint, isFiring: alert.isFiring)
      } else {
        contents.sent.add(slot, alert.fingerprint, isFiring: alert.isFiring)
      }
    }
    return contents
  }

  private mutating func isMuted(
    _ labels: Labels, _ view: FlushContext.ScopeView, _ isMutedByTime: Bool, _ context: FlushContext
  ) -> Bool {
    if inhibitor.inhibits(labels, in: view.scope)
      || context.surroundings.platformInhibitor.inhibits(labels, in: view.scope)
    {
      suppressed.inhibited += 1
    } else if isMutedByTime {
      suppressed.timeInterval += 1
    } else if context.isSilenced(labels, view) {
      suppressed.silenced += 1
    } else {
      return false
    }
    return true
  }

  /// Holds the muted alerts that resolved and were told as firing; gives the others that may go at once.
  private mutating func holdMuted(
    _ contents: FlushContents, of group: Group, _ position: Int, _ node: RouteTree.Node
  ) -> Set<Int> {
    if !group.held.isEmpty { groups[position]?.held = [] }
    var gone: Set<Int> = []
    if !contents.dropped.isEmpty {
      gone.formUnion(contents.dropped.lazy.map(\.slot))
      forget(Set(contents.dropped.lazy.map(\.fingerprint)), in: position)
    }
    for alert in contents.muted where !alert.isFiring {
      if wasTold(alert.fingerprint, of: group, node) {
        groups[position]?.held.insert(alert.slot)
      } else {
        gone.insert(alert.slot)
      }
    }
    return gone
  }

  private func wasTold(_ fingerprint: Fingerprint, of group: Group, _ node: RouteTree.Node) -> Bool {
    node.channels.contains { channel in
      let key = logKey(group, channel)
      return [key, key.observed].contains { log.entries[$0]?.firing.contains(fingerprint) ?? false }
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
