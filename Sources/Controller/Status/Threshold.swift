import PromQL
import StatusAPI

extension ThresholdView {
  /// The comparison with a number that an expression ends in, whichever side the number stands on; `nil` for others.
  init?(_ query: String) {
    guard let expression = Expr.parse(query).expr, case .binary(let binary) = expression.bare.form,
      binary.operation.isComparison, !binary.returnsBool
    else { return nil }
    switch (binary.left.number, binary.right.number) {
    case (nil, let limit?):
      self.init(comparison: binary.operation.rawValue, limit: limit, query: binary.left.description)
    case (let limit?, nil):
      self.init(comparison: binary.operation.mirrored.rawValue, limit: limit, query: binary.right.description)
    case (nil, nil), (.some, .some): return nil
    }
  }
}

extension Expr {
  /// Without parentheses around it.
  fileprivate var bare: Expr {
    guard case .parenthesised(let inner) = form else { return self }
    return inner.bare
  }

  /// The number that is written here, with its sign.
  fileprivate var number: Double? {
    switch bare.form {
    case .number(let literal): literal.value
    case .negation(let inner): inner.number.map { -$0 }
    case .plus(let inner): inner.number
    default: nil
    }
  }
}

extension BinaryOperator {
  /// The same comparison with its sides exchanged.
  fileprivate var mirrored: BinaryOperator {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }
}
