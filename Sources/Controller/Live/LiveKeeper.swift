import Evaluator
import Ledger
import Model
import Notifier
import Reconciler
import StatusAPI

/// Keeps what readers see, and brings it up to date when somebody reads: nobody's reading costs the evaluation
/// anything, and while nothing happens a reading costs no more than a reference.
actor LiveKeeper {
  private let evaluator: EvaluatorRunner
  private let notifier: NotifierRunner
  private let dataSources: DataSources
  private let sync: SyncLoop
  private let watch: SelfWatch
  private let queue: LedgerQueue
  private let engine: Engine
  private let clock: any WallClock
  nonisolated let pulse: LivePulse

  private var alerts = LiveAlerts()
  private var snapshot = LiveSnapshot()
  private var circumstances = LiveCircumstances()
  private var seen = LivePulse.Counts()
  private var isEmpty = true
  /// By what the treatments of each owner's alerts went last, and when time alone changes some.
  private var marks: [Scope: TreatmentMark] = [:]
  private var nextTreatmentChange: Timestamp?
  /// Treatments are asked anew no sooner, so that this never takes more than a tenth of a processor.
  private var restsUntil: Timestamp?
  private var standingsLookedAt: Timestamp?
  private var hasOverdue = false
  private var drift: (specs: UInt64, sync: UInt64, isDrifted: Bool)?
  /// How many updates have begun and ended.
  private var begun: UInt64 = 0
  private var finished: UInt64 = 0
  private var isUpdating = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// So many alerts the notifier is asked about at once; it does nothing else meanwhile.
  private static let slice = 500
  /// A clock that was set back makes no rest longer.
  private static let longestRest = Duration.seconds(30)

  init(
    evaluator: EvaluatorRunner, notifier: NotifierRunner, dataSources: DataSources, sync: SyncLoop, watch: SelfWatch,
    queue: LedgerQueue, engine: Engine, clock: any WallClock, pulse: LivePulse
  ) {
    self.evaluator = evaluator
    self.notifier = notifier
    self.dataSources = dataSources
    self.sync = sync
    self.watch = watch
    self.queue = queue
    self.engine = engine
    self.clock = clock
    self.pulse = pulse
  }

  /// What is live, with everything that had happened when this was asked.
  func current() async -> LiveSnapshot {
    await refresh()
    return snapshot
  }

  /// Whether what runs differs from what should; looked at once for each change of the specs.
  func isDrifted() async -> Bool {
    let (specs, synced) = (pulse.counts.specs, sync.current.generation)
    if let drift, drift.specs == specs, drift.sync == synced { return drift.isDrifted }
    let found = await !engine.drift(from: sync.currentLive).isEmpty
    drift = (specs, synced, found)
    return found
  }

  // MARK: Keeping up

  /// One at a time. Who comes while one is under way, which may have begun before what it wants to see, waits for one
  /// that begins later, and shares it.
  private func refresh() async {
    let wanted = begun + 1
    while finished < wanted {
      if isUpdating {
        await withCheckedContinuation { waiting.append($0) }
      } else if isStale {
        isUpdating = true
        begun += 1
        await update()
        finished = begun
        isUpdating = false
        for reader in waiting { reader.resume() }
        waiting = []
      } else {
        return
      }
    }
  }

  private var isStale: Bool {
    if isEmpty || pulse.counts != seen || sync.current.generation != circumstances.sync || hasOverdue { return true }
    if let nextTreatmentChange, clock.now >= nextTreatmentChange { return true }
    if case .failing(_, let message, _) = queue.condition { return circumstances.ledger != message }
    return circumstances.ledger != nil
      || (areStandingsOld && (standingsLookedAt == nil || !snapshot.standings.isEmpty))
  }

  /// A clock that was set back makes them old too.
  private var areStandingsOld: Bool {
    guard let standingsLookedAt else { return true }
    let now = clock.now
    return now < standingsLookedAt || now - standingsLookedAt >= .seconds(1)
  }

  private func update() async {
    let counts = pulse.counts
    let isFirst = isEmpty
    isEmpty = false
    var scopes = pulse.takeDelivered()
    if counts.evaluations != seen.evaluations || isFirst {
      scopes.formUnion(await takeAlerts())
      snapshot.sources = Dictionary(await evaluator.sources.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }
    let isTime = nextTreatmentChange.map { clock.now >= $0 } ?? false
    scopes.formUnion(await treatAnew(isTime: isTime))
    if counts.specs != seen.specs || isTime || isFirst { snapshot.silences = await notifier.silenceStates() }
    if counts != seen || isFirst { snapshot.channels = await notifier.channelHealth() }
    if areStandingsOld {
      snapshot.standings = await dataSources.standings
      standingsLookedAt = clock.now
    }
    seen = counts
    publish(scopes)
  }

  private func publish(_ scopes: Set<Scope>) {
    let now = LiveCircumstances(
      snapshot, ledger: queue.condition, sync: sync.current.generation, specs: seen.specs)
    var generations = snapshot.generations
    if now.sync != circumstances.sync || now.specs != circumstances.specs || now.ledger != circumstances.ledger {
      generations.everybodySees()
    }
    generations.changed(scopes.union(now.scopes(differingFrom: circumstances)))
    circumstances = now
    snapshot.generations = generations
    snapshot.counts = alerts.counts
    snapshot.groups = alerts.groups
    snapshot.failing = alerts.failing
    snapshot.book = AlertBook(
      generation: generations.all, takenAt: clock.now, alerts: alerts.alerts,
      tenants: Dictionary(
        alerts.owners.compactMap { scope, list in scope.tenant.map { ($0, list) } }, uniquingKeysWith: { $1 }))
  }

  // MARK: Alerts

  private func takeAlerts() async -> Set<Scope> {
    var findings = LiveAlerts.Findings()
    alerts.take(await evaluator.takeTouched(), into: &findings)
    alerts.take(own: await watch.alerts, into: &findings)
    let unknown = alerts.unknown(findings)
    let fresh = Set(unknown.map(\.scope.owner)).subtracting(marks.keys)
    if !fresh.isEmpty { marks.merge(await notifier.treatmentMarks(of: Array(fresh))) { $1 } }
    let treatments = await treatments(of: unknown)
    return alerts.settle(findings, treatments).union(findings.health)
  }

  private func treatments(of alerts: [Alert]) async -> [(alert: Alert, treatment: AlertTreatment)] {
    var found: [(alert: Alert, treatment: AlertTreatment)] = []
    found.reserveCapacity(alerts.count)
    var rest = alerts[...]
    while !rest.isEmpty {
      let slice = Array(rest.prefix(Self.slice))
      rest = rest.dropFirst(Self.slice)
      found += zip(slice, await notifier.treatments(of: slice)).map { (alert: $0, treatment: $1) }
    }
    return found
  }

  /// Asks anew about the alerts whose routing or muting may be another now.
  private func treatAnew(isTime: Bool) async -> Set<Scope> {
    let started = clock.now
    if let restsUntil, started < restsUntil, restsUntil - started < Self.longestRest {
      hasOverdue = true
      return []
    }
    let owners = Array(alerts.owners.keys)
    let current = await notifier.treatmentMarks(of: owners)
    let changed = owners.filter { isTime || marks[$0] != current[$0] }
    hasOverdue = false
    nextTreatmentChange = await notifier.nextTreatmentChange()
    marks = current
    guard !changed.isEmpty else { return [] }
    var scopes: Set<Scope> = []
    for owner in changed {
      guard let list = alerts.owners[owner] else { continue }
      scopes.formUnion(alerts.treatAnew(await treatments(of: list.map(\.view.alert))))
    }
    let now = clock.now
    restsUntil = now + (now - started) * 9
    return scopes
  }
}
