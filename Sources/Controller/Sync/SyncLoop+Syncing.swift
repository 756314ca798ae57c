import Git
import Ledger
import Model
import Reconciler
import Specs

extension SyncLoop {
  func sync(
    to revision: Revision, by trigger: SyncTrigger, started: Timestamp, fetched: Timestamp
  ) async throws(GitError) {
    state.desired = revision
    state.commit = try mirror.repository.commit(revision.commit)
    if let seen, seen != revision.commit, try !mirror.repository.isAncestor(seen, of: revision.commit) {
      return refuseRewritten(revision, seen, by: trigger)
    }
    let changes =
      if let seen { try await specs.changes(from: seen, to: revision.commit) } else {
        try await specs.files(at: revision.commit)
      }
    noteCommits(of: Set(changes.map(\.path)), at: revision.commit)
    let parsed = clock.now
    reconciler.see(changes)
    seen = revision.commit
    let plan = reconciler.plan(for: revision, at: parsed)
    let planned = clock.now
    noteCulprits(of: plan)
    let attribution = await attribute(plan)
    await engine.apply(plan.steps, of: revision, at: planned)
    reconciler.applied(plan)
    await place(changes, besides: plan.steps, at: revision)
    let applied = clock.now
    let timings = [
      SyncRecord.Timing(stage: "fetch", from: started, to: fetched),
      SyncRecord.Timing(stage: "parse", from: fetched, to: parsed),
      SyncRecord.Timing(stage: "plan", from: parsed, to: planned),
      SyncRecord.Timing(stage: "apply", from: planned, to: applied),
    ]
    let touched = Set(changes.compactMap { SpecFile.scope(ofPath: $0.path) })
    record(plan, trigger, started: started, finished: applied, timings, attribution, touched)
    refinement.wake()
  }

  func refuseRewritten(_ revision: Revision, _ applied: ObjectID, by trigger: SyncTrigger) {
    guard state.attempted != revision else { return }
    let message =
      "\(revision.commit.short) doesn't descend from \(applied.short), which was applied: the history was rewritten; "
      + "push a branch that contains \(applied.short), for example by git merge \(applied.short)"
    state.refused(revision, .historyRewritten, message, at: clock.now)
    log.event(
      "sync.refused", .error, ["revision": revision.description, "reason": HeldReason.historyRewritten.rawValue])
    var batch = LedgerBatch()
    batch.audit = [auditRow("sync.refused", .platform, revision.commit, message, trigger)]
    ledger.submit(batch)
  }
}

extension SyncRecord.Timing {
  fileprivate init(stage: String, from start: Timestamp, to end: Timestamp) {
    self.init(stage: stage, milliseconds: Double((end - start).wholeMilliseconds))
  }
}
