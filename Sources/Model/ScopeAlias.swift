/// A tenant or project that has another name now: what was recorded under the former one belongs to it.
package struct ScopeAlias: Hashable, Sendable {
  package var scope: Scope
  package var former: Scope
  /// When the former name began to be this one's; later than the renaming of another that had it before.
  package var since: Timestamp
  /// When it was renamed: what is recorded under the former name from then on is somebody else's.
  package var renamedAt: Timestamp
  package var commit: ObjectID?

  package init(scope: Scope, former: Scope, since: Timestamp, renamedAt: Timestamp, commit: ObjectID?) {
    self.scope = scope
    self.former = former
    self.since = since
    self.renamedAt = renamedAt
    self.commit = commit
  }
}

/// A name that a scope had, and when.
package struct ScopeSpan: Hashable, Sendable {
  package var scope: Scope
  package var since: Timestamp
  /// `nil` for the name that it has.
  package var until: Timestamp?
}

/// All renamings that are known.
package struct ScopeAliases: Hashable, Sendable {
  package private(set) var all: [ScopeAlias]

  package init(_ all: [ScopeAlias] = []) {
    self.all = all.sorted { ($0.renamedAt, $0.former) < ($1.renamedAt, $1.former) }
  }

  package var isEmpty: Bool { all.isEmpty }

  /// Notes that `former` is called `scope` from now on; what is kept of it.
  package mutating func rename(
    _ former: Scope, to scope: Scope, at now: Timestamp, commit: ObjectID?
  ) -> ScopeAlias {
    let since = all.last { $0.former == former }?.renamedAt ?? .epoch
    let alias = ScopeAlias(scope: scope, former: former, since: since, renamedAt: now, commit: commit)
    all.append(alias)
    return alias
  }

  /// The names that a scope had, its present one first.
  package func spans(of scope: Scope) -> [ScopeSpan] {
    let since = all.last { $0.former == scope }?.renamedAt ?? .epoch
    var spans = [ScopeSpan(scope: scope, since: since, until: nil)]
    var next = 0
    while next < spans.count {
      let span = spans[next]
      for alias in all where alias.scope == span.scope && alias.renamedAt > span.since {
        if let until = span.until, alias.renamedAt >= until { continue }
        spans.append(ScopeSpan(scope: alias.former, since: alias.since, until: alias.renamedAt))
      }
      next += 1
    }
    return spans
  }

  /// The names that a tenant had before, the last first, but for those that are in `taken` again.
  package func formerTenants(of tenant: String, besides taken: Set<String>) -> [String] {
    var seen: Set<String> = [tenant]
    return spans(of: .tenant(tenant)).dropFirst().sorted { ($0.until ?? .epoch) > ($1.until ?? .epoch) }
      .compactMap(\.scope.tenant).filter { !taken.contains($0) && seen.insert($0).inserted }
  }
}
