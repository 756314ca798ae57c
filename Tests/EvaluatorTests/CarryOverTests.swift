import Evaluator
import Model
import PromQL
import Specs
import TestKit
import Testing

@Suite struct `Carrying alerts over a change` {
  private let scope = Scope.project(tenant: "shop", project: "checkout")

  /// An evaluator with one group, evaluated once at second 60 with `samples` for every rule.
  private func started(
    _ definition: GroupDefinition, _ samples: [QuerySample] = [sample("a"), sample("b")]
  ) -> EvaluatorState {
    var state = EvaluatorState()
    _ = state.apply(.init(groups: [.init(definition.id.scope, put: [definition])]), at: at(60))
    evaluate(&state, samples, at: at(60))
    return state
  }

  @discardableResult
  private func evaluate(_ state: inout EvaluatorState, _ samples: [QuerySample], at now: Timestamp) -> [AlertTransition]
  {
    var transitions: [AlertTransition] = []
    for due in state.takeDue(at: now) {
      guard let turn = state.turn(due) else { continue }
      let rules = turn.definition.spec.rules
      let answers = rules.indices.filter(turn.includes).map { index in
        RuleAnswer(index: index, result: .success(QueryAnswer(samples: samples)), duration: .zero, sourceURL: "")
      }
      transitions += state.commit(answers, for: due, took: .zero, isComplete: true)?.transitions ?? []
      state.finish(due)
    }
    return transitions
  }

  private func put(_ definitions: GroupDefinition..., removing: ResourceID...) -> EvaluatorChange {
    EvaluatorChange(groups: [.init(scope, put: definitions, remove: removing)])
  }

  private static func changed(_ change: (inout Rule) -> Void) -> GroupDefinition {
    var changed = rule("Down", hold: .seconds(300), labels: [Label("severity", "page")])
    change(&changed)
    return group([changed])
  }

