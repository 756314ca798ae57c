import Model

// Alerts that go on after a change of the specs.
extension NotifierState {
  /// Alerts that go on under other labels, or in another scope, which may be that of another dispatcher.
  mutating func relabel(_ pairs: [CarriedAlerts.Pair], at now: Timestamp) {
    let byOwners = Dictionary(grouping: pairs) { Owners(from: $0.former.scope.owner, to: $0.current.scope.owner) }
    for (owners, pairs) in byOwners.sorted(by: { $0.key < $1.key }) {
      makeDispatcher(for: owners.to)
      let told = dispatchers[owners.from]?.told(Set(pairs.map(\.former.fingerprint))) ?? [:]
      let surroundings = configuration.surroundings
      let adopted =
        dispatchers[owners.to]?.adopt(
          pairs, told, at: now, in: surroundings, informing: &configuration.surroundings.platformInhibitor)
        ?? AdoptedEntries()
      let withdrawn =
        dispatchers[owners.from]?.release(
          pairs, told, adopted, at: now, informing: &configuration.surroundings.platformInhibitor) ?? []
      for key in withdrawn { withdraw(key, at: now) }
      settle(owners.from)
      settle(owners.to)
    }
  }

  /// Alerts that come from a rule of another group now.
  mutating func regroup(_ pairs: [CarriedAlerts.Pair]) {
    for (owner, pairs) in Dictionary(grouping: pairs, by: \.former.scope.owner) { dispatchers[owner]?.regroup(pairs) }
  }

  private struct Owners: Hashable, Comparable {
    let from: Scope
    let to: Scope

    static func < (left: Self, right: Self) -> Bool { (left.from, left.to) < (right.from, right.to) }
  }
}
