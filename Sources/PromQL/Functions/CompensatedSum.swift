/// A sum that carries what rounding took from it (Kahan's method with Neumaier's improvement, as Prometheus sums).
struct CompensatedSum: Hashable, Sendable {
  /// The sum as plain addition has it.
  var sum = 0.0
  /// What the additions lost.
  var lost = 0.0

  /// Adds `value`; once the sum is infinite, nothing counts as lost.
  @inline(__always)
  mutating func add(_ value: Double) {
    let total = sum + value
    if total.isInfinite {
      lost = 0
    } else if abs(sum) >= abs(value) {
      lost += (sum - total) + value
    } else {
      lost += (value - total) + sum
    }
    sum = total
  }

  /// The best known sum.
  var total: Double { sum + lost }
}
