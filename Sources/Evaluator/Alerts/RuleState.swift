package import Model
package import PromQL
package import Specs
package import Templates

/// What one rule has come to: its active alerts and how its last evaluation went.
package struct RuleState: Sendable {
  /// Pending and firing, in the order in which they first appeared.
  package internal(set) var alerts: [ActiveAlert] = []
  package internal(set) var health = RuleHealth.unknown
  /// The instant of the last evaluation; `nil` before the first.
  package internal(set) var evaluatedAt: Timestamp?
  /// What the last evaluation took.
  package internal(set) var duration: Duration = .zero
  /// The number of samples in the last answer.
  package internal(set) var sampleCount = 0
  /// What the last answer had to say beside its samples.
  package internal(set) var warnings: [String] = []
  /// A link to the expression; `""` before the first sample.
  package internal(set) var generatorURL = ""
  /// What becomes of the rule, its data source being what it is.
  package internal(set) var treatment = Rule.Treatment.evaluated
  var templates: RuleTemplates?
  /// The expression as a shared source is asked.
  var binding = BoundExpression.none
  /// The series that it wrote last.
  var output = RuleOutput.nothing
  /// Whether all annotations are to be expanded anew, the rule having changed.
  var isStale = false
  /// Whether all alerts are to be told again, the rule standing elsewhere or having been changed by somebody.
  var hasMoved = false

  package init() {}

  /// The highest state among the alerts; `nil` without one.
  package var state: AlertState? {
    if alerts.contains(where: { $0.state == .firing }) { return .firing }
    return alerts.isEmpty ? nil : .pending
  }
}

/// What one evaluation of a rule changed.
package struct RuleStep: Sendable {
  /// Sorted by the alerts' labels.
  package var transitions: [AlertTransition] = []
  /// Alerts that go on firing with other annotations than before, or whose rule has moved.
  package var refreshed: [Alert] = []
  /// Samples to be written, staleness markers among them.
  package var samples: [QuerySample] = []
}

extension RuleState {
  /// Goes on to `now` with the samples of the rule's expression.
  ///
  /// After a throw nothing has changed: Belfry keeps the alerts of a rule that fails. Links to the expression begin
  /// with `sourceURL`, the source's address for people; `answers` are those to the queries that templates ask.
  package mutating func step(
    _ samples: [QuerySample], at now: Timestamp, rule index: Int, of definition: GroupDefinition,
    sourceURL: String = "", answers: [String: TemplateAnswer] = [:]
  ) throws(RuleFailure) -> RuleStep {
    guard !samples.isEmpty || !alerts.isEmpty else { return RuleStep() }
    if templates == nil || isStale {
      templates = RuleTemplates(definition, rule: index, sourceURL: sourceURL)
    }
    guard let templates else { return RuleStep() }
    let scene = RuleScene(context: definition.context, now: now, answers: answers)
    var stepping = RuleStepping(
      definition: definition, index: index, templates: templates, scene: scene, refreshesAll: isStale || hasMoved,
      tellsAll: hasMoved
    )
    try stepping.match(samples, with: alerts)
    generatorURL = templates.generatorURL
    isStale = false
    hasMoved = false
    return stepping.apply(samples, to: &alerts)
  }

  /// Ends every alert, the rule being gone.
  package mutating func end(at now: Timestamp, scope: Scope, rule reference: RuleReference) -> [AlertTransition] {
    defer { alerts = [] }
    return alerts.map { alert in
      alert.ended(
        .ruleRemoved, at: now, alert: alert.alert(scope: scope, rule: reference, generatorURL: generatorURL))
    }
  }
}

extension ActiveAlert {
  /// The transition to resolved; a pending alert never fired.
  func ended(_ reason: AlertTransition.Reason, at now: Timestamp, alert: Alert) -> AlertTransition {
    var resolved = alert
    resolved.state = .resolved
    resolved.resolvedAt = now
    return AlertTransition(from: state, alert: resolved, reason: reason, at: now)
  }
}
