package import Model
package import Specs

/// What is applied: per scope the resources that are live and the revision they come from.
package struct LiveState: Sendable {
  /// One scope's part.
  package struct LiveScope: Sendable {
    package fileprivate(set) var resources: [ResourceID: Resource] = [:]
    /// The last revision that was applied whole.
    package var applied: Revision?

    /// How many rules, routes and channels there are: what the deletion guard counts.
    package fileprivate(set) var guarded = 0
  }

  package private(set) var scopes: [Scope: LiveScope] = [:]
  private var referrers: [LiveKey: Set<ResourceID>] = [:]

  package init() {}

  package subscript(id: ResourceID) -> Resource? { scopes[id.scope]?.resources[id] }

  /// The resources that are live in a scope, by id.
  package func resources(in scope: Scope) -> [ResourceID: Resource] { scopes[scope]?.resources ?? [:] }

  /// The live resources that mention a name.
  package func referrers(of kind: Kind, named name: String) -> Set<ResourceID> {
    referrers[LiveKey(kind: kind, name: name)] ?? []
  }

  /// What a mention in `scope` resolves to among what is live.
  package func resolve(_ kind: Kind, _ name: String, from scope: Scope) -> ResourceID? {
    scope.lineage.lazy.map { ResourceID($0, kind, name) }.first { self[$0] != nil }
  }

  mutating func put(_ resource: Resource) {
    remove(resource.id)
    scopes[resource.id.scope, default: .init()].resources[resource.id] = resource
    scopes[resource.id.scope]?.guarded += resource.guardedCount
    for reference in resource.references {
      referrers[LiveKey(kind: reference.kind, name: reference.name), default: []].insert(resource.id)
    }
  }

  mutating func remove(_ id: ResourceID) {
    guard let old = scopes[id.scope]?.resources.removeValue(forKey: id) else { return }
    scopes[id.scope]?.guarded -= old.guardedCount
    for reference in old.references {
      referrers[LiveKey(kind: reference.kind, name: reference.name)]?.remove(id)
    }
  }

  mutating func setApplied(_ revision: Revision, to scope: Scope) {
    scopes[scope, default: .init()].applied = revision
  }

  mutating func forget(_ scope: Scope) {
    guard scopes[scope]?.resources.isEmpty ?? false else { return }
    scopes[scope] = nil
  }
}

private struct LiveKey: Hashable, Sendable {
  let kind: Kind
  let name: String
}

extension Resource {
  /// How much this resource counts in the deletion guard: rules one each, routes and channels one, others nothing.
  package var guardedCount: Int {
    switch spec {
    case .ruleGroup(let group): group.rules.count
    case .route, .channel: 1
    case .tenant, .project, .dataSource, .silence, .timeInterval, .inhibitRule, .template, .roleBinding, .approval: 0
    }
  }
}
