package import Model

/// Which groups still wait for their first evaluation since a change brought them.
///
/// Counters by change and by scope: noting a group costs the same however many there are.
package struct FirstEvaluations: Sendable {
  /// How the groups of one scope stand.
  package struct Standing: Hashable, Sendable {
    /// Groups that weren't evaluated yet since they were put.
    package var waiting = 0
    /// When the last of them was; `nil` before.
    package var completedAt: Timestamp?
  }

  /// The changes that wait for a group; a change that replaced it before its first evaluation comes after the others.
  private var changes: [ResourceID: [UInt64]] = [:]
  /// How many groups each change still waits for.
  private var remaining: [UInt64: Int] = [:]
  private var scopes: [Scope: Standing] = [:]

  package init() {}

  /// How many groups a change still waits for.
  package func remaining(of change: UInt64) -> Int { remaining[change] ?? 0 }

  /// How a scope's groups stand.
  package func standing(of scope: Scope) -> Standing { scopes[scope] ?? Standing() }

  /// A group is new or was replaced, by the change of that number, if it has one.
  mutating func put(_ group: ResourceID, by change: UInt64?) {
    if changes[group] == nil {
      changes[group] = []
      scopes[group.scope, default: Standing()].waiting += 1
    }
    guard let change, changes[group]?.contains(change) == false else { return }
    changes[group]?.append(change)
    remaining[change, default: 0] += 1
  }

  /// A group was evaluated, or is gone.
  ///
  /// - Returns: the changes that now wait for no group any more.
  mutating func end(_ group: ResourceID, at now: Timestamp) -> [UInt64] {
    guard let waiting = changes.removeValue(forKey: group) else { return [] }
    var standing = scopes[group.scope] ?? Standing()
    standing.waiting -= 1
    if standing.waiting <= 0 { standing.completedAt = now }
    scopes[group.scope] = standing
    return waiting.filter { change in
      let left = (remaining[change] ?? 1) - 1
      remaining[change] = left > 0 ? left : nil
      return left <= 0
    }
  }
}

extension EvaluatorState {
  /// Takes note of the groups that a change brought and took.
  mutating func noteFirstEvaluations(_ outcome: inout EvaluatorChangeOutcome, of change: UInt64?, at now: Timestamp) {
    for group in outcome.changed { firstEvaluations.put(group, by: change) }
    for group in outcome.removed where groups[group] == nil {
      outcome.evaluated += firstEvaluations.end(group, at: now)
    }
    outcome.awaited = change.map { firstEvaluations.remaining(of: $0) } ?? 0
  }
}
