import Git
import Model
import Reconciler

extension SyncLoop {
  func sync(
    to revision: Revision, by trigger: SyncTrigger, started: Timestamp, fetched: Timestamp
  ) async throws(GitError) {
    state.desired = revision
    state.commit = try mirror.repository.commit(revision.commit)
    if let seen, seen != revision.commit, try !mirror.repository.isAncestor(seen, of: revision.commit) {
      guard try await mayFollow(revision, rewriting: seen) else { return }
    } else if state.rewrite?.to != revision.commit {
      state.rewrite = nil
    }
    let changes =
      if let seen { try await specs.changes(from: seen, to: revision.commit) } else {
        try await specs.files(at: revision.commit)
      }
    noteCommits(of: Set(changes.map(\.path)), at: revision.commit)
    let parsed = clock.now
    reconciler.see(changes)
    seen = revision.commit
    let firing = await engine.firing(of: reconciler.changingGroups)
    let plan = reconciler.plan(for: revision, at: parsed, firing: firing)
    let planned = clock.now
    await engine.note(lastCommits)
    await engine.apply(plan, at: planned)
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
}

extension SyncRecord.Timing {
  fileprivate init(stage: String, from start: Timestamp, to end: Timestamp) {
    self.init(stage: stage, milliseconds: Double((end - start).wholeMilliseconds))
  }
}
