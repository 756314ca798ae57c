package import Model
package import Specs

extension Role {
  /// Roles from the least on; each may do what those before it may.
  package static let ascending: [Role] = [.viewer, .member, .admin, .owner]

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .member: 1
    case .admin: 2
    case .owner: 3
    }
  }

  /// Whether whoever has this role may do what `other` may.
  package func includes(_ other: Role) -> Bool { rank >= other.rank }
}

extension Kind {
  /// The least role that may create, update or delete a document of this kind in `scope`.
  package func roleNeeded(in scope: Scope) -> Role {
    switch self {
    case .roleBinding, .platform, .tenant, .project: .owner
    case .dataSource, .timeInterval, .inhibitRule, .approval: .admin
    // A project's own ways out are its team's; those of a tenant concern all of its projects.
    case .route, .channel: scope.project == nil ? .admin : .member
    case .ruleGroup, .silence, .template: .member
    }
  }
}
