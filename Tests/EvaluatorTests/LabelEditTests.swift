import Evaluator
import Model
import PromQL
import Specs
import TestKit
import Testing

@Suite struct `Alerts whose labels a change edits` {
  private static let shop = Scope.tenant("shop")
  private static let checkout = Scope.project(tenant: "shop", project: "checkout")

  private func started(_ definitions: GroupDefinition..., evaluating: Bool = true) -> EvaluatorState {
    var state = EvaluatorState()
    let parts = Dictionary(grouping: definitions, by: \.id.scope).map { EvaluatorChange.Groups($0, put: $1) }
    _ = state.apply(EvaluatorChange(groups: parts), at: at(60))
    if evaluating { evaluate(&state, at: at(60)) }
    return state
  }

  @discardableResult
  private func evaluate(_ state: inout EvaluatorState, at now: Timestamp) -> [AlertTransition] {
    var transitions: [AlertTransition] = []
    for due in state.takeDue(at: now) {
      guard let turn = state.turn(due) else { continue }
      let answers = turn.definition.spec.rules.indices.map { index in
        RuleAnswer(
          index: index, result: .success(QueryAnswer(samples: [sample("a"), sample("b")])), duration: .zero,
          sourceURL: "")
      }
      transitions += state.commit(answers, for: due, took: .zero, isComplete: true)?.transitions ?? []
      state.finish(due)
    }
    return transitions
  }

  private static func down(_ labels: [Label], expression: String = "up == 0") -> Rule {
    rule("Down", expression, hold: .seconds(300), labels: labels)
  }

  @Test(arguments: [
    ("a value", [Label("severity", "page")], [Label("severity", "ticket")]),
    ("one more", [Label("severity", "page")], [Label("severity", "page"), Label("team", "a")]),
    ("one less", [Label("severity", "page"), Label("team", "a")], [Label("severity", "page")]),
    ("all gone", [Label("severity", "page")], []),
    ("a template", [Label("severity", "page")], [Label("severity", "{{ $labels.instance }}")]),
    ("over one of the series", [], [Label("job", "mine")]),
  ])
  func `an edit keeps the clock under the new labels`(what: String, before: [Label], after: [Label]) throws {
    for isEvaluated in [true, false] {
      var state = started(group([Self.down(before)]))
      let new = group([Self.down(after)])
      // A change in between makes the evaluator forget which series an alert came from.
      if !isEvaluated {
        _ = state.apply(
          EvaluatorChange(groups: [.init(new.id.scope, put: [group([Self.down(before, expression: "up < 1")])])]),
          at: at(70))
      }
      let outcome = state.apply(EvaluatorChange(groups: [.init(new.id.scope, put: [new])]), at: at(90))
      #expect(outcome.transitions.isEmpty, "\(what)")
      #expect(outcome.relabelled.count == 2, "\(what)")
      #expect(outcome.carried == AlertTally(firing: 0, pending: 2))
      let alerts = state.groups[new.id]?.alerts ?? []
      #expect(alerts.map(\.activeAt) == [at(60), at(60)])
      #expect(Set(outcome.relabelled.map(\.current.labels)) == Set(alerts.map(\.labels)))
      // The evaluation after it finds the same alerts.
      #expect(evaluate(&state, at: at(120)).isEmpty, "\(what)")
      #expect(state.groups[new.id]?.alerts.map(\.activeAt) == [at(60), at(60)])
    }
  }

  @Test func `a group's labels count like the rule's own`() {
    var state = started(group([Self.down([])], labels: [Label("team", "a")]))
    let new = group([Self.down([])], labels: [Label("team", "b")])
    let outcome = state.apply(EvaluatorChange(groups: [.init(new.id.scope, put: [new])]), at: at(90))
    #expect(outcome.transitions.isEmpty)
    #expect(outcome.relabelled.map { $0.current.labels["team"] } == ["b", "b"])
    #expect(evaluate(&state, at: at(120)).isEmpty)
  }

  @Test func `where two rules could be meant, nobody guesses`() {
    let old = [Self.down([Label("severity", "page")]), Self.down([Label("severity", "ticket")])]
    let new = [Self.down([Label("severity", "red")]), Self.down([Label("severity", "amber")])]
    var state = started(group(old))
    let outcome = state.apply(EvaluatorChange(groups: [.init(group(new).id.scope, put: [group(new)])]), at: at(90))
    #expect(outcome.relabelled.isEmpty)
    #expect(outcome.transitions.count == 4)
  }

