import Diagnostics
package import Model

// A folder that was renamed says so in its Tenant or Project document: what it claims to have been.
extension SpecTree {
  /// The folders that a scope says it was before, in the order in which they are written.
  package func claims(of scope: Scope) -> [Scope] {
    resource(Self.settingsID(of: scope)).map(\.claims) ?? []
  }

  /// The scopes that say they were this one.
  package func claimants(of scope: Scope) -> [Scope] {
    claimants[scope, default: []].map(\.scope).sorted()
  }

  /// Whether there is any file in a scope's folder or below.
  package func hasFolder(_ scope: Scope) -> Bool {
    if hasFiles(scope) { return true }
    guard case .tenant(let tenant) = scope else { return false }
    return hasProjects(tenant)
  }

  /// Whether a claim of this scope can't be: the folder is still there, or somebody else claims it too.
  package func hasBadClaims(_ scope: Scope) -> Bool {
    claims(of: scope).contains { hasFolder($0) || claimants[$0, default: []].count > 1 }
  }

  func reportClaims(of scope: Scope, to found: inout Diagnostics) {
    guard let document = resource(Self.settingsID(of: scope)) else { return }
    for claim in document.claims {
      let name = claim.project ?? claim.tenant ?? ""
      if hasFolder(claim) {
        found.error(
          "claimed-name", "\(scope) can't have been '\(name)': the folder \(claim.path) is still there",
          at: document.span,
          fix: "remove '\(name)' from 'previous_names', or move what is left in \(claim.path) into \(scope.path)")
      } else if let other = claimants(of: claim).first(where: { $0 != scope }) {
        let notes = resource(Self.settingsID(of: other)).map { [Diagnostic.Note("\(other) says so here", at: $0.span)] }
        found.error(
          "claimed-name", "both \(scope) and \(other) say that they were '\(name)'", at: document.span,
          fix: "leave '\(name)' in the 'previous_names' of one of them", notes: notes ?? [])
      }
    }
  }
}

extension Resource {
  /// The scopes that this document says its own was before; none for other documents than `Tenant` and `Project`.
  package var claims: [Scope] {
    switch (spec, id.scope) {
    case (.tenant, .tenant): previousNames.filter { $0 != id.name }.map { .tenant($0) }
    case (.project, .project(let tenant, _)):
      previousNames.filter { $0 != id.name }.map { .project(tenant: tenant, project: $0) }
    default: []
    }
  }
}
