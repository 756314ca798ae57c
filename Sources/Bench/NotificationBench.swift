import Foundation
import Model
import Notifier
import Specs

/// Distinct alerts through 200 routes: received, grouped, flushed and deduplicated.
func benchNotification(alerts count: Int, runs: Int) {
  var rates: [Double] = []
  for _ in 0..<runs {
    var dispatcher = Dispatcher(owner: .tenant("shop"), routes: RouteSet([tree()]))
    let start = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)
    let transitions = (0..<count).map { transition($0, at: start) }
    let began = ownCPU()
    for first in stride(from: 0, to: count, by: 1000) {
      dispatcher.receive(transitions[first..<min(first + 1000, count)], at: start)
    }
    let due = start + .seconds(31)
    var told = 0
    while let wake = dispatcher.nextWake, wake <= due {
      for flush in dispatcher.tick(at: due, in: Surroundings()) {
        told += flush.deliveries.reduce(0) { $0 + $1.message.alerts.count }
      }
    }
    rates.append(Double(count) / (ownCPU() - began))
    guard told == count else { fail("\(told) of \(count) alerts were told") }
  }
  report(
    Figure(
      "\(count) alerts through 200 routes, grouped and deduplicated", Spread(rates).text("alerts/s of CPU", 0),
      target: "265,000/s"))
}

private func tree() -> RouteTree {
  var root = RouteNode()
  root.channels = ["oncall"]
  root.groupBy = .labels(["alertname"])
  root.routes = (0..<200).map { number in
    var node = RouteNode()
    node.matchers = [Matcher("service", equals: "s\(number)")]
    node.groupBy = .labels(["alertname", "service"])
    return node
  }
  return RouteTree(ResourceID(.tenant("shop"), .route, "default"), RouteSpec(root: root)) {
    ResourceID(.tenant("shop"), $0, $1)
  }
}

private func transition(_ number: Int, at now: Timestamp) -> AlertTransition {
  let labels: Labels = [
    ("alertname", "Alert\(number % 3)"), ("instance", "host-\(number):9100"), ("job", "node"), ("region", "eu"),
    ("service", "s\(number % 200)"), ("severity", "warning"),
  ].reduce(into: Labels.empty) { $0[$1.0] = $1.1 }
  let reference = RuleReference(
    group: ResourceID(.tenant("shop"), .ruleGroup, "g"), rule: "Alert\(number % 3)",
    provenance: Provenance(file: "rules.yaml", line: 1))
  let alert = Alert(
    scope: .tenant("shop"), labels: labels, annotations: [Label("summary", "host-\(number) is slow")], state: .firing,
    value: 1, activeAt: now, firedAt: now, rule: reference, generatorURL: "")
  return AlertTransition(from: .pending, alert: alert, reason: .heldLongEnough, at: now)
}
