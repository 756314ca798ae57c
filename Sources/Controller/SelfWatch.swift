import Diagnostics
import Evaluator
import Git
import Ledger
import Model
import Notifier
import Reconciler
import StatusAPI

/// Looks every few seconds at what is wrong with Belfry itself, turns it into alerts, and calls the heartbeat when
/// nothing keeps it from paging.
actor SelfWatch {
  private let sync: SyncLoop
  private let evaluator: EvaluatorRunner
  private let notifier: NotifierRunner
  private let flow: AlertFlow
  private let queue: LedgerQueue
  private let ledger: Ledger
  private let engine: Engine
  private let dataSources: DataSources
  private let transport: any HTTPTransport
  private let settings: Settings
  private let clock: any WallClock
  private let log: EventLog
  private var monitor = SelfMonitor()
  private var restored: [Alert]
  private var noted: Set<Trouble> = []
  private var notedFeeds: Set<FeedTrouble> = []
  /// Why the ledger on disk couldn't be opened, so that one in memory stands in.
  private let ledgerTrouble: String?
  private let startedAt: Timestamp
  private var lastHousekeeping: Timestamp?

  private static let interval = Duration.seconds(5)
  private static let heartbeatInterval = Duration.seconds(15)
  private var lastHeartbeat: Timestamp?
  private var heartbeatFails = false

  init(
    settings: Settings, sync: SyncLoop, evaluator: EvaluatorRunner, notifier: NotifierRunner, flow: AlertFlow,
    queue: LedgerQueue, ledger: Ledger, engine: Engine,
    dataSources: DataSources, transport: any HTTPTransport, clock: any WallClock,
    log: EventLog, ledgerTrouble: String?, restored: [Alert]
  ) {
    self.settings = settings
    self.sync = sync
    self.evaluator = evaluator
    self.notifier = notifier
    self.flow = flow
    self.queue = queue
    self.ledger = ledger
    self.engine = engine
    self.dataSources = dataSources
    self.transport = transport
    self.clock = clock
    self.log = log
    self.restored = restored
    self.ledgerTrouble = ledgerTrouble
    startedAt = clock.now
  }

  /// The built-in alerts that are pending or firing.
  var alerts: [Alert] { monitor.alerts }

  /// Looks until cancelled.
  func run() async {
    while !Task.isCancelled {
      await look()
      do { try await clock.sleep(until: clock.now + Self.interval, tolerance: nil) } catch { return }
    }
  }

  private func look() async {
    let now = clock.now
    let evaluation = await evaluator.conditions
    let standings = await dataSources.standings
    note(standings)
    let conditions = await conditions(evaluation, standings)
    note(conditions)
    if !restored.isEmpty {
      monitor.restore(restored)
      restored = []
    }
    await flow.take(monitor.step(conditions, at: now))
    await beat(evaluation, at: now)
    await keepHouse(at: now)
  }

  /// One event when a trouble begins and one when it ends.
  private func note(_ conditions: [Condition]) {
    let current = Set(conditions.map(\.trouble))
    for condition in conditions where !noted.contains(condition.trouble) {
      log.event("trouble.began", .warning, ["what": "\(condition.trouble)", "detail": condition.detail])
    }
    for trouble in noted.subtracting(current) { log.event("trouble.ended", .info, ["what": "\(trouble)"]) }
    noted = current
  }

  /// One event when a target ceases to answer or a store is full, and one when that ends.
  private func note(_ standings: [ResourceID: DataSources.Standing]) {
    var current: [FeedTrouble: String] = [:]
    for (id, standing) in standings { current.merge(standing.feedTroubles(of: id)) { first, _ in first } }
    for (trouble, error) in current where !notedFeeds.contains(trouble) { trouble.began(error, log) }
    for trouble in notedFeeds.subtracting(current.keys) { trouble.ended(log) }
    notedFeeds = Set(current.keys)
  }

  private func conditions(
    _ evaluation: [Condition], _ standings: [ResourceID: DataSources.Standing]
  ) async -> [Condition] {
    var conditions = evaluation
    for (id, standing) in standings {
      guard let (message, since) = standing.writingTrouble,
        !evaluation.contains(where: { $0.trouble == .dataSourceDown(id) })
      else { continue }
      conditions.append(Condition(.dataSourceDown(id), since: since, detail: message))
    }
    let state = await sync.state
    for (scope, standing) in state.scopes where standing.sync.status == .held {
      let first = standing.diagnostics.first { $0.diagnostic.severity == .error }?.diagnostic
      let place = first.map { Provenance(file: $0.span.file, line: Int($0.span.range.start.line)) }
      let detail = first.map { "\($0.span.file):\($0.span.range.start.line): \($0.message)" } ?? standing.sync.message
      conditions.append(
        Condition(.scopeHeld(scope), since: standing.heldSince ?? clock.now, detail: detail, place: place))
    }
    for (id, health) in await notifier.channelHealth() {
      guard let since = health.failingSince else { continue }
      conditions.append(
        Condition(
          .channelFailing(id), since: since, detail: "\(health.lastError ?? "deliveries fail"); \(health.waiting) wait")
      )
    }
    if let ledgerTrouble {
      conditions.append(Condition(.ledgerFailing, since: startedAt, detail: ledgerTrouble))
    } else if case .failing(let since, let message, let dropped) = queue.condition {
      conditions.append(Condition(.ledgerFailing, since: since, detail: "\(message); \(dropped) rows were given up"))
    }
    return conditions
  }

  /// Calls the dead-man's switch, unless something keeps pages from being evaluated or sent at all.
  private func beat(_ conditions: [Condition], at now: Timestamp) async {
    guard let url = settings.heartbeatURL else { return }
    if let lastHeartbeat, now - lastHeartbeat < Self.heartbeatInterval { return }
    let isHealthy = !conditions.contains { condition in
      if case .dataSourceDown = condition.trouble { return true }
      return false
    }
    guard isHealthy else { return }
    lastHeartbeat = now
    var request = HTTPRequest(url: url)
    request.options.timeout = .seconds(5)
    var failure: String?
    do throws(TransportError) {
      let response = try await transport.send(request)
      if response.status >= 400 { failure = "answered \(response.status)" }
    } catch {
      failure = "\(error)"
    }
    if let failure, !heartbeatFails {
      log.event("heartbeat.failed", .warning, ["url": redactedURL(url), "error": failure])
    }
    heartbeatFails = failure != nil
  }

  /// What runs and what was applied should never differ; where they do, that is told and mended.
  private func heal(at now: Timestamp) async {
    guard let revision = await sync.state.newest else { return }
    let steps = await engine.drift(from: sync.liveState)
    guard !steps.isEmpty else { return }
    log.event("drift.healed", .error, ["resources": steps.map(\.id.description).joined(separator: ", ")])
    await engine.apply(steps, of: revision, at: now)
  }

  private func keepHouse(at now: Timestamp) async {
    var batch = LedgerBatch()
    batch.aliveAt = now
    queue.submit(batch)
    if let lastHousekeeping, now - lastHousekeeping < .seconds(600) { return }
    lastHousekeeping = now
    await flow.forgetResolved(at: now)
    await heal(at: now)
    do throws(LedgerError) {
      _ = try await ledger.prune(now: now, retention: Retention(audit: settings.auditRetention))
    } catch {
      log.event("ledger.not-pruned", .warning, ["error": error.description])
    }
  }
}
