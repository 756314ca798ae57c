import Model

extension Evaluation {
  /// The value of a whole expression, as it is told.
  mutating func result(
    of plan: Plan, on grid: StepGrid, isInstant: Bool
  ) throws(EvaluationError) -> QueryValue {
    try checkCancellation()
    switch plan {
    case .string(let text): return .string(text)
    case .scalar(let scalar):
      let column = try self.scalar(scalar, on: grid)
      if isInstant { return .scalar(column[0]) }
      guard grid.count > 0 else { return .matrix([]) }
      let times = grid.timestamps
      return .matrix([SampleSeries(.empty, times: times, values: times.indices.map { column[$0] })])
    case .vector(let vector):
      var matrix = try self.vector(vector, on: grid)
      matrix.removeDroppedNames()
      guard isInstant else { return .matrix(try merged(matrix).sampleSeries(on: grid)) }
      guard !matrix.hasEqualLabels else { throw .equalLabels }
      return .vector(matrix.samples)
    case .matrix(let range): return .matrix(try self.matrix(range, on: grid).sorted { $0.labels < $1.labels })
    }
  }

  /// One row for each label set; throws when two of one set have values at the same step.
  func merged(_ matrix: StepMatrix) throws(EvaluationError) -> StepMatrix {
    guard matrix.hasEqualLabels else { return matrix }
    var rows = RowCollector(steps: matrix.steps)
    for row in 0..<matrix.count {
      let target = rows.row(matrix.series[row])
      for step in 0..<matrix.steps where !matrix[row, step].isAbsent {
        try rows.set(matrix[row, step], row: target, step: step)
      }
    }
    return rows.matrix
  }
}

/// Rows found by their labels.
struct RowCollector {
  private(set) var matrix: StepMatrix
  private var rows: [Labels: Int] = [:]

  init(steps: Int) {
    matrix = StepMatrix(steps: steps)
  }

  /// The row of those labels, a new one where there is none.
  mutating func row(_ series: StepSeries) -> Int {
    if let row = rows[series.labels] { return row }
    rows[series.labels] = matrix.count
    matrix.appendEmpty(series)
    return matrix.count - 1
  }

  /// Throws when the row has a value at the step already.
  mutating func set(_ value: Double, row: Int, step: Int) throws(EvaluationError) {
    guard matrix[row, step].isAbsent else { throw .equalLabels }
    matrix[row, step] = value
  }

  /// Counts one more in a row at a step.
  mutating func increase(row: Int, step: Int) {
    matrix[row, step] = matrix[row, step].isAbsent ? 1 : matrix[row, step] + 1
  }
}

extension EvaluationError {
  /// Two elements of one vector with the same labels.
  static var equalLabels: EvaluationError { .failed("vector cannot contain metrics with the same labelset") }
}

extension StepGrid {
  var timestamps: [Timestamp] { (0..<count).map { Timestamp(millisecondsSinceEpoch: time($0)) } }
}

extension StepMatrix {
  /// Takes the names from the rows that lose them at the end.
  fileprivate mutating func removeDroppedNames() {
    relabel { if $0.dropsName { $0.labels = $0.labels.withoutMetadata } }
  }

  /// Whether two rows have the same labels.
  var hasEqualLabels: Bool {
    guard count > 1 else { return false }
    var first: [UInt64: Int] = [:]
    first.reserveCapacity(count)
    for row in 0..<count {
      let hash = series[row].labels.contentHash
      if let other = first.updateValue(row, forKey: hash), series[other].labels == series[row].labels { return true }
    }
    return false
  }

  /// The elements of the vector at the only step.
  fileprivate var samples: [QuerySample] {
    var samples: [QuerySample] = []
    samples.reserveCapacity(count)
    for row in 0..<count where !self[row, 0].isAbsent { samples.append(QuerySample(series[row].labels, self[row, 0])) }
    return samples
  }

  /// The rows as series at the times of the steps, sorted by labels.
  fileprivate func sampleSeries(on grid: StepGrid) -> [SampleSeries] {
    rows(at: grid.timestamps).sorted { $0.labels < $1.labels }
  }

  /// The rows as series of the samples at `times`, without the steps that have no value.
  func rows(at times: [Timestamp]) -> [SampleSeries] {
    (0..<count).compactMap { row in
      let values = Array(values[range(of: row)])
      guard values.contains(where: \.isAbsent) else {
        return SampleSeries(series[row].labels, times: times, values: values)
      }
      let present = values.indices.filter { !values[$0].isAbsent }
      guard !present.isEmpty else { return nil }
      return SampleSeries(series[row].labels, times: present.map { times[$0] }, values: present.map { values[$0] })
    }
  }
}
