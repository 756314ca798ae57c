/// One row of the audit: who did what, when, by which commit; chained by hashes.
package struct AuditRecord: Hashable, Sendable {
  /// Given by the ledger; 0 before.
  package var id: Int64
  package var at: Timestamp
  /// The author of the commit that made the change, `controller`, or the local user of an emergency silence.
  package var actor: String
  /// `resource.updated`, `scope.applied`, `scope.held.ValidationFailed`, `silence.emergency`, …
  package var action: String
  package var scope: Scope
  /// The commit that made the change; for what concerns a whole scope, the revision's.
  package var commit: ObjectID?
  /// What it was done to, in words.
  package var subject: String
  /// JSON, or empty.
  package var before: String
  package var after: String
  /// Who committed the change, and who merged it; empty where nobody did.
  package var committer: String
  package var merger: String
  /// Who vouched for it, by the trailers of the commit and of the merge that brought it.
  package var approvers: [Trailer]
  /// The request that brought it.
  package var pullRequest: PullRequest?
  /// Where it stands: the path from the spec root, empty for what stands in no file, and the line.
  package var path: String
  package var line: Int?
  /// The resource that was changed; of `scope`.
  package var resource: ResourceID?
  /// Why the controller looked at the repository then.
  package var trigger: SyncTrigger?
  /// The commit that was synced, which may be a later one than `commit`.
  package var revision: ObjectID?
  /// Which fields the hash covers; given by the ledger: 1 for rows of the first two schemas, 2 for the others.
  package var form: Int
  /// SHA-256 over the row before's hash and this row, hexadecimal; given by the ledger.
  package var hash: String

  package init(
    id: Int64 = 0, at: Timestamp, actor: String, action: String, scope: Scope, commit: ObjectID?, subject: String,
    before: String = "", after: String = "", committer: String = "", merger: String = "", approvers: [Trailer] = [],
    pullRequest: PullRequest? = nil, path: String = "", line: Int? = nil, resource: ResourceID? = nil,
    trigger: SyncTrigger? = nil, revision: ObjectID? = nil, form: Int = 2, hash: String = ""
  ) {
    self.id = id
    self.at = at
    self.actor = actor
    self.action = action
    self.scope = scope
    self.commit = commit
    self.subject = subject
    self.before = before
    self.after = after
    self.committer = committer
    self.merger = merger
    self.approvers = approvers
    self.pullRequest = pullRequest
    self.path = path
    self.line = line
    self.resource = resource
    self.trigger = trigger
    self.revision = revision
    self.form = form
    self.hash = hash
  }
}
