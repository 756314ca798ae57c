import Model
import Specs

extension Dispatcher {
  /// Decides for one channel whether there is something to send, and hands it out.
  mutating func offer(
    _ contents: FlushContents, _ channel: ResourceID, _ context: FlushContext, _ offering: inout Offering
  ) {
    let (group, position) = (offering.group, offering.position)
    let key = logKey(group, channel)
    let traits = context.surroundings.traits(of: channel)
    var part = contents.sent
    var (entry, retained) = (NotificationLogEntry?.none, Delivery.Retained())
    let index = group.outstanding.firstIndex { $0.channel == channel }
    // A machine that has to be told again and again isn't disturbed by it; and who hasn't got the last notification
    // gets it.
    var caps = offering.caps
    if caps != nil, traits.forgetsAlerts || holds[position]?.unheard[channel] != nil { caps = nil }
    if let caps {
      (entry, retained) = entryToCompare(key, part, contents, at: context.now)
      let (rest, hold) = cut(part, for: key, caps, entry, &retained, &offering)
      if let hold {
        let waiting = part.firing.removing(Set(rest.firing))
        let reason: NotificationReason = entry?.firing.isEmpty ?? true ? .first : .newAlerts
        recordHold(hold, of: waiting, reason, channel, at: context.now, &offering)
      }
      part = rest
    }
    if let index, group.outstanding[index].firing == part.firing, group.outstanding[index].resolved == part.resolved {
      offering.waiting.insert(group.outstanding[index].id)
      return
    }
    if index != nil { groups[position]?.outstanding.removeAll { $0.channel == channel } }
    if caps == nil { (entry, retained) = entryToCompare(key, part, contents, at: context.now) }
    var reason =
      part.isEmpty
      ? nil
      : Deduplication.reason(
        firing: part.firing, resolved: part.resolved, entry: entry, sendsResolved: traits.sendsResolved,
        // What a destination forgets by itself it is told at each flush.
        repeatInterval: traits.forgetsAlerts ? .zero : offering.repeatInterval, at: context.now)
    if reason == .repeated, let caps, let hold = holdOfRepetition(part, caps) {
      recordHold(hold, of: part.firing, .repeated, channel, at: context.now, &offering)
      offering.heldRepeat = hold
      reason = nil
    }
    if reason != nil, offering.messageAlerts.isEmpty {
      offering.messageAlerts = contents.sent.slots.compactMap { alerts[$0]?.alert }.inMessageOrder()
    }
    let told = reason == nil ? [] : news(offering.messageAlerts, part, of: contents, entry, traits.sendsResolved)
    guard let reason, !told.isEmpty else {
      if index != nil {
        offering.flush.withdrawn.append(key)
        withdrawNotification(to: channel, of: group, position)
      }
      if reason != nil { record(part, key, retained, at: context.now, &offering) }
      return
    }
    let message = message(told, to: channel, reason, after: entry, context, offering)
    handOut(message, key, part, retained, isCounted: !traits.forgetsAlerts && reason.tellsOfFiring, context, &offering)
  }

  private func message(
    _ told: [Alert], to channel: ResourceID, _ reason: NotificationReason, after entry: NotificationLogEntry?,
    _ context: FlushContext, _ offering: Offering
  ) -> Message {
    var message = Message(
      owner: owner, groupKey: offering.group.key, channel: channel, reason: reason,
      groupLabels: offering.group.identity.labels, alerts: told, mentions: offering.node.mentions,
      externalURL: context.surroundings.externalURL, groupInterval: offering.node.groupInterval,
      repeatInterval: offering.repeatInterval, handle: reason == .first ? nil : entry?.handle, at: context.now)
    if reason.tellsOfFiring { message.heldBack = offering.notes.ofRule + offering.notes.ofScopes }
    return message
  }

