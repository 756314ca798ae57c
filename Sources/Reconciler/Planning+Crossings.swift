import Model
import Specs

/// Rule groups that moved between a tenant and its projects, or between two of them.
struct GroupCrossings {
  private var targets: [ResourceID: ResourceID] = [:]
  private var origins: [ResourceID: ResourceID] = [:]

  var pairs: [(from: ResourceID, to: ResourceID)] { targets.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 } }

  func target(of origin: ResourceID) -> ResourceID? { targets[origin] }
  func origin(of target: ResourceID) -> ResourceID? { origins[target] }

  mutating func insert(_ origin: ResourceID, to target: ResourceID) {
    targets[origin] = target
    origins[target] = origin
  }

  mutating func remove(_ origin: ResourceID) {
    if let target = targets.removeValue(forKey: origin) { origins[target] = nil }
  }
}

extension Planning {
  /// What makes a group the same in another scope of its tenant: its name and everything that it says.
  private struct Likeness: Hashable {
    let tenant: String
    let name: String
    let digest: UInt64
  }

  /// Pairs each group that went with the only equal one that came elsewhere in the tenant; nobody guesses.
  mutating func findCrossings(in scopes: [Scope]) {
    var gone: [Likeness: [ResourceID]] = [:]
    var fresh: [Likeness: [ResourceID]] = [:]
    for scope in scopes where scope.tenant != nil && renames.former[scope] == nil && renames.successors[scope] == nil {
      for id in reconciler.differences(in: scope) where id.kind == .ruleGroup {
        switch (live[id], tree.resource(id)) {
        case (let old?, nil) where !tree.declares(id):
          if let like = Self.likeness(old) { gone[like, default: []].append(id) }
        case (nil, let new?):
          if let like = Self.likeness(new) { fresh[like, default: []].append(id) }
        default: break
        }
      }
    }
    for (like, from) in gone {
      guard from.count == 1, let to = fresh[like], to.count == 1, from[0].scope != to[0].scope else { continue }
      crossings.insert(from[0], to: to[0])
    }
  }

  private static func likeness(_ resource: Resource) -> Likeness? {
    guard case .ruleGroup(let group) = resource.spec, let tenant = resource.id.scope.tenant else { return nil }
    return Likeness(tenant: tenant, name: group.name, digest: resource.digest)
  }

  /// A group moves only where both scopes follow. Else it is a deletion in the one, and a creation in the other.
  mutating func settleCrossings() {
    var isSettled = false
    while !isSettled {
      isSettled = true
      for (from, to) in crossings.pairs where decisions[from.scope] != .apply || decisions[to.scope] != .apply {
        crossings.remove(from)
        guard decisions[from.scope] == .apply else { continue }
        // The deletions of the scope count in full now.
        decide(from.scope)
        isSettled = false
      }
    }
  }
}
