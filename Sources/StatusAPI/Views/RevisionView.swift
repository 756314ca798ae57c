package import JSON
package import Model

/// What became of one commit: the answer of `/api/v1/revisions/{sha}`.
package struct RevisionView: Hashable, Sendable {
  /// What a scope did with the commit.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// The scope is at this commit.
    case applied
    /// The scope is at a later commit, which contains this one.
    case superseded
    /// The commit, or a later one, was tried, and the scope stays at an older one.
    case held
    /// The scope's sync is paused.
    case suspended
    /// It wasn't tried yet.
    case pending
    /// It was tried, and the history that is followed now doesn't contain it.
    case replaced
  }

  /// How the commit stands in one scope.
  package struct Standing: Hashable, Sendable {
    package var scope: Scope
    package var outcome: Outcome
    /// When this commit, or a later one, came to be live; `nil` where none is.
    package var appliedAt: Timestamp?
    /// When every rule group of the scope had been evaluated since; `nil` while one wasn't.
    package var evaluatedAt: Timestamp?
    /// The later commit that the scope is at.
    package var supersededBy: Revision?
    /// Where it isn't live: how the scope stands, and why.
    package var sync: SyncStanding
    /// The first findings of a held scope, errors before the rest.
    package var diagnostics: [DiagnosticView]
    /// Over what the commit's plan did there; `nil` where it did nothing.
    package var planDigest: String?

    /// Whether this commit, or a later one that contains it, is live.
    package var isApplied: Bool { outcome == .applied || outcome == .superseded }

    package init(
      scope: Scope, outcome: Outcome, appliedAt: Timestamp? = nil, evaluatedAt: Timestamp? = nil,
      supersededBy: Revision? = nil, sync: SyncStanding, diagnostics: [DiagnosticView] = [], planDigest: String? = nil
    ) {
      self.planDigest = planDigest
      self.scope = scope
      self.outcome = outcome
      self.appliedAt = appliedAt
      self.evaluatedAt = evaluatedAt
      self.supersededBy = supersededBy
      self.sync = sync
      self.diagnostics = diagnostics
    }
  }

  package var revision: Revision
  package var commit: CommitInfo?
  package var seenAt: Timestamp?
  package var attemptedAt: Timestamp?
  /// The sync that attempted it.
  package var sync: Int64?
  /// Over what that sync's plan did.
  package var planDigest: String?
  /// Whether it is the plan that commits name as reviewed; `nil` where none names one.
  package var planMatch: Bool?
  /// Every visible scope has applied it, or a revision after it.
  package var isAppliedEverywhere: Bool
  /// The newest revision, when that is a later one.
  package var supersededBy: Revision?
  /// What each stage took of the sync that attempted it, in milliseconds.
  package var timings: [SyncRecord.Timing]
  /// Ascending.
  package var scopes: [Standing]

  package init(
    revision: Revision, commit: CommitInfo? = nil, seenAt: Timestamp? = nil, attemptedAt: Timestamp? = nil,
    sync: Int64? = nil, isAppliedEverywhere: Bool, supersededBy: Revision? = nil,
    timings: [SyncRecord.Timing] = [], scopes: [Standing], planDigest: String? = nil, planMatch: Bool? = nil
  ) {
    self.planDigest = planDigest
    self.planMatch = planMatch
    self.revision = revision
    self.commit = commit
    self.seenAt = seenAt
    self.attemptedAt = attemptedAt
    self.sync = sync
    self.isAppliedEverywhere = isAppliedEverywhere
    self.supersededBy = supersededBy
    self.timings = timings
    self.scopes = scopes
  }
}

extension RevisionView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("sha", revision.commit.hex)
      $0.member("revision", revision.description)
      $0.view("commit", commit)
      $0.optional("seenAt", seenAt)
      $0.optional("attemptedAt", attemptedAt)
      $0.key("sync")
      if let sync { $0.int(sync) } else { $0.null() }
      $0.optional("planDigest", planDigest)
      $0.optional("planMatch", planMatch)
      $0.member("appliedEverywhere", isAppliedEverywhere)
      $0.optional("supersededBy", supersededBy)
      $0.timings("timingsMs", timings)
      $0.views("scopes", scopes)
    }
  }
}

extension RevisionView.Standing: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.scope(scope)
      $0.member("applied", isApplied)
      $0.member("outcome", outcome.rawValue)
      $0.optional("appliedAt", appliedAt)
      $0.optional("evaluatedAt", evaluatedAt)
      $0.optional("supersededBy", supersededBy)
      $0.optional("planDigest", planDigest)
      $0.view("sync", sync)
      $0.views("diagnostics", diagnostics)
    }
  }
}
