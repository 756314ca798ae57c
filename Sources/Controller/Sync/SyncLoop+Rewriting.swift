import Git
import JSON
import Ledger
import Model
import Reconciler

// A head that doesn't descend from the commit that was seen last.
extension SyncLoop {
  /// Whether `revision` may be followed although the history was rewritten; says so, once.
  func mayFollow(_ revision: Revision, rewriting seen: ObjectID, by trigger: SyncTrigger) async throws(GitError) -> Bool
  {
    let policy = settings.rewrittenHistory
    guard policy != .refuse || state.attempted != revision || state.rewrite?.to != revision.commit else { return false }
    let rewrite = try await rewrite(to: revision, from: seen)
    state.rewrite = rewrite
    var batch = LedgerBatch()
    let action = policy == .refuse ? "sync.refused" : "history.rewritten"
    var row = auditRow(action, .platform, revision.commit, rewrite.summary, trigger)
    row.before = rewrite.lostCommits.text
    batch.audit = [row]
    ledger.submit(batch)
    let fields: KeyValuePairs<String, String> = [
      "revision": revision.description, "reason": HeldReason.historyRewritten.rawValue, "policy": policy.rawValue,
      "why": rewrite.summary, "lost": rewrite.names,
    ]
    switch policy {
    case .refuse:
      state.refused(revision, .historyRewritten, rewrite.summary + "; " + rewrite.remedy, at: clock.now)
      forge?.noteRefused(revision, rewrite.summary + "; " + rewrite.remedy)
      log.event("sync.refused", .error, fields)
    case .warn: log.event("history.rewritten", .warning, fields)
    case .accept: log.event("history.rewritten", .info, fields)
    }
    return policy != .refuse
  }

  /// What was lost, and what following the new head would take away: planned on a copy.
  private func rewrite(to revision: Revision, from seen: ObjectID) async throws(GitError) -> RewrittenHistory {
    var trial = reconciler
    trial.see(try await specs.changes(from: seen, to: revision.commit))
    let firing = await engine.firing(of: trial.changingGroups)
    let plan = trial.plan(for: revision, at: clock.now, firing: firing)
    return try RewrittenHistory(
      from: seen, to: revision.commit, in: mirror.repository, losing: plan.losses, at: clock.now)
  }
}

extension RewrittenHistory {
  /// The lost commits as the audit keeps them.
  var lostCommits: JSONValue {
    .object([
      .init("from", .string(from.hex)), .init("to", .string(to.hex)),
      .init("mergeBase", mergeBase.map { .string($0.hex) } ?? .null), .init("lostCount", .integer(Int64(lostCount))),
      .init(
        "lost",
        .array(
          lost.map { commit in
            .object([
              .init("commit", .string(commit.id.hex)), .init("author", .string(commit.author)),
              .init("subject", .string(commit.subject)),
            ])
          })),
    ])
  }
}
