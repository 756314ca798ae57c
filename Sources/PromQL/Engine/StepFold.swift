/// What an aggregation keeps of a group's values at one step.
protocol StepFold {
  init(first value: Double)
  mutating func take(_ value: Double)
  var result: Double { get }
}

extension CompensatedSum: StepFold {
  init(first value: Double) { self.init(sum: value, lost: 0) }

  @inline(__always)
  mutating func take(_ value: Double) { add(value) }

  var result: Double { total }
}

/// The sum by the count, as long as the sum stays finite; from then on, the mean carried along.
struct RunningAverage: StepFold {
  private var sum: CompensatedSum
  private var count = 1.0
  private var isCarried = false

  init(first value: Double) { sum = CompensatedSum(first: value) }

  mutating func take(_ value: Double) {
    count += 1
    if !isCarried {
      var next = sum
      next.add(value)
      guard next.sum.isInfinite else {
        sum = next
        return
      }
      isCarried = true
      sum = CompensatedSum(sum: sum.sum / (count - 1), lost: sum.lost / (count - 1))
    }
    let share = (count - 1) / count
    sum = CompensatedSum(sum: share * sum.sum, lost: share * sum.lost)
    sum.add(value / count)
  }

  var result: Double { isCarried ? sum.total : sum.sum / count + sum.lost / count }
}

struct RunningCount: StepFold {
  private var count = 1.0

  init(first value: Double) {}

  mutating func take(_ value: Double) { count += 1 }

  var result: Double { count }
}

/// The least value; NaN only when all are.
struct RunningMinimum: StepFold {
  private(set) var result: Double

  init(first value: Double) { result = value }

  mutating func take(_ value: Double) { if result > value || result.isNaN { result = value } }
}

/// The greatest value; NaN only when all are.
struct RunningMaximum: StepFold {
  private(set) var result: Double

  init(first value: Double) { result = value }

  mutating func take(_ value: Double) { if result < value || result.isNaN { result = value } }
}

/// 1 for any element.
struct RunningPresence: StepFold {
  init(first value: Double) {}

  mutating func take(_ value: Double) {}

  var result: Double { 1 }
}

/// The variance of the values as a whole population (Welford's method).
struct RunningVariance: StepFold {
  private var count = 1.0
  private var mean: Double
  private var squares: Double

  init(first value: Double) {
    mean = value
    squares = value.isFinite ? 0 : .nan
  }

  mutating func take(_ value: Double) {
    count += 1
    let difference = value - mean
    mean += difference / count
    squares += difference * (value - mean)
  }

  var result: Double { squares / count }
}

/// The standard deviation of the values as a whole population.
struct RunningDeviation: StepFold {
  private var variance: RunningVariance

  init(first value: Double) { variance = RunningVariance(first: value) }

  mutating func take(_ value: Double) { variance.take(value) }

  var result: Double { variance.result.squareRoot() }
}