  @Test(arguments: [
    ("expression", changed { $0 = rule("Down", "up < 1", hold: .seconds(300), labels: [Label("severity", "page")]) }),
    ("for", changed { $0.hold = .seconds(600) }),
    ("keep_firing_for", changed { $0.keepFiringFor = .seconds(60) }),
    ("annotations", changed { $0.annotations = [Label("summary", "new")] }),
    ("file", group([rule("Down", hold: .seconds(300), labels: [Label("severity", "page")])], file: "other.yaml")),
    ("group", group([rule("Down", hold: .seconds(300), labels: [Label("severity", "page")])], name: "other")),
    (
      "order",
      group([rule("First"), rule("Down", hold: .seconds(300), labels: [Label("severity", "page")])])
    ),
    ("template", changed { $0.labels = [Label("severity", "{{ \"page\" }}")] }),
    (
      "interval",
      group([rule("Down", hold: .seconds(300), labels: [Label("severity", "page")])], interval: .seconds(15))
    ),
  ])
  func `clocks go on`(what: String, new: GroupDefinition) {
    let old = Self.changed { _ in }
    var state = started(old)
    let change = new.id == old.id ? put(new) : put(new, removing: old.id)
    let outcome = state.apply(change, at: at(90))
    #expect(outcome.transitions.isEmpty)
    #expect(outcome.changed == [new.id])
    let carried = state.groups[new.id]?.alerts ?? []
    #expect(carried.map(\.activeAt) == [at(60), at(60)])
    #expect(carried.map { $0.rule.group } == [new.id, new.id])
    #expect(
      evaluate(&state, [sample("a"), sample("b")], at: at(90)).filter { $0.alert.labels["alertname"] == "Down" }.isEmpty
    )
    #expect(
      state.groups[new.id]?.alerts.filter { $0.labels["alertname"] == "Down" }.map(\.activeAt) == [at(60), at(60)])
  }

  @Test func `another name ends the alerts`() {
    var state = started(Self.changed { _ in })
    let outcome = state.apply(
      put(group([rule("Up", hold: .seconds(300), labels: [Label("severity", "page")])])), at: at(90))
    #expect(outcome.transitions.map(\.reason) == [.ruleRemoved, .ruleRemoved])
    #expect(outcome.transitions.map { $0.alert.labels["instance"] } == ["a", "b"])
    #expect(
      outcome.transitions.allSatisfy { $0.from == .pending && $0.alert.firedAt == nil && $0.alert.resolvedAt == at(90) }
    )
  }

  @Test func `an unchanged group stays as it is`() {
    let definition = Self.changed { _ in }
    var state = started(definition)
    let due = state.nextDue()
    let outcome = state.apply(put(definition), at: at(90))
    #expect(outcome.changed.isEmpty)
    #expect(outcome.transitions.isEmpty)
    #expect(state.nextDue() == due)
    #expect(state.groups[definition.id]?.evaluatedAt == at(60))
  }

  @Test func `a removed group resolves what fired`() {
    let definition = group([rule("Down")])
    var state = started(definition)
    let outcome = state.apply(put(removing: definition.id), at: at(90))
    #expect(outcome.removed == [definition.id])
    #expect(outcome.transitions.map(\.from) == [.firing, .firing])
    #expect(outcome.transitions.allSatisfy { $0.reason == .ruleRemoved && $0.alert.firedAt == at(60) })
    #expect(state.nextDue() == nil)
  }

  @Test func `a disabled rule resolves what fired`() {
    var disabled = rule("Down")
    disabled.enabled = false
    var state = started(group([rule("Down")]))
    let outcome = state.apply(put(group([disabled])), at: at(90))
    #expect(outcome.transitions.map(\.reason) == [.ruleRemoved, .ruleRemoved])
    #expect(evaluate(&state, [sample("a")], at: at(90)).isEmpty)
  }

  @Test func `of rules with one name the n-th takes over from the n-th`() {
    let severe = rule("Disk", "a", hold: .seconds(600)), mild = rule("Disk", "b", hold: .seconds(600))
    var state = EvaluatorState()
    _ = state.apply(put(group([severe, mild])), at: at(60))
    let due = state.takeDue(at: at(60))
    let answers = [(0, "x"), (1, "y")].map { index, name in
      RuleAnswer(index: index, result: .success(QueryAnswer(samples: [sample(name)])), duration: .zero, sourceURL: "")
    }
    _ = state.commit(answers, for: due[0], took: .zero, isComplete: true)
    state.finish(due[0])
    let changed = rule("Disk", "a2", hold: .seconds(600))
    _ = state.apply(put(group([changed, mild])), at: at(90))
    let rules = state.groups[group([mild]).id]?.rules ?? []
    #expect(rules.map { $0.alerts.map { $0.labels["instance"] } } == [["x"], ["y"]])
    // Swapped, each goes with its expression.
    _ = state.apply(put(group([mild, changed])), at: at(91))
    let swapped = state.groups[group([mild]).id]?.rules ?? []
    #expect(swapped.map { $0.alerts.map { $0.labels["instance"] } } == [["y"], ["x"]])
  }

  @Test func `a renamed tenant keeps its alerts under its new name`() throws {
    let old = group([rule("Down", hold: .seconds(300))], scope: .tenant("shop"))
    let new = group([rule("Down", hold: .seconds(300))], scope: .tenant("store"))
    var state = started(old, [sample("a")])
    let change = EvaluatorChange(groups: [
      .init(.tenant("store"), put: [new], previousScopes: [.tenant("shop")]),
      .init(.tenant("shop"), remove: [old.id]),
    ])
    let outcome = state.apply(change, at: at(90))
    #expect(outcome.transitions.isEmpty)
    let alert = try #require(state.groups[new.id]?.alerts.first)
    #expect(alert.labels["tenant"] == "store")
    #expect(alert.activeAt == at(60))
    #expect(outcome.relabelled.map(\.former.labels) == [["alertname": "Down", "instance": "a", "tenant": "shop"]])
    #expect(outcome.relabelled.map(\.current) == [alert])
    #expect(evaluate(&state, [sample("a")], at: at(90)).isEmpty)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `a change never restarts a clock of labels that stay`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func rules() -> [GroupDefinition] {
      ["g", "h"].map { name in
        let rules = ["A", "B"].filter { _ in Bool.random(using: &random) }.map { alert in
          rule(
            alert, ["x", "y"].randomElement(using: &random) ?? "x",
            hold: .seconds(Int.random(in: 0...3, using: &random) * 60),
            labels: [Label("severity", ["page", "ticket"].randomElement(using: &random) ?? "page")])
        }
        return group(rules, name: name)
      }
    }
    var state = EvaluatorState()
    var instant = at(600)
    for _ in 0..<10 {
      let before = state.groups.values.flatMap(\.alerts)
      let definitions = rules()
      let outcome = state.apply(EvaluatorChange(groups: [.init(scope, put: definitions)]), at: instant)
      let after = state.groups.values.flatMap(\.alerts)
      // Each alert is still there with its clock, or was ended by the change.
      let clocks = Dictionary(after.map { ($0.labels, $0.activeAt) }) { min($0, $1) }
      let ended = Set(outcome.transitions.map(\.alert.labels))
      // Two rules may make the same labels: one of them may be edited, and the other not.
      let edited = Dictionary(grouping: outcome.relabelled, by: \.former.labels).mapValues { $0.map(\.current.labels) }
      for alert in before {
        let isKept = ((edited[alert.labels] ?? []) + [alert.labels]).contains { labels in
          clocks[labels].map { $0 <= alert.activeAt } ?? false
        }
        #expect(isKept || ended.contains(alert.labels))
      }
      #expect(before.count == after.count + outcome.transitions.count)
      let wanted = Set(definitions.flatMap { group in group.spec.rules.map { [$0.name, $0.labels[0].value] } })
      #expect(after.allSatisfy { wanted.contains([$0.labels["alertname"], $0.labels["severity"]]) })
      evaluate(&state, [sample("a"), sample("b")].filter { _ in Bool.random(using: &random) }, at: instant)
      instant = instant + .seconds(60)
    }
  }
}

