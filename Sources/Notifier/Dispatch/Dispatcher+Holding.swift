import Model
import Specs

/// One flush, while its channels are gone through.
struct Offering {
  let position: Int
  let group: Group
  let node: RouteTree.Node
  let repeatInterval: Duration
  /// Whether its notifications count for a rule or for the hour of a scope.
  let isCounted: Bool
  /// The bounds that were reached; `nil` for none.
  let caps: Caps?
  /// What its messages say of alerts that were held back before.
  var notes = Notes()
  /// All alerts in the order of messages, once somebody needs them.
  var messageAlerts: [Alert] = []
  /// Ids of the deliveries that the flush waits for.
  var waiting: Set<UInt64> = []
  /// Alerts that were held back from some channel, and by what; those told before aren't among them.
  var held: [Fingerprint: Hold] = [:]
  /// Scopes of held alerts, by position: whose hour counts them.
  var heldScopes: [Fingerprint: Int] = [:]
  /// A mere repetition was held back.
  var heldRepeat: Hold?
  var hasNotified = false
  var flush: Flush

  /// How many alerts the rule and the scopes have held back.
  struct Notes {
    var ofRule = 0
    var ofScopes = 0
  }
}

extension Dispatcher {
  /// The bounds that hold at a flush.
  func caps(on group: Group, _ contents: FlushContents, _ context: FlushContext) -> (isCounted: Bool, caps: Caps?) {
    let hasRuleCap = controls(of: group)?.hasCap ?? false
    guard hasRuleCap || !contents.limitedScopes.isEmpty else { return (false, nil) }
    var caps = Caps(severities: context.surroundings.severities)
    if hasRuleCap {
      let rule = rules[group.identity.rule]
      caps.cooldown = rule.cooldown(at: context.now)
      caps.daily = rule.dailyLimit(at: context.now, in: context.surroundings.zone(of: rule.key.group.scope))
    }
    for position in contents.limitedScopes {
      let holds = context.surroundings.hourlyLimits(of: alerts.scopes[position]).compactMap { scope, limit in
        meters[scope]?.end(of: limit, at: context.now).map {
          Hold(reason: .hourlyLimit, until: $0, bound: "\(limit) in \(scope)")
        }
      }
      caps.hourly[position] = holds.max { $0.until < $1.until }
    }
    return (true, caps.isEmpty ? nil : caps)
  }

  /// What messages say of alerts held back before; nothing while they still are.
  func notes(
    on group: Group, _ contents: FlushContents, _ caps: Caps?, _ context: FlushContext
  ) -> Offering.Notes {
    var notes = Offering.Notes()
    let rule = group.identity.rule
    if rule != Group.noRule, caps?.cooldown == nil, caps?.daily == nil { notes.ofRule = rules[rule].quota.heldBack }
    for (scope, limit) in meteredScopes(contents, context) where !isFull(scope, limit, context) {
      notes.ofScopes += meters[scope]?.heldBack ?? 0
    }
    return notes
  }

  /// The scopes whose hours a notification counts for, with their bounds.
  private func meteredScopes(_ contents: FlushContents, _ context: FlushContext) -> [Scope: Int] {
    var scopes: [Scope: Int] = [:]
    for position in contents.limitedScopes {
      for (scope, limit) in context.surroundings.hourlyLimits(of: alerts.scopes[position]) { scopes[scope] = limit }
    }
    return scopes
  }

  private func isFull(_ scope: Scope, _ limit: Int, _ context: FlushContext) -> Bool {
    meters[scope]?.end(of: limit, at: context.now) != nil
  }

