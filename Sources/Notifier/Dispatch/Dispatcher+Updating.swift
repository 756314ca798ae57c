package import Model

extension Dispatcher {
  /// Takes new routes. Groups of a route that is still there, by its key, keep their state and timer; alerts whose
  /// routes changed move.
  ///
  /// - Returns: keys of messages that should no longer be sent, if they haven't begun.
  package mutating func update(routes new: RouteSet, at now: Timestamp) -> [NotificationLogEntry.Key] {
    let old = routes
    routes = new
    batch = nextNumber()
    var withdrawn: [NotificationLogEntry.Key] = []
    let translation = translation(from: old)
    var lost: Set<Int> = []
    groupPositions = [:]
    for position in groups.indices {
      guard let group = groups[position] else { continue }
      if let target = translation[group.identity.target], regroups(group, to: target, from: old) {
        groups[position]?.identity.target = target
        groupPositions[groups[position]?.identity ?? group.identity] = position
        withdrawn += dropChannels(of: position, notIn: new[target].channels)
      } else {
        lost.insert(position)
        withdrawn += group.outstanding.map { logKey(group, $0.channel) }
      }
    }
    reroute(old, lost, at: now)
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
    return gone.map { logKey(group, $0.channel) }
  }

  /// Moves alerts whose targets are no longer those of their groups.
  private mutating func reroute(_ old: RouteSet, _ lost: Set<Int>, at now: Timestamp) {
    var leaving: [Int: Set<Int>] = [:]
    for slot in alerts.occupied {
      guard let entry = alerts[slot] else { continue }
      let targets = routes.targets(of: entry.alert.labels, in: entry.alert.scope)
      var stays: Set<RouteSet.Target> = []
      for position in entry.groups {
        if let group = groups[position], !lost.contains(position), targets.contains(group.identity.target) {
          stays.insert(group.identity.target)
        } else {
          leaving[position, default: []].insert(slot)
        }
      }
      // A resolved alert isn't carried into a group that never told of it.
      if entry.isFiring {
        for target in targets where !stays.contains(target) { join(slot, entry.alert.labels, target, at: now) }
        if targets.isEmpty { unrouted.insert(slot) } else { unrouted.remove(slot) }
      }
    }
    for (position, slots) in leaving.sorted(by: { $0.key < $1.key }) { leave(position, slots) }
  }
}

extension Dispatcher {
  /// A channel has a new name: what it was told goes with it. Gives the entries with the new name, for the ledger.
  mutating func renameChannel(_ old: ResourceID, to new: ResourceID) -> [NotificationLogEntry] {
    log.rename(channel: old, to: new)
  }
}
