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

    /// The approvals among them.
    package fileprivate(set) var approvals: Set<ResourceID> = []

    /// Which documents define a template, by its name; several only where a later one takes a definition over.
    fileprivate var definitions: [String: Set<ResourceID>] = [:]
  }

  package private(set) var scopes: [Scope: LiveScope] = [:]
  private var referrers = ReferrerIndex()
  /// The live role bindings.
  package private(set) var roleBindings: Set<ResourceID> = []
  /// Grows with each change of a live role binding.
  package private(set) var roleBindingChanges: UInt64 = 0

  package init() {}

  package subscript(id: ResourceID) -> Resource? { scopes[id.scope]?.resources[id] }

  /// The resources that are live in a scope, by id.
  package func resources(in scope: Scope) -> [ResourceID: Resource] { scopes[scope]?.resources ?? [:] }

  /// The live resources of `scope` and below that mention a name.
  package func referrers(of kind: Kind, named name: String, below scope: Scope) -> Set<ResourceID> {
    referrers.users(of: kind, named: name, below: scope)
  }

  /// What a mention in `scope` resolves to among what is live.
  package func resolve(_ kind: Kind, _ name: String, from scope: Scope) -> ResourceID? {
    scope.lineage.lazy.compactMap { declarer(of: kind, name, in: $0) }.first
  }

  /// What a scope itself has live under a name by which others mention it.
  package func declarer(of kind: Kind, _ name: String, in scope: Scope) -> ResourceID? {
    if kind == .template { return scopes[scope]?.definitions[name]?.min() }
    let id = ResourceID(scope, kind, name)
    return self[id] == nil ? nil : id
  }

  mutating func put(_ resource: Resource) {
    remove(resource.id)
    scopes[resource.id.scope, default: .init()].resources[resource.id] = resource
    scopes[resource.id.scope]?.guarded += resource.guardedCount
    for name in resource.spec.definitions {
      scopes[resource.id.scope]?.definitions[name, default: []].insert(resource.id)
    }
    if resource.id.kind == .approval { scopes[resource.id.scope]?.approvals.insert(resource.id) }
    if resource.id.kind == .roleBinding {
      roleBindings.insert(resource.id)
      roleBindingChanges += 1
    }
    referrers.insert(resource)
  }

  mutating func remove(_ id: ResourceID) {
    guard let old = scopes[id.scope]?.resources.removeValue(forKey: id) else { return }
    scopes[id.scope]?.guarded -= old.guardedCount
    scopes[id.scope]?.approvals.remove(id)
    if roleBindings.remove(id) != nil { roleBindingChanges += 1 }
    for name in old.spec.definitions {
      scopes[id.scope]?.definitions[name]?.remove(id)
      if scopes[id.scope]?.definitions[name]?.isEmpty ?? false { scopes[id.scope]?.definitions[name] = nil }
    }
    referrers.remove(id, mentioning: old.references)
  }

  mutating func setApplied(_ revision: Revision, to scope: Scope) {
    scopes[scope, default: .init()].applied = revision
  }

  /// Whether a scope has anything live; a tenant's projects count as the tenant's.
  package func isLive(_ scope: Scope) -> Bool {
    if let resources = scopes[scope]?.resources, !resources.isEmpty { return true }
    guard case .tenant(let tenant) = scope else { return false }
    return scopes.contains { $0.key.tenant == tenant && !$0.value.resources.isEmpty }
  }

  mutating func forget(_ scope: Scope) {
    guard scopes[scope]?.resources.isEmpty ?? false else { return }
    scopes[scope] = nil
  }
}

extension Resource {
  /// How much this resource counts in the deletion guard: rules one each, routes and channels one, others nothing.
  package var guardedCount: Int {
    switch spec {
    case .ruleGroup(let group): group.rules.count
    case .route, .channel: 1
    case .platform, .tenant, .project, .dataSource, .silence, .timeInterval, .inhibitRule, .template, .roleBinding,
      .approval:
      0
    }
  }
}
