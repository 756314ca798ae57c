extension BinaryOperator {
  /// The value of an arithmetic operator, or 1 and 0 of a comparison; NaN of one that isn't for numbers.
  @inline(__always)
  func applied(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    case .modulo: left.leftover(dividingBy: right)
    case .power: left.raised(to: right)
    case .atan2: left.arcTangent(over: right)
    case .or, .and, .unless, .trimUpper, .trimLower: .nan
    default: holds(left, right) ? 1 : 0
    }
  }

  /// Whether a comparison holds; `false` for other operators.
  @inline(__always)
  func holds(_ left: Double, _ right: Double) -> Bool {
    switch self {
    case .equal: left == right
    case .notEqual: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    default: false
    }
  }

  /// Whether the result is another quantity than the operands, so that their name goes (`changesMetricSchema`).
  var changesQuantity: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .modulo, .power, .atan2: true
    default: false
    }
  }

  /// Whether it works on native histograms alone.
  var isTrim: Bool { self == .trimLower || self == .trimUpper }
}
