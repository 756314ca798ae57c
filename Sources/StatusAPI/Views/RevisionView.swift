package import JSON
package import Model

/// What became of one commit: the answer of `/api/v1/revisions/{sha}`.
package struct RevisionView: Hashable, Sendable {
  /// How the commit stands in one scope.
  package struct Standing: Hashable, Sendable {
    package var scope: Scope
    /// `nil` where it was never applied.
    package var appliedAt: Timestamp?
    /// Where it wasn't: how the scope stands, and why.
    package var sync: SyncStanding
    /// Over what the commit's plan did there; `nil` where it did nothing.
    package var planDigest: String?

    package init(scope: Scope, appliedAt: Timestamp? = nil, sync: SyncStanding, planDigest: String? = nil) {
      self.planDigest = planDigest
      self.scope = scope
      self.appliedAt = appliedAt
      self.sync = sync
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
  /// Ascending.
  package var scopes: [Standing]

  package init(
    revision: Revision, commit: CommitInfo? = nil, seenAt: Timestamp? = nil, attemptedAt: Timestamp? = nil,
    sync: Int64? = nil, isAppliedEverywhere: Bool, supersededBy: Revision? = nil, scopes: [Standing],
    planDigest: String? = nil,
    planMatch: Bool? = nil
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
      $0.optional("sync", sync)
      $0.optional("planDigest", planDigest)
      $0.optional("planMatch", planMatch)
      $0.member("appliedEverywhere", isAppliedEverywhere)
      $0.optional("supersededBy", supersededBy)
      $0.views("scopes", scopes)
    }
  }
}

extension RevisionView.Standing: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.scope(scope)
      $0.member("applied", appliedAt != nil)
      $0.optional("appliedAt", appliedAt)
      $0.optional("planDigest", planDigest)
      $0.view("sync", sync)
    }
  }
}
