import Diagnostics
import Git
import JSON
import Ledger
import Model
import Reconciler
import Specs
import StatusAPI
import Synchronization

/// Follows the repository: looks, plans, applies, records; one revision at a time.
actor SyncLoop {
  let settings: Settings
  let mirror: Mirror
  let specs: RepositorySpecs
  let child: FetchChild
  nonisolated let forge: ForgeReporter?
  let events: EventHub?
  let engine: Engine
  let ledger: LedgerQueue
  let clock: any WallClock
  let log: EventLog
  private nonisolated let hints = LookHints()
  var reconciler: Reconciler { didSet { publishedLive.withLock { $0 = reconciler.live } } }
  let secrets: SecretStore
  var aliases = ScopeAliases()
  var seen: ObjectID?
  /// The last commit of each file that changed while this ran, or that nothing better is known of.
  var lastCommits: [String: CommitInfo] = [:]
  var book = ProvenanceBook()
  var ignoredRevisions = IgnoredRevisions()
  var refinement = Refinement()
  let pages: PullRequestPages
  let silences: SilencesBranch
  var silencesSeen: ObjectID?
  /// Whether what an earlier process left wasn't planned yet.
  var isUnjudged = false
  var state = SyncState() { didSet { published.withLock { $0 = state } } }
  /// The state as readers get it, who don't wait for a plan that is being made.
  private nonisolated let published = Mutex(SyncState())
  private nonisolated let publishedLive = Mutex(LiveState())
  /// What was judged so far; `nil` without a policy on commits, and before anything was applied.
  var walk: CommitWalk?
  /// What the sync under way refused.
  var refusedNow: [Refusal] = []
  /// What the ledger knows to have been applied, where the mirror doesn't.
  var appliedByLedger: [ObjectID] = []
  var silencesPassedOver: Set<PassedOver> = []
  /// The number of the last change given to the engine, and the syncs whose changes weren't all evaluated yet.
  var changes: UInt64 = 0
  var unevaluated: [UInt64: Unevaluated] = [:]
  /// Changes that were evaluated before their sync was recorded.
  var evaluatedEarly: [UInt64: Timestamp] = [:]
  nonisolated let receipts = Mutex(PushReceipts())

  init(
    settings: Settings, mirror: Mirror, engine: Engine, ledger: LedgerQueue, clock: any WallClock, log: EventLog,
    child: FetchChild, forge: ForgeReporter? = nil, secrets: SecretStore, events: EventHub? = nil
  ) {
    self.events = events
    self.forge = forge
    self.settings = settings
    self.mirror = mirror
    self.engine = engine
    self.ledger = ledger
    self.clock = clock
    self.log = log
    self.child = child
    pages = PullRequestPages(settings.remote.url)
    self.secrets = secrets
    reconciler = Reconciler(limits: settings.deletionLimits)
    specs = RepositorySpecs(mirror.repository, folder: settings.path)
    silences = SilencesBranch(specs: specs)
  }

  /// How everything stands, without waiting for what is under way.
  nonisolated var current: SyncState { published.withLock { $0 } }

  /// What is live, as of the last plan that was applied.
  nonisolated var currentLive: LiveState { publishedLive.withLock { $0 } }

  /// Looks at the repository now: a hint, which may be given at any time.
  nonisolated func look(_ trigger: SyncTrigger) {
    hints.give(trigger)
  }

  /// What is live of one scope, for the status.
  func live(_ scope: Scope) -> [ResourceID: Resource] { reconciler.live.resources(in: scope) }
  var liveState: LiveState { reconciler.live }

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
    let deadline = clock.now + pause
    state.nextCheckAt = deadline
    return await hints.next(until: deadline, on: clock) ?? (state.failure == nil ? .poll : .retry)
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
    state.looked(by: trigger)
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

  private func readSilences(_ head: Mirror.Head?) async {
    do throws(GitError) {
      // Before the first sync nobody is known to have a right.
      guard settings.commits == .off || walk != nil else { return }
      guard var change = try await silences.silences(at: head, unless: silencesSeen, at: clock.now) else { return }
      if let head { change = try permitted(change, at: head.commit) }
      silencesSeen = head?.commit
      await engine.setRuntimeSilences(change, of: .branch, at: clock.now)
      log.event("silences.read", .info, ["count": "\(change.count)", "commit": head?.commit.short ?? "none"])
    } catch {
      log.event("silences.unreadable", .error, ["error": error.description])
    }
  }
}