  /// What may be told to a channel now. Alerts that it was told of before stay; the others that fire wait, and those
  /// that resolved before they were told go without a word.
  ///
  /// `entry`: as the decision is to see it. `retained` is given what the log goes on listing of those that wait.
  mutating func cut(
    _ part: FlushContents.Part, for key: NotificationLogEntry.Key, _ caps: Caps, _ entry: NotificationLogEntry?,
    _ retained: inout Delivery.Retained, _ offering: inout Offering
  ) -> (part: FlushContents.Part, hold: Hold?) {
    var kept = FlushContents.Part()
    var waiting: Set<Fingerprint> = []
    var first: Hold?
    for slot in part.slots {
      guard let alert = alerts.glimpse(slot) else { continue }
      let wasTold = entry?.firing.includes(alert.fingerprint) ?? false
      let wasEnded = !alert.isFiring && (entry?.resolved.includes(alert.fingerprint) ?? false)
      guard !wasTold, !wasEnded, let hold = caps.hold(scope: alert.scope, labels: alert.labels) else {
        kept.add(slot, alert.fingerprint, isFiring: alert.isFiring)
        continue
      }
      guard alert.isFiring else { continue }
      waiting.insert(alert.fingerprint)
      offering.held[alert.fingerprint] = hold
      offering.heldScopes[alert.fingerprint] = alert.scope
      first = first.map { $0.until <= hold.until ? $0 : hold } ?? hold
    }
    kept.sort()
    if !waiting.isEmpty, let old = log.entries[key] {
      // Told, ended unseen, and firing anew: its end is still to be told if this firing never is.
      retained.firing += old.firing.filter { waiting.contains($0) }
      retained.resolved += old.resolved.filter { waiting.contains($0) }
    }
    return (kept, first)
  }

  /// What holds a mere repetition back: all of its alerts have to wait.
  func holdOfRepetition(_ part: FlushContents.Part, _ caps: Caps) -> Hold? {
    var first: Hold?
    for slot in part.slots {
      guard let alert = alerts.glimpse(slot), alert.isFiring else { continue }
      guard let hold = caps.hold(scope: alert.scope, labels: alert.labels) else { return nil }
      first = first.map { $0.until <= hold.until ? $0 : hold } ?? hold
    }
    return first
  }

  /// Writes down that a channel isn't told for now, once for each hold.
  mutating func recordHold(
    _ hold: Hold, of firing: [Fingerprint], _ reason: NotificationReason, _ channel: ResourceID, at now: Timestamp,
    _ offering: inout Offering
  ) {
    guard holds[offering.position]?.recorded[channel] != hold.until else { return }
    holds[offering.position, default: GroupHold()].recorded[channel] = hold.until
    offering.flush.observed.append(
      DeliveryRecord(
        owner: owner, groupKey: offering.group.key, channel: channel, attempt: 1, startedAt: now, finishedAt: now,
        outcome: .held, detail: hold.text, nextAttemptAt: hold.until, reason: reason.rawValue, firing: firing.count,
        resolved: 0, alerts: firing))
  }

  /// Takes note of a notification that is handed out to a channel.
  mutating func noteNotification(
    to channel: ResourceID, isCritical: Bool, at now: Timestamp, _ offering: inout Offering
  ) {
    let position = offering.position
    let isSame = holds[position]?.unheard[channel]
    if isSame == nil { offering.hasNotified = true }
    holds[position, default: GroupHold()].unheard[channel] = isSame ?? false
    let rule = offering.group.identity.rule
    if rule != Group.noRule, isSame != true {
      rules[rule].flights[offering.group.serial] = RuleState.Flight(at: now, isCritical: isCritical)
    }
  }

  /// A channel isn't told after all.
  mutating func withdrawNotification(to channel: ResourceID, of group: Group, _ position: Int) {
    guard holds[position]?.unheard.removeValue(forKey: channel) != nil else { return }
    endFlight(of: group, position)
  }

  /// Whoever is left waiting for a group's notification keeps the rule's other groups waiting; nobody doesn't.
  private mutating func endFlight(of group: Group, _ position: Int) {
    let rule = group.identity.rule
    guard rule != Group.noRule, groups[position]?.outstanding.isEmpty ?? true else { return }
    rules[rule].flights[group.serial] = nil
  }

