package import Model

/// The alerts of one tenant with its projects, or of the platform: grouped by route, and told in time.
///
/// A value: transitions and time go in, messages come out. Semantics are Alertmanager's (routing, grouping, flush
/// timing, muting, deduplication); where an alert's end would be lost there, it isn't here:
///
/// - An alert that was told as firing and resolves while it is muted (silenced, inhibited, or by time interval) is
///   held, and told as resolved at the first flush after the mute has ended. If it fires again before that, the
///   new firing is told like any other.
/// - Muted alerts that were told before stay in the log when it is rewritten for others.
/// - A rule's `cooldown` and `max_per_day` and a scope's `notifications_per_hour` hold firing alerts back, and never
///   lose them: the log isn't written, so the first flush after the hold tells them. A group that holds something back
///   is flushed when the hold ends, or at its next regular time if that is earlier. What resolves is always told.
/// - An alert that goes to another group of its route, since its rule got controls or lost them or another rule fires
///   with its labels, isn't told twice, and its end is told to whom it was told; unless a process ends before that.
/// - Alerts that a restart finds in the log, and nowhere else, are taken out of it, so that their next firing is told.
package struct Dispatcher: Sendable {
  /// The tenant, or platform.
  package let owner: Scope
  package internal(set) var routes: RouteSet
  package internal(set) var log: NotificationLog
  var inhibitor: Inhibitor
  var alerts = AlertStore()
  var unrouted: Set<Int> = []
  var groups: [Group?] = []
  var freeGroups: [Int] = []
  var groupPositions: [Group.Identity: Int] = [:]
  var timers = Heap<GroupTimer>()
  var batch: UInt64 = 0
  /// Entries of the log that changed outside a flush.
  var changedEntries: [NotificationLogEntry.Key: NotificationLogEntry] = [:]
  /// Entries of the log that list an alert as firing which is in their group no longer, or whose channel its group has
  /// no longer: when it fires anew, that was not told there.
  var strays: [Fingerprint: Set<NotificationLogEntry.Key>] = [:]
  /// What alerts became whose labels changed while a message about them was under way.
  var successors: [Fingerprint: Successor] = [:]
  /// Rules with controls; a group names its rule by the position here.
  var rules: [RuleState] = []
  var rulePositions: [RuleKey: Int] = [:]
  var changedQuotas: [RuleKey: RuleQuota] = [:]
  /// What bounds hold back, by the position of the group.
  var holds: [Int: GroupHold] = [:]
  /// The hours of scopes with `notifications_per_hour`.
  var meters: [Scope: HourMeter] = [:]
  private var lastNumber: UInt64 = 0
  /// How many alerts were kept from being told, by reason, once for each flush.
  package internal(set) var suppressed = Suppressed()

  /// Counts of alerts that were not told.
  package struct Suppressed: Hashable, Sendable {
    package var inhibited = 0
    package var silenced = 0
    package var timeInterval = 0
    /// By a rule's `cooldown`, its `max_per_day`, and `notifications_per_hour` of a scope.
    package var cooldown = 0
    package var dailyLimit = 0
    package var hourlyLimit = 0

    package init() {}
  }

  package init(owner: Scope, routes: RouteSet = RouteSet(), inhibitRules: [Inhibitor.Rule] = []) {
    self.owner = owner
    self.routes = routes
    log = NotificationLog()
    inhibitor = Inhibitor(inhibitRules)
  }

  /// When ``tick(at:in:limit:)`` has something to do; `nil`: not before something else happens.
  package var nextWake: Timestamp? { timers.first?.due }

  /// How many alerts it holds: firing, and resolved but not told yet.
  package var alertCount: Int { alerts.count }
  package var groupCount: Int { groupPositions.count }

  /// A number that this dispatcher hasn't given before.
  mutating func nextNumber() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }

  /// The entries of the notification log that changed without a message, since this was asked last: the ledger
  /// should have them too.
  package mutating func takeChangedEntries() -> [NotificationLogEntry] {
    guard !changedEntries.isEmpty else { return [] }
    defer { changedEntries = [:] }
    return Array(changedEntries.values)
  }

  func logKey(_ group: Group, _ channel: ResourceID) -> NotificationLogEntry.Key {
    NotificationLogEntry.Key(owner: owner, groupKey: group.key, channel: channel)
  }
}

