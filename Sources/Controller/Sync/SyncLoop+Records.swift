import Diagnostics
import Git
import JSON
import Ledger
import Model
import Reconciler
import Specs
import StatusAPI

extension SyncLoop {
  func record(
    _ plan: Plan, _ trigger: SyncTrigger, started: Timestamp, finished: Timestamp, _ timings: SyncTimings,
    _ attribution: ChangeAttribution, _ touched: Set<Scope>, isAwaited: Bool
  ) {
    var timings = timings
    if !isAwaited { _ = timings.complete(evaluatedAt: nil) }
    let counts = plan.counts
    let review = state.review ?? PlanReview(PlanDigest(plan), messages: [])
    let operation = OperationView(
      id: (state.operation?.id ?? 0) + 1, phase: .succeeded, trigger: trigger, startedAt: started, finishedAt: finished,
      created: counts.create, updated: counts.update, moved: counts.move, deleted: counts.delete,
      timings: timings.stages, planDigest: review.digest.overall, planMatch: review.isMatch)
    let before = state.scopes.mapValues(\.sync)
    let known = Set(reconciler.tree.scopes).union(reconciler.live.scopes.keys).union(reconciler.refusals.keys)
    let scopes = state.applied(plan, known: known, culprits: culprits(of: plan), operation: operation, at: finished)
    keepRefs(plan)
    var batch = LedgerBatch()
    batch.syncs = [
      SyncRecord(
        trigger: trigger, revision: plan.revision, startedAt: started, finishedAt: finished,
        status: state.overall.status, created: counts.create, updated: counts.update, moved: counts.move,
        deleted: counts.delete, timings: timings.stages, plan: PlanDocument.json(plan, review).text,
        diagnostics: PlanDocument.diagnostics(plan).text)
    ]
    batch.scopes = scopes.map { .put($0) }
    batch.resources = plan.steps.flatMap { resourceChanges($0, plan.revision, at: finished) }
    batch.audit =
      takeRefusalRows() + auditRows(plan, attribution, since: before, touched) + guardRows(plan)
      + mismatch(review, of: plan)
    noteRenames(plan, into: &batch, at: finished)
    for index in batch.audit.indices {
      batch.audit[index].at = finished
      batch.audit[index].trigger = trigger
      batch.audit[index].revision = plan.revision.commit
    }
    ledger.submit(batch)
    for sync in batch.syncs { events?.publish(sync) }
    if isAwaited {
      let sync = Unevaluated(
        timings: timings, revision: plan.revision, startedAt: started, finishedAt: finished, operation: operation.id)
      track(sync, as: changes)
    }
    logged(plan)
  }

  func resourceChanges(
    _ step: Step, _ revision: Revision, at now: Timestamp
  ) -> [LedgerChange<ResourceRecord>] {
    var changes: [LedgerChange<ResourceRecord>] = []
    if let before = step.before, before.id != step.after?.id { changes.append(.remove(before.id)) }
    if let after = step.after {
      changes.append(.put(after.record(book[after.id], at: revision, now)))
    }
    return changes
  }

  /// Keeps the applied revisions as refs of the mirror: a lost ledger loses no last good.
  func keepRefs(_ plan: Plan) {
    do throws(GitError) {
      var commits: [String: ObjectID] = [:]
      if let newest = state.newest { commits[Self.newestName] = newest.commit }
      for part in plan.scopes {
        let status = state.scopes[part.scope]?.sync.status
        if status == .held || status == .suspended, let commit = state.applied(part.scope)?.commit {
          commits[part.scope.path] = commit
        } else {
          try mirror.removeApplied(part.scope.path)
          if let former = part.movedFrom { try mirror.removeApplied(former.path) }
        }
      }
      try mirror.setApplied(commits)
      try keepAuthorisedRef()
    } catch {
      log.event("mirror.ref-not-kept", .error, ["error": error.description])
    }
  }

  func logged(_ plan: Plan) {
    log.event(
      "sync.applied", plan.scopes.allSatisfy { $0.decision == .apply } ? .info : .warning,
      [
        "revision": plan.revision.description, "changes": "\(plan.steps.count)",
        "status": state.overall.status.rawValue,
      ])
    logGuards(plan)
    for part in plan.scopes {
      guard case .hold(let reason) = part.decision else { continue }
      let first = part.diagnostics.first { $0.severity == .error }
      let place = first.map {
        "\($0.span.file):\($0.span.range.start.line):\($0.span.range.start.column): \($0.message)"
      }
      log.event(
        "scope.held", .warning,
        [
          "scope": part.scope.description, "reason": reason.rawValue,
          "why": part.explanation ?? place ?? "see its diagnostics",
        ])
    }
  }

  /// Looks up the last commits of files that changed; not finding them is no reason to stop.
  func noteCommits(of paths: Set<String>, at head: ObjectID) {
    guard !paths.isEmpty else { return }
    let named = Dictionary(paths.map { (specs.repositoryPath($0), $0) }, uniquingKeysWith: { first, _ in first })
    let found = (try? mirror.repository.lastCommits(for: Set(named.keys), at: head, limit: 5000)) ?? [:]
    for (path, commit) in found { lastCommits[named[path] ?? path] = commit }
  }

  /// Looks up the last commits of files that hold a scope, where they aren't known since an earlier process read them.
  func noteCulprits(of plan: Plan) {
    let files = Set(plan.scopes.lazy.flatMap(\.diagnostics).map(\.span.file)).filter { lastCommits[$0] == nil }
    noteCommits(of: files, at: plan.revision.commit)
  }
}
