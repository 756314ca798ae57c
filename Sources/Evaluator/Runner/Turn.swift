import Specs

/// A group's evaluation: the group as it is when it begins, and which of its rules have their turn.
package struct Turn: Sendable {
  package let definition: GroupDefinition
  /// Recording rules that are evaluated, by their places; empty where none is.
  private let recorded: [Bool]

  init(_ group: RuleGroupState) {
    definition = group.definition
    recorded = group.records ? group.rules.indices.map { group.recordsRule($0) } : []
  }

  /// Whether the rule at `index` is evaluated.
  package func includes(_ index: Int) -> Bool {
    let rule = definition.spec.rules[index]
    return rule.purpose == .alert ? rule.enabled : !recorded.isEmpty && recorded[index]
  }
}
