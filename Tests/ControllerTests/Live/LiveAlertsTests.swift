import Evaluator
import Model
import Notifier
import PromQL
import Specs
import StatusAPI
import TestKit
import Testing

@testable import Controller

/// What the notifier would make of an alert: something that goes by its labels, and by a number that moves on.
private func treatment(of alert: Alert, _ epoch: Int) -> AlertTreatment {
  var treatment = AlertTreatment()
  let number = Int(alert.fingerprint.value % 64) + epoch
  if number % 5 != 0 { treatment.channels = [ResourceID(.platform, .channel, "oncall")] }
  if number % 3 == 0 { treatment.silencedBy = [ResourceID(alert.scope, .silence, "quiet")] }
  if alert.state == .firing, number % 7 == 0 { treatment.inhibitedBy = alert.fingerprint }
  return treatment
}

/// Some rule groups that are evaluated, changed and removed at random.
private struct Groups {
  var random: SplitMix64
  var live: [ResourceID: RuleGroupState] = [:]
  var now = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)
  let names = ["a", "b", "c", "d"]
  let scopes: [Scope] = [.platform, .tenant("shop"), .project(tenant: "shop", project: "api"), .tenant("bank")]

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// One thing happens; gives the group that it happened to.
  mutating func happen() -> ResourceID? {
    now = now + .seconds(30)
    let scope = scopes[Int.random(in: 0..<scopes.count, using: &random)]
    let id = ResourceID(scope, .ruleGroup, names[Int.random(in: 0..<names.count, using: &random)])
    switch Int.random(in: 0..<10, using: &random) {
    case 0: live[id] = nil
    case 1, 2: live[id] = RuleGroupState(definition(id))
    default:
      guard var group = live[id] else { return nil }
      for index in group.rules.indices { evaluate(&group, index) }
      live[id] = group
    }
    return id
  }

  private mutating func evaluate(_ group: inout RuleGroupState, _ index: Int) {
    if Int.random(in: 0..<12, using: &random) == 0 {
      _ = group.step(rule: index, .failure(.query(.timedOut)), at: now)
      return
    }
    var samples: [QuerySample] = []
    for number in 0..<8 where Int.random(in: 0..<3, using: &random) > 0 {
      let labels = Labels([Label("n", "\(number)")])
      samples.append(QuerySample(labels, Double(Int.random(in: 0..<3, using: &random))))
    }
    if Bool.random(using: &random) { samples.reverse() }
    _ = group.step(rule: index, .success(QueryAnswer(samples: samples)), at: now, sourceURL: "http://p")
  }

  private mutating func definition(_ id: ResourceID) -> GroupDefinition {
    // Two rules of one name make alerts of the same labels.
    let rules = ["Up", "Down", "Up"].prefix(Int.random(in: 1...3, using: &random)).map { name in
      var rule = Rule(.alert, name: name, expression: Expression("up"))
      if Bool.random(using: &random) { rule.hold = .seconds(60) }
      return rule
    }
    let line = Int.random(in: 1...2, using: &random)
    return GroupDefinition(
      id: id, spec: RuleGroupSpec(name: id.name, rules: Array(rules)), context: RuleContext(scope: id.scope),
      file: "rules.yaml", provenance: rules.map { _ in Provenance(file: "rules.yaml", line: line) })
  }
}

@Suite struct `The live alerts that readers see` {
  @Test(arguments: 1...8) func `are those of a walk over everything, whatever happened`(_ seed: UInt64) {
    var groups = Groups(seed: seed)
    var alerts = LiveAlerts()
    var epoch = 0
    for round in 0..<150 {
      var touched: [ResourceID: RuleGroupState?] = [:]
      for _ in 0..<Int.random(in: 1...3, using: &groups.random) {
        if let id = groups.happen() { touched.updateValue(groups.live[id], forKey: id) }
      }
      var findings = LiveAlerts.Findings()
      let before = Dictionary(alerts.alerts.map { ($0.key, $0.view) }, uniquingKeysWith: { $1 })
      alerts.take(touched, into: &findings)
      var changed = alerts.settle(findings, alerts.unknown(findings).map { ($0, treatment(of: $0, epoch)) })
      if round % 10 == 9 {
        epoch += 1
        changed.formUnion(alerts.treatAnew(alerts.alerts.map { ($0.view.alert, treatment(of: $0.view.alert, epoch)) }))
      }
      var naive: [AlertKey: AlertView] = [:]
      for group in groups.live.values {
        for alert in group.alerts { naive[AlertKey(alert)] = AlertView(alert, treatment(of: alert, epoch)) }
      }
      #expect(Array(alerts.alerts).map(\.view) == naive.sorted { $0.key < $1.key }.map(\.value))
      expectCounts(alerts, naive)
      let differing = Set(before.keys).union(naive.keys).filter { before[$0] != naive[$0] }
      #expect(changed == Set(differing.map(\.group.scope)))
      #expect(alerts.failing == Set(groups.live.filter { $0.value.failure != nil }.keys))
    }
  }

