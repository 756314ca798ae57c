import Model
import Specs

/// Tenants and projects whose folders have new names.
struct FolderRenames {
  /// What a scope was before.
  private(set) var former: [Scope: Scope] = [:]
  /// What a scope is now.
  private(set) var successors: [Scope: Scope] = [:]

  mutating func insert(_ former: Scope, as scope: Scope) {
    self.former[scope] = former
    successors[former] = scope
  }
}

extension Planning {
  /// Finds the scopes that say they were another, which is live and has no folder any more.
  mutating func findRenames(in scopes: [Scope]) {
    for scope in scopes where scope.tenant != nil {
      // A tenant stands before its projects.
      let candidates = candidates(for: scope)
      guard !candidates.isEmpty, tree.hasFiles(scope), !tree.hasBadClaims(scope) else { continue }
      let found = candidates.first { old in
        live.isLive(old) && !tree.hasFolder(old) && renames.successors[old] == nil
      }
      if let found { renames.insert(found, as: scope) }
    }
  }

  private func candidates(for scope: Scope) -> [Scope] {
    let claims = tree.claims(of: scope)
    guard case .project(let tenant, let project) = scope else { return claims }
    guard let old = renames.former[.tenant(tenant)]?.tenant else { return claims }
    let names = [project] + claims.compactMap(\.project)
    return (names.map { .project(tenant: old, project: $0) }) + claims
  }

  /// A folder goes on under its new name whole or not at all: until every part of it can follow, all stay as they are.
  mutating func settleRenames(in scopes: [Scope]) {
    for (new, old) in renames.former.sorted(by: { $0.key < $1.key }) {
      let parts = scopes.filter { $0.isPart(of: new) || $0.isPart(of: old) }
      let culprit = parts.first { part in
        renames.successors[part] == nil && decisions[part] != nil && decisions[part] != .apply
      }
      guard let culprit else { continue }
      for part in parts where decisions[part] == nil || decisions[part] == .apply {
        decisions[part] = .hold(.dependencyHeld)
        explanations[part] =
          "\(old) is called \(new) now, and is renamed whole or not at all: \(culprit) can't follow; see why there"
      }
    }
  }
}

extension Scope {
  /// Whether this is `scope` or one of its projects.
  fileprivate func isPart(of scope: Scope) -> Bool {
    self == scope || (scope.project == nil && tenant == scope.tenant)
  }
}
