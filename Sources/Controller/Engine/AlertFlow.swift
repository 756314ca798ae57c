import Evaluator
import Ledger
import Model
import Notifier
import Synchronization

/// Where alerts go from the evaluator: into the ledger first, then to the notifier; and from there what was sent.
final class AlertFlow: EvaluationSink, DeliveryLog {
  private let notifier: NotifierRunner
  private let ledger: LedgerQueue
  private let log: EventLog
  private let pulse: LivePulse
  private let events: EventHub?
  /// Resolved alerts that the ledger keeps until everybody was told, with when they ended.
  private let resolved = Mutex<[LedgerAlertKey: Timestamp]>([:])

  /// The rules that fail by their own fault, so that each is told of once.
  private let failing = Mutex<Set<String>>([])

  /// How long a resolved alert is kept in any case: longer than any message is under way.
  private static let resolvedRetention = Duration.seconds(3600)
  /// How long sending waits until what was sent is durable.
  private static let patience = Duration.seconds(2)

  /// The changes of which every group was evaluated once.
  let evaluations: AsyncStream<EvaluatedChange>
  private let evaluation: AsyncStream<EvaluatedChange>.Continuation

  /// `pulse` and `events` are told of what happens, for readers.
  init(
    notifier: NotifierRunner, ledger: LedgerQueue, log: EventLog, pulse: LivePulse = LivePulse(),
    events: EventHub? = nil
  ) {
    self.pulse = pulse
    self.events = events
    (evaluations, evaluation) = AsyncStream.makeStream()
    self.notifier = notifier
    self.ledger = ledger
    self.log = log
  }

  /// Stands in for the flow while the notifier is made, which the flow needs.
  final class Relay: DeliveryLog {
    private let flow = Mutex<AlertFlow?>(nil)

    init() {}

    /// Says where records go from now on.
    func connect(_ flow: AlertFlow) {
      self.flow.withLock { $0 = flow }
    }

    func record(_ batch: NotifierState.RecordBatch) async {
      await flow.withLock { $0 }?.record(batch)
    }
  }

  // MARK: From the evaluator

  func evaluated(_ report: EvaluationReport) async {
    for outcome in report.outcomes { note(outcome, of: report.group) }
    for number in report.evaluatedChanges {
      evaluation.yield(EvaluatedChange(number: number, at: report.finishedAt))
    }
    // An annotation that changed is news for the next message, and none for the ledger: it comes with each evaluation.
    let refreshed = report.refreshed.map {
      AlertTransition(from: .firing, alert: $0, reason: .conditionMet, at: report.at)
    }
    await take(report.transitions, besides: refreshed)
    pulse.evaluated()
  }

  /// One event when a rule begins to fail by its own fault, and one when it is well again. A source that is down is
  /// told of once, for itself, and not for each of its rules.
  private func note(_ outcome: EvaluationReport.Outcome, of group: ResourceID) {
    let rule = group.description + " " + outcome.rule
    let failure = outcome.failure.flatMap { $0.isSourceFault ? nil : $0 }
    let changed = failing.withLock { failing in
      failure == nil ? failing.remove(rule) != nil : failing.insert(rule).inserted
    }
    guard changed else { return }
    log.event(
      failure == nil ? "rule.recovered" : "rule.failing", failure == nil ? .info : .warning,
      ["group": group.description, "rule": outcome.rule, "error": failure?.description ?? "none"])
  }

  /// Takes transitions in, wherever they come from.
  func take(_ transitions: [AlertTransition], besides refreshed: [AlertTransition] = []) async {
    guard !transitions.isEmpty || !refreshed.isEmpty else { return }
    for transition in transitions { log.changed(transition) }
    if !transitions.isEmpty {
      pulse.evaluated()
      events?.publish(transitions)
      var batch = LedgerBatch()
      batch.transitions = transitions
      batch.alerts = transitions.map(row)
      ledger.submit(batch)
    }
    await notifier.receive(transitions + refreshed)
  }

