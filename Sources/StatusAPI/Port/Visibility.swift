package import Model

/// Whose affairs a reader may see. What it may not see does not exist for it: not in lists, not in counts, not by name.
package enum Visibility: Hashable, Sendable {
  /// The platform and every tenant.
  case all
  /// These tenants and their projects, and nothing of the platform's own.
  case tenants(Set<String>)

  /// Whether what belongs to `scope` may be seen.
  package func allows(_ scope: Scope) -> Bool {
    switch self {
    case .all: true
    case .tenants(let tenants): scope.tenant.map(tenants.contains) ?? false
    }
  }

  /// Stable text of this visibility: equal only for equal ones.
  var key: String {
    switch self {
    case .all: "*"
    case .tenants(let tenants): tenants.sorted().joined(separator: "/")
    }
  }
}
