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
    _ plan: Plan, _ trigger: SyncTrigger, started: Timestamp, finished: Timestamp, _ timings: [SyncRecord.Timing]
  ) {
    let counts = plan.counts
    let operation = OperationView(
      id: (state.operation?.id ?? 0) + 1, phase: .succeeded, trigger: trigger, startedAt: started, finishedAt: finished,
      created: counts.create, updated: counts.update, moved: counts.move, deleted: counts.delete, timings: timings)
    let before = state.scopes.mapValues(\.sync)
    let known = Set(reconciler.tree.scopes).union(reconciler.live.scopes.keys)
    let scopes = state.applied(plan, known: known, culprits: lastCommits, operation: operation, at: finished)
    keepRefs(plan)
    var batch = LedgerBatch()
    batch.syncs = [
      SyncRecord(
        trigger: trigger, revision: plan.revision, startedAt: started, finishedAt: finished,
        status: state.overall.status, created: counts.create, updated: counts.update, moved: counts.move,
        deleted: counts.delete, timings: timings, plan: PlanDocument.json(plan).text,
        diagnostics: PlanDocument.diagnostics(plan).text)
    ]
    batch.scopes = scopes.map { .put($0) }
    batch.resources = plan.steps.flatMap { resourceChanges($0, plan.revision, at: finished) }
    batch.audit = auditRows(plan, since: before, at: finished) + guardRows(plan, at: finished)
    noteRenames(plan, into: &batch, at: finished)
    ledger.submit(batch)
    logged(plan)
  }

  func resourceChanges(
    _ step: Step, _ revision: Revision, at now: Timestamp
  ) -> [LedgerChange<ResourceRecord>] {
    var changes: [LedgerChange<ResourceRecord>] = []
    if let before = step.before, before.id != step.after?.id { changes.append(.remove(before.id)) }
    if let after = step.after {
      changes.append(.put(after.record(lastCommits[after.origin.file], at: revision, now)))
    }
    return changes
  }

  /// A row for each scope that was changed, and for each that is held now and wasn't before.
  func auditRows(
    _ plan: Plan, since before: [Scope: SyncStanding], at now: Timestamp
  ) -> [AuditRecord] {
    let actor = state.commit?.author ?? "controller"
    return plan.scopes.compactMap { part in
      let action: String
      switch part.decision {
      case .apply where part.steps.isEmpty: return nil
      case .apply: action = "scope.applied"
      case .hold(let reason):
        let standing = before[part.scope]
        if standing?.status == .held, standing?.reason == reason, part.steps.isEmpty { return nil }
        action = "scope.held." + reason.rawValue
      case .suspend where before[part.scope]?.status == .suspended: return nil
      case .suspend: action = "scope.suspended"
      }
      let subject = part.explanation ?? "\(part.steps.count) changes"
      return AuditRecord(
        at: now, actor: actor, action: action, scope: part.scope, commit: plan.revision.commit, subject: subject)
    }
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
}

extension Resource {
  /// What the ledger keeps of this resource.
  func record(_ commit: CommitInfo?, at revision: Revision, _ now: Timestamp) -> ResourceRecord {
    let hex = String(digest, radix: 16)
    return ResourceRecord(
      id: id, provenance: provenance(commit), digest: String(repeating: "0", count: 16 - hex.utf8.count) + hex,
      revision: revision, appliedAt: now)
  }

  /// Where it is written, with its file's last commit.
  func provenance(_ commit: CommitInfo?, line: Int? = nil) -> Provenance {
    Provenance(
      file: origin.file, line: line ?? origin.line, commit: commit?.id, author: commit?.author,
      committedAt: commit?.committedAt)
  }
}
