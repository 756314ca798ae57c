extension Function {
  /// The value of a function of one number; `scalars` are the arguments besides the vector, in their order.
  ///
  /// The functions of dates take seconds since the epoch and know UTC only. NaN for a function of another kind.
  func elementwise(_ value: Double, _ scalars: [Double]) -> Double {
    switch self {
    case .abs: value.magnitude
    case .ceil: value.rounded(.up)
    case .floor: value.rounded(.down)
    case .sqrt: value.squareRoot()
    case .sgn: value < 0 ? -1 : value > 0 ? 1 : value
    case .deg: value * 180 / .pi
    case .rad: value * .pi / 180
    case .round: value.rounded(toMultipleOf: scalars.first ?? 1)
    case .clamp: value.clamped(from: scalars[0], through: scalars[1])
    case .clampMin: value.clamped(from: scalars[0], through: .infinity)
    case .clampMax: value.clamped(from: -.infinity, through: scalars[0])
    case .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth, .hour, .minute, .month, .year: calendar(value)
    default: transcendental(value)
    }
  }

  private func transcendental(_ value: Double) -> Double {
    switch self {
    case .exp: value.exponential
    case .ln: value.naturalLogarithm
    case .log2: value.binaryLogarithm
    case .log10: value.decimalLogarithm
    case .sin: value.sine
    case .cos: value.cosine
    case .tan: value.tangent
    case .asin: value.arcSine
    case .acos: value.arcCosine
    case .atan: value.arcTangent
    case .sinh: value.hyperbolicSine
    case .cosh: value.hyperbolicCosine
    case .tanh: value.hyperbolicTangent
    case .asinh: value.areaSine
    case .acosh: value.areaCosine
    case .atanh: value.areaTangent
    default: .nan
    }
  }
}

extension Double {
  /// The nearest multiple of `unit`; halfway between two, the upper one.
  fileprivate func rounded(toMultipleOf unit: Double) -> Double {
    // By the inverse, as Prometheus does: tenths come out as they are written.
    let inverse = 1 / unit
    return (self * inverse + 0.5).rounded(.down) / inverse
  }

  fileprivate func clamped(from low: Double, through high: Double) -> Double {
    Double.greatest(low, Double.least(high, self))
  }

  /// The greater of two: infinity before NaN, NaN before all other numbers, 0 before -0 (Go's `math.Max`).
  static func greatest(_ left: Double, _ right: Double) -> Double {
    if left == .infinity || right == .infinity { return .infinity }
    if left.isNaN || right.isNaN { return .nan }
    if left == 0, right == 0 { return left.sign == .minus ? right : left }
    return left > right ? left : right
  }

  /// The lesser of two: -infinity before NaN, NaN before all other numbers, -0 before 0 (Go's `math.Min`).
  static func least(_ left: Double, _ right: Double) -> Double {
    if left == -.infinity || right == -.infinity { return -.infinity }
    if left.isNaN || right.isNaN { return .nan }
    if left == 0, right == 0 { return left.sign == .minus ? left : right }
    return left < right ? left : right
  }
}
