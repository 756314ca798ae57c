extension Expr {
  /// What the expression evaluates to.
  package var type: ValueType {
    switch form {
    case .number: .scalar
    case .string: .string
    case .selector, .aggregation: .vector
    case .matrix, .subquery: .matrix
    case .call(let call): call.function.signature.result
    case .negation(let inner), .plus(let inner), .parenthesised(let inner): inner.type
    case .binary(let binary):
      binary.matching == nil && binary.left.type == .scalar && binary.right.type == .scalar ? .scalar : .vector
    }
  }

  /// The expressions directly within this one, in the order of the text.
  package var children: [Expr] {
    switch form {
    case .number, .string, .selector, .matrix: []
    case .subquery(let subquery): [subquery.inner]
    case .call(let call): call.arguments
    case .aggregation(let aggregation): (aggregation.parameter.map { [$0] } ?? []) + [aggregation.inner]
    case .negation(let inner), .plus(let inner), .parenthesised(let inner): [inner]
    case .binary(let binary): [binary.left, binary.right]
    }
  }

  /// Calls `body` with this expression and all within it, from the outside in, in the order of the text.
  package func forEach(_ body: (Expr) -> Void) {
    body(self)
    for child in children { child.forEach(body) }
  }
}
