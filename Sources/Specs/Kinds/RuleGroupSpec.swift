package import Model
package import PromQL

/// One rule of a group, with Prometheus's fields and Belfry's.
package struct Rule: Hashable, Sendable {
  /// Alerting or recording; the two exclude each other.
  package enum Purpose: Hashable, Sendable {
    case alert, record
  }

  package var purpose: Purpose
  /// The `alert` or `record` name.
  package var name: String
  package var expression: Expression
  /// `for`: how long the condition must hold.
  package var hold: Duration = .zero
  package var keepFiringFor: Duration = .zero
  /// As written, sorted by name; values of alerting rules are templates.
  package var labels: [Label] = []
  /// As written, sorted by name; values are templates.
  package var annotations: [Label] = []
  package var enabled = true
  package var dataSource: String?
  package var channels: [String] = []
  package var repeatInterval: Duration?
  package var cooldown: Duration?
  package var maxPerDay: Int?

  package init(_ purpose: Purpose, name: String, expression: Expression) {
    self.purpose = purpose
    self.name = name
    self.expression = expression
  }
}

/// `RuleGroup`: rules evaluated together, in order, at one interval.
package struct RuleGroupSpec: Hashable, Sendable {
  /// The group's own name, without the file.
  package var name: String
  /// `nil`: the scope's default.
  package var interval: Duration?
  /// `nil`: none.
  package var queryOffset: Duration?
  /// The most alerts a rule may have; 0 for no limit.
  package var limit = 0
  /// Laid under each rule's labels.
  package var labels: [Label] = []
  package var dataSource: String?
  package var rules: [Rule]

  package init(name: String, rules: [Rule]) {
    self.name = name
    self.rules = rules
  }
}
