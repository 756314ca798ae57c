import Diagnostics
import Git
import Model
import Reconciler
import StatusAPI

/// How the repository and each scope stand: what the status shows, and what the ledger keeps of it.
struct SyncState: Sendable {
  /// One scope.
  struct ScopeStanding: Sendable {
    var sync: SyncStanding
    /// The revision last tried.
    var attempted: Revision?
    /// The last good revision; `nil` follows ``SyncState/newest``.
    var heldAt: Revision?
    var appliedAt: Timestamp?
    var diagnostics: [DiagnosticView] = []
    var retained: [Retained] = []
    var deletionGuard: DeletionGuard?
    var heldSince: Timestamp?
    /// Over what the last plan that changed the scope did; `nil` before the first of this process.
    var planDigest: String?
  }

  private(set) var scopes: [Scope: ScopeStanding] = [:]
  /// The newest revision that some scope has applied; scopes that aren't held are at it.
  private(set) var newest: Revision?
  var desired: Revision? { didSet { touch() } }
  /// The last plan beside those that commits name as reviewed.
  var review: PlanReview?
  private(set) var attempted: Revision?
  var commit: CommitInfo?
  private(set) var lastCheckAt: Timestamp?
  private(set) var lastSuccessAt: Timestamp?
  var nextCheckAt: Timestamp?
  private(set) var failure: SourceView.Failure?
  private(set) var operation: OperationView?
  /// The last revision that doesn't descend from the one before; `nil` once another followed it in order.
  var rewrite: RewrittenHistory? { didSet { touch() } }
  /// Approvals that let deletions through, and when.
  private(set) var usedApprovals: [ResourceID: Timestamp] = [:]
  /// Whether the first attempt has ended, whatever its outcome.
  private(set) var hasTried = false
  private(set) var generation: UInt64 = 0
  /// How often the repository was looked at, by why.
  private(set) var looks: [SyncTrigger: Int] = [:]
  private(set) var stageSeconds = StageHistograms()

  init() {}

  /// The last good revision of a scope.
  func applied(_ scope: Scope) -> Revision? {
    guard let standing = scopes[scope] else { return nil }
    return standing.sync.status == .held || standing.sync.status == .suspended ? standing.heldAt : newest
  }

  /// The scopes that don't follow the newest revision, in order.
  var held: [Scope] {
    scopes.filter { $0.value.sync.status == .held }.keys.sorted()
  }

  /// The sync status of everything: `Synced`, `Partial` when some scopes are held, `Held` when all are.
  var overall: SyncStanding {
    let held = held
    guard hasTried else { return SyncStanding(status: .progressing, message: "the first sync is under way") }
    guard newest != nil || !held.isEmpty else {
      return SyncStanding(
        status: .unknown, message: failure?.message ?? "nothing was applied yet", since: failure?.since)
    }
    let since = held.compactMap { scopes[$0]?.sync.since }.min()
    if held.isEmpty {
      let suspended = scopes.values.contains { $0.sync.status == .suspended }
      return SyncStanding(status: suspended ? .partial : .synced, since: operation?.finishedAt)
    }
    let reason = held.compactMap { scopes[$0]?.sync.reason }.first
    let all = held.count == scopes.count
    return SyncStanding(
      status: all ? .held : .partial, reason: reason, message: "\(held.count) of \(scopes.count) scopes are held",
      since: since)
  }

  // MARK: What happened

  /// A look at the repository begins.
  mutating func looked(by trigger: SyncTrigger) { looks[trigger, default: 0] += 1 }

  /// What a sync brought was evaluated: `added` are the stages that are known since then.
  mutating func completed(_ id: Int64, _ timings: [SyncRecord.Timing], _ added: [SyncRecord.Timing]) {
    if operation?.id == id { operation?.timings = timings }
    stageSeconds.observe(added)
    touch()
  }

  /// Takes over what an earlier process knew of the scopes that are `live`.
  mutating func restore(_ records: [ScopeRecord], live: Set<Scope>, newest: Revision) {
    self.newest = newest
    desired = newest
    attempted = newest
    for scope in live { scopes[scope] = ScopeStanding(sync: SyncStanding(status: .synced)) }
    for record in records where live.contains(record.scope) {
      scopes[record.scope] = ScopeStanding(
        sync: SyncStanding(status: record.status, reason: record.reason, since: record.since),
        attempted: record.attempted, heldAt: record.applied, appliedAt: record.appliedAt, heldSince: record.since)
    }
  }

  /// Takes over which approvals an earlier process had used.
  mutating func restore(usedApprovals: [ResourceID: Timestamp]) {
    self.usedApprovals = usedApprovals
  }

  /// A look at the repository succeeded.
  mutating func checked(at now: Timestamp) {
    lastCheckAt = now
    lastSuccessAt = now
    if failure != nil { touch() }
    failure = nil
  }

  /// A look at the repository failed; what is live stays.
  mutating func failed(_ message: String, at now: Timestamp) {
    lastCheckAt = now
    hasTried = true
    failure = SourceView.Failure(
      message: message, since: failure?.since ?? now, attempts: (failure?.attempts ?? 0) + 1)
    touch()
  }

