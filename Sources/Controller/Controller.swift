import Diagnostics
import Evaluator
import Git
import Glibc
import JSON
import Ledger
import Model
import Notifier
import Reconciler
import ServiceLifecycle
import Specs
import StatusAPI
import Transport

/// The whole wiring: everything that knows concrete types is made here, in the order in which it depends on each other.
struct Controller: Sendable {
  let sync: SyncLoop
  let board: StatusBoard
  private let settings: Settings
  private let clock: any WallClock
  private let log: EventLog
  private let evaluator: EvaluatorRunner
  private let notifier: NotifierRunner
  private let engine: Engine
  private let dataSources: DataSources
  private let flow: AlertFlow
  private let ledger: Ledger
  private let queue: LedgerQueue
  private let transport: CurlTransport
  private let watch: SelfWatch
  private let emergencies: EmergencySilences
  private let records: Records
  private let webhooks: WebhookListener?

  /// What an earlier process left in the ledger.
  private struct Records: Sendable {
    var alerts: [Alert] = []
    var log: [NotificationLogEntry] = []
    var scopes: [ScopeRecord] = []
    var resources: [ResourceRecord] = []
    var silenceStarts: [ResourceID: Timestamp] = [:]
    var ruleQuotas: [RuleQuota] = []
    var aliases = ScopeAliases()
    var lastAlive: Timestamp?
  }

  /// Opens everything and reads what an earlier process left; nothing runs yet.
  ///
  /// `child`: runs the fetching process.
  /// `console`: takes what console channels print.
  init(
    settings: Settings, clock: any WallClock, child: FetchChild, console: @escaping @Sendable (String) -> Void
  ) async throws {
    self.settings = settings
    self.clock = clock
    log = EventLog(format: settings.logFormat, clock: clock)
    try Files.makeFolder(settings.dataFolder, mode: 0o700)
    let (ledger, outcome, ledgerTrouble) = try Self.openLedger(in: settings.dataFolder, at: clock.now, log)
    self.ledger = ledger
    queue = LedgerQueue(ledger, clock: clock)
    let (mirror, mirrorSetAside) = try Mirror.open(at: settings.dataFolder + "/mirror.git")
    records = await Self.read(ledger, log)
    try Self.checkTrust(settings, mirror, records)
    transport = try CurlTransport(version: belfryVersion)
    let secrets = SecretStore(folder: settings.secretsFolder)
    let channels = Channels(
      secrets: secrets, egress: settings.egress, userAgent: "Belfry/" + belfryVersion, clock: clock, nonce: randomNonce)
    let outlet = Outlet(http: transport, mail: transport, console: console)
    let state = NotifierState(
      configuration: NotifierConfiguration(
        zones: Zones { ZoneFiles.shared.rules($0) }, externalURL: settings.externalURL))
    let relay = AlertFlow.Relay()
    notifier = NotifierRunner(state, clock: clock, log: relay, outlet: outlet) {
      channels.channel($0, $1, style: $2)
    }
    let pulse = LivePulse()
    let events = EventHub()
    flow = AlertFlow(notifier: notifier, ledger: queue, log: log, pulse: pulse, events: events)
    relay.connect(flow)
    evaluator = EvaluatorRunner(clock: clock, sink: flow)
    dataSources = DataSources(
      dataFolder: settings.dataFolder, secrets: secrets, transport: transport, egress: settings.egress, clock: clock,
      log: log)
    engine = Engine(
      evaluator: evaluator, alerts: flow, dataSources: dataSources, externalURL: settings.externalURL, ledger: queue,
      silenceStarts: records.silenceStarts, pulse: pulse)
    let (transport, log) = (transport, log)
    let forge = settings.forge.map {
      ForgeReporter(
        $0, folder: settings.path, externalURL: settings.externalURL, transport: transport, clock: clock, log: log)
    }
    sync = SyncLoop(
      settings: settings, mirror: mirror, engine: engine, ledger: queue, clock: clock, log: log, child: child,
      forge: forge, secrets: secrets, events: events)
    webhooks = try settings.webhook.map { [sync, log] in
      try WebhookListener($0, settings.remote, mirror, sync, clock: clock, log: log)
    }
    emergencies = EmergencySilences(dataFolder: settings.dataFolder)
    watch = SelfWatch(
      settings: settings, sync: sync, evaluator: evaluator, notifier: notifier, flow: flow, queue: queue,
      ledger: ledger, engine: engine, dataSources: dataSources, transport: transport, clock: clock, log: log,
      ledgerTrouble: ledgerTrouble,
      restored: records.alerts.filter { $0.rule.group == SelfMonitor.group && $0.state != .resolved })
    board = StatusBoard(
      settings: settings, sync: sync, engine: engine, evaluator: evaluator, notifier: notifier,
      dataSources: dataSources, ledger: ledger, queue: queue,
      keeper: LiveKeeper(
        evaluator: evaluator, notifier: notifier, dataSources: dataSources, sync: sync, watch: watch, queue: queue,
        engine: engine, clock: clock, pulse: pulse),
      hub: events, mirror: mirror, clock: clock, startedAt: clock.now, instance: Self.hostName,
      webhooks: webhooks?.intake, meter: Self.meter(clock, log), log: log)
    note(outcome, mirrorSetAside)
  }

