import Evaluator
import Model
import PromQL
import Specs
import Testing

@Suite struct `Evaluating a rule` {
  private func step(
    _ state: inout RuleGroupState, _ second: Int, _ samples: QuerySample...
  ) -> [AlertTransition] {
    state.step(rule: 0, .success(QueryAnswer(samples: samples)), at: at(second)).transitions
  }

  private func words(_ transitions: [AlertTransition]) -> [String] {
    transitions.map { transition in
      let from = transition.from?.rawValue ?? "none"
      let alert = transition.alert
      return "\(alert.labels["instance"]): \(from) -> \(alert.state.rawValue), \(transition.reason.rawValue)"
    }
  }

  @Test func `a rule without a hold fires at once`() {
    var state = RuleGroupState(group([rule("Down")]))
    let transitions = step(&state, 60, sample("b"), sample("a"))
    #expect(words(transitions) == ["a: none -> firing, condition met", "b: none -> firing, condition met"])
    #expect(transitions[0].alert.firedAt == at(60))
    #expect(transitions[0].alert.activeAt == at(60))
    #expect(step(&state, 120, sample("b"), sample("a")).isEmpty)
    #expect(state.rules[0].health == .ok)
  }

  @Test func `with a hold as long as the interval it fires at the second evaluation`() {
    var state = RuleGroupState(group([rule("Down", hold: .seconds(60))]))
    #expect(words(step(&state, 60, sample("a"))) == ["a: none -> pending, condition met"])
    let fired = step(&state, 120, sample("a", 2))
    #expect(words(fired) == ["a: pending -> firing, held for long enough"])
    #expect(fired[0].alert.firedAt == at(120))
    #expect(fired[0].alert.value == 2)
    let ended = step(&state, 180)
    #expect(words(ended) == ["a: firing -> resolved, condition ended"])
    #expect(ended[0].alert.resolvedAt == at(180))
    #expect(ended[0].alert.firedAt == at(120))
    #expect(state.rules[0].alerts.isEmpty)
  }

  @Test func `a pending alert that vanishes is told as resolved without having fired`() {
    var state = RuleGroupState(group([rule("Down", hold: .seconds(300))]))
    _ = step(&state, 60, sample("a"))
    let ended = step(&state, 120)
    #expect(words(ended) == ["a: pending -> resolved, condition ended"])
    #expect(ended[0].alert.firedAt == nil)
    #expect(words(step(&state, 180, sample("a"))) == ["a: none -> pending, condition met"])
    #expect(state.alerts[0].activeAt == at(180))
  }

  @Test func `keep firing for five minutes ends six minutes after the last hit`() {
    let annotation = Label("summary", "value {{ $value }}")
    var state = RuleGroupState(group([rule("Down", keep: .seconds(300), annotations: [annotation])]))
    _ = step(&state, 60, sample("a", 1))
    for second in stride(from: 120, through: 360, by: 60) {
      #expect(step(&state, second).isEmpty)
      #expect(state.alerts[0].keepFiringSince == at(120))
      #expect(state.alerts[0].annotations == [Label("summary", "value 1")])
    }
    #expect(words(step(&state, 420)) == ["a: firing -> resolved, condition ended"])
  }

  @Test func `coming back while kept firing starts the time anew`() {
    var state = RuleGroupState(group([rule("Down", keep: .seconds(300))]))
    _ = step(&state, 60, sample("a"))
    _ = step(&state, 120)
    _ = step(&state, 180, sample("a"))
    #expect(state.alerts[0].keepFiringSince == nil)
    _ = step(&state, 240)
    #expect(state.alerts[0].keepFiringSince == at(240))
  }

