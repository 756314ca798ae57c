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
    let (entry, retained) = entryBesideMuted(key, contents, at: context.now)
    let reason =
      part.isEmpty
      ? nil
      : Deduplication.reason(
        firing: part.firing, resolved: part.resolved, entry: entry, sendsResolved: sendsResolved,
        repeatInterval: node.repeatInterval, at: context.now)
    guard let reason, !part.firing.isEmpty || sendsResolved else {
      if index != nil { flush.withdrawn.append(key) }
      if reason != nil { record(part, key, node, retained, at: context.now, &flush) }
      return
    }
    if messageAlerts.isEmpty { messageAlerts = part.slots.compactMap { alerts[$0]?.alert }.inMessageOrder() }
    let message = Message(
      owner: owner, groupKey: group.key, channel: channel, reason: reason, groupLabels: group.identity.labels,
      alerts: sendsResolved ? messageAlerts : messageAlerts.filter { $0.state != .resolved }, mentions: node.mentions,
      externalURL: context.surroundings.externalURL, at: context.now)
    let delivery = Delivery(
      id: nextNumber(), key: key, message: message, firing: part.firing, resolved: part.resolved, retained: retained,
      repeatInterval: node.repeatInterval, groupInterval: node.groupInterval,
      group: GroupHandle(position: position, serial: group.serial))
    groups[position]?.outstanding.append(
      Group.Outstanding(id: delivery.id, channel: channel, firing: part.firing, resolved: part.resolved))
    waiting.insert(delivery.id)
    flush.deliveries.append(delivery)
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
    let (entry, retained) = entryBesideMuted(key, contents, at: context.now)
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

  /// The log's entry without the muted alerts, which neither count as told nor as ended, and those of them that it
  /// goes on listing.
  private func entryBesideMuted(
    _ key: NotificationLogEntry.Key, _ contents: FlushContents, at now: Timestamp
  ) -> (NotificationLogEntry?, [Fingerprint]) {
    guard var entry = log.entry(key, at: now) else { return (nil, []) }
    guard !contents.muted.isEmpty, !entry.firing.isEmpty else { return (entry, []) }
    let muted = Set(contents.muted.lazy.map(\.fingerprint))
    let retained = entry.firing.filter { muted.contains($0) }
    entry.firing = entry.firing.removing(muted)
    return (entry, retained)
  }

  /// Rewrites the log without a message.
  private mutating func record(
    _ part: FlushContents.Part, _ key: NotificationLogEntry.Key, _ node: RouteTree.Node, _ retained: [Fingerprint],
    at now: Timestamp, _ flush: inout Flush
  ) {
    let entry = NotificationLogEntry(
      key: key, sentAt: now, expiresAt: now + Deduplication.lifetime(repeatInterval: node.repeatInterval),
      firing: part.firing.merged(with: retained), resolved: part.resolved)
    log.record(entry)
    changedEntries[key] = nil
    flush.entries.append(entry)
  }
}
