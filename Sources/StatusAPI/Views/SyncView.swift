package import JSON
package import Model

/// One sync: in a list without plan and diagnostics, alone with them.
package struct SyncView: Hashable, Sendable {
  /// Plan, diagnostics and counts hold only what the reader may see.
  package var record: SyncRecord
  package var commit: CommitInfo?

  package init(record: SyncRecord, commit: CommitInfo? = nil) {
    self.record = record
    self.commit = commit
  }
}

extension SyncView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      writeSummary(id: record.id, to: &$0)
      $0.stored("plan", record.plan)
      $0.stored("diagnostics", record.diagnostics)
    }
  }

  /// The members that lists show.
  func writeSummary(to writer: inout JSONWriter) { writeSummary(id: record.id, to: &writer) }

  /// `id`: the ledger's; `nil` while it has given none.
  func writeSummary(id: Int64?, to writer: inout JSONWriter) {
    writer.identifier(id)
    writer.member("trigger", record.trigger.rawValue)
    writer.member("revision", record.revision.description)
    writer.view("commit", commit)
    writer.member("status", record.status.rawValue)
    writer.member("startedAt", record.startedAt.description)
    writer.member("finishedAt", record.finishedAt.description)
    writer.changes(
      created: record.created, updated: record.updated, moved: record.moved, deleted: record.deleted
    )
    writer.timings("timingsMs", record.timings)
    let plan = StoredPlan(record.plan)
    writer.optional("planDigest", plan.digest)
    writer.optional("planMatch", plan.isMatch)
  }
}
