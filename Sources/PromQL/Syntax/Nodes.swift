/// `selector[5m]`; modifiers and extension are the selector's.
package struct MatrixSelector: Hashable, Sendable {
  package var selector: Selector
  package var window: DurationExpr

  package init(_ selector: Selector, window: DurationExpr) {
    self.selector = selector
    self.window = window
  }
}

/// `expr[1h:5m]`.
package struct Subquery: Hashable, Sendable {
  package var inner: Expr
  package var window: DurationExpr
  /// `nil`: the engine's default step.
  package var step: DurationExpr?
  package var modifiers: TimeModifiers

  package init(
    _ inner: Expr, window: DurationExpr, step: DurationExpr? = nil, modifiers: TimeModifiers = .init()
  ) {
    self.inner = inner
    self.window = window
    self.step = step
    self.modifiers = modifiers
  }
}

/// `rate(x[5m])`; the number and kinds of the arguments are those of ``Function/signature``.
package struct Call: Hashable, Sendable {
  package var function: Function
  package var arguments: [Expr]

  package init(_ function: Function, _ arguments: [Expr]) {
    self.function = function
    self.arguments = arguments
  }
}

/// `sum by (job) (x)`.
package struct Aggregation: Hashable, Sendable {
  package var operation: AggregationOperator
  /// The first argument of `topk`, `quantile`, `count_values`, …
  package var parameter: Expr?
  package var inner: Expr
  /// Whether ``labels`` are those that go (`without`), and not those that stay (`by`, or nothing).
  package var without: Bool
  /// In the order of the text.
  package var labels: [String]

  package init(
    _ operation: AggregationOperator, parameter: Expr? = nil, _ inner: Expr, without: Bool = false,
    labels: [String] = []
  ) {
    self.operation = operation
    self.parameter = parameter
    self.inner = inner
    self.without = without
    self.labels = labels
  }
}

/// The operators over the elements of one vector, as they are written.
package enum AggregationOperator: String, Hashable, Sendable, CaseIterable {
  case sum, avg, count, min, max, group, stddev, stdvar, topk, bottomk, quantile
  case countValues = "count_values"
  case limitk
  case limitRatio = "limit_ratio"

  /// The kind of the parameter; `nil` without one.
  package var parameter: ValueType? {
    switch self {
    case .topk, .bottomk, .quantile, .limitk, .limitRatio: .scalar
    case .countValues: .string
    case .sum, .avg, .count, .min, .max, .group, .stddev, .stdvar: nil
    }
  }

  /// Whether a Prometheus has it only with `--enable-feature=promql-experimental-functions`.
  package var isExperimental: Bool { self == .limitk || self == .limitRatio }
}
