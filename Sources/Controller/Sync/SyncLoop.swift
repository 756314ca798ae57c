import Diagnostics
import Git
import JSON
import Ledger
import Model
import Reconciler
import Specs
import StatusAPI

/// Follows the repository: looks, plans, applies, records; one revision at a time.
actor SyncLoop {
  private let settings: Settings
  private let mirror: Mirror
  private let specs: RepositorySpecs
  private let child: FetchChild
  private let engine: Engine
  private let ledger: LedgerQueue
  private let clock: any WallClock
  private let log: EventLog
  private let pokes: AsyncStream<SyncTrigger>
  private nonisolated let poke: AsyncStream<SyncTrigger>.Continuation
  private var reconciler = Reconciler()
  private var seen: ObjectID?
  private var lastCommits: [String: CommitInfo] = [:]
  private let silences: SilencesBranch
  private var silencesSeen: ObjectID?
  /// Whether what an earlier process left wasn't planned yet.
  private var isUnjudged = false
  private(set) var state = SyncState()

  init(
    settings: Settings, mirror: Mirror, engine: Engine, ledger: LedgerQueue, clock: any WallClock, log: EventLog,
    child: FetchChild
  ) {
    self.settings = settings
    self.mirror = mirror
    self.engine = engine
    self.ledger = ledger
    self.clock = clock
    self.log = log
    self.child = child
    specs = RepositorySpecs(mirror.repository, folder: settings.path)
    silences = SilencesBranch(specs: specs)
    (pokes, poke) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Looks at the repository now: a hint, which may be given at any time.
  nonisolated func look(_ trigger: SyncTrigger) {
    poke.yield(trigger)
  }

  /// What is live of one scope, for the status.
  func live(_ scope: Scope) -> [ResourceID: Resource] { reconciler.live.resources(in: scope) }
  var liveState: LiveState { reconciler.live }

  /// The last commit of a file, where known.
  func lastCommit(of file: String) -> CommitInfo? { lastCommits[file] }

  // MARK: Start

  /// Brings back what was live: each scope at its last good revision, without asking the remote.
  func restore(_ records: [ScopeRecord]) async {
    do throws(GitError) {
      let applied = try mirror.applied()
      guard let newest = applied[Self.newestName] else { return }
      let head = try mirror.head(.specs)
      let ref = settings.remote.ref ?? head?.revision.ref
      let revision = Revision(ref: ref, commit: newest)
      let files = try await specs.files(at: newest)
      var exceptions: [Scope: Revision] = [:]
      for record in records where record.status == .held || record.status == .suspended {
        // The ref is the root of trust; the ledger's word counts where there is none.
        let commit = applied[record.scope.path] ?? record.applied?.commit
        exceptions[record.scope] = commit.map { Revision(ref: ref, commit: $0) }
      }
      for name in applied.keys where name != Self.newestName {
        guard let scope = SpecFile.scope(ofPath: name + "/x.yaml"), exceptions[scope] == nil else { continue }
        exceptions[scope] = applied[name].map { Revision(ref: ref, commit: $0) }
      }
      reconciler.restore(files.filter { exceptions[$0.file?.scope ?? .platform] == nil }, at: revision)
      for (scope, held) in exceptions {
        reconciler.restore(try await specs.files(at: held.commit, only: [scope]), at: held)
      }
      for (scope, held) in exceptions where scope != .platform {
        let above = try await specs.files(at: held.commit, only: Set(scope.lineage.dropFirst()))
        reconciler.restoreUsed(by: scope, from: above.flatMap { $0.file?.resources ?? [] })
      }
      reconciler.see(files)
      seen = newest
      isUnjudged = true
      let told = Set(records.filter { $0.status == .held || $0.status == .suspended }.map(\.scope))
      let untold = exceptions.filter { !told.contains($0.key) }.map { scope, held in
        ScopeRecord(
          scope: scope, applied: held, appliedAt: nil, attempted: nil, status: .held, reason: nil, since: clock.now)
      }
      state.restore(records + untold, live: Set(reconciler.live.scopes.keys), newest: revision)
      noteCommits(of: Set(files.map(\.path)), at: newest)
      await engine.load(reconciler.live, commits: lastCommits, at: clock.now)
      log.event(
        "state.restored", .info, ["revision": revision.description, "scopes": "\(reconciler.live.scopes.count)"])
    } catch {
      log.event("state.not-restored", .error, ["error": error.description])
    }
  }

  /// The name under which the mirror keeps the revision that scopes are at which aren't held.
  private static let newestName = "newest"

  // MARK: The loop

  /// Looks at once, then at each poll and each hint, until cancelled.
  func run() async {
    var trigger = SyncTrigger.startup
    while !Task.isCancelled {
      await look(by: trigger)
      trigger = await next()
    }
  }

  /// Waits for the next poll, or for a hint before it.
  private func next() async -> SyncTrigger {
    let pause = pause
    let deadline = clock.now + pause
    state.nextCheckAt = deadline
    return await withTaskGroup(of: SyncTrigger?.self) { group in
      group.addTask { [clock] in
        try? await clock.sleep(until: deadline, tolerance: nil)
        return nil
      }
      group.addTask { [pokes] in
        for await trigger in pokes { return trigger }
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first ?? (state.failure == nil ? .poll : .retry)
    }
  }

  /// The poll interval ± 10 %, or, while the repository can't be read, twice as long with each failure, up to 5 minutes.
  private var pause: Duration {
    let base = settings.pollInterval
    guard let failure = state.failure else {
      // The jitter comes from the address and the time, so that many controllers don't ask one forge at once.
      var hash = FNV1a()
      hash.combine(settings.remote.url.text)
      hash.combine(UInt64(bitPattern: clock.now.millisecondsSinceEpoch / 1000))
      return base * (0.9 + Double(hash.value % 1000) / 5000)
    }
    return min(base * Double(1 << min(failure.attempts, 5)), max(base, .seconds(300)))
  }

  /// One look: fetch, and when there is something to do, plan and apply.
  func look(by trigger: SyncTrigger) async {
    let started = clock.now
    let update: MirrorUpdate
    do throws(GitError) {
      update = try await mirror.fetch(settings.remote, with: child)
    } catch {
      return lookFailed(error)
    }
    let fetched = clock.now
    if state.failure != nil { log.event("source.reachable", .info, ["url": settings.remote.url.description]) }
    state.checked(at: fetched)
    await readSilences(update.silences)
    guard update.specs.commit != seen || state.isRefused || needsAnotherPlan(at: fetched) else {
      return state.unchanged()
    }
    do throws(GitError) {
      try await sync(to: update.specs.revision, by: trigger, started: started, fetched: fetched)
    } catch {
      lookFailed(error)
    }
  }

  private func lookFailed(_ error: GitError) {
    if case .cancelled = error { return }
    let isNew = state.failure?.message != error.description
    state.failed(error.description, at: clock.now)
    if isNew {
      log.event("source.unreachable", .error, ["url": settings.remote.url.description, "error": error.description])
    }
  }

  /// Whether a revision that was seen before asks for another plan: once after a start, since the findings of held
  /// scopes aren't kept, and when a pause or an approval has ended.
  private func needsAnotherPlan(at now: Timestamp) -> Bool {
    if isUnjudged, let newest = state.newest {
      isUnjudged = false
      if !reconciler.plan(for: newest, at: now).isEmpty { return true }
    }
    guard let revision = state.attempted, state.scopes.values.contains(where: { $0.sync.status != .synced }) else {
      return false
    }
    let plan = reconciler.plan(for: revision, at: now)
    return plan.scopes.contains { part in
      let suspended = state.scopes[part.scope]?.sync.status == .suspended
      let held = state.scopes[part.scope]?.sync.status == .held
      return part.decision == .apply ? suspended || held : !part.steps.isEmpty
    }
  }

  private func sync(
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
    seen = revision.commit
    let plan = reconciler.plan(for: revision, at: parsed)
    let planned = clock.now
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

  private func refuseRewritten(_ revision: Revision, _ applied: ObjectID) {
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

  // MARK: Records

  private func record(
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
    batch.audit = auditRows(plan, since: before, at: finished)
    ledger.submit(batch)
    logged(plan)
  }

  private func resourceChanges(
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
  private func auditRows(
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
  private func keepRefs(_ plan: Plan) {
    do throws(GitError) {
      var commits: [String: ObjectID] = [:]
      if let newest = state.newest { commits[Self.newestName] = newest.commit }
      for part in plan.scopes {
        let status = state.scopes[part.scope]?.sync.status
        if status == .held || status == .suspended, let commit = state.applied(part.scope)?.commit {
          commits[part.scope.path] = commit
        } else {
          try mirror.removeApplied(part.scope.path)
        }
      }
      try mirror.setApplied(commits)
    } catch {
      log.event("mirror.ref-not-kept", .error, ["error": error.description])
    }
  }

  private func logged(_ plan: Plan) {
    log.event(
      "sync.applied", plan.scopes.allSatisfy { $0.decision == .apply } ? .info : .warning,
      [
        "revision": plan.revision.description, "changes": "\(plan.steps.count)",
        "status": state.overall.status.rawValue,
      ])
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
  private func noteCommits(of paths: Set<String>, at head: ObjectID) {
    guard !paths.isEmpty else { return }
    let named = Dictionary(paths.map { (specs.repositoryPath($0), $0) }, uniquingKeysWith: { first, _ in first })
    let found = (try? mirror.repository.lastCommits(for: Set(named.keys), at: head, limit: 5000)) ?? [:]
    for (path, commit) in found { lastCommits[named[path] ?? path] = commit }
  }

  private func readSilences(_ head: Mirror.Head?) async {
    do throws(GitError) {
      guard let change = try await silences.silences(at: head, unless: silencesSeen, at: clock.now) else { return }
      silencesSeen = head?.commit
      await engine.setRuntimeSilences(change, of: .branch, at: clock.now)
      log.event("silences.read", .info, ["count": "\(change.count)", "commit": head?.commit.short ?? "none"])
    } catch {
      log.event("silences.unreadable", .error, ["error": error.description])
    }
  }
}

extension SyncRecord.Timing {
  fileprivate init(stage: String, from start: Timestamp, to end: Timestamp) {
    self.init(stage: stage, milliseconds: Double((end - start).wholeMilliseconds))
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