  /// Counts the API's requests; those that fail here or are refused are in the log, with the name that the answer has.
  private static func meter(_ clock: any WallClock, _ log: EventLog) -> RequestMeter {
    RequestMeter(now: { clock.now }) { trouble in
      log.event(
        trouble.status >= 500 ? "api.failed" : "api.refused", .warning,
        [
          "handler": trouble.handler, "status": "\(trouble.status)", "request": trouble.request, "why": trouble.why,
        ])
    }
  }

  /// Opens the ledger; where it can't be written at all, one in memory stands in, since paging never waits for
  /// bookkeeping.
  ///
  /// - Throws: when another controller has it, or it is of a newer version.
  private static func openLedger(
    in folder: String, at now: Timestamp, _ log: EventLog
  ) throws -> (ledger: Ledger, outcome: Ledger.OpenOutcome, trouble: String?) {
    do throws(LedgerError) {
      let (ledger, outcome) = try Ledger.open(at: folder + "/ledger.sqlite", now: now)
      return (ledger, outcome, nil)
    } catch .unwritable(let words) {
      log.event("ledger.unwritable", .error, ["path": folder + "/ledger.sqlite", "error": words])
      let standIn = "/dev/shm/belfry-\(getpid())"
      try Files.makeFolder(standIn, mode: 0o700)
      let (ledger, outcome) = try Ledger.open(at: standIn + "/ledger.sqlite", now: now)
      return (ledger, outcome, words + "; restart when there is room: nothing is recorded until then")
    }
  }

  private static func read(_ ledger: Ledger, _ log: EventLog) async -> Records {
    var records = Records()
    do throws(LedgerError) {
      records.alerts = try await ledger.activeAlerts()
      records.log = try await ledger.notificationLog()
      records.scopes = try await ledger.scopes()
      records.resources = try await ledger.resources()
      records.silenceStarts = try await ledger.silenceStarts()
      records.ruleQuotas = try await ledger.ruleQuotas()
      records.lastAlive = try await ledger.lastAlive()
      records.aliases = try await ledger.scopeAliases()
    } catch {
      log.event("ledger.unreadable", .error, ["error": error.description])
    }
    return records
  }

  /// Signatures say who made a commit; whose word counts in the first place has to come from somewhere.
  private static func checkTrust(_ settings: Settings, _ mirror: Mirror, _ records: Records) throws {
    guard settings.commits == .signed, settings.trustRoot == nil else { return }
    guard try mirror.applied().isEmpty, records.scopes.isEmpty else { return }
    throw CommandFailure(
      .usage,
      "--commits signed begins from a commit that somebody has looked at, and neither the ledger nor the mirror in "
        + "\(settings.dataFolder) knows one: give --trust-root with its whole id, as 'git rev-parse' prints it")
  }

