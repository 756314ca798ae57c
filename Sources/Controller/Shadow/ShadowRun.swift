import Evaluator
import Model
import Notifier
import Reconciler
import Specs

/// Runs a branch beside the live controller: the production evaluator and notifier, with no way out of the process.
struct ShadowRun: Sendable {
  let client: StatusClient
  let sources: AskedSources
  let sides: PlanSides
  let groups: ShadowGroups
  /// Whose alerts are followed; `nil` for all.
  let owners: Set<Scope>?
  /// Whose notifications are compared; `nil` for all that are followed.
  let told: Set<Scope>?
  let length: Duration
  let clock: any WallClock

  /// How often the live controller is looked at: as often as the fastest group is evaluated, within bounds.
  var lookEvery: Duration {
    min(max(groups.shortestInterval ?? .seconds(15), .milliseconds(200)), .seconds(15))
  }

  /// What was seen, until the time is over or `interruption` gives an element.
  func findings(until interruption: AsyncStream<Void>) async throws -> ShadowFindings {
    let live = try await LiveAlerting(of: client)
    let revision = try await client.appliedRevisions().newest
    let start = clock.now
    let beginning = ShadowNotifier(sides, live, of: owners, zones: Zones { ZoneFiles.shared.rules($0) }, at: start)
    let carried = live.alerts.filter { groups.owns($0.rule.group) }
    let recorder = ShadowRecorder(carried)
    let notifier = NotifierRunner(
      beginning.state, clock: clock, log: recorder, outlet: ClosedOutlet.outlet
    ) { _, _, _ in SilentChannel() }
    recorder.connect(notifier)
    let evaluator = EvaluatorRunner(clock: clock, sink: recorder)
    await recorder.take(await begin(evaluator, carried))
    let looks = LiveLooks(
      live.alerts, client: client, clock: clock, groups: groups, owners: owners, notifier: notifier)
    let wasInterrupted = await work(evaluator, notifier, looks, until: start + length, interruption)
    let end = clock.now
    await looks.look()
    return try await findings(
      from: start, to: end, recorder, looks, beginning, live,
      waiting: ShadowNotifier.waiting(await notifier.groups(), at: end), since: revision, wasInterrupted)
  }

  /// Gives the evaluator the live rules with their alerts, and then the branch's, as a sync would.
  private func begin(_ evaluator: EvaluatorRunner, _ carried: [Alert]) async -> [AlertTransition] {
    let now = clock.now
    await evaluator.restore(carried, lastAliveAt: now)
    let (former, current) = groups.changes
    var transitions: [AlertTransition] = []
    _ = await evaluator.apply(EvaluatorChange(groups: former, putSources: sources.sources(for: groups)))
    let outcome = await evaluator.apply(EvaluatorChange(groups: current))
    transitions += outcome.transitions
    for pair in outcome.relabelled {
      var ended = pair.former
      ended.state = .resolved
      ended.resolvedAt = now
      transitions.append(AlertTransition(from: pair.former.state, alert: ended, reason: .ruleRemoved, at: now))
      transitions.append(AlertTransition(from: nil, alert: pair.current, reason: .conditionMet, at: now))
    }
    return transitions
  }

  /// Evaluates, notifies nobody, and looks; whether it was interrupted.
  private func work(
    _ evaluator: EvaluatorRunner, _ notifier: NotifierRunner, _ looks: LiveLooks, until end: Timestamp,
    _ interruption: AsyncStream<Void>
  ) async -> Bool {
    /// What ended.
    enum Part: Sendable { case work, time, interruption }
    return await withTaskGroup(of: Part.self) { group in
      group.addTask {
        await evaluator.run()
        return .work
      }
      group.addTask {
        await notifier.run()
        return .work
      }
      group.addTask { [lookEvery] in
        await looks.run(every: lookEvery)
        return .work
      }
      group.addTask { [clock] in
        try? await clock.sleep(until: end, tolerance: nil)
        return .time
      }
      group.addTask {
        for await _ in interruption { return .interruption }
        return .work
      }
      defer { group.cancelAll() }
      for await part in group where part != .work { return part == .interruption }
      return false
    }
  }

  private func findings(
    from start: Timestamp, to end: Timestamp, _ recorder: ShadowRecorder, _ looks: LiveLooks,
    _ beginning: ShadowNotifier, _ live: LiveAlerting, waiting: Set<ShadowTelling.Key>, since revision: Revision?,
    _ wasInterrupted: Bool
  ) async throws -> ShadowFindings {
    let (records, seen) = (recorder.records, await looks.records)
    var findings = ShadowFindings(start: start, end: end, wasInterrupted: wasInterrupted)
    findings.evaluations = records.groupEvaluations
    (findings.looks, findings.failedLooks, findings.trouble) = (seen.looks, seen.failures, seen.trouble)
    findings.gaps = live.gaps
    findings.takeRules(records.rules, groups)
    let comparison = ShadowComparison(groups: groups, unknown: findings.unknownRules, lookEvery: lookEvery, end: end)
    findings.alerts = comparison.alerts(branch: records.timeline, live: seen.timeline)
    for timeline in [seen.timeline, records.timeline] {
      for entry in timeline.entries.values { findings.names[entry.alert.fingerprint] = entry.alert.labels }
    }
    do {
      func compared(_ tellings: [ShadowTelling]) -> [ShadowTelling] {
        tellings.filter { $0.at <= end && (told ?? owners)?.contains($0.key.owner) ?? true }
      }
      let delivered = try await client.tellings(since: start)
      let waitingLive = try await client.waiting(at: end)
      if let now = try await client.appliedRevisions().newest, now != revision { findings.movedTo = now }
      findings.tellings = ShadowTellings(
        branch: compared(records.tellings), live: compared(delivered), assumed: beginning.assumed,
        waitingBranch: waiting, waitingLive: waitingLive)
    } catch let failure as CommandFailure {
      findings.trouble = failure
    }
    return findings
  }
}
