/// Between which bounds every value of a result lies; wider where not more is known.
struct ValueRange: Hashable, Sendable {
  /// Both bounds are included; where one isn't, the next number stands for it.
  var low: Double
  var high: Double
  /// Whether a value may be NaN, which no bounds hold.
  var mayBeNaN: Bool

  init(_ low: Double, _ high: Double, mayBeNaN: Bool = true) {
    self.low = low
    self.high = high
    self.mayBeNaN = mayBeNaN
  }

  /// Anything at all.
  static let all = ValueRange(-.infinity, .infinity)
  /// 0 and more, or NaN.
  static let notNegative = ValueRange(0, .infinity)
  /// A number of elements or samples, of which there is at least one.
  static let atLeastOne = ValueRange(1, .infinity, mayBeNaN: false)
  /// What `bool` gives.
  static let bool = ValueRange(0, 1, mayBeNaN: false)

  static func exactly(_ value: Double) -> ValueRange {
    value.isNaN ? .all : ValueRange(value, value, mayBeNaN: false)
  }

  var isSingle: Bool { low == high }

  /// Whether any number is left.
  var isEmpty: Bool { low > high }

  func union(_ other: Self) -> Self {
    ValueRange(Swift.min(low, other.low), Swift.max(high, other.high), mayBeNaN: mayBeNaN || other.mayBeNaN)
  }

  func intersection(_ other: Self) -> Self {
    ValueRange(
      Swift.max(low, other.low), Swift.min(high, other.high), mayBeNaN: mayBeNaN && other.mayBeNaN)
  }
}

extension ValueRange {
  static prefix func - (range: Self) -> Self { ValueRange(-range.high, -range.low, mayBeNaN: range.mayBeNaN) }

  /// The bounds of `left op right`; only what is certain in spite of infinities, signed zeros and rounding.
  static func arithmetic(_ operation: BinaryOperator, _ left: Self, _ right: Self) -> Self {
    guard !left.isEmpty, !right.isEmpty else { return .all }
    let mayBeNaN = left.mayBeNaN || right.mayBeNaN || !left.isFinite || !right.isFinite
    func range(_ low: Double, _ high: Double) -> Self {
      low.isNaN || high.isNaN ? .all : ValueRange(low, high, mayBeNaN: mayBeNaN)
    }
    switch operation {
    case .add: return range(left.low + right.low, left.high + right.high)
    case .subtract: return range(left.low - right.high, left.high - right.low)
    case .multiply: return product(left, right, mayBeNaN)
    case .divide:
      if right.isSingle, right.low.isFinite, right.low != 0 {
        return right.low > 0
          ? range(left.low / right.low, left.high / right.low) : range(left.high / right.low, left.low / right.low)
      }
      return left.low >= 0 && right.low >= 0 ? .notNegative : .all
    default: return .all
    }
  }

  private var isFinite: Bool { low.isFinite && high.isFinite }

  private static func product(_ left: Self, _ right: Self, _ mayBeNaN: Bool) -> Self {
    let corners = [left.low * right.low, left.low * right.high, left.high * right.low, left.high * right.high]
    // 0 × ∞ is NaN at the corner, and 0 beside it.
    let bounds = corners.map { $0.isNaN ? 0 : $0 }
    return ValueRange(bounds.min() ?? 0, bounds.max() ?? 0, mayBeNaN: mayBeNaN)
  }
}

extension ValueRange {
  /// Whether `left op right` holds for all values or for none; `nil` where it depends.
  static func outcome(of operation: BinaryOperator, _ left: Self, _ right: Self) -> ComparisonFinding.Outcome? {
    guard !left.isEmpty, !right.isEmpty else { return nil }
    let neverNaN = !left.mayBeNaN && !right.mayBeNaN
    let always: Bool
    let never: Bool
    switch operation {
    case .less: (never, always) = (left.low >= right.high, left.high < right.low)
    case .lessOrEqual: (never, always) = (left.low > right.high, left.high <= right.low)
    case .greater: (never, always) = (left.high <= right.low, left.low > right.high)
    case .greaterOrEqual: (never, always) = (left.high < right.low, left.low >= right.high)
    case .equal: (never, always) = (isApart(left, right), isSame(left, right))
    case .notEqual:
      // NaN differs from everything.
      return isApart(left, right) ? .always : neverNaN && isSame(left, right) ? .never : nil
    default: return nil
    }
    return never ? .never : always && neverNaN ? .always : nil
  }

  private static func isApart(_ left: Self, _ right: Self) -> Bool { left.low > right.high || left.high < right.low }

  private static func isSame(_ left: Self, _ right: Self) -> Bool {
    left.isSingle && right.isSingle && left.low == right.low
  }

  /// The values of the left side that pass `left op right`.
  static func passing(_ operation: BinaryOperator, _ left: Self, _ right: Self) -> Self {
    var limit = ValueRange(-.infinity, .infinity, mayBeNaN: false)
    switch operation {
    case .less: limit.high = right.high == .infinity ? .infinity : right.high.nextDown
    case .lessOrEqual: limit.high = right.high
    case .greater: limit.low = right.low == -.infinity ? -.infinity : right.low.nextUp
    case .greaterOrEqual: limit.low = right.low
    case .equal: (limit.low, limit.high) = (right.low, right.high)
    default: return left
    }
    return left.intersection(limit)
  }
}

extension BinaryOperator {
  /// The comparison with its sides swapped.
  var mirrored: BinaryOperator {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }
}
