import Model
import Specs

extension Dispatcher {
  /// Decides for one channel whether there is something to send, and hands it out.
  mutating func offer(
    _ contents: FlushContents, _ group: Group, _ position: Int, _ node: RouteTree.Node, _ channel: ResourceID,
    _ context: FlushContext, _ messageAlerts: inout [Alert], _ waiting: inout Set<UInt64>, _ flush: inout Flush
  ) {
    let part = contents.sent
    let key = logKey(group, channel)
    let index = group.outstanding.firstIndex { $0.channel == channel }
    if let index, group.outstanding[index].firing == part.firing, group.outstanding[index].resolved == part.resolved {
      waiting.insert(group.outstanding[index].id)
      return
    }
    if index != nil { groups[position]?.outstanding.removeAll { $0.channel == channel } }
    let sendsResolved = context.surroundings.channels[channel]?.sendResolved ?? true
    let (entry, retained) = entryToCompare(key, part, contents, at: context.now)
    let reason =
      part.isEmpty
      ? nil
      : Deduplication.reason(
        firing: part.firing, resolved: part.resolved, entry: entry, sendsResolved: sendsResolved,
        repeatInterval: node.repeatInterval, at: context.now)
    if reason != nil, messageAlerts.isEmpty {
      messageAlerts = part.slots.compactMap { alerts[$0]?.alert }.inMessageOrder()
    }
    let told = reason == nil ? [] : news(messageAlerts, part, entry, sendsResolved)
    guard let reason, !told.isEmpty else {
      if index != nil { flush.withdrawn.append(key) }
      if reason != nil { record(part, key, node, retained, at: context.now, &flush) }
      return
    }
    let message = Message(
      owner: owner, groupKey: group.key, channel: channel, reason: reason, groupLabels: group.identity.labels,
      alerts: told, mentions: node.mentions, externalURL: context.surroundings.externalURL, at: context.now)
    let delivery = Delivery(
      id: nextNumber(), key: key, message: message, firing: part.firing, resolved: part.resolved, retained: retained,
      repeatInterval: node.repeatInterval, groupInterval: node.groupInterval,
      group: GroupHandle(position: position, serial: group.serial))
    groups[position]?.outstanding.append(
      Group.Outstanding(id: delivery.id, channel: channel, firing: part.firing, resolved: part.resolved))
    waiting.insert(delivery.id)
    flush.deliveries.append(delivery)
  }

  /// The alerts to tell: those that fire, and the resolved ones unless the channel isn't told of them or was told
  /// before (they stay in the group as long as another channel fails).
  private func news(
    _ alerts: [Alert], _ part: FlushContents.Part, _ entry: NotificationLogEntry?, _ sendsResolved: Bool
  ) -> [Alert] {
    guard !part.resolved.isEmpty else { return alerts }
    guard sendsResolved else { return alerts.filter { $0.state != .resolved } }
    guard let told = entry?.resolved, !told.isEmpty else { return alerts }
    return alerts.filter { $0.state != .resolved || !told.contains($0.fingerprint) }
  }

  /// For scopes that only observe: the same decision, against an entry of its own, and nothing is sent.
  mutating func observe(
    _ contents: FlushContents, _ group: Group, _ node: RouteTree.Node, _ channel: ResourceID,
    _ context: FlushContext, _ flush: inout Flush
  ) {
    let part = contents.observed
    guard !part.isEmpty else { return }
    let key = logKey(group, channel).observed
    let sendsResolved = context.surroundings.channels[channel]?.sendResolved ?? true
    let (entry, retained) = entryToCompare(key, part, contents, at: context.now)
    let reason = Deduplication.reason(
      firing: part.firing, resolved: part.resolved, entry: entry, sendsResolved: sendsResolved,
      repeatInterval: node.repeatInterval, at: context.now)
    guard let reason else { return }
    record(part, key, node, retained, at: context.now, &flush)
    guard !part.firing.isEmpty || sendsResolved else { return }
    let resolved = sendsResolved ? part.resolved : []
    flush.observed.append(
      DeliveryRecord(
        owner: owner, groupKey: group.key, channel: channel, attempt: 1, startedAt: context.now,
        finishedAt: context.now, outcome: .observed, detail: "not sent: the scope says 'notify: observe'",
        reason: reason.rawValue, firing: part.firing.count, resolved: resolved.count, alerts: part.firing + resolved))
  }

  /// The log's entry as the decision is to see it, and what it goes on listing when it is rewritten.
  ///
  /// Muted alerts neither count as told nor as ended. An alert that it lists as both firing and resolved was told as
  /// firing and ended unseen: if it fires now, that is new; if it has resolved, that isn't told yet.
  private func entryToCompare(
    _ key: NotificationLogEntry.Key, _ part: FlushContents.Part, _ contents: FlushContents, at now: Timestamp
  ) -> (NotificationLogEntry?, Delivery.Retained) {
    var retained = Delivery.Retained()
    guard var entry = log.entry(key, at: now) else { return (nil, retained) }
    guard !contents.muted.isEmpty || (!entry.firing.isEmpty && !entry.resolved.isEmpty) else {
      return (entry, retained)
    }
    let ended = Set(entry.firing).intersection(entry.resolved)
    if !contents.muted.isEmpty {
      let muted = Set(contents.muted.lazy.map(\.fingerprint))
      retained.firing = entry.firing.filter { muted.contains($0) }
      retained.resolved = entry.resolved.filter { muted.contains($0) }
      entry.firing = entry.firing.removing(muted)
    }
    if !ended.isEmpty {
      entry.firing = entry.firing.removing(ended.intersection(part.firing))
      entry.resolved = entry.resolved.removing(ended)
    }
    return (entry, retained)
  }

  /// Rewrites the log without a message.
  private mutating func record(
    _ part: FlushContents.Part, _ key: NotificationLogEntry.Key, _ node: RouteTree.Node,
    _ retained: Delivery.Retained, at now: Timestamp, _ flush: inout Flush
  ) {
    let entry = NotificationLogEntry(
      key: key, sentAt: now, expiresAt: now + Deduplication.lifetime(repeatInterval: node.repeatInterval),
      firing: part.firing.merged(with: retained.firing), resolved: part.resolved.merged(with: retained.resolved))
    log.record(entry)
    changedEntries[key] = nil
    flush.entries.append(entry)
  }
}
