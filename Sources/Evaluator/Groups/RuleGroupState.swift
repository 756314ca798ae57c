package import Model
package import Specs

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

  /// Takes one rule's answer, or why there is none, into account.
  ///
  /// - Returns: what changed; nothing after a failure, which leaves the rule's alerts as they are.
  package mutating func step(
    rule index: Int, _ result: Result<QueryAnswer, RuleFailure>, at now: Timestamp, took duration: Duration = .zero,
    sourceURL: String = ""
  ) -> RuleStep {
    guard rules.indices.contains(index) else { return RuleStep() }
    do throws(RuleFailure) {
      let answer = try result.get()
      let step = try rules[index].step(
        answer.samples, at: now, rule: index, of: definition, sourceURL: sourceURL)
      rules[index].succeeded(answer, at: now, took: duration)
      return step
    } catch {
      rules[index].failed(error, at: now, took: duration)
      return RuleStep()
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
  fileprivate mutating func succeeded(_ answer: QueryAnswer, at now: Timestamp, took duration: Duration) {
    health = .ok
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