  private mutating func handOut(
    _ message: Message, _ key: NotificationLogEntry.Key, _ part: FlushContents.Part, _ retained: Delivery.Retained,
    isCounted: Bool, _ context: FlushContext, _ offering: inout Offering
  ) {
    var delivery = Delivery(
      id: nextNumber(), key: key, message: message, firing: part.firing, resolved: part.resolved, retained: retained,
      repeatInterval: offering.repeatInterval, groupInterval: offering.node.groupInterval,
      group: GroupHandle(position: offering.position, serial: offering.group.serial))
    if isCounted, offering.isCounted {
      let isCritical = message.firing.allSatisfy { context.surroundings.severities.isCritical($0.labels) }
      delivery.notice = Delivery.Notice(
        rule: offering.group.identity.rule, isCritical: isCritical, heldBack: offering.notes.ofRule)
      noteNotification(to: key.channel, isCritical: isCritical, at: context.now, &offering)
    }
    groups[offering.position]?.outstanding.append(
      Group.Outstanding(id: delivery.id, channel: key.channel, firing: part.firing, resolved: part.resolved))
    offering.waiting.insert(delivery.id)
    offering.flush.deliveries.append(delivery)
  }

  /// The alerts to tell: those that fire, and the resolved ones unless the channel isn't told of them or was told
  /// before (they stay in the group as long as another channel fails).
  private func news(
    _ all: [Alert], _ part: FlushContents.Part, of contents: FlushContents, _ entry: NotificationLogEntry?,
    _ sendsResolved: Bool
  ) -> [Alert] {
    var alerts = all
    if part.slots.count < contents.sent.slots.count {
      let kept = Set(part.firing).union(part.resolved)
      alerts.removeAll { !kept.contains($0.fingerprint) }
    }
    guard !part.resolved.isEmpty else { return alerts }
    guard sendsResolved else { return alerts.filter { $0.state != .resolved } }
    guard let told = entry?.resolved, !told.isEmpty else { return alerts }
    return alerts.filter { $0.state != .resolved || !told.includes($0.fingerprint) }
  }

  /// For scopes that only observe: the same decision, against an entry of its own, and nothing is sent.
  mutating func observe(
    _ contents: FlushContents, _ channel: ResourceID, _ context: FlushContext, _ offering: inout Offering
  ) {
    let part = contents.observed
    guard !part.isEmpty else { return }
    let key = logKey(offering.group, channel).observed
    let sendsResolved = context.surroundings.traits(of: channel).sendsResolved
    let (entry, retained) = entryToCompare(key, part, contents, at: context.now)
    let reason = Deduplication.reason(
      firing: part.firing, resolved: part.resolved, entry: entry, sendsResolved: sendsResolved,
      repeatInterval: offering.repeatInterval, at: context.now)
    guard let reason else { return }
    record(part, key, retained, at: context.now, &offering)
    guard !part.firing.isEmpty || sendsResolved else { return }
    let resolved = sendsResolved ? part.resolved : []
    offering.flush.observed.append(
      DeliveryRecord(
        owner: owner, groupKey: offering.group.key, channel: channel, attempt: 1, startedAt: context.now,
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
    _ part: FlushContents.Part, _ key: NotificationLogEntry.Key, _ retained: Delivery.Retained, at now: Timestamp,
    _ offering: inout Offering
  ) {
    var entry = NotificationLogEntry(
      key: key, sentAt: now, expiresAt: now + Deduplication.lifetime(repeatInterval: offering.repeatInterval),
      firing: part.firing.merged(with: retained.firing), resolved: part.resolved.merged(with: retained.resolved))
    if !entry.firing.isEmpty { entry.handle = log.entries[key]?.handle }
    log.record(entry)
    changedEntries[key] = nil
    offering.flush.entries.append(entry)
  }
}

extension NotificationReason {
  /// Whether it is about alerts that fire, and not about the end of some.
  fileprivate var tellsOfFiring: Bool {
    switch self {
    case .first, .newAlerts, .repeated: true
    case .allResolved, .someResolved: false
    }
  }
}