  private func note(_ outcome: Ledger.OpenOutcome, _ mirror: Mirror.SetAside?) {
    var batch = LedgerBatch()
    if case .setAside(let path) = outcome {
      log.event("ledger.set-aside", .error, ["path": path])
      batch.audit.append(
        AuditRecord(
          at: clock.now, actor: "controller", action: "ledger.setAside", scope: .platform, commit: nil,
          subject: "the ledger was damaged and is now \(path)"))
    }
    if let mirror { log.event("mirror.set-aside", .error, ["path": mirror.path, "why": mirror.reason]) }
    queue.submit(batch)
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  // MARK: Running

  /// Brings back what was live and what fired, before anything is evaluated.
  private func restore() async {
    let now = clock.now
    let own = records.alerts.filter { $0.rule.group != SelfMonitor.group }
    flow.noteResolved(records.alerts)
    await evaluator.restore(own.filter { $0.state != .resolved }, lastAliveAt: records.lastAlive ?? now)
    await sync.restore(records.aliases)
    await sync.restore(records.scopes, resources: records.resources)
    await sync.tellFormerNames()
    await engine.setRuntimeSilences(emergencies.load(at: now), of: .emergency, at: now)
    await notifier.restore(alerts: records.alerts, log: records.log, quotas: records.ruleQuotas)
  }

  /// Runs until the task is cancelled, or one of the parts fails.
  ///
  /// `onBound`: called with the port that the status API listens on.
  func run(onBound: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
    log.event(
      "controller.started", .info, ["version": belfryVersion, "repo": settings.remote.url.description])
    await restore()
    let server = StatusServer(
      host: settings.listen.host, port: settings.listen.port, source: board,
      tokens: settings.tokens, version: VersionView(version: belfryVersion),
      externalURL: settings.externalURL, meter: board.meter
    ) { [log] port in
      log.event("api.listening", .info, ["host": settings.listen.host, "port": "\(port)"])
      await onBound(port)
    }
    let socket = try ControlSocket(at: ControlSocket.path(in: settings.dataFolder))
    try await withThrowingTaskGroup(of: Bool.self) { group in
      func part(_ body: @escaping @Sendable () async throws -> Void) {
        group.addTask {
          try await body()
          return false
        }
      }
      part { await queue.run() }
      part { try await server.run() }
      group.addTask {
        await notifier.run()
        return true
      }
      part { await evaluator.run() }
      part { await sync.run() }
      part { await tellForge() }
      part { await sync.followEvaluations() }
      if let webhooks {
        part { try await webhooks.run() }
        part { await webhooks.intake.run() }
      }
      part { await sync.refine() }
      part { await watch.run() }
      part { await board.tellChanges() }
      part { await endUnclaimed() }
      part { for await call in socket.calls() { await answer(call) } }
      part { await drainOnShutdown() }
      defer { group.cancelAll() }
      // What fails ends all; what ends in order doesn't, until the notifier has sent what was waiting.
      while let isNotifier = try await group.next(), !isNotifier {}
    }
    await dataSources.shutdown()
    _ = await queue.writeAndWait(LedgerBatch(), timeout: .seconds(1))
    try? ledger.close()
    await transport.shutdown()
    log.event("controller.stopped")
  }

  /// Fetches, applies, evaluates every group once, and prints what would fire; nothing is sent.
  func runOnce() async throws {
    await evaluator.restore([], lastAliveAt: clock.now)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await queue.run() }
      group.addTask { await evaluator.run() }
      await sync.look(by: .startup)
      if let failure = await sync.state.failure { throw CommandFailure(.unreachable, failure.message) }
      await evaluatedOnce()
      group.cancelAll()
    }
    await dataSources.shutdown()
    await transport.shutdown()
    let state = await sync.state
    let alerts = await evaluator.groups.flatMap(\.alerts)
    Console.result("\(state.overall.status.rawValue)  \(state.newest?.description ?? "nothing applied")")
    for alert in alerts { Console.result("\(alert.state.rawValue)  \(alert.rule.rule)  \(alert.labels)") }
    if !state.held.isEmpty { throw Exit.unsound.code }
  }

  /// Waits until every group that has something to evaluate was evaluated once.
  private func evaluatedOnce() async {
    while !Task.isCancelled {
      let waiting = await evaluator.groups.contains { group in
        group.evaluatedAt == nil && group.rules.contains { $0.treatment == .evaluated }
      }
      guard waiting else { return }
      try? await clock.sleep(until: clock.now + .milliseconds(50), tolerance: nil)
    }
  }

  /// Tells the forge what became of merged changes, where one is set.
  private func tellForge() async {
    if let forge = sync.forge { await forge.run() }
    try? await clock.sleep(until: Timestamp(millisecondsSinceEpoch: .max / 2), tolerance: nil)
  }

  /// After the first sync: alerts of scopes that are gone resolve.
  private func endUnclaimed() async {
    while !Task.isCancelled, await !sync.state.hasTried {
      try? await clock.sleep(until: clock.now + .milliseconds(200), tolerance: nil)
    }
    if await sync.state.newest != nil { await flow.take(await evaluator.endUnclaimedAlerts()) }
    try? await clock.sleep(until: Timestamp(millisecondsSinceEpoch: .max / 2), tolerance: nil)
  }

  /// On SIGTERM: lets messages under way and waiting ones out, within the grace period.
  private func drainOnShutdown() async {
    try? await gracefulShutdown()
    log.event("controller.stopping", .info, ["grace": settings.gracePeriod.prometheus])
    await notifier.drain(until: clock.now + settings.gracePeriod)
    try? await clock.sleep(until: clock.now + settings.gracePeriod + .seconds(1), tolerance: nil)
  }

  /// Serves one call of the local socket: an emergency silence.
  private func answer(_ call: ControlSocket.Call) async {
    guard let value = call.request() else { return call.answer(["error": "the request is no JSON"]) }
    do {
      let now = clock.now
      let request = try EmergencySilences.Request(value)
      let silence = try emergencies.add(request, at: now)
      await engine.addEmergencySilence(silence, at: now)
      var batch = LedgerBatch()
      batch.audit.append(
        AuditRecord(
          at: now, actor: "local user \(call.user)", action: "silence.emergency", scope: request.scope, commit: nil,
          subject: silence.id.name, after: request.json.text))
      queue.submit(batch)
      log.event("silence.emergency", .warning, ["silence": silence.id.description, "user": "\(call.user)"])
      call.answer(["done": .string("silenced by \(silence.id.name) until \(now + request.duration)")])
    } catch {
      call.answer(["error": .string("\(error)")])
    }
  }
}

/// 32 hexadecimal digits that no other request has.
@Sendable func randomNonce() -> String {
  (0..<2).map { _ in
    let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }.joined()
}