// MARK: - Groups

extension Dispatcher {
  /// Puts an alert into the groups of its routes.
  mutating func join(_ slot: Int, at now: Timestamp) {
    guard let labels = alerts[slot]?.alert.labels, let scope = alerts[slot]?.scope else { return }
    var isRouted = false
    if routes.controls.isEmpty {
      for target in routes.targets(of: labels, in: alerts.scopes[scope]) {
        join(slot, labels, Place(target: target, rule: Group.noRule), at: now)
        isRouted = true
      }
    } else {
      for place in places(of: slot) {
        join(slot, labels, place, at: now)
        isRouted = true
      }
    }
    if !isRouted { unrouted.insert(slot) }
  }

  /// Puts an alert into one group, and gives the group's position.
  @discardableResult
  mutating func join(_ slot: Int, _ labels: Labels, _ place: Place, at now: Timestamp) -> Int {
    let target = place.target
    let position = group(
      Group.Identity(target: target, labels: routes[target].groupLabels(of: labels), rule: place.rule), at: now)
    groups[position]?.members.append(slot)
    alerts[slot]?.groups.append(position)
    if alerts.endCount > 0 { absorbEnd(of: slot, in: position) }
    // Whoever creates a group and is older than its wait isn't made to wait again. All alerts of the creating batch
    // count alike, so that their order doesn't matter.
    guard groups[position]?.batch == batch, groups[position]?.isFlushed == false,
      let due = groups[position]?.nextFlush, due > now, let firedAt = alerts[slot]?.alert.firedAt
    else { return position }
    if firedAt + routes[target].groupWait < now { schedule(position, at: now) }
    return position
  }

  /// The position of a group, which is created when there is none.
  private mutating func group(_ identity: Group.Identity, at now: Timestamp) -> Int {
    if let known = groupPositions[identity] { return known }
    let due = now + routes[identity.target].groupWait
    let group = Group(
      identity: identity, serial: nextNumber(), key: key(of: identity),
      nextFlush: due, batch: batch)
    let position = freeGroups.popLast() ?? groups.count
    if position == groups.count { groups.append(group) } else { groups[position] = group }
    groupPositions[identity] = position
    schedule(position, at: due)
    return position
  }

  /// Alertmanager's text, with the rule behind it where the group is that of a rule.
  private func key(of identity: Group.Identity) -> String {
    let key = routes.groupKey(of: identity.target, labels: identity.labels)
    return identity.rule == Group.noRule ? key : key + Group.ruleMark + rules[identity.rule].key.text
  }

  mutating func schedule(_ position: Int, at due: Timestamp) {
    let timer = nextNumber()
    groups[position]?.nextFlush = due
    groups[position]?.timer = timer
    timers.insert(GroupTimer(due: due, id: timer, group: position))
  }

  /// Takes void timers from the front of the heap, so that ``nextWake`` is exact.
  mutating func dropVoidTimers() {
    while let timer = timers.first, groups[timer.group]?.timer != timer.id { timers.removeFirst() }
  }

  /// Takes alerts out of a group; the group goes when it is empty, and an alert when it is in no group.
  mutating func leave(_ position: Int, _ slots: Set<Int>) {
    guard !slots.isEmpty, groups[position] != nil else { return }
    groups[position]?.members.removeAll { slots.contains($0) }
    groups[position]?.held.subtract(slots)
    for slot in slots {
      alerts[slot]?.groups.removeAll { $0 == position }
      if let alert = alerts[slot], alert.groups.isEmpty, !alert.isFiring { alerts.remove(slot) }
    }
    if let group = groups[position], group.members.isEmpty { remove(position, group) }
  }

  private mutating func remove(_ position: Int, _ group: Group) {
    // A route change may have given the identity to another group meanwhile.
    if groupPositions[group.identity] == position { groupPositions[group.identity] = nil }
    if group.identity.rule != Group.noRule { rules[group.identity.rule].flights[group.serial] = nil }
    if !holds.isEmpty { holds[position] = nil }
    groups[position] = nil
    freeGroups.append(position)
  }
}
