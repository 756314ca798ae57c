import Evaluator
import Model
import Notifier
import Reconciler
import Specs

/// What becomes of live alerts when their rules change, by the live evaluator's own value: first what rules take over
/// from those before them, then what their queries find.
struct KeptAlerts: Sendable {
  /// The groups that the plan touches, as they would be.
  private(set) var groups: [ResourceID: RuleGroupState]
  /// The alerts of those groups as they are live.
  let former: [Alert]
  /// Everything that changes at once and at the next evaluation, in order.
  private(set) var transitions: [AlertTransition]
  /// Alerts that go on under other labels, their scope having been renamed.
  let relabelled: [RelabelledAlert]
  /// What rules couldn't be asked, and why.
  private(set) var gaps: [RuleChanges.Place: String] = [:]
  /// What each asked rule would have now.
  private(set) var found: [RuleChanges.Place: [Alert]] = [:]
  /// What rules ask, for those that are to be asked.
  private(set) var questions: [RuleChanges.Place: RuleQuestion] = [:]

  /// Hands the alerts of `live` over from the rules there are to those that the plan leads to.
  init(_ changes: RuleChanges, _ live: [Alert], sources: [EvaluatorSource], at now: Timestamp) {
    former = live.filter { changes.former[$0.rule.group] != nil }
    var state = EvaluatorState()
    state.restore(former)
    let formerParts = Dictionary(grouping: changes.former.values, by: \.id.scope)
    _ = state.apply(
      EvaluatorChange(
        groups: formerParts.map { .init($0, put: $1.sorted { $0.id < $1.id }) }.sorted { $0.scope < $1.scope },
        putSources: sources), at: now)
    var parts: [Scope: EvaluatorChange.Groups] = [:]
    for id in changes.former.keys.sorted() where changes.current[id] == nil {
      parts[id.scope, default: .init(id.scope)].remove.append(id)
    }
    for id in changes.current.keys.sorted() {
      if let group = changes.current[id] { parts[id.scope, default: .init(id.scope)].put.append(group) }
    }
    let outcome = state.apply(
      EvaluatorChange(groups: parts.values.sorted { $0.scope < $1.scope }), at: now)
    relabelled = outcome.relabelled
    let ended = outcome.relabelled.map { pair in
      var alert = pair.former
      alert.state = .resolved
      alert.resolvedAt = now
      return AlertTransition(from: pair.former.state, alert: alert, reason: .ruleRemoved, at: now)
    }
    let begun = outcome.relabelled.map {
      AlertTransition(from: nil, alert: $0.current, reason: .conditionMet, at: now)
    }
    transitions = outcome.transitions + ended + begun
    groups = state.groups.filter { changes.current[$0.key] != nil }
    for entry in changes.changed where entry.spec.enabled {
      do throws(RuleFailure) {
        questions[entry.place] = try state.question(rule: entry.rule, of: entry.definition)
      } catch {
        gaps[entry.place] = error.description
      }
    }
  }

  /// Takes in what a rule's source answered.
  mutating func take(_ answer: RuleAnswer, of place: RuleChanges.Place, at now: Timestamp) {
    guard var group = groups[place.group] else { return }
    let step = group.step(answer, at: now)
    if case .failing(let failure, _) = group.rules[place.rule].health {
      gaps[place] = failure.description
      return
    }
    transitions += step.transitions
    found[place] = group.alerts(of: place.rule)
    groups[place.group] = group
  }

  /// Notes that a rule isn't asked.
  mutating func leave(_ place: RuleChanges.Place, because reason: String) {
    gaps[place] = reason
  }
}
