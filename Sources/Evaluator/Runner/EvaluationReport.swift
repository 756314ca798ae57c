package import Model
import Specs

/// What one evaluation of a group, or a part of a slow one, brought about.
package struct EvaluationReport: Sendable {
  /// How one rule's evaluation went.
  package struct Outcome: Sendable {
    /// The rule's place in its group.
    package var index: Int
    package var rule: String
    package var duration: Duration
    package var samples: Int
    /// `nil` when it succeeded.
    package var failure: RuleFailure?
  }

  package var group: ResourceID
  /// The instant of the evaluation.
  package var at: Timestamp
  /// What it took up to now.
  package var duration: Duration
  /// In the order of the rules.
  package var transitions: [AlertTransition]
  /// Alerts that go on firing with other annotations than before.
  package var refreshed: [Alert]
  package var outcomes: [Outcome]
  /// Whether the group's last rule is among them.
  package var isComplete: Bool
  /// What is to be written before the group's next rule is evaluated.
  package internal(set) var writes: [RuleWrite] = []
  /// The changes of which every group was now evaluated once, and when; see ``EvaluatorChange/number``.
  package internal(set) var evaluatedChanges: [UInt64] = []
  package internal(set) var finishedAt: Timestamp = .epoch
}

extension EvaluationReport {
  /// Adds what one rule's answer brought about.
  mutating func add(_ step: RuleStep, of answer: RuleAnswer, in group: RuleGroupState) {
    transitions += step.transitions
    refreshed += step.refreshed
    let rule = group.rules[answer.index]
    var failure: RuleFailure?
    if case .failing(let reason, _) = rule.health { failure = reason }
    outcomes.append(
      Outcome(
        index: answer.index, rule: group.definition.spec.rules[answer.index].name, duration: answer.duration,
        samples: rule.sampleCount, failure: failure))
    guard !step.samples.isEmpty, let sink = answer.destination?.sink else { return }
    let instant = at - (group.definition.spec.queryOffset ?? .zero)
    writes.append(
      RuleWrite(
        rule: answer.index, samples: step.samples, at: instant, sink: sink, isRecovery: rule.hasWriteFailure))
  }
}

/// The port to whoever wants to know of evaluations.
package protocol EvaluationSink: Sendable {
  /// Takes one report; those of one group come in order and one at a time.
  func evaluated(_ report: EvaluationReport) async
}
