package import Model

/// Which resources mention a name, kept so that a change in one tenant looks at no other's.
package struct ReferrerIndex: Sendable {
  /// By what is mentioned, then by the tenant that the mention stands in; `nil` for the platform.
  private var users: [ReferenceKey: [String?: Set<ResourceID>]] = [:]

  package init() {}

  package mutating func insert(_ resource: Resource) {
    for reference in resource.references {
      users[ReferenceKey(reference), default: [:]][resource.id.scope.tenant, default: []].insert(resource.id)
    }
  }

  /// Forgets that `id` mentions these.
  package mutating func remove(_ id: ResourceID, mentioning references: some Sequence<Reference>) {
    for key in Set(references.lazy.map(ReferenceKey.init)) {
      users[key]?[id.scope.tenant]?.remove(id)
      if users[key]?[id.scope.tenant]?.isEmpty ?? false { users[key]?[id.scope.tenant] = nil }
      if users[key]?.isEmpty ?? false { users[key] = nil }
    }
  }

  /// The resources that mention a name in `scope` or below: nobody else can mean what `scope` has.
  package func users(of kind: Kind, named name: String, below scope: Scope) -> Set<ResourceID> {
    guard let all = users[ReferenceKey(kind, name)] else { return [] }
    switch scope {
    case .platform: return all.values.reduce(into: []) { $0.formUnion($1) }
    case .tenant(let tenant): return all[tenant] ?? []
    case .project(let tenant, _): return (all[tenant] ?? []).filter { $0.scope == scope }
    }
  }
}
