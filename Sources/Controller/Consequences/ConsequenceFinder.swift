import Evaluator
import Model
import Notifier
import PromQL
import Reconciler
import Specs

/// Finds out what a plan means: hands live alerts over, asks the data sources of changed rules, and tries the past.
struct ConsequenceFinder: Sendable {
  /// The most rules that are asked; what is beyond is a gap.
  static let mostQuestions = 500
  /// How many queries are under way at once.
  private static let width = 8

  let sides: PlanSides
  let live: LiveAlerting
  let sources: AskedSources
  let zones: Zones
  let now: Timestamp
  /// Whom the report is about; `nil` for all.
  let tenant: String?
  let window: BacktestWindow?

  /// Everything that a report says beside the plan.
  struct Findings: Sendable {
    let consequences: Consequences
    let rules: [RuleOutlook]
    let gaps: [ConsequenceGap]
  }

  func find() async -> Findings {
    let changes = RuleChanges(sides)
    var carried = KeptAlerts(
      changes, live.alerts, sources: sources.sources(changes.sourcesAfter), at: now)
    for (place, question) in await asked(changes, &carried) {
      carried.take(question, of: place, at: now)
    }
    let consequences = Consequences(sides, changes, carried, live, zones: zones, at: now)
    var rules = outlooks(changes, carried)
    var gaps = consequences.gaps
    if let window { gaps += await backtest(&rules, changes, carried, window) }
    return Findings(consequences: consequences, rules: rules, gaps: gaps)
  }

  private func isTold(_ scope: Scope) -> Bool { tenant == nil || scope.tenant == tenant }

  // MARK: Now

  private func asked(
    _ changes: RuleChanges, _ carried: inout KeptAlerts
  ) async -> [(RuleChanges.Place, RuleAnswer)] {
    var questions: [(RuleChanges.Place, RuleQuestion)] = []
    for entry in changes.changed where isTold(entry.definition.id.scope) {
      guard let question = carried.questions[entry.place] else { continue }
      let source = changes.sourcesAfter.sources[question.source]
      if let refusal = source.flatMap({ AskedSources.refusal($0, in: changes) }) {
        carried.leave(entry.place, because: refusal)
      } else if questions.count == Self.mostQuestions {
        carried.leave(entry.place, because: "only the first \(Self.mostQuestions) changed rules are asked")
      } else {
        questions.append((entry.place, question))
      }
    }
    return await inParallel(questions) { [now] place, question in (place, await question.answer(at: now)) }
  }