  @Test func `rules of one name are told apart by their expressions`() {
    let old = [
      Self.down([Label("severity", "page")], expression: "up == 0"),
      Self.down([Label("severity", "ticket")], expression: "up < 1"),
    ]
    let new = [
      Self.down([Label("severity", "amber")], expression: "up < 1"),
      Self.down([Label("severity", "red")], expression: "up == 0"),
    ]
    var state = started(group(old))
    let outcome = state.apply(EvaluatorChange(groups: [.init(group(new).id.scope, put: [group(new)])]), at: at(90))
    #expect(outcome.transitions.isEmpty)
    let pairs = Set(outcome.relabelled.map { [$0.former.labels["severity"], $0.current.labels["severity"]] })
    #expect(pairs == [["page", "red"], ["ticket", "amber"]])
  }

  @Test func `a group that moves and whose labels are edited at once is known by its new name`() {
    let old = group([Self.down([Label("severity", "page")])], name: "old")
    let new = group([Self.down([Label("severity", "ticket")])], name: "new")
    var state = started(old)
    var change = EvaluatorChange(groups: [.init(new.id.scope, put: [new], remove: [old.id])])
    change.renamedGroups = [old.id: new.id]
    let outcome = state.apply(change, at: at(90))
    #expect(outcome.transitions.isEmpty)
    #expect(outcome.relabelled.count == 2)
  }

  @Test func `alerts of an earlier process go on where their rule's labels were edited`() throws {
    let old = group([Self.down([Label("severity", "page")])])
    let recorded = try #require(started(old).groups[old.id]).alerts
    var state = EvaluatorState()
    state.restore(recorded)
    let new = group([Self.down([Label("severity", "ticket")])])
    let outcome = state.apply(EvaluatorChange(groups: [.init(new.id.scope, put: [new])]), at: at(90))
    #expect(outcome.transitions.isEmpty)
    #expect(outcome.relabelled.count == 2)
    #expect(evaluate(&state, at: at(120)).isEmpty)
  }

  @Test func `a rule that moves between groups is told of with its rows`() {
    let one = group([Self.down([]), rule("Stays", "x")], name: "one")
    let two = group([rule("Other", "y")], name: "two")
    var state = started(one, two)
    let change = EvaluatorChange(groups: [
      .init(
        one.id.scope,
        put: [group([rule("Stays", "x")], name: "one"), group([rule("Other", "y"), Self.down([])], name: "two")])
    ])
    let outcome = state.apply(change, at: at(90))
    #expect(outcome.transitions.isEmpty)
    #expect(outcome.relabelled.isEmpty)
    #expect(outcome.regrouped.map(\.former.rule.group) == [one.id, one.id])
    #expect(outcome.regrouped.map(\.current.rule.group) == [two.id, two.id])
  }

  @Test func `a group that moves from a tenant to its project keeps its alerts under the project's label`() {
    let old = group([Self.down([Label("severity", "page")])], scope: Self.shop)
    let new = group([Self.down([Label("severity", "page")])], scope: Self.checkout)
    var state = started(old)
    let change = EvaluatorChange(groups: [
      .init(Self.shop, remove: [old.id]), .init(Self.checkout, put: [new]),
    ])
    let outcome = state.apply(change, at: at(90))
    #expect(outcome.transitions.isEmpty)
    #expect(outcome.relabelled.map { $0.current.labels["project"] } == ["checkout", "checkout"])
    #expect(state.groups[new.id]?.alerts.map(\.activeAt) == [at(60), at(60)])
    #expect(evaluate(&state, at: at(120)).isEmpty)
  }

  @Test func `another tenant's rule takes nothing over`() {
    let old = group([Self.down([])], scope: Self.shop)
    let new = group([Self.down([])], scope: .tenant("other"))
    var state = started(old)
    let change = EvaluatorChange(groups: [
      .init(Self.shop, remove: [old.id]), .init(.tenant("other"), put: [new]),
    ])
    let outcome = state.apply(change, at: at(90))
    #expect(outcome.transitions.count == 2)
    #expect(state.groups[new.id]?.alerts.isEmpty == true)
  }

  @Test func `an external label that changes keeps the clocks`() {
    func definition(_ region: String) -> GroupDefinition {
      var settings = ScopeSettings()
      settings.externalLabels = ["region": region]
      let context = RuleContext(scope: Self.shop, settings: [settings])
      return group([Self.down([])], scope: Self.shop, context: context)
    }
    var state = started(definition("eu"))
    let new = definition("us")
    let outcome = state.apply(EvaluatorChange(groups: [.init(Self.shop, put: [new])]), at: at(90))
    #expect(outcome.transitions.isEmpty)
    #expect(outcome.relabelled.map { $0.current.labels["region"] } == ["us", "us"])
    #expect(evaluate(&state, at: at(120)).isEmpty)
  }
}
