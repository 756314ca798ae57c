package import Model
import PromQL
import Specs

/// Everything the evaluator knows, and every decision it takes; the runner waits, asks and hands on.
package struct EvaluatorState: Sendable {
  /// A data source with its queue and its health.
  struct Source: Sendable {
    var definition: EvaluatorSource
    var queue: SourceQueue
    var health = SourceHealth()
  }

  /// Groups by their ids.
  package typealias Groups = [ResourceID: RuleGroupState]

  /// Every group by its id.
  package internal(set) var groups: Groups = [:]
  var sources: [ResourceID: Source] = [:]
  /// The default source of each scope that has one.
  var defaultSources: [Scope: ResourceID] = [:]
  private var schedule = Schedule()
  /// Alerts from the ledger whose scope has not been applied yet.
  private var restored: [Scope: [Alert]] = [:]
  package internal(set) var counters = EvaluatorCounters()
  package internal(set) var firstEvaluations = FirstEvaluations()
  /// Staleness markers of rules that are gone, not yet handed to their sinks.
  private var lastWords: [RuleWrite] = []
  /// The groups that came, went or were evaluated since somebody last asked.
  private var touched: Set<ResourceID> = []

  package init() {}

  /// The next instant at which a group is due; `nil` without one.
  package mutating func nextDue() -> Timestamp? { schedule.nextDue() }

  /// Remembers alerts from the ledger for the rules of their scopes, which come with the first change of each scope.
  ///
  /// Built-in alerts are the ``SelfMonitor``'s.
  package mutating func restore(_ alerts: [Alert]) {
    for alert in alerts where alert.rule.group != SelfMonitor.group {
      restored[alert.scope, default: []].append(alert)
    }
  }

  /// Ends recorded alerts of scopes that no longer exist.
  package mutating func endUnclaimedAlerts(at now: Timestamp) -> [AlertTransition] {
    var pool = AlertPool()
    for scope in restored.keys.sorted() { pool.add(restored: restored[scope] ?? []) }
    restored = [:]
    return pool.ended(at: now)
  }

  // MARK: - Changes

  /// Applies a change; groups and sources that it doesn't name go on undisturbed.
  package mutating func apply(_ change: EvaluatorChange, at now: Timestamp) -> EvaluatorChangeOutcome {
    let tickets = applySources(change)
    var outcome = EvaluatorChangeOutcome()
    (outcome.started, outcome.refused) = tickets
    var pools: [Scope: AlertPool] = [:]
    var fresh: [Scope: [RuleGroupState]] = [:]
    let renamed = takeOut(change, &outcome, &pools, &fresh)
    for scope in change.groups.map(\.scope).sorted() {
      guard var groups = fresh.removeValue(forKey: scope) else { continue }
      for source in [scope] + (renamed[scope] ?? []) {
        pools[source]?.distribute(to: &groups, successors: change.renamedGroups, at: now)
      }
      fresh[scope] = groups
    }
    let crossing = ScopeCrossing(pools)
    if !crossing.isEmpty { crossing.distribute(&pools, to: &fresh) }
    for scope in fresh.keys.sorted() {
      for group in fresh[scope] ?? [] { insert(group, &outcome, at: now) }
    }
    for scope in pools.keys.sorted() {
      guard let pool = pools[scope] else { continue }
      for words in pool.lastWords(at: now) { say(words.markers, at: words.at, to: words.source) }
      outcome.transitions += pool.ended(at: now)
      outcome.relabelled += pool.relabelled
      outcome.regrouped += pool.regrouped
      outcome.carried += pool.carried
    }
    outcome.transitions.sort { ($0.alert.scope, $0.alert.labels) < ($1.alert.scope, $1.alert.labels) }
    counters.transitions += outcome.transitions.count
    noteFirstEvaluations(&outcome, of: change.number, at: now)
    return outcome
  }

  /// Takes removed and changed groups out into pools, one for each scope they were in, and makes the new ones.
  ///
  /// - Returns: for each scope that was renamed the scopes it was before.
  private mutating func takeOut(
    _ change: EvaluatorChange, _ outcome: inout EvaluatorChangeOutcome, _ pools: inout [Scope: AlertPool],
    _ fresh: inout [Scope: [RuleGroupState]]
  ) -> [Scope: [Scope]] {
    var successors: [Scope: RuleContext] = [:]
    var previous: [Scope: [Scope]] = [:]
    for part in change.groups {
      guard let context = part.put.first?.context else { continue }
      for scope in part.previousScopes { successors[scope] = context }
      previous[part.scope] = part.previousScopes
    }
    for part in change.groups {
      var pool = pools[part.scope] ?? AlertPool()
      if let alerts = restored.removeValue(forKey: part.scope) { pool.add(restored: alerts) }
      for scope in part.previousScopes {
        guard let alerts = restored.removeValue(forKey: scope) else { continue }
        pool.add(restored: alerts, for: part.put.first?.context)
      }
      for id in part.remove {
        guard let old = groups.removeValue(forKey: id) else { continue }
        schedule.remove(id)
        touched.insert(id)
        outcome.removed.append(id)
        pool.add(old, for: successors[part.scope] ?? old.definition.context)
      }
      for definition in part.put {
        if let old = groups[definition.id] {
          guard old.definition != definition else { continue }
          groups[definition.id] = nil
          touched.insert(definition.id)
          pool.add(old, for: definition.context)
        }
        var group = RuleGroupState(definition)
        setTreatments(of: &group)
        fresh[part.scope, default: []].append(group)
      }
      pools[part.scope] = pool
    }
    return previous
  }

  /// Notes where rules stand now and who changed them last; evaluations and clocks go on undisturbed.
  ///
  /// The next evaluation hands the alerts on with it.
  package mutating func place(_ provenance: [ResourceID: [Provenance]]) {
    for (id, places) in provenance {
      guard let group = groups[id], group.definition.provenance != places else { continue }
      groups[id]?.definition.provenance = places
      touched.insert(id)
      for index in group.rules.indices where !group.rules[index].alerts.isEmpty {
        groups[id]?.rules[index].hasMoved = true
      }
    }
  }

  private mutating func insert(
    _ group: RuleGroupState, _ outcome: inout EvaluatorChangeOutcome, at now: Timestamp
  ) {
    let definition = group.definition
    let grid = EvaluationGrid(file: definition.file, group: definition.spec.name, interval: definition.interval)
    let last = group.rules.lazy.compactMap(\.evaluatedAt).max()
    groups[group.id] = group
    touched.insert(group.id)
    schedule.put(group.id, grid, last: last, at: now)
    outcome.changed.append(group.id)
  }

  // MARK: - Evaluations

  /// The groups that are due, which count as being evaluated until ``finish(_:)``.
  package mutating func takeDue(at now: Timestamp) -> [Schedule.Due] {
    let due = schedule.takeDue(at: now)
    for turn in due {
      counters.groupEvaluations += 1
      counters.missedTicks += turn.missed
      groups[turn.group]?.missedTicks += turn.missed
      if turn.missed == 0 {
        groups[turn.group]?.missingSince = nil
      } else if groups[turn.group]?.missingSince == nil {
        groups[turn.group]?.missingSince = turn.instant
      }
    }
    return due
  }

  /// Whether the group whose turn it is hasn't been changed or removed meanwhile.
  package func isCurrent(_ due: Schedule.Due) -> Bool { schedule.isCurrent(due) }

  /// The group whose turn it is, and which of its rules; `nil` when it was changed or removed meanwhile.
  package func turn(_ due: Schedule.Due) -> Turn? {
    guard schedule.isCurrent(due) else { return nil }
    return groups[due.group].map(Turn.init)
  }

  /// The templates of a rule that has had samples; `nil` before, and when the group was changed meanwhile.
  func templates(rule index: Int, for due: Schedule.Due) -> RuleTemplates? {
    guard schedule.isCurrent(due), let rules = groups[due.group]?.rules, index < rules.count else { return nil }
    return rules[index].isStale ? nil : rules[index].templates
  }

  /// Takes the answers of some of a group's rules into account; `nil` when the group was changed or removed meanwhile.
  package mutating func commit(
    _ answers: [RuleAnswer], for due: Schedule.Due, took duration: Duration, isComplete: Bool
  ) -> EvaluationReport? {
    guard schedule.isCurrent(due), let slot = groups.index(forKey: due.group) else { return nil }
    var report = EvaluationReport(
      group: due.group, at: due.instant, duration: duration, transitions: [], refreshed: [], outcomes: [],
      isComplete: isComplete
    )
    for answer in answers {
      leaveFormerSource(answer, at: due.instant, slot)
      let step = groups.values[slot].step(answer, at: due.instant)
      report.add(step, of: answer, in: groups.values[slot])
    }
    counters.writtenSamples += report.writes.reduce(0) { $0 + $1.samples.count }
    groups.values[slot].evaluatedAt = due.instant
    groups.values[slot].duration = duration
    touched.insert(due.group)
    counters.ruleEvaluations += answers.count
    counters.ruleFailures += report.outcomes.count { $0.failure != nil }
    counters.transitions += report.transitions.count
    for answer in answers { counters.ruleDurations.note(answer.duration) }
    if isComplete { counters.groupDurations.note(duration) }
    return report
  }

  /// Ends the series that a rule wrote where it now writes none.
  private mutating func leaveFormerSource(_ answer: RuleAnswer, at now: Timestamp, _ slot: Groups.Index) {
    guard case .series(_, _, let source) = groups.values[slot].rules[answer.index].output,
      source != answer.destination?.source, case .success = answer.result
    else { return }
    let offset = groups.values[slot].definition.spec.queryOffset ?? .zero
    guard let words = groups.values[slot].rules[answer.index].output.ended(at: now, offset: offset) else { return }
    groups.values[slot].rules[answer.index].output = .nothing
    say(words.markers, at: words.at, to: words.source)
  }

  private mutating func say(_ markers: [QuerySample], at instant: Timestamp, to source: ResourceID) {
    guard let sink = sources[source]?.definition.sink else { return }
    lastWords.append(RuleWrite(rule: nil, samples: markers, at: instant, sink: sink))
    counters.writtenSamples += markers.count
  }

  /// Whether staleness markers wait to be written.
  var hasLastWords: Bool { !lastWords.isEmpty }

  /// Staleness markers of rules that are gone, to be written; they are given once.
  package mutating func takeLastWords() -> [RuleWrite] {
    defer { lastWords = [] }
    return lastWords
  }

  /// Takes into account how a write went.
  mutating func wrote(_ write: RuleWrite, for due: Schedule.Due?, _ error: SampleWriteError?) {
    if error != nil { counters.failedWrites += 1 }
    guard let rule = write.rule, let due, isCurrent(due) else { return }
    groups[due.group]?.wrote(rule: rule, error, at: due.instant)
    touched.insert(due.group)
  }

  /// Ends a group's turn.
  package mutating func finish(_ due: Schedule.Due) {
    schedule.finish(due)
  }
}

// MARK: - Views

extension EvaluatorState {
  /// The groups that came, went (`nil`) or were evaluated since this was asked last; for one asker.
  package mutating func takeTouched() -> [ResourceID: RuleGroupState?] {
    defer { touched = [] }
    return touched.reduce(into: [:]) { $0.updateValue(groups[$1], forKey: $1) }
  }

  mutating func touchAll() { touched.formUnion(groups.keys) }
}
