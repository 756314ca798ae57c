import Model

/// A range or an offset: a literal, or an expression of durations (experimental, `promql-duration-expr`).
package struct DurationExpr: Hashable, Sendable {
  /// What stands at a node.
  package indirect enum Form: Hashable, Sendable {
    /// `5m`, or a number of seconds.
    case literal(NumberLiteral)
    /// `step()`
    case step
    /// `range()`
    case range
    case negation(DurationExpr)
    case plus(DurationExpr)
    case binary(BinaryOperator, DurationExpr, DurationExpr)
    /// `min_of(a, b)`
    case min(DurationExpr, DurationExpr)
    /// `max_of(a, b)`
    case max(DurationExpr, DurationExpr)
    case parenthesised(DurationExpr)
  }

  package var form: Form
  package var range: Range<Int>

  package init(_ form: Form, at range: Range<Int> = 0..<0) {
    self.form = form
    self.range = range
  }

  /// The literal `duration`.
  package init(_ duration: Duration) {
    self.init(.literal(NumberLiteral(duration.inSeconds, isDuration: true)))
  }

  package static func == (left: Self, right: Self) -> Bool { left.form == right.form }

  package func hash(into hasher: inout Hasher) { hasher.combine(form) }
}
