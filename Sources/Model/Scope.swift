/// A unit of ownership and of failure: the platform, a tenant, or a project of a tenant.
package enum Scope: Hashable, Sendable {
  case platform
  case tenant(String)
  case project(tenant: String, project: String)

  /// The tenant that this scope belongs to; `nil` for the platform.
  package var tenant: String? {
    switch self {
    case .platform: nil
    case .tenant(let tenant), .project(let tenant, _): tenant
    }
  }

  /// The project; `nil` for platform and tenant.
  package var project: String? {
    guard case .project(_, let project) = self else { return nil }
    return project
  }

  /// The scope that references resolve to next: project, then tenant, then platform.
  package var parent: Scope? {
    switch self {
    case .platform: nil
    case .tenant: .platform
    case .project(let tenant, _): .tenant(tenant)
    }
  }

  /// This scope and those above it, nearest first.
  package var lineage: [Scope] {
    switch self {
    case .platform: [self]
    case .tenant: [self, .platform]
    case .project(let tenant, _): [self, .tenant(tenant), .platform]
    }
  }

  /// The folder of this scope in a spec repository.
  package var path: String {
    switch self {
    case .platform: "platform"
    case .tenant(let tenant): "tenants/" + tenant
    case .project(let tenant, let project): "tenants/" + tenant + "/" + project
    }
  }
}

extension Scope: Comparable, CustomStringConvertible {
  /// `platform`, `shop`, `shop/checkout`.
  package var description: String {
    switch self {
    case .platform: "platform"
    case .tenant(let tenant): tenant
    case .project(let tenant, let project): tenant + "/" + project
    }
  }

  /// Platform first, then each tenant with its projects behind it.
  package static func < (left: Scope, right: Scope) -> Bool {
    (left.tenant ?? "", left.project ?? "") < (right.tenant ?? "", right.project ?? "")
  }
}
