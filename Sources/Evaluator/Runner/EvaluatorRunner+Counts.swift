package import Model
import Specs

extension EvaluatorRunner {
  /// How many alerts of these groups fire, by the names of their rules; groups without any are left out.
  package func firing(of groups: [ResourceID]) -> [ResourceID: [String: Int]] {
    var counts: [ResourceID: [String: Int]] = [:]
    for id in groups {
      guard let group = group(id) else { continue }
      for (index, rule) in group.rules.enumerated() {
        let firing = rule.alerts.count { $0.state == .firing }
        if firing > 0 { counts[id, default: [:]][group.definition.spec.rules[index].name, default: 0] += firing }
      }
    }
    return counts
  }
}
