extension SampleWindow {
  /// The time of a sample, in seconds.
  func seconds(_ index: Int) -> Double { Double(time(index)) / 1000 }

  var sum: Double {
    var sum = CompensatedSum()
    for value in values { sum.add(value) }
    return sum.sum.isInfinite ? sum.sum : sum.total
  }

  /// The mean: the sum by the count as long as the sum is finite, from there on the mean step by step.
  var average: Double {
    var running = RunningMean(values[0])
    for index in values.indices.dropFirst() { running.add(values[index]) }
    return running.mean
  }

  /// The variance of the values (Welford's method, compensated).
  var variance: Double {
    var mean = CompensatedSum()
    var squares = CompensatedSum()
    var count = 0.0
    for value in values {
      count += 1
      let distance = value - mean.total
      mean.add(distance / count)
      squares.add(distance * (value - mean.total))
    }
    return squares.total / count
  }

  /// The median distance of the values from their median; NaN as soon as one of them is.
  var medianDeviation: Double {
    guard !values.contains(where: \.isNaN) else { return .nan }
    let median = quantile(0.5, of: Array(values))
    return quantile(0.5, of: values.map { abs($0 - median) })
  }

  /// Where the value stands that comes before all others; NaN only where there is nothing else.
  ///
  /// Of equal ones the first, or the last where `latest` is set.
  func indexOfExtreme(latest: Bool, _ precedes: (Double, Double) -> Bool) -> Int {
    var best = 0
    var extreme = values[0]
    for index in values.indices {
      let value = values[index]
      if precedes(value, extreme) || extreme.isNaN || (latest && value == extreme) {
        best = index
        extreme = value
      }
    }
    return best
  }

  /// How often a value differs from the one before it.
  var changes: Double {
    var changes = 0
    for index in 1..<max(1, count) {
      let value = values[index]
      let previous = values[index - 1]
      if value != previous, !(value.isNaN && previous.isNaN) { changes += 1 }
    }
    return Double(changes)
  }

  /// How often the counter began anew.
  var resets: Double {
    var resets = 0
    for index in 1..<max(1, count) where isReset(at: index) { resets += 1 }
    return Double(resets)
  }
}

/// A mean that grows value by value, compensated.
struct RunningMean: Hashable, Sendable {
  private var sum: CompensatedSum
  private var count = 1.0
  /// Whether ``sum`` holds the mean itself, because the sum of the values is out of range.
  private var isIncremental = false

  init(_ first: Double) {
    sum = CompensatedSum(sum: first)
  }

  mutating func add(_ value: Double) {
    count += 1
    if !isIncremental {
      var longer = sum
      longer.add(value)
      if !longer.sum.isInfinite {
        sum = longer
        return
      }
      isIncremental = true
      sum = CompensatedSum(sum: sum.sum / (count - 1), lost: sum.lost / (count - 1))
    }
    let share = (count - 1) / count
    sum = CompensatedSum(sum: share * sum.sum, lost: share * sum.lost)
    sum.add(value / count)
  }

  var mean: Double {
    isIncremental ? sum.total : sum.sum / count + sum.lost / count
  }
}

/// A quantile of values as Prometheus's `quantile` has it: between two values by their distance, NaN before all
/// numbers.
///
/// NaN without values and for a `q` of NaN; the infinities for a `q` below 0 and above 1.
func quantile(_ q: Double, of values: [Double]) -> Double {
  guard !values.isEmpty, !q.isNaN else { return .nan }
  if q < 0 { return -.infinity }
  if q > 1 { return .infinity }
  let sorted = values.sorted { $0.isNaN ? !$1.isNaN : $0 < $1 }
  let rank = q * Double(sorted.count - 1)
  let lower = max(0, min(sorted.count - 1, Int(rank.rounded(.down))))
  let upper = min(sorted.count - 1, lower + 1)
  let weight = rank - rank.rounded(.down)
  return sorted[lower] * (1 - weight) + sorted[upper] * weight
}
