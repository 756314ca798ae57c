package import Model

extension Dispatcher {
  /// Takes new routes. Groups of a route that is still there, by its key, keep their state and timer; alerts whose
  /// routes changed move.
  ///
  /// - Returns: keys of messages that should no longer be sent, if they haven't begun.
  package mutating func update(routes new: RouteSet, at now: Timestamp) -> [NotificationLogEntry.Key] {
    let old = routes
    routes = new
    refreshRules()
    batch = nextNumber()
    var withdrawn: [NotificationLogEntry.Key] = []
    let translation = translation(from: old)
    var lost = Lost()
    groupPositions = [:]
    for position in groups.indices {
      guard var group = groups[position] else { continue }
      guard let target = translation[group.identity.target], regroups(group, to: target, from: old) else {
        lost.groups.insert(position)
        withdrawn += group.outstanding.map { logKey(group, $0.channel) }
        continue
      }
      group.identity.target = target
      groups[position]?.identity.target = target
      if group.identity.rule != Group.noRule, controls(of: group) == nil {
        lost.groups.insert(position)
        lost.byRule.insert(position)
        withdrawn += group.outstanding.map { logKey(group, $0.channel) }
      } else {
        groupPositions[group.identity] = position
        withdrawn += dropChannels(of: position, notIn: channels(of: group))
      }
    }
    withdrawn += reroute(lost, at: now)
    findStrays()
    dropVoidTimers()
    return withdrawn
  }

  /// Takes new inhibit rules, with all firing alerts as their sources.
  package mutating func update(inhibitRules: [Inhibitor.Rule]) {
    inhibitor = Inhibitor(inhibitRules)
    forEachFiring { inhibitor, alert in inhibitor.insert(alert.labels, alert.fingerprint, in: alert.scope) }
  }

  private mutating func forEachFiring(_ body: (inout Inhibitor, Alert) -> Void) {
    for slot in alerts.occupied {
      guard let entry = alerts[slot], entry.isFiring else { continue }
      body(&inhibitor, entry.alert)
    }
  }

  /// The alerts that fire.
  package var firing: [Alert] {
    alerts.occupied.compactMap { alerts[$0]?.alert }.filter { $0.state == .firing }
  }

  /// Where each node of the old trees is now: the node with the same key in the tree with the same id.
  private func translation(from old: RouteSet) -> [RouteSet.Target: RouteSet.Target] {
    var places: [ResourceID: Int] = [:]
    for (position, tree) in routes.trees.enumerated() { places[tree.id] = position }
    var translation: [RouteSet.Target: RouteSet.Target] = [:]
    for (position, tree) in old.trees.enumerated() {
      guard let place = places[tree.id], routes.trees[place].always == tree.always else { continue }
      var nodes: [String: Int] = [:]
      for (index, node) in routes.trees[place].nodes.enumerated() { nodes[node.key] = index }
      for (index, node) in tree.nodes.enumerated() {
        guard let now = nodes[node.key] else { continue }
        translation[RouteSet.Target(tree: position, node: index)] = RouteSet.Target(tree: place, node: now)
      }
    }
    return translation
  }

  /// Groups that an update leaves without a place.
  private struct Lost {
    var groups: Set<Int> = []
    /// Of these, those whose route is still there and whose rule has no controls any more.
    var byRule: Set<Int> = []
  }

  /// Two groups between which alerts move since a rule got controls, or lost them.
  private struct Move: Hashable {
    let from: Int
    let to: Int
  }

  private func regroups(_ group: Group, to target: RouteSet.Target, from old: RouteSet) -> Bool {
    routes[target].groupBy == old[group.identity.target].groupBy
  }

  private mutating func dropChannels(
    of position: Int, notIn channels: [ResourceID]
  ) -> [NotificationLogEntry.Key] {
    guard let group = groups[position] else { return [] }
    let gone = group.outstanding.filter { !channels.contains($0.channel) }
    guard !gone.isEmpty else { return [] }
    groups[position]?.outstanding.removeAll { !channels.contains($0.channel) }
    groups[position]?.pending?.waiting.subtract(gone.map(\.id))
    for outstanding in gone { withdrawNotification(to: outstanding.channel, of: group, position) }
    return gone.map { logKey(group, $0.channel) }
  }

