import Model

/// What a series of an evaluation is called.
struct StepSeries: Sendable {
  /// All labels, the name among them even when ``dropsName``.
  var labels: Labels
  /// Whether the name goes at the end of the evaluation (Prometheus's delayed removal of names).
  var dropsName = false
}

/// The values of an instant vector at all steps of an evaluation: one row for each series, one column for each step.
///
/// A series without a value at a step has ``Swift/Double/absent`` there.
struct StepMatrix: Sendable {
  let steps: Int
  private(set) var series: [StepSeries] = []
  /// Row by row, `series.count * steps` of them.
  var values: [Double] = []

  init(steps: Int) {
    self.steps = steps
  }

  var count: Int { series.count }

  /// Where the values of a row are.
  @inline(__always)
  func range(of row: Int) -> Range<Int> { row * steps..<(row + 1) * steps }

  @inline(__always)
  subscript(row: Int, step: Int) -> Double {
    get { values[row * steps + step] }
    set { values[row * steps + step] = newValue }
  }

  /// Makes room for about `rows` more; a guess that is much too high does no harm.
  mutating func reserve(rows: Int) {
    series.reserveCapacity(series.count + rows)
    values.reserveCapacity(min(rows, (1 << 22) / max(steps, 1)) * steps)
  }

  /// Adds a row without values.
  mutating func appendEmpty(_ row: StepSeries) {
    series.append(row)
    values.append(contentsOf: repeatElement(.absent, count: steps))
  }

  /// Adds a row with the values that `fill` writes; leaves it out when `fill` says that it wrote none.
  mutating func append<Failure: Error>(
    _ row: StepSeries, _ fill: (UnsafeMutableBufferPointer<Double>) throws(Failure) -> Bool
  ) throws(Failure) {
    let start = values.count
    values.append(contentsOf: repeatElement(.absent, count: steps))
    let hasValues = try values.withUnsafeMutableBufferPointer { (all) throws(Failure) in
      try fill(UnsafeMutableBufferPointer(rebasing: all[start...]))
    }
    if hasValues { series.append(row) } else { values.removeLast(steps) }
  }

  /// Changes what the rows are called.
  mutating func relabel(_ change: (inout StepSeries) -> Void) {
    for index in series.indices { change(&series[index]) }
  }

  /// Every row loses its name at the end.
  mutating func dropNames() {
    for index in series.indices { series[index].dropsName = true }
  }

  /// Replaces every value by `change` of its step and itself; ``Swift/Double/absent`` takes it away.
  @inline(__always)
  mutating func update(_ change: (_ step: Int, Double) -> Double) {
    let (steps, rows) = (steps, count)
    values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows {
        for step in 0..<steps where !values[row * steps + step].isAbsent {
          values[row * steps + step] = change(step, values[row * steps + step])
        }
      }
    }
  }

  /// Whether a row has a value at any step.
  func hasValues(_ row: Int) -> Bool {
    range(of: row).contains { !values[$0].isAbsent }
  }

  /// The rows of `order`, in that order.
  func selecting(_ order: [Int]) -> StepMatrix {
    var selected = StepMatrix(steps: steps)
    selected.reserve(rows: order.count)
    for row in order {
      selected.series.append(series[row])
      selected.values.append(contentsOf: values[range(of: row)])
    }
    return selected
  }

  /// Without the rows that have no values.
  func withoutEmptyRows() -> StepMatrix {
    let kept = (0..<count).filter(hasValues)
    return kept.count == count ? self : selecting(kept)
  }
}

extension Double {
  /// No value: the staleness marker, which no result holds and no arithmetic gives.
  static var absent: Double { stalenessMarker }

  @inline(__always)
  var isAbsent: Bool { bitPattern == 0x7ff0_0000_0000_0002 }
}

/// A scalar at all steps of an evaluation.
struct ScalarColumn: Sendable {
  /// One for each step, or one for all.
  private var values: [Double]

  init(_ constant: Double) { values = [constant] }

  init(_ values: [Double]) { self.values = values }

  @inline(__always)
  subscript(step: Int) -> Double { values.count == 1 ? values[0] : values[step] }

  /// The value of all steps; `nil` when they may differ.
  var constant: Double? { values.count == 1 ? values[0] : nil }

  /// Whether any value is like that.
  func contains(where condition: (Double) -> Bool) -> Bool { values.contains(where: condition) }

  /// The greatest and the least value; NaN when any is (Go's `math.Max` and `math.Min`).
  var greatest: Double { values.reduce(-.infinity) { Double.greatest($0, $1) } }
  var least: Double { values.reduce(.infinity) { Double.least($0, $1) } }

  /// The values of `change`, step by step.
  func map(_ change: (Double) -> Double) -> ScalarColumn { ScalarColumn(values.map(change)) }

  /// The values of `combine`, step by step.
  func combined(with other: ScalarColumn, steps: Int, _ combine: (Double, Double) -> Double) -> ScalarColumn {
    if let left = constant, let right = other.constant { return ScalarColumn(combine(left, right)) }
    return ScalarColumn((0..<steps).map { combine(self[$0], other[$0]) })
  }
}