  @Test func `labels are the sample's, then the rule's, then alertname, then what the scope adds`() {
    let labels = [
      Label("alertname", "ignored"), Label("instance", ""), Label("severity", "page {{ $labels.job }} {{ $value }}"),
      Label("metric", "{{ $labels.__name__ }}"), Label("gone", "{{ $labels.nothing }}"),
    ]
    var settings = ScopeSettings()
    settings.externalLabels = ["region": "eu", "severity": "external", "project": "mine"]
    let scope = Scope.project(tenant: "shop", project: "checkout")
    let context = RuleContext(scope: scope, settings: [settings])
    var state = RuleGroupState(
      group([rule("Down", labels: labels)], labels: [Label("team", "a"), Label("metric", "lost")], context: context))
    let sample = QuerySample(["__name__": "up", "instance": "web-1", "job": "api", "gone": "x"], 7)
    _ = step(&state, 60, sample)
    #expect(
      state.alerts[0].labels == [
        "alertname": "Down", "job": "api", "metric": "up", "project": "mine", "region": "eu",
        "severity": "page api 7", "team": "a", "tenant": "shop",
      ])
    #expect(state.alerts[0].scope == scope)
    #expect(state.alerts[0].rule.provenance == Provenance(file: "rules.yaml", line: 1))
  }

  @Test(arguments: [
    (ScopeLabels(), #"{project="checkout", tenant="shop"}"#),
    (ScopeLabels(tenant: "team", project: nil), #"{team="shop"}"#),
    (ScopeLabels(tenant: nil, project: nil), "{}"),
  ])
  func `the platform renames the scope's labels or turns them off`(names: ScopeLabels, expected: String) {
    #expect(names.labels(of: .project(tenant: "shop", project: "checkout")).description == expected)
    #expect(names.labels(of: .platform) == .empty)
  }

  @Test func `two samples with one label set fail the rule and change nothing`() {
    var state = RuleGroupState(group([rule("Down", labels: [Label("instance", "same")])]))
    _ = step(&state, 60, sample("a"))
    let before = state.alerts
    #expect(step(&state, 120, sample("a", 2), sample("b")).isEmpty)
    #expect(state.alerts == before)
    guard case .failing(.duplicateLabels(let labels), let since) = state.rules[0].health else {
      Issue.record("the rule is \(state.rules[0].health)")
      return
    }
    #expect(labels["instance"] == "same")
    #expect(since == at(120))
    _ = step(&state, 180, sample("c"))
    #expect(state.rules[0].health == .ok)
    #expect(state.alerts.count == 1)
  }

  @Test func `new samples with one label set fail the rule as well`() {
    var state = RuleGroupState(group([rule("Down", labels: [Label("instance", "")])]))
    #expect(step(&state, 60, sample("a"), sample("b")).isEmpty)
    #expect(state.alerts.isEmpty)
  }

  @Test func `an exceeded limit keeps the alerts there are`() {
    var state = RuleGroupState(group([rule("Down", keep: .seconds(600))], limit: 2))
    #expect(step(&state, 60, sample("a"), sample("b")).count == 2)
    // Both are kept firing, so that a third is one too many.
    #expect(step(&state, 120, sample("c")).isEmpty)
    #expect(state.alerts.map { $0.labels["instance"] } == ["a", "b"])
    guard case .failing(.limitExceeded(limit: 2, count: 3), since: at(120)) = state.rules[0].health else {
      Issue.record("the rule is \(state.rules[0].health)")
      return
    }
    #expect(step(&state, 180, sample("a")).isEmpty)
    #expect(state.rules[0].health == .ok)
  }

  @Test func `the tighter of the group's and the scope's limit counts`() {
    var settings = ScopeSettings()
    settings.limits.alertsPerRule = 5
    let context = RuleContext(scope: .tenant("shop"), settings: [settings])
    #expect(group([rule("A")], limit: 9, context: context).limit == 5)
    #expect(group([rule("A")], limit: 3, context: context).limit == 3)
    #expect(group([rule("A")], context: context).limit == 5)
    #expect(group([rule("A")]).limit == 0)
  }

  @Test func `a failing query keeps alerts and clocks`() {
    var state = RuleGroupState(group([rule("Down", hold: .seconds(120))]))
    _ = step(&state, 60, sample("a"))
    #expect(state.step(rule: 0, .failure(.query(.timedOut)), at: at(120)).transitions.isEmpty)
    #expect(state.rules[0].health == .failing(.query(.timedOut), since: at(120)))
    _ = state.step(rule: 0, .failure(.query(.truncated)), at: at(180))
    #expect(state.rules[0].health == .failing(.query(.truncated), since: at(120)))
    #expect(words(step(&state, 240, sample("a"))) == ["a: pending -> firing, held for long enough"])
    #expect(state.alerts[0].activeAt == at(60))
  }

  @Test func `a label that follows the value ends one alert and begins another`() {
    let labels = [Label("level", "{{ $value }}")]
    var state = RuleGroupState(group([rule("Down", hold: .seconds(60), labels: labels)]))
    _ = step(&state, 60, sample("a", 1))
    #expect(
      words(step(&state, 120, sample("a", 2))) == [
        "a: pending -> resolved, condition ended", "a: none -> pending, condition met",
      ])
  }

  @Test func `annotations are refreshed while it fires, and told`() {
    let annotations = [Label("empty", ""), Label("summary", "{{ $labels.instance }} at {{ $value }}")]
    var state = RuleGroupState(group([rule("Down", annotations: annotations)]))
    _ = step(&state, 60, sample("a", 1))
    let refreshed = state.step(rule: 0, .success(QueryAnswer(samples: [sample("a", 2.5)])), at: at(120))
    #expect(refreshed.transitions.isEmpty)
    #expect(refreshed.refreshed.map(\.annotations) == [[Label("empty", ""), Label("summary", "a at 2.5")]])
    let same = state.step(rule: 0, .success(QueryAnswer(samples: [sample("a", 2.5)])), at: at(180))
    #expect(same.refreshed.isEmpty)
  }

  @Test func `a template's error stands in the text and fails nothing`() {
    let annotations = [Label("broken", "{{ nofunction }}"), Label("summary", "{{ title $value }}")]
    var state = RuleGroupState(group([rule("Down", annotations: annotations)]))
    _ = step(&state, 60, sample("a"))
    #expect(state.rules[0].health == .ok)
    let texts = state.alerts[0].annotations.map(\.value)
    #expect(texts[0].hasPrefix("<error expanding template: error parsing template __alert_Down: "))
    #expect(texts[1].hasPrefix("<error expanding template: error executing template __alert_Down: "))
  }

  @Test func `alerts link to their expression`() {
    var state = RuleGroupState(group([rule("Down", "up == 0")]))
    _ = state.step(
      rule: 0, .success(QueryAnswer(samples: [sample("a")])), at: at(60), sourceURL: "https://prom.example.com")
    #expect(state.alerts[0].generatorURL == "https://prom.example.com/graph?g0.expr=up+%3D%3D+0&g0.tab=1")
  }

  @Test func `series may come in any order and number`() {
    var state = RuleGroupState(group([rule("Down")]))
    _ = step(&state, 60, sample("a"), sample("b"), sample("c"), sample("d"))
    #expect(
      words(step(&state, 120, sample("d"), sample("x"), sample("b"))) == [
        "a: firing -> resolved, condition ended", "c: firing -> resolved, condition ended",
        "x: none -> firing, condition met",
      ])
    #expect(state.alerts.map { $0.labels["instance"] } == ["b", "d", "x"])
    #expect(state.alerts.map(\.activeAt) == [at(60), at(60), at(120)])
  }
}