  /// Moves alerts whose targets are no longer those of their groups.
  private mutating func reroute(_ lost: Lost, at now: Timestamp) -> [NotificationLogEntry.Key] {
    var leaving: [Int: Set<Int>] = [:]
    var moves: [Move: Set<Fingerprint>] = [:]
    var firingAnew: [(Fingerprint, Int)] = []
    for slot in alerts.occupied {
      guard let entry = alerts[slot] else { continue }
      let places = places(of: slot)
      var stays: Set<Place> = []
      var left: [Int] = []
      for position in entry.groups {
        let place = groups[position].map { Place(target: $0.identity.target, rule: $0.identity.rule) }
        if let place, !lost.groups.contains(position), places.contains(place) {
          stays.insert(place)
        } else {
          leaving[position, default: []].insert(slot)
          if !lost.groups.contains(position) || lost.byRule.contains(position) { left.append(position) }
        }
      }
      for place in places where !stays.contains(place) {
        // The group of the same route and another rule, or none: what it told was told of this group's alert too.
        let origin = left.first { groups[$0]?.identity.target == place.target }
        // A resolved alert isn't carried into a group that never told of it.
        guard entry.isFiring || wasTold(entry.alert.fingerprint, in: origin) else { continue }
        let successor = successor(of: slot, in: place, besides: lost)
        let position = successor?.position ?? join(slot, entry.alert.labels, place, at: now)
        if let origin { moves[Move(from: origin, to: position), default: []].insert(entry.alert.fingerprint) }
        if successor?.isFiring ?? false, !wasTold(entry.alert.fingerprint, in: position) {
          firingAnew.append((entry.alert.fingerprint, position))
        }
      }
      if entry.isFiring { if places.isEmpty { unrouted.insert(slot) } else { unrouted.remove(slot) } }
    }
    var withdrawn: [NotificationLogEntry.Key] = []
    let telling = Set(moves.keys.lazy.map(\.from)).filter { groups[$0]?.outstanding.isEmpty == false }
    for (move, fingerprints) in moves.sorted(by: { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }) {
      carryOver(fingerprints, move)
      for position in [move.from, move.to] { withdrawn += decideAnew(position, at: now) }
      if telling.contains(move.from) { wait(move.to, until: now + Self.patience) }
    }
    for (fingerprint, position) in firingAnew { markEnded(fingerprint, in: position) }
    for (position, slots) in leaving.sorted(by: { $0.key < $1.key }) {
      if !lost.groups.contains(position) { withdrawn += decideAnew(position, at: now) }
      leave(position, slots)
    }
    return withdrawn
  }

  /// Where an alert whose end is still to be told comes to a group that has a later one with its labels, the later one
  /// tells that end: its group, and whether it fires.
  private mutating func successor(
    of slot: Int, in place: Place, besides lost: Lost
  ) -> (position: Int, isFiring: Bool)? {
    guard alerts.endCount > 0, let alert = alerts[slot]?.alert, let later = alerts.find(alert), later != slot
    else { return nil }
    let present = alerts[later]?.groups.first { position in
      groups[position].map { $0.identity.target == place.target && $0.identity.rule == place.rule } ?? false
        && !lost.groups.contains(position)
    }
    return present.map { ($0, alerts[later]?.isFiring ?? false) }
  }

  /// Messages on their way were decided before alerts moved, and their arrival would overwrite what moved with them.
  mutating func decideAnew(_ position: Int, at now: Timestamp) -> [NotificationLogEntry.Key] {
    guard let group = groups[position], !group.outstanding.isEmpty else { return [] }
    let gone = dropChannels(of: position, notIn: [])
    let due = now + Self.patience
    if due < group.nextFlush { schedule(position, at: due) } else { wait(position, until: due) }
    return gone
  }

  /// What is with a vendor already mostly arrives within this time, and then need not be told again.
  private static let patience = Duration.seconds(10)

  private mutating func wait(_ position: Int, until instant: Timestamp) {
    if let next = groups[position]?.nextFlush, next < instant { schedule(position, at: instant) }
  }

  private func wasTold(_ fingerprint: Fingerprint, in position: Int?) -> Bool {
    guard let position, let group = groups[position] else { return false }
    return wasTold(fingerprint, of: group, toldChannels(of: group))
  }

  /// The channels that a group may have told: those that its rule had before the change as well.
  private func toldChannels(of group: Group) -> [ResourceID] {
    let now = channels(of: group)
    guard group.identity.rule != Group.noRule else { return now }
    return now + rules[group.identity.rule].formerChannels.filter { !now.contains($0) }
  }

  /// Moves what the channels of both groups were told of these alerts, so that nothing is told twice.
  private mutating func carryOver(_ fingerprints: Set<Fingerprint>, _ move: Move) {
    guard let old = groups[move.from], let new = groups[move.to] else { return }
    let told = toldChannels(of: old)
    for channel in channels(of: new) where told.contains(channel) {
      let (from, to) = (logKey(old, channel), logKey(new, channel))
      carryOver(fingerprints, from, to)
      carryOver(fingerprints, from.observed, to.observed)
    }
  }

  mutating func carryOver(
    _ fingerprints: Set<Fingerprint>, _ from: NotificationLogEntry.Key, _ to: NotificationLogEntry.Key
  ) {
    guard var old = log.entries[from] else { return }
    let moved = old.firing.filter { fingerprints.contains($0) }
    let ended = old.resolved.filter { fingerprints.contains($0) }
    guard !moved.isEmpty || !ended.isEmpty else { return }
    let known = log.entries[to]
    var new =
      known ?? NotificationLogEntry(key: to, sentAt: old.sentAt, expiresAt: old.expiresAt, firing: [], resolved: [])
    new.firing = new.firing.merged(with: moved)
    // Listed as both means something else: told, and ended unseen.
    new.resolved = new.resolved.removing(fingerprints).merged(with: ended)
    old.firing = old.firing.removing(fingerprints)
    old.resolved = old.resolved.removing(fingerprints)
    // A message can only be continued in one place: where all of it went.
    if old.firing.isEmpty { (new.handle, old.handle) = (new.handle ?? old.handle, nil) }
    for entry in [old, new] {
      log.record(entry)
      changedEntries[entry.key] = entry
    }
  }
}

extension Dispatcher {
  /// A channel has a new name: what it was told goes with it. Gives the entries with the new name, for the ledger.
  mutating func renameChannel(_ old: ResourceID, to new: ResourceID) -> [NotificationLogEntry] {
    log.rename(channel: old, to: new)
  }
}