  private func expectCounts(_ alerts: LiveAlerts, _ naive: [AlertKey: AlertView]) {
    for (scope, views) in Dictionary(grouping: naive.values, by: \.alert.scope) {
      let firing = views.filter { $0.alert.state == .firing }
      let expected = AlertCounts(
        firing: firing.count, pending: views.count - firing.count, unrouted: firing.count { $0.channels.isEmpty },
        silenced: firing.count { !$0.silencedBy.isEmpty }, inhibited: firing.count { !$0.inhibitedBy.isEmpty })
      #expect(alerts.counts[scope] == expected)
    }
    #expect(Set(alerts.counts.keys) == Set(naive.values.map(\.alert.scope)))
    for (owner, list) in alerts.owners {
      #expect(Array(list).map(\.key) == naive.filter { $0.value.alert.scope.owner == owner }.keys.sorted())
    }
    #expect(alerts.owners.values.reduce(0) { $0 + $1.count } == naive.count)
  }

  @Test func `keep an alert's entry while nothing of it changes`() throws {
    let id = ResourceID(.tenant("shop"), .ruleGroup, "g")
    var group = RuleGroupState(
      GroupDefinition(
        id: id, spec: RuleGroupSpec(name: "g", rules: [Rule(.alert, name: "Up", expression: Expression("up"))]),
        context: RuleContext(scope: id.scope), file: "f", provenance: []))
    var alerts = LiveAlerts()
    func evaluate(_ values: [Double], at second: Int64) -> Set<Scope> {
      let samples = values.enumerated().map { QuerySample(Labels([Label("n", "\($0.offset)")]), $0.element) }
      let now = Timestamp(millisecondsSinceEpoch: second * 1000)
      _ = group.step(rule: 0, .success(QueryAnswer(samples: samples)), at: now)
      var findings = LiveAlerts.Findings()
      alerts.take([id: group], into: &findings)
      return alerts.settle(findings, alerts.unknown(findings).map { ($0, AlertTreatment()) })
    }
    #expect(evaluate([1, 2], at: 1) == [id.scope])
    let before = Array(alerts.alerts)
    #expect(evaluate([1, 2], at: 2).isEmpty)
    #expect(zip(before, alerts.alerts).allSatisfy { $0 === $1 })
    #expect(evaluate([1, 3], at: 3) == [id.scope])
    #expect(zip(before, alerts.alerts).count { $0 === $1 } == 1)
  }
}

@Suite struct `Numbers of what changed` {
  @Test func `grow for who sees the change, and for nobody else`() {
    var generations = LiveGenerations()
    let (all, shop, bank) = (Visibility.all, Visibility.tenants(["shop"]), Visibility.tenants(["bank"]))
    func numbers() -> [UInt64] { [all, shop, bank, .tenants(["shop", "bank"])].map { generations.number(for: $0) } }
    generations.changed([.project(tenant: "shop", project: "api")])
    #expect(numbers() == [1, 1, 0, 1])
    generations.changed([.platform])
    #expect(numbers() == [2, 1, 0, 1])
    generations.everybodySees()
    #expect(numbers() == [3, 2, 1, 2])
    generations.changed([Scope]())
    #expect(numbers() == [3, 2, 1, 2])
  }
}

@Suite struct `The smallest of many` {
  @Test(arguments: 1...5) func `are the first of all in order`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for count in [0, 1, 7, 100, 5000] {
      let numbers = (0..<3000).map { _ in Int.random(in: 0..<1000, using: &random) }
      #expect(numbers.smallest(count) == Array(numbers.sorted().prefix(count)))
    }
  }
}