@Suite struct `Restoring alerts after a restart` {
  private let definition = group([rule("Down", hold: .seconds(600), labels: [Label("severity", "page")])])

  private func recorded(_ state: AlertState, activeAt: Timestamp, kept: Timestamp? = nil, rule name: String = "Down")
    -> Alert
  {
    Alert(
      scope: definition.context.scope,
      labels: [
        "alertname": name, "instance": "a", "severity": "page", "tenant": "shop", "project": "checkout",
      ],
      annotations: [Label("summary", "old")], state: state, value: 3, activeAt: activeAt,
      firedAt: state == .firing ? activeAt + .seconds(600) : nil, keepFiringSince: kept,
      rule: RuleReference(group: definition.id, rule: name, provenance: Provenance(file: "rules.yaml", line: 9)),
      generatorURL: "link"
    )
  }

  private func restored(_ alert: Alert, lastAliveAt: Timestamp, now: Timestamp) -> (
    EvaluatorState, EvaluatorChangeOutcome
  ) {
    var state = EvaluatorState()
    state.restore(Restoration.alerts([alert], lastAliveAt: lastAliveAt, now: now))
    let outcome = state.apply(.init(groups: [.init(definition.context.scope, put: [definition])]), at: now)
    return (state, outcome)
  }

  @Test func `a pending alert's clock goes on over an outage of an hour`() {
    let (state, outcome) = restored(recorded(.pending, activeAt: at(100)), lastAliveAt: at(200), now: at(3800))
    #expect(outcome.transitions.isEmpty)
    #expect(state.groups[definition.id]?.alerts.map(\.activeAt) == [at(100)])
  }

  @Test func `after a longer outage it starts anew`() {
    let (state, _) = restored(recorded(.pending, activeAt: at(100)), lastAliveAt: at(200), now: at(3801))
    #expect(state.groups[definition.id]?.alerts.map(\.activeAt) == [at(3801)])
    #expect(state.groups[definition.id]?.alerts.map(\.state) == [.pending])
  }

  @Test func `a firing alert goes on firing until an evaluation says otherwise`() throws {
    let alert = recorded(.firing, activeAt: at(100), kept: at(800))
    var (state, _) = restored(alert, lastAliveAt: at(900), now: at(90_000))
    var expected = alert
    expected.rule.provenance = Provenance(file: "rules.yaml", line: 1)
    #expect(state.groups[definition.id]?.alerts == [expected])
    let taken = state.takeDue(at: at(90_000))
    let due = try #require(taken.first)
    let failed = RuleAnswer(index: 0, result: .failure(.query(.timedOut)), duration: .zero, sourceURL: "")
    #expect(state.commit([failed], for: due, took: .zero, isComplete: true)?.transitions.isEmpty == true)
    let hit = QueryAnswer(samples: [QuerySample(["instance": "a"], 4)])
    let answer = RuleAnswer(index: 0, result: .success(hit), duration: .zero, sourceURL: "")
    let report = state.commit([answer], for: due, took: .zero, isComplete: true)
    #expect(report?.transitions.isEmpty == true)
    #expect(report?.refreshed.map(\.annotations) == [[]])
    #expect(state.groups[definition.id]?.alerts.map(\.firedAt) == [alert.firedAt])
    #expect(state.groups[definition.id]?.alerts.map(\.keepFiringSince) == [nil])
  }

  @Test func `an alert whose rule went meanwhile ends with the first change`() {
    let (state, outcome) = restored(
      recorded(.firing, activeAt: at(100), rule: "Gone"), lastAliveAt: at(900), now: at(950))
    #expect(state.groups[definition.id]?.alerts.isEmpty == true)
    #expect(outcome.transitions.map(\.reason) == [.ruleRemoved])
    #expect(outcome.transitions.map(\.alert.generatorURL) == ["link"])
  }

  @Test func `an alert whose scope went meanwhile ends after the first sync`() {
    var state = EvaluatorState()
    state.restore([recorded(.firing, activeAt: at(100))])
    #expect(state.endUnclaimedAlerts(at: at(950)).map(\.reason) == [.ruleRemoved])
    #expect(state.endUnclaimedAlerts(at: at(951)).isEmpty)
  }
}
