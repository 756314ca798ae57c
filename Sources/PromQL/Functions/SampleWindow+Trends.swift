import Model

extension SampleWindow {
  /// The line that fits the samples best, by least squares: its slope by the second, and its value at `instant`.
  func line(through instant: Int64) -> (slope: Double, intercept: Double) {
    var sumX = CompensatedSum()
    var sumY = CompensatedSum()
    var sumXY = CompensatedSum()
    var sumXX = CompensatedSum()
    var isConstant = true
    for index in values.indices {
      let y = values[index]
      if y != values[0] { isConstant = isConstant && index == 0 }
      let x = Double(time(index) - instant) / 1000
      sumX.add(x)
      sumY.add(y)
      sumXY.add(x * y)
      sumXX.add(x * x)
    }
    // Rounding must not tilt a level line.
    if isConstant { return values[0].isInfinite ? (.nan, .nan) : (0, values[0]) }
    let n = Double(count)
    let covariance = sumXY.total - sumX.total * sumY.total / n
    let variance = sumXX.total - sumX.total * sumX.total / n
    let slope = covariance / variance
    return (slope, sumY.total / n - slope * sumX.total / n)
  }

  /// Where that line will be `seconds` after `instant`; `nil` with fewer than two samples.
  func prediction(_ seconds: Double, from instant: Timestamp) -> Double? {
    guard count >= 2 else { return nil }
    let line = line(through: instant.millisecondsSinceEpoch)
    return line.slope * seconds + line.intercept
  }

  /// The last value, smoothed together with its trend by these factors; `nil` with fewer than two samples.
  func smoothed(value factor: Double, trend trendFactor: Double) -> Double? {
    guard count >= 2 else { return nil }
    var previous = 0.0
    var current = values[0]
    var trend = values[1] - values[0]
    for index in 1..<count {
      if index > 1 { trend = trendFactor * (current - previous) + (1 - trendFactor) * trend }
      let next = factor * values[index] + (1 - factor) * (current + trend)
      previous = current
      current = next
    }
    return current
  }
}

extension Function {
  /// Whether both factors of `double_exponential_smoothing` lie between 0 and 1; NaN passes, as it does in Prometheus.
  static func checkFactors(_ factors: [Double]) throws(EvaluationError) {
    for (factor, name, short) in [(factors[0], "smoothing", "sf"), (factors[1], "trend", "tf")]
    where factor <= 0 || factor >= 1 {
      throw .failed("invalid \(name) factor. Expected: 0 < \(short) < 1, got: \(factor.withSixDecimals)")
    }
  }
}

extension Double {
  /// As C's `%f` prints it, for values of a size that people write.
  fileprivate var withSixDecimals: String {
    guard isFinite else { return isNaN ? "NaN" : self < 0 ? "-Inf" : "+Inf" }
    guard let millionths = Int64(exactly: (magnitude * 1_000_000).rounded(.toNearestOrEven)) else { return "\(self)" }
    let decimals = String(millionths % 1_000_000)
    return (sign == .minus ? "-" : "") + "\(millionths / 1_000_000)."
      + String(repeating: "0", count: 6 - decimals.utf8.count) + decimals
  }
}
