import Ledger
import Model
import Synchronization

extension SyncLoop {
  /// A sync whose changes weren't all evaluated yet.
  struct Unevaluated: Sendable {
    var timings: SyncTimings
    var revision: Revision
    var startedAt: Timestamp
    var finishedAt: Timestamp
    var operation: Int64
  }

  /// When the revision was pushed: as a webhook had it, or else by the commit's own date. `nil` for a revision that isn't
  /// new, and at the start, when nobody knows since when it has been there.
  func pushTime(of revision: Revision, by trigger: SyncTrigger) -> PushTime? {
    guard trigger != .startup, seen != revision.commit else { return nil }
    if let announced = receipts.withLock({ $0[revision.commit] }) { return .announced(announced) }
    return state.commit.map { .committed($0.committedAt) }
  }

  /// Takes note of when a webhook announced a commit.
  nonisolated func announced(_ commit: ObjectID, at now: Timestamp) {
    receipts.withLock { $0.note(commit, at: now) }
  }

  /// Follows the first evaluations of what syncs brought, until cancelled.
  func followEvaluations() async {
    for await change in engine.evaluations { evaluated(change) }
  }

  /// Keeps a sync until what it brought was evaluated; that may have happened already.
  func track(_ sync: Unevaluated, as change: UInt64) {
    if let instant = evaluatedEarly.removeValue(forKey: change) { return complete(sync, at: instant) }
    unevaluated[change] = sync
  }

  private func evaluated(_ change: EvaluatedChange) {
    guard let sync = unevaluated.removeValue(forKey: change.number) else {
      evaluatedEarly[change.number] = change.at
      return
    }
    complete(sync, at: change.at)
  }

  /// Adds the last stages to what status, metrics and ledger have.
  private func complete(_ sync: Unevaluated, at instant: Timestamp) {
    var timings = sync.timings
    let added = timings.complete(evaluatedAt: instant)
    state.completed(sync.operation, timings.stages, added)
    var batch = LedgerBatch()
    batch.syncTimings = [
      SyncTimingsChange(
        commit: sync.revision.commit, startedAt: sync.startedAt, finishedAt: sync.finishedAt, timings: timings.stages)
    ]
    ledger.submit(batch)
  }
}
