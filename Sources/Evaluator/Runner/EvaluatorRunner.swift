package import Model
import Specs

/// Evaluates rule groups when they are due: waits, asks the sources, hands on what changed.
///
/// Decisions are taken by ``EvaluatorState``; queries run outside the actor.
package actor EvaluatorRunner {
  /// After so long, what a slow group has found up to then is reported without waiting for its other rules.
  static let reportPause: Duration = .seconds(1)
  /// The longest sleep while nothing is due.
  private static let longestSleep: Duration = .seconds(3600)

  /// What becomes of a rule's wish to ask its source.
  enum Permit: Sendable {
    case granted(RuleQuery)
    case refused(RuleFailure)
    /// The group was changed or removed, or the runner is ending.
    case gone
  }

  private var state = EvaluatorState()
  let clock: any WallClock
  private let sink: any EvaluationSink
  private var isStopping = false
  private var nextTicket: SourceQueue.Ticket = 0
  private var waitingForPlace: [SourceQueue.Ticket: CheckedContinuation<Bool, Never>] = [:]
  /// The loop's sleep: what it waits on, until when, and whether somebody called before it waited.
  private var sleeper: CheckedContinuation<Void, Never>?
  private var sleepsUntil: Timestamp?
  private var isCalled = false
  /// Reports on their way to the sink, by the number of the group's life.
  private var reporting: [UInt64: ResourceID] = [:]
  private var waitingForReports: [CheckedContinuation<Void, Never>] = []
  /// Changes that are being handed on: no report goes out before.
  private var changesUnderWay = 0
  private var waitingForChanges: [CheckedContinuation<Void, Never>] = []

  package init(clock: any WallClock, sink: any EvaluationSink) {
    self.clock = clock
    self.sink = sink
  }

  /// Evaluates until the task is cancelled; call it once.
  package func run() async {
    await withDiscardingTaskGroup { tasks in
      while !Task.isCancelled {
        for due in state.takeDue(at: clock.now) { tasks.addTask { await self.evaluate(due) } }
        for write in state.takeLastWords() { tasks.addTask { await self.perform(write, for: nil) } }
        await sleep()
      }
      isStopping = true
      for waiting in waitingForPlace.values { waiting.resume(returning: false) }
      waitingForPlace = [:]
    }
  }

  // MARK: - Changes

  /// Remembers the ledger's active alerts; to be called before the first change.
  ///
  /// The rules of a scope take its alerts over when they first come; what none takes ends with that change.
  package func restore(_ recorded: [Alert], lastAliveAt: Timestamp) {
    state.restore(Restoration.alerts(recorded, lastAliveAt: lastAliveAt, now: clock.now))
  }

  /// Ends recorded alerts of scopes that no change has named; to be called after the first sync.
  package func endUnclaimedAlerts() -> [AlertTransition] {
    state.endUnclaimedAlerts(at: clock.now)
  }

  /// Applies a change. Groups that it doesn't name go on undisturbed.
  ///
  /// When it hands over what came of it, no report of a group's earlier life is under way any more, and none will come;
  /// and no report of what is new comes before `handOver` has ended.
  @discardableResult
  package func apply(
    _ change: EvaluatorChange, handOver: @Sendable (EvaluatorChangeOutcome) async -> Void
  ) async -> EvaluatorChangeOutcome {
    changesUnderWay += 1
    let outcome = await apply(change)
    await handOver(outcome)
    changesUnderWay -= 1
    guard changesUnderWay == 0 else { return outcome }
    for waiting in waitingForChanges { waiting.resume() }
    waitingForChanges = []
    return outcome
  }

  /// Does the same where nobody has to know before the next report.
  @discardableResult
  package func apply(_ change: EvaluatorChange) async -> EvaluatorChangeOutcome {
    let outcome = state.apply(change, at: clock.now)
    for ticket in outcome.started { waitingForPlace.removeValue(forKey: ticket)?.resume(returning: true) }
    for ticket in outcome.refused { waitingForPlace.removeValue(forKey: ticket)?.resume(returning: false) }
    call()
    guard !reporting.isEmpty else { return outcome }
    let affected = Set(outcome.changed).union(outcome.removed)
    let pending = reporting.filter { affected.contains($0.value) }.keys
    while pending.contains(where: { reporting[$0] != nil }) {
      await withCheckedContinuation { waitingForReports.append($0) }
    }
    return outcome
  }

  /// Notes where rules stand now and who changed them last; evaluations and clocks go on undisturbed.
  package func place(_ provenance: [ResourceID: [Provenance]]) {
    state.place(provenance)
  }

  // MARK: - Views

  /// Every group with its rules and alerts, sorted.
  package var groups: [RuleGroupState] { state.groups.values.sorted { $0.id < $1.id } }

  /// The groups that came, went (`nil`) or were evaluated since this was asked last; for one asker, who keeps them.
  package func takeTouched() -> [ResourceID: RuleGroupState?] { state.takeTouched() }

  /// One group; `nil` when it isn't there.
  package func group(_ id: ResourceID) -> RuleGroupState? { state.groups[id] }

  /// How each data source stands, sorted.
  package var sources: [SourceStatus] { state.sourceStatus }

  package var counters: EvaluatorCounters { state.counters }

  /// Which groups still wait for their first evaluation.
  package var firstEvaluations: FirstEvaluations { state.firstEvaluations }

  /// What is wrong with sources and rules, for ``SelfMonitor``.
  package var conditions: [Condition] { state.conditions(at: clock.now) }

  // MARK: - Waiting

  private func sleep() async {
    let now = clock.now
    let until = min(state.nextDue() ?? now + Self.longestSleep, now + Self.longestSleep)
    guard until > now, !isCalled else {
      isCalled = false
      return
    }
    sleepsUntil = until
    await withDiscardingTaskGroup { tasks in
      tasks.addTask { [clock] in
        try? await clock.sleep(until: until, tolerance: nil)
        await self.call()
      }
      // Whoever called meanwhile found nobody asleep.
      if !isCalled { await withCheckedContinuation { sleeper = $0 } }
      tasks.cancelAll()
    }
    sleepsUntil = nil
  }

  /// Makes the loop look for work, now or as soon as it would sleep.
  private func call() {
    guard let sleeper else {
      isCalled = true
      return
    }
    self.sleeper = nil
    sleeper.resume()
  }

  // MARK: - One evaluation

  func templates(rule index: Int, _ due: Schedule.Due) -> RuleTemplates? {
    state.templates(rule: index, for: due)
  }

  func turn(_ due: Schedule.Due) -> Turn? { state.turn(due) }

  func wrote(_ write: RuleWrite, _ due: Schedule.Due?, _ failure: SampleWriteError?) {
    state.wrote(write, for: due, failure)
  }

  /// Waits for a place at the rule's source.
  func permit(rule index: Int, of definition: GroupDefinition, _ due: Schedule.Due) async -> Permit {
    guard !isStopping, state.isCurrent(due) else { return .gone }
    do throws(RuleFailure) {
      let query = try state.query(rule: index, of: definition)
      nextTicket += 1
      let ticket = nextTicket
      let begins = state.request(ticket, at: query.source, for: definition.context.scope)
      if begins == ticket { return .granted(query) }
      if let begins { waitingForPlace.removeValue(forKey: begins)?.resume(returning: true) }
      let hasPlace = await withCheckedContinuation { waitingForPlace[ticket] = $0 }
      guard hasPlace else { return .gone }
      guard !isStopping, state.isCurrent(due) else {
        release(query.source, of: definition.context.scope, .failure(.cancelled))
        return .gone
      }
      return .granted(query)
    } catch {
      return .refused(error)
    }
  }

  func release(_ source: ResourceID, of scope: Scope, _ result: Result<QueryAnswer, QueryError>) {
    var failure: QueryError?
    if case .failure(let error) = result { failure = error }
    guard let next = state.release(source, for: scope, failure, at: clock.now) else { return }
    waitingForPlace.removeValue(forKey: next)?.resume(returning: true)
  }

  /// Takes answers into account and reports what they brought; what is to be written then.
  func report(
    _ answers: [RuleAnswer], _ due: Schedule.Due, took duration: Duration, isComplete: Bool
  ) async -> [RuleWrite] {
    while changesUnderWay > 0 { await withCheckedContinuation { waitingForChanges.append($0) } }
    guard var report = state.commit(answers, for: due, took: duration, isComplete: isComplete) else { return [] }
    if isComplete {
      report.finishedAt = clock.now
      report.evaluatedChanges = state.firstEvaluations.end(due.group, at: report.finishedAt)
    }
    if state.hasLastWords { call() }
    reporting[due.number] = due.group
    await sink.evaluated(report)
    reporting[due.number] = nil
    for waiting in waitingForReports { waiting.resume() }
    waitingForReports = []
    return report.writes
  }

  func finish(_ due: Schedule.Due) {
    state.finish(due)
    if let next = state.nextDue(), let sleepsUntil, next < sleepsUntil { call() }
  }
}
