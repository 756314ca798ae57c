package import Model
import Specs

extension EvaluatorState {
  /// What is wrong with sources, rules and ticks.
  ///
  /// One condition for each source, each group and each scope. A rule that fails because its source does is told by
  /// the source's condition alone.
  package func conditions(at now: Timestamp) -> [Condition] {
    var conditions: [Condition] = []
    for source in sources.values {
      guard case .failing(let since, let times, let error) = source.health.condition else { continue }
      let detail = "\(error); \(times) \(times == 1 ? "query" : "queries") in a row"
      conditions.append(Condition(.dataSourceDown(source.definition.id), since: since, detail: detail))
    }
    var late: [Scope: (since: Timestamp, count: Int)] = [:]
    for group in groups.values {
      if let condition = Self.ruleCondition(group) { conditions.append(condition) }
      guard let since = group.missingSince else { continue }
      let known = late[group.definition.context.scope]
      late[group.definition.context.scope] = (min(since, known?.since ?? since), (known?.count ?? 0) + 1)
    }
    for (scope, missing) in late {
      let detail = "\(missing.count) \(missing.count == 1 ? "group takes" : "groups take") longer than the interval"
      conditions.append(Condition(.ticksMissed(scope), since: missing.since, detail: detail))
    }
    return conditions
  }

  private static func ruleCondition(_ group: RuleGroupState) -> Condition? {
    var first: (index: Int, failure: RuleFailure, since: Timestamp)?
    var count = 0
    for (index, rule) in group.rules.enumerated() {
      guard case .failing(let failure, let since) = rule.health, !failure.isSourceFault else { continue }
      count += 1
      if first.map({ since < $0.since }) ?? true { first = (index, failure, since) }
    }
    guard let first else { return nil }
    let name = group.definition.spec.rules[first.index].name
    let others = count == 1 ? "" : " (and \(count - 1) more)"
    return Condition(
      .ruleFailing(group.id), since: first.since, detail: "'\(name)'\(others): \(first.failure)",
      place: group.definition.reference(first.index).provenance
    )
  }
}
