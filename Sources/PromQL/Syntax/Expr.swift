/// A PromQL expression as a tree: what it says, and which bytes of the text say it.
///
/// Two are equal when they say the same; where they stand makes no difference.
package struct Expr: Sendable {
  /// What stands at a node.
  package indirect enum Form: Hashable, Sendable {
    case number(NumberLiteral)
    case string(String)
    /// An instant vector selector; within ``matrix(_:)`` a range vector's.
    case selector(Selector)
    case matrix(MatrixSelector)
    case subquery(Subquery)
    case call(Call)
    case aggregation(Aggregation)
    case negation(Expr)
    /// A unary plus, which does nothing.
    case plus(Expr)
    case binary(Binary)
    case parenthesised(Expr)
  }

  package var form: Form
  /// The bytes of the text that the node takes, its own parentheses and modifiers included.
  package var range: Range<Int>

  package init(_ form: Form, at range: Range<Int> = 0..<0) {
    self.form = form
    self.range = range
  }
}

extension Expr: Hashable {
  package static func == (left: Self, right: Self) -> Bool { left.form == right.form }

  package func hash(into hasher: inout Hasher) { hasher.combine(form) }
}

/// A number as it is written: `1_000`, `0x1F`, `Inf`, or a duration, which counts in seconds.
package struct NumberLiteral: Hashable, Sendable {
  package var value: Double
  /// Whether it is written as a duration, such as `5m`.
  package var isDuration: Bool

  package init(_ value: Double, isDuration: Bool = false) {
    self.value = value
    self.isDuration = isDuration
  }

  /// By bits, so that NaN equals itself and 0 isn't -0.
  package static func == (left: Self, right: Self) -> Bool {
    left.value.bitPattern == right.value.bitPattern && left.isDuration == right.isDuration
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(value.bitPattern)
    hasher.combine(isDuration)
  }
}

/// What an expression evaluates to, in Prometheus's words.
package enum ValueType: String, Hashable, Sendable, CaseIterable {
  case scalar
  case vector = "instant vector"
  case matrix = "range vector"
  case string
}