  /// What becomes of an alert's row: a pending one that vanished goes, a resolved one stays until it was told.
  private func row(_ transition: AlertTransition) -> LedgerChange<Alert> {
    let alert = transition.alert
    let key = LedgerAlertKey(
      scope: alert.scope, fingerprint: alert.fingerprint, group: alert.rule.group, rule: alert.rule.rule)
    guard alert.state == .resolved else {
      resolved.withLock { $0[key] = nil }
      return .put(alert)
    }
    guard alert.firedAt != nil else { return .remove(key) }
    resolved.withLock { $0[key] = transition.at }
    return .put(alert)
  }

  // MARK: From the engine

  /// Gives the notifier a changed configuration.
  func configure(_ change: NotifierChange) async {
    await notifier.apply(change)
  }

  /// Takes in what a change of specs brought about: alerts that go on under other labels, in another scope or by a rule
  /// of another group have other rows now, and nobody is told of them; those that ended are told of.
  func changed(_ outcome: EvaluatorChangeOutcome, with change: NotifierChange, at now: Timestamp) async {
    for number in outcome.evaluated { evaluation.yield(EvaluatedChange(number: number, at: now)) }
    let moved = outcome.relabelled + outcome.regrouped
    var batch = LedgerBatch()
    batch.alerts = moved.map { .remove($0.former.ledgerKey) } + moved.map { .put($0.current) }
    batch.transitions = outcome.relabelled.map {
      AlertTransition(from: $0.former.state, alert: $0.current, reason: .relabelled, at: now)
    }
    ledger.submit(batch)
    for transition in batch.transitions { log.changed(transition) }
    pulse.evaluated()
    events?.publish(batch.transitions)
    await notifier.apply(
      change,
      carrying: CarriedAlerts(
        relabelled: outcome.relabelled.map { .init(former: $0.former, current: $0.current) },
        regrouped: outcome.regrouped.map { .init(former: $0.former, current: $0.current) }))
    await take(outcome.transitions)
  }

  // MARK: From the notifier

  func record(_ records: NotifierState.RecordBatch) async {
    for delivery in records.deliveries { log.delivered(delivery) }
    if !records.deliveries.isEmpty {
      pulse.delivered(records.deliveries.map(\.owner))
      events?.publish(records.deliveries)
    }
    var batch = LedgerBatch()
    batch.notificationLog = records.entries.map { .put($0) }
    batch.deliveries = records.deliveries
    batch.ruleQuotas = records.quotas.map { $0.isEmpty ? .remove($0.ledgerKey) : .put($0) }
    _ = await ledger.writeAndWait(batch, timeout: Self.patience)
  }

  // MARK: Housekeeping

  /// Resolved alerts that an earlier process left in the ledger.
  func noteResolved(_ alerts: [Alert]) {
    resolved.withLock { resolved in
      for alert in alerts where alert.state == .resolved { resolved[alert.ledgerKey] = alert.resolvedAt ?? .epoch }
    }
  }

  /// Takes resolved alerts out of the ledger that everybody has been told of.
  func forgetResolved(at now: Timestamp) async {
    let untold = Set(await notifier.untold().map(\.ledgerKey))
    let gone = resolved.withLock { resolved in
      let gone = resolved.filter { now - $0.value > Self.resolvedRetention && !untold.contains($0.key) }.map(\.key)
      for key in gone { resolved[key] = nil }
      return gone
    }
    var batch = LedgerBatch()
    batch.alerts = gone.map { .remove($0) }
    ledger.submit(batch)
  }
}

extension EventLog {
  fileprivate func changed(_ transition: AlertTransition) {
    let alert = transition.alert
    event(
      "alert.changed", .info,
      [
        "alert": alert.rule.rule, "scope": alert.scope.description, "from": transition.from?.rawValue ?? "inactive",
        "to": alert.state.rawValue, "reason": transition.reason.rawValue, "fingerprint": alert.fingerprint.description,
      ])
  }

  fileprivate func delivered(_ delivery: DeliveryRecord) {
    let isGood = [.delivered, .observed, .held].contains(delivery.outcome)
    event(
      "notification." + delivery.outcome.rawValue, isGood ? .info : .warning,
      [
        "channel": delivery.channel.name, "scope": delivery.channel.scope.description, "reason": delivery.reason,
        "firing": "\(delivery.firing)", "resolved": "\(delivery.resolved)", "attempt": "\(delivery.attempt)",
        "detail": delivery.detail,
      ])
  }
}
