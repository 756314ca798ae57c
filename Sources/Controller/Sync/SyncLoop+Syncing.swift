import Git
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
      guard try await mayFollow(revision, rewriting: seen, by: trigger) else { return }
    } else if state.rewrite?.to != revision.commit {
      state.rewrite = nil
    }
    var timings = SyncTimings(pushed: pushTime(of: revision, by: trigger), started: started)
    timings.end("fetch", at: fetched)
    guard let changed = try await changes(to: revision, &timings) else { return }
    noteCommits(of: followed(changed.map(\.path)), at: revision.commit)
    let parsed = clock.now
    timings.end("parse", at: parsed)
    reconciler.see(changed)
    let former = seen
    seen = revision.commit
    let firing = await engine.firing(of: reconciler.changingGroups)
    let plan = reconciler.plan(for: revision, at: parsed, firing: firing)
    let planned = clock.now
    timings.end("plan", at: planned)
    state.review = review(plan, since: former, upTo: revision.commit)
    noteCulprits(of: plan)
    let attribution = await attribute(plan)
    changes += 1
    let awaited = await engine.apply(plan, as: changes, at: planned)
    reconciler.applied(plan)
    await place(changed, besides: plan.steps, at: revision)
    let applied = clock.now
    timings.end("apply", at: applied)
    let touched = Set(changed.compactMap { SpecFile.scope(ofPath: $0.path) })
    record(
      plan, trigger, started: started, finished: applied, timings, attribution, touched, isAwaited: awaited > 0)
    tellForge(plan, changed: changed.map(\.path))
    refinement.wake()
  }
}
