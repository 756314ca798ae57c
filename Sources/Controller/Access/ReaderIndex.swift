import Model
import Reconciler
import Specs
import StatusAPI

/// What role bindings let people see, by whom they name: made where bindings change, asked at every request.
///
/// Any role sees. A binding in a tenant, or in one of its projects, shows that tenant whole, since the tenant is the
/// boundary of sight; one of the platform shows everything.
struct ReaderIndex: Sendable {
  private var users: [String: Visibility] = [:]
  private var groups: [String: Visibility] = [:]

  init() {}

  init(_ bindings: some Sequence<Resource>) {
    for resource in bindings {
      guard case .roleBinding(let binding) = resource.spec else { continue }
      let sight: Visibility = resource.id.scope.tenant.map { .tenants([$0]) } ?? .all
      for subject in binding.subjects {
        switch subject {
        case .user(let email, _): users[Self.person(email), default: .tenants([])].add(sight)
        case .group(let name): groups[name, default: .tenants([])].add(sight)
        }
      }
    }
  }

  /// What somebody sees by their own bindings and those of their groups; `nil` without any.
  func visibility(of principal: Principal) -> Visibility? {
    var seen = users[Self.person(principal.user)]
    for group in principal.groups {
      guard let sight = groups[group] else { continue }
      seen = seen ?? .tenants([])
      seen?.add(sight)
      if seen == .all { break }
    }
    return seen
  }

  /// Letters' case doesn't count in an address, as with the authors of commits.
  private static func person(_ name: String) -> String {
    name.contains("@") ? name.lowercased() : name
  }
}

extension Visibility {
  /// Sees also what `other` sees.
  fileprivate mutating func add(_ other: Visibility) {
    switch (self, other) {
    case (.tenants(let mine), .tenants(let more)): self = .tenants(mine.union(more))
    default: self = .all
    }
  }
}
