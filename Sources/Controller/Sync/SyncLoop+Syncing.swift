import Git
import Ledger
import Model
import Reconciler

extension SyncLoop {
  func sync(
    to revision: Revision, by trigger: SyncTrigger, started: Timestamp, fetched: Timestamp
  ) async throws(GitError) {
    state.desired = revision
    state.commit = try mirror.repository.commit(revision.commit)
    if let seen, seen != revision.commit, try !mirror.repository.isAncestor(seen, of: revision.commit) {
      return refuseRewritten(revision, seen)
    }
    let changes =
      if let seen { try await specs.changes(from: seen, to: revision.commit) } else {
        try await specs.files(at: revision.commit)
      }
    noteCommits(of: Set(changes.map(\.path)), at: revision.commit)
    let parsed = clock.now
    reconciler.see(changes)
    let former = seen
    seen = revision.commit
    let plan = reconciler.plan(for: revision, at: parsed)
    let planned = clock.now
    state.review = review(plan, since: former, upTo: revision.commit)
    await engine.note(lastCommits)
    await engine.apply(plan.steps, of: revision, at: planned)
    reconciler.applied(plan)
    let applied = clock.now
    let timings = [
      SyncRecord.Timing(stage: "fetch", from: started, to: fetched),
      SyncRecord.Timing(stage: "parse", from: fetched, to: parsed),
      SyncRecord.Timing(stage: "plan", from: parsed, to: planned),
      SyncRecord.Timing(stage: "apply", from: planned, to: applied),
    ]
    record(plan, trigger, started: started, finished: applied, timings)
  }

  func refuseRewritten(_ revision: Revision, _ applied: ObjectID) {
    guard state.attempted != revision else { return }
    let message =
      "\(revision.commit.short) doesn't descend from \(applied.short), which was applied: the history was rewritten; "
      + "push a branch that contains \(applied.short), for example by git merge \(applied.short)"
    state.refused(revision, .historyRewritten, message, at: clock.now)
    log.event(
      "sync.refused", .error, ["revision": revision.description, "reason": HeldReason.historyRewritten.rawValue])
    var batch = LedgerBatch()
    batch.audit = [
      AuditRecord(
        at: clock.now, actor: "controller", action: "sync.refused", scope: .platform, commit: revision.commit,
        subject: message)
    ]
    ledger.submit(batch)
  }
}

extension SyncRecord.Timing {
  fileprivate init(stage: String, from start: Timestamp, to end: Timestamp) {
    self.init(stage: stage, milliseconds: Double((end - start).wholeMilliseconds))
  }
}