  /// How long ago the repository was last read.
  func stale(at now: Timestamp) -> Duration? {
    lastSuccessAt.map { now - $0 }
  }

  /// Whether the whole repository is refused, since its history was rewritten.
  var isRefused: Bool { scopes.values.contains { $0.sync.reason == .historyRewritten } }

  /// A look found nothing to do.
  mutating func unchanged() {
    guard !hasTried else { return }
    hasTried = true
    touch()
  }

  /// A plan was applied: notes how each scope that it concerns stands now.
  ///
  /// `known`: the scopes that there are; the others are gone.
  /// - Returns: the records that changed, for the ledger.
  mutating func applied(
    _ plan: Plan, known: Set<Scope>, culprits: [String: CommitInfo], operation: OperationView, at now: Timestamp
  ) -> [ScopeRecord] {
    let before = newest
    var records: [ScopeRecord] = []
    for part in plan.scopes {
      let standing = standing(of: part, before: before, plan.revision, culprits, at: now)
      if scopes[part.scope]?.sync.status != standing.sync.status || standing.sync.status != .synced {
        records.append(standing.record(of: part.scope))
      }
      scopes[part.scope] = standing
      if let approval = part.deletionGuard?.approval { usedApprovals[approval] = now }
    }
    // A scope that the plan doesn't name follows the revision as it is, also one that a rewritten history had held.
    let planned = Set(plan.scopes.map(\.scope))
    for scope in known
    where scopes[scope] == nil || (!planned.contains(scope) && scopes[scope]?.sync.reason == .historyRewritten) {
      scopes[scope] = ScopeStanding(sync: SyncStanding(status: .synced, since: now), appliedAt: now)
    }
    for scope in scopes.keys where !known.contains(scope) { scopes[scope] = nil }
    if scopes.values.contains(where: { $0.sync.status == .synced }) || scopes.isEmpty { newest = plan.revision }
    attempted = plan.revision
    hasTried = true
    self.operation = operation
    stageSeconds.observe(operation.timings)
    touch()
    return records
  }

  private func standing(
    of part: ScopePlan, before: Revision?, _ revision: Revision, _ culprits: [String: CommitInfo], at now: Timestamp
  ) -> ScopeStanding {
    let earlier = scopes[part.scope]
    let (status, reason, message) = part.verdict
    let same = earlier?.sync.status == status && earlier?.sync.reason == reason
    var standing = ScopeStanding(
      sync: SyncStanding(status: status, reason: reason, message: message, since: same ? earlier?.sync.since : now))
    standing.attempted = revision
    standing.planDigest = review?.digest.scopes[part.scope] ?? earlier?.planDigest
    standing.retained = part.retained
    standing.deletionGuard = part.deletionGuard
    standing.diagnostics = part.diagnostics.map { found in
      let culprit = culprits[found.span.file]
      return DiagnosticView(diagnostic: found, introducedBy: culprit?.id, author: culprit?.author)
    }
    if status == .synced {
      // A plan without steps changed nothing, so the scope was applied when it was.
      standing.appliedAt = part.steps.isEmpty ? earlier?.appliedAt ?? now : now
    } else {
      let wasFollowing = earlier?.sync.status == .synced
      standing.heldAt = wasFollowing ? before : earlier?.heldAt
      standing.appliedAt = earlier?.appliedAt
      standing.heldSince = earlier?.heldSince ?? now
    }
    return standing
  }

  /// The whole repository is refused: every scope stays where it is.
  mutating func refused(_ revision: Revision, _ reason: HeldReason, _ message: String, at now: Timestamp) {
    for scope in scopes.keys {
      guard var standing = scopes[scope] else { continue }
      if standing.sync.status == .synced { standing.heldAt = newest }
      let since = standing.sync.reason == reason ? standing.sync.since : now
      standing.sync = SyncStanding(status: .held, reason: reason, message: message, since: since)
      standing.attempted = revision
      standing.heldSince = standing.heldSince ?? now
      scopes[scope] = standing
    }
    attempted = revision
    hasTried = true
    touch()
  }

  private mutating func touch() {
    generation += 1
  }
}

extension SyncState.ScopeStanding {
  func record(of scope: Scope) -> ScopeRecord {
    ScopeRecord(
      scope: scope, applied: sync.status == .synced ? attempted : heldAt, appliedAt: appliedAt, attempted: attempted,
      status: sync.status, reason: sync.reason, since: sync.since ?? .epoch)
  }
}

extension ScopePlan {
  /// The words of a decision.
  fileprivate var verdict: (SyncStatus, HeldReason?, String) {
    switch decision {
    case .apply where !retained.isEmpty:
      let names = retained.map { "\($0.id.kind.rawValue) \($0.id.name)" }.joined(separator: ", ")
      return (.synced, .stillReferenced, "\(names) stays live: a held scope still uses it")
    case .apply: return (.synced, nil, "")
    case .suspend: return (.suspended, nil, "sync is paused")
    case .hold(let reason):
      let errors = diagnostics.count { $0.severity == .error }
      return (.held, reason, explanation ?? "\(errors) \(errors == 1 ? "error" : "errors")")
    }
  }
}