  /// Runs over the elements, a few at a time; the results come in the elements' order.
  private func inParallel<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ body: @escaping @Sendable (Element) async -> Result
  ) async -> [Result] {
    await withTaskGroup(of: (Int, Result).self) { group in
      var results = [Result?](repeating: nil, count: elements.count)
      var next = 0
      while next < min(Self.width, elements.count) {
        group.addTask { [element = elements[next], index = next] in (index, await body(element)) }
        next += 1
      }
      while let (index, result) = await group.next() {
        results[index] = result
        guard next < elements.count else { continue }
        group.addTask { [element = elements[next], index = next] in (index, await body(element)) }
        next += 1
      }
      return results.compactMap(\.self)
    }
  }

  private func outlooks(_ changes: RuleChanges, _ carried: KeptAlerts) -> [RuleOutlook] {
    var byRule: [ResourceID: [String: [Alert]]] = [:]
    for alert in carried.former { byRule[alert.rule.group, default: [:]][alert.rule.rule, default: []].append(alert) }
    func before(_ old: RuleChanges.Former?) -> Consequences.Kept {
      .init(old.flatMap { byRule[$0.definition.id]?[$0.spec.name] } ?? [])
    }
    var outlooks: [RuleOutlook] = []
    for entry in changes.changed where isTold(entry.definition.id.scope) {
      outlooks.append(
        RuleOutlook(
          scope: entry.definition.id.scope, group: entry.definition.id, rule: entry.spec.name,
          change: entry.former == nil ? .new : .changed, isEnabled: entry.spec.enabled, before: before(entry.former),
          now: entry.spec.enabled ? carried.found[entry.place].map(Consequences.Kept.init) : .init()))
    }
    for old in changes.gone where isTold(old.definition.id.scope) {
      outlooks.append(
        RuleOutlook(
          scope: old.definition.id.scope, group: old.definition.id, rule: old.spec.name, change: .removed,
          isEnabled: false, before: before(old), now: .init()))
    }
    return outlooks
  }

  // MARK: The past

  /// One version of one rule, to be tried.
  private struct Trial: Sendable {
    /// The place of the rule among the outlooks.
    let outlook: Int
    let isFormer: Bool
    let question: RuleQuestion
  }

  private func backtest(
    _ outlooks: inout [RuleOutlook], _ changes: RuleChanges, _ carried: KeptAlerts, _ window: BacktestWindow
  ) async -> [ConsequenceGap] {
    var gaps: [ConsequenceGap] = []
    let trials = trials(changes, carried, &gaps)
    var world = AlertWorld(sides.before, LiveAlerting(), of: nil, zones: zones, at: now)
    let before = world
    world.apply(sides.notifierChange, [])
    let results = await inParallel(trials) { trial in (trial, await self.past(trial, window)) }
    for (trial, result) in results {
      switch result {
      case .success(let backtest):
        let past = past(backtest, in: trial.isFormer ? before : world)
        if trial.isFormer {
          outlooks[trial.outlook].pastBefore = past
        } else {
          outlooks[trial.outlook].pastAfter = past
        }
      case .failure(let error):
        gaps.append(gap(trial, error.description))
      }
    }
    return gaps
  }

  private func trials(
    _ changes: RuleChanges, _ carried: KeptAlerts, _ gaps: inout [ConsequenceGap]
  ) -> [Trial] {
    var trials: [Trial] = []
    var former = EvaluatorState()
    _ = former.apply(EvaluatorChange(putSources: sources.sources(changes.sourcesBefore)), at: now)
    func add(_ index: Int, _ old: RuleChanges.Former?) {
      guard let old, old.spec.enabled, trials.count < 2 * Self.mostQuestions,
        let question = try? former.question(rule: old.rule, of: old.definition)
      else { return }
      let source = changes.sourcesBefore.sources[question.source]
      guard source.flatMap({ AskedSources.refusal($0, in: changes) }) == nil else { return }
      trials.append(Trial(outlook: index, isFormer: true, question: question))
    }
    let changed = changes.changed.filter { isTold($0.definition.id.scope) }
    for (index, entry) in changed.enumerated() {
      // Why a rule couldn't be asked now is told already.
      let refusal = carried.questions[entry.place].flatMap { question in
        changes.sourcesAfter.sources[question.source].flatMap { AskedSources.refusal($0, in: changes) }
      }
      if let question = carried.questions[entry.place], refusal == nil, trials.count < 2 * Self.mostQuestions {
        trials.append(Trial(outlook: index, isFormer: false, question: question))
      }
      add(index, entry.former)
    }
    for (index, old) in changes.gone.filter({ isTold($0.definition.id.scope) }).enumerated() {
      add(changed.count + index, old)
    }
    for trial in trials where trial.question.asksInTemplates {
      gaps.append(gap(trial, "its templates ask queries, which the past isn't asked for"))
    }
    return trials
  }

  private func gap(_ trial: Trial, _ words: String) -> ConsequenceGap {
    let definition = trial.question.definition
    let name = definition.spec.rules[trial.question.rule].name
    return ConsequenceGap(
      scope: definition.id.scope, subject: name + " (backtest\(trial.isFormer ? " as it is live" : ""))", message: words
    )
  }

  private func past(_ trial: Trial, _ window: BacktestWindow) async -> Result<Backtest, QueryError> {
    let (definition, rule) = (trial.question.definition, trial.question.rule)
    let times = window.times(of: definition, until: now)
    let offset = definition.spec.queryOffset ?? .zero
    var merged: [Labels: SampleSeries] = [:]
    for part in BacktestWindow.parts(of: times) {
      do throws(QueryError) {
        let shifted = QueryTimes(from: part.start - offset, through: part.end - offset, step: part.step ?? .zero)
        for series in try await trial.question.series(over: shifted, timeout: .seconds(60)) {
          merged[series.labels, default: SampleSeries(series.labels)].times += series.times
          merged[series.labels]?.values += series.values
        }
      } catch {
        return .failure(error)
      }
    }
    let series = merged.values.sorted { $0.labels < $1.labels }
    return .success(Backtest(definition, rule: rule, series, over: times))
  }

  private func past(_ backtest: Backtest, in world: AlertWorld) -> RuleOutlook.Past {
    let channels = world.channels(of: backtest.fired.values.map(\.alert))
    var past = RuleOutlook.Past(backtest: backtest, length: window?.length ?? .zero, channels: [:], unrouted: 0)
    for (identity, entry) in backtest.fired {
      let targets = channels[identity] ?? []
      if targets.isEmpty { past.unrouted += entry.firings }
      for channel in targets { past.channels[channel, default: 0] += entry.firings }
    }
    return past
  }
}