  /// After all channels: counts, and comes back when the hold ends.
  mutating func concludeHolds(_ offering: Offering, _ contents: FlushContents, _ context: FlushContext) {
    guard offering.isCounted || !holds.isEmpty else { return }
    let position = offering.position
    if offering.hasNotified {
      for (scope, limit) in meteredScopes(contents, context) {
        if !isFull(scope, limit, context) { meters[scope]?.heldBack = 0 }
        meters[scope, default: HourMeter()].add(at: context.now)
      }
    }
    guard offering.heldRepeat != nil || !offering.held.isEmpty else {
      guard holds[position] != nil else { return }
      holds[position]?.hold = nil
      holds[position]?.alerts = []
      holds[position]?.recorded = [:]
      if holds[position]?.isEmpty ?? false { holds[position] = nil }
      return
    }
    let reached = (offering.held.values + [offering.heldRepeat].compactMap { $0 }).min { $0.until < $1.until }
    count(offering, context)
    holds[position, default: GroupHold()].hold = reached
    holds[position]?.alerts = Set(offering.held.keys)
    // A mere repetition waits for its group's time, so that it doesn't use up what others are waiting for.
    let end = offering.held.values.lazy.map(\.until).min()
    if let end, let next = groups[position]?.nextFlush, end < next { schedule(position, at: end) }
  }

  private mutating func count(_ offering: Offering, _ context: FlushContext) {
    let known = holds[offering.position]?.alerts ?? []
    var ofRule = 0
    for (fingerprint, hold) in offering.held {
      switch hold.reason {
      case .cooldown: suppressed.cooldown += 1
      case .dailyLimit: suppressed.dailyLimit += 1
      case .hourlyLimit: suppressed.hourlyLimit += 1
      }
      guard !known.contains(fingerprint) else { continue }
      if hold.reason != .hourlyLimit {
        ofRule += 1
      } else if let scope = offering.heldScopes[fingerprint] {
        let limits = context.surroundings.hourlyLimits(of: alerts.scopes[scope])
        let full = limits.first { meters[$0.scope]?.end(of: $0.limit, at: context.now) == hold.until }
        if let full { meters[full.scope]?.heldBack += 1 }
      }
    }
    let rule = offering.group.identity.rule
    guard ofRule > 0, rule != Group.noRule else { return }
    rules[rule].quota.heldBack += ofRule
    noteQuota(of: rule)
  }

  /// A notification that counts has arrived, or never will. Comes before the delivery leaves its group's list.
  mutating func settleNotification(_ delivery: Delivery, succeeded: Bool, in surroundings: Surroundings) {
    guard let notice = delivery.notice else { return }
    let position = delivery.group.position
    let isThere = groups.indices.contains(position) && groups[position]?.serial == delivery.group.serial
    var counts = true
    if isThere, succeeded {
      counts = !(holds[position]?.unheard.removeValue(forKey: delivery.key.channel) ?? false)
      if let others = holds[position]?.unheard { holds[position]?.unheard = others.mapValues { _ in true } }
      if holds[position]?.isEmpty ?? false { holds[position] = nil }
    }
    let rule = notice.rule
    guard rule != Group.noRule, rules.indices.contains(rule) else { return }
    if succeeded {
      rules[rule].flights[delivery.group.serial] = nil
      guard counts, rules[rule].controls?.hasCap ?? false else { return }
      rules[rule].count(
        at: delivery.message.at, isCritical: notice.isCritical, heldBack: notice.heldBack,
        in: surroundings.zone(of: rules[rule].key.group.scope))
      noteQuota(of: rule)
    } else if isThere, let outstanding = groups[position]?.outstanding, outstanding.allSatisfy({ $0.id == delivery.id })
    {
      rules[rule].flights[delivery.group.serial] = nil
    }
  }
}
