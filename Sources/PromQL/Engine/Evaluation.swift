import Model

/// One evaluation under way: where samples come from, how many are held, and what there is to tell.
struct Evaluation {
  let settings: EngineSettings
  private let source: any SeriesSource
  private let selections: [Selection]
  private let isCancelled: () -> Bool
  /// What was read, by the number of the selection.
  private var gathered: [Int: [SampleSeries]] = [:]
  private var held = 0
  private var questions = 0
  var annotations = AnnotationList()

  init(
    _ source: any SeriesSource, _ selections: [Selection], _ settings: EngineSettings,
    isCancelled: @escaping () -> Bool
  ) {
    self.source = source
    self.selections = selections
    self.settings = settings
    self.isCancelled = isCancelled
  }

  /// The series of a selection, read once.
  mutating func read(_ selection: Int) throws(EvaluationError) -> [SampleSeries] {
    if let series = gathered[selection] { return series }
    try checkCancellation()
    var series = try source.series(for: selections[selection])
    for index in series.indices where series[index].isFar { series[index] = series[index].near }
    gathered[selection] = series
    return series
  }

  /// Counts samples that are about to be held.
  mutating func hold(_ samples: Int) throws(EvaluationError) {
    held += samples
    guard held <= settings.sampleLimit else { throw .tooManySamples(limit: settings.sampleLimit) }
    questions += 1
    if questions & 15 == 0 { try checkCancellation() }
  }

  /// Counts samples that are held no more.
  mutating func release(_ samples: Int) { held -= samples }

  func checkCancellation() throws(EvaluationError) {
    if isCancelled() { throw .cancelled }
  }
}

extension Timestamp {
  /// Whether this is near enough to the epoch to reckon with.
  var isNear: Bool { millisecondsSinceEpoch == millisecondsSinceEpoch.heldAsInstant }
}

extension SampleSeries {
  /// Whether samples are so far from the epoch that nothing can be reckoned with their times.
  fileprivate var isFar: Bool {
    guard let first = times.first, let last = times.last else { return false }
    return !first.isNear || !last.isNear
  }

  /// Without those samples.
  fileprivate var near: SampleSeries {
    kept { times[$0].isNear }
  }
}

extension Evaluation {
  /// The value of a scalar at the instants of `grid`.
  mutating func scalar(_ plan: ScalarPlan, on grid: StepGrid) throws(EvaluationError) -> ScalarColumn {
    switch plan {
    case .constant(let value): return ScalarColumn(value)
    case .time: return ScalarColumn((0..<grid.count).map { Double(grid.time($0)) / 1000 })
    case .ofVector(let vector): return try single(vector, on: grid)
    case .negated(let inner): return try scalar(inner, on: grid).map { -$0 }
    case .binary(let operation, let left, let right):
      let left = try scalar(left, on: grid)
      return left.combined(with: try scalar(right, on: grid), steps: grid.count) { operation.applied($0, $1) }
    case .extreme(let function, let left, let right):
      let left = try scalar(left, on: grid)
      return left.combined(with: try scalar(right, on: grid), steps: grid.count) {
        function == .maxOf ? Double.greatest($0, $1) : Double.least($0, $1)
      }
    case .once(let inner, let single): return ScalarColumn(try scalar(inner, on: single)[0])
    }
  }

  /// `scalar(…)`: the only value of a step, NaN when there are none or several.
  private mutating func single(_ vector: VectorPlan, on grid: StepGrid) throws(EvaluationError) -> ScalarColumn {
    let matrix = try self.vector(vector, on: grid)
    defer { release(matrix.values.count) }
    var values = [Double](repeating: .nan, count: grid.count)
    var counts = [Int](repeating: 0, count: grid.count)
    for row in 0..<matrix.count {
      for step in 0..<grid.count where !matrix[row, step].isAbsent {
        counts[step] += 1
        values[step] = counts[step] == 1 ? matrix[row, step] : .nan
      }
    }
    return ScalarColumn(values)
  }

  /// The value of an instant vector at the instants of `grid`.
  mutating func vector(_ plan: VectorPlan, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    guard grid.count > 0 else { return StepMatrix(steps: 0) }
    switch plan {
    case .selector(let selector): return try samples(selector, on: grid)
    case .sampleTimes(let selector): return try sampleTimes(selector, on: grid)
    case .sampleStarts(let selector): return try sampleStarts(selector, on: grid)
    case .stepTimes(let inner): return try changed(inner, on: grid) { step, _ in Double(grid.time(step)) / 1000 }
    case .ofScalar(let scalar, let function): return try ofScalar(scalar, function, on: grid)
    case .overTime(let plan): return try overTime(plan, on: grid)
    case .elementwise(let function, let inner, let scalars):
      return try elementwise(function, inner, scalars, on: grid)
    case .negated(let inner): return try changed(inner, on: grid) { _, value in -value }
    case .absent(let inner, let labels): return try absent(inner, labels, on: grid)
    case .absentOverTime(let range, let labels): return try absentOverTime(range, labels, on: grid)
    case .sorted(let inner, let order, let range):
      if grid.count > 1 { annotations.addSortOverSteps(at: range) }
      return try vector(inner, on: grid).sorted(by: order)
    case .relabelled(let inner, let change): return try relabelled(inner, change, on: grid)
    case .histogram(let plan): return try histogram(plan, on: grid)
    case .info(let plan): return try info(plan, on: grid)
    case .aggregation(let plan): return try aggregation(plan, on: grid)
    case .withScalar(let operation): return try withScalar(operation, on: grid)
    case .matched(let plan): return try matched(plan, on: grid)
    case .set(let plan): return try set(plan, on: grid)
    case .nothing(let inner):
      release(try vector(inner, on: grid).values.count)
      return StepMatrix(steps: grid.count)
    case .once(let inner, let single): return try repeated(vector(inner, on: single), steps: grid.count)
    }
  }

  private mutating func repeated(_ single: StepMatrix, steps: Int) throws(EvaluationError) -> StepMatrix {
    var matrix = StepMatrix(steps: steps)
    matrix.reserve(rows: single.count)
    for row in 0..<single.count {
      try hold(steps)
      matrix.append(single.series[row]) { values in
        values.update(repeating: single[row, 0])
        return true
      }
    }
    release(single.values.count)
    return matrix
  }
}
