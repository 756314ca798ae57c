package import Model
package import PromQL
package import Specs
package import Templates

/// A rule group that is live: its definition and what its rules have come to.
package struct RuleGroupState: Sendable {
  package internal(set) var definition: GroupDefinition
  /// One for each rule, in order.
  package internal(set) var rules: [RuleState]
  /// The instant of the last evaluation; `nil` before the first.
  package internal(set) var evaluatedAt: Timestamp?
  /// What the last evaluation took, queries and all.
  package internal(set) var duration: Duration = .zero
  /// Evaluations skipped because one before them took too long.
  package internal(set) var missedTicks = 0
  /// When ticks began to be missed; `nil` once one came in time.
  package internal(set) var missingSince: Timestamp?

  package init(_ definition: GroupDefinition) {
    self.definition = definition
    rules = definition.spec.rules.map { _ in RuleState() }
  }

  package var id: ResourceID { definition.id }

  /// A rule's pending and firing alerts, as they are now.
  package func alerts(of index: Int) -> [Alert] {
    guard rules.indices.contains(index), !rules[index].alerts.isEmpty else { return [] }
    let reference = definition.reference(index)
    let rule = rules[index]
    return rule.alerts.map {
      $0.alert(scope: definition.context.scope, rule: reference, generatorURL: rule.generatorURL)
    }
  }

  /// The pending and firing alerts of all rules, in order.
  package var alerts: [Alert] { rules.indices.flatMap { alerts(of: $0) } }

  /// The first rule that fails, and why; `nil` while all are well.
  package var failure: (rule: Rule, failure: RuleFailure, since: Timestamp)? {
    for (index, rule) in rules.enumerated() {
      if case .failing(let failure, let since) = rule.health { return (definition.spec.rules[index], failure, since) }
    }
    return nil
  }

  /// Whether any of its recording rules are evaluated.
  var records: Bool {
    definition.spec.rules.indices.contains { recordsRule($0) }
  }

  /// Whether a rule is a recording rule that is evaluated.
  func recordsRule(_ index: Int) -> Bool {
    definition.spec.rules[index].purpose == .record && rules[index].treatment == .evaluated
  }

  /// Takes one rule's answer, or why there is none, into account.
  ///
  /// - Returns: what changed; nothing after a failure, which leaves the rule's alerts and series as they are.
  package mutating func step(_ answer: RuleAnswer, at now: Timestamp) -> RuleStep {
    let index = answer.index
    guard rules.indices.contains(index) else { return RuleStep() }
    do throws(RuleFailure) {
      let samples = try answer.result.get()
      let step = try step(answer, samples.samples, at: now)
      rules[index].succeeded(samples, at: now, took: answer.duration)
      return step
    } catch {
      rules[index].failed(error, at: now, took: answer.duration)
      return RuleStep()
    }
  }

  /// Takes one rule's answer into account where nothing is written and no template asks anything.
  package mutating func step(
    rule index: Int, _ result: Result<QueryAnswer, RuleFailure>, at now: Timestamp, sourceURL: String = ""
  ) -> RuleStep {
    step(RuleAnswer(index: index, result: result, duration: .zero, sourceURL: sourceURL), at: now)
  }

  /// The queries that a rule's templates ask for these samples beyond those answered, for whoever answers them itself.
  package func templateQueries(
    rule index: Int, _ samples: [QuerySample], answers: [String: TemplateAnswer] = [:], at now: Timestamp
  ) -> [String] {
    guard rules.indices.contains(index), !samples.isEmpty, definition.spec.rules[index].mentionsQuery else { return [] }
    let templates = RuleTemplates(definition, rule: index, sourceURL: "")
    let scene = RuleScene(context: definition.context, now: now, answers: answers)
    return templates.missingQueries(samples, in: scene, limit: TemplateQueries.queryLimit).map(\.expression)
  }

  private mutating func step(
    _ answer: RuleAnswer, _ samples: [QuerySample], at now: Timestamp
  ) throws(RuleFailure) -> RuleStep {
    let index = answer.index
    let written = now - (definition.spec.queryOffset ?? .zero)
    var step = RuleStep()
    if definition.spec.rules[index].purpose == .alert {
      step = try rules[index].step(
        samples, at: now, rule: index, of: definition, sourceURL: answer.sourceURL, answers: answer.templateAnswers)
      guard let destination = answer.destination else { return step }
      step.samples = rules[index].writeAlerts(at: written, rule: index, of: definition, to: destination)
    } else if let destination = answer.destination {
      step.samples = try rules[index].record(samples, at: written, rule: index, of: definition, to: destination)
    }
    return step
  }

  /// Takes into account how writing a rule's samples went.
  mutating func wrote(rule index: Int, _ error: SampleWriteError?, at now: Timestamp) {
    guard rules.indices.contains(index) else { return }
    switch (rules[index].health, error) {
    case (.failing(.write, let since), let error?): rules[index].health = .failing(.write(error), since: since)
    case (_, let error?): rules[index].health = .failing(.write(error), since: now)
    case (.failing(.write, _), nil): rules[index].health = .ok
    case (_, nil): break
    }
  }

  /// Ends all alerts, the group being gone.
  package mutating func end(at now: Timestamp) -> [AlertTransition] {
    rules.indices.flatMap { index in
      rules[index].end(at: now, scope: definition.context.scope, rule: definition.reference(index))
    }
  }
}

extension RuleState {
  /// Whether it fails for nothing but that its samples don't arrive.
  var hasWriteFailure: Bool {
    if case .failing(.write, _) = health { true } else { false }
  }

  fileprivate mutating func succeeded(_ answer: QueryAnswer, at now: Timestamp, took duration: Duration) {
    // Whether its samples arrive is known later.
    if !hasWriteFailure { health = .ok }
    evaluatedAt = now
    self.duration = duration
    sampleCount = answer.samples.count
    if !(warnings.isEmpty && answer.warnings.isEmpty) { warnings = answer.warnings }
  }

  fileprivate mutating func failed(_ failure: RuleFailure, at now: Timestamp, took duration: Duration) {
    // A query that was cut short with the evaluation says nothing about the rule.
    if failure == .query(.cancelled) { return }
    var since = now
    if case .failing(_, let before) = health { since = before }
    health = .failing(failure, since: since)
    evaluatedAt = now
    self.duration = duration
  }
}
