import Evaluator
import Model
import PromQL
import Specs

/// The rules of a test file, read and put in order once for all of its tests.
struct RulePlan: Sendable {
  /// One group with the expressions of its rules.
  struct Group: Sendable {
    let resource: Resource
    let spec: RuleGroupSpec
    /// One for each rule, in order.
    let expressions: [Expr]
  }

  private(set) var groups: [Group] = []

  /// `order`: names of groups; those that aren't among them count as the first (promtool's `group_eval_order`).
  init(_ resources: [Resource], order: [String], expressions: (String) -> Expr?) {
    for resource in resources {
      guard case .ruleGroup(let spec) = resource.spec else { continue }
      let parsed = spec.rules.compactMap { expressions($0.expression.text) }
      guard parsed.count == spec.rules.count else { continue }
      groups.append(Group(resource: resource, spec: spec, expressions: parsed))
    }
    let places = Dictionary(order.enumerated().map { ($1, $0) }) { first, _ in first }
    // Sorting is stable, so that groups of one place stay in the order of their files.
    groups = groups.enumerated()
      .sorted { (places[$0.1.spec.name] ?? 0, $0.0) < (places[$1.1.spec.name] ?? 0, $1.0) }
      .map(\.1)
  }
}

/// Why the rules of a test could not be evaluated.
struct RehearsalFailure: Error {
  var rule: String
  var time: Timestamp
  var words: String
  /// Whether the samples are native histograms, which this version doesn't evaluate.
  var isSetAside = false
}
