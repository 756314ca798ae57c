import Model

extension Evaluation {
  /// A function over the windows of each series.
  mutating func overTime(_ plan: OverTimePlan, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    let all = try series(of: plan.range)
    let arguments = try argumentRows(plan.scalars, on: grid)
    let function = plan.function
    let windows = WindowSlider(plan.range, settings, on: grid)
    let isCounter = function == .rate || function == .increase
    let dropsName = function != .lastOverTime && function != .firstOverTime
    var usedSteps: Set<Int> = []
    var matrix = StepMatrix(steps: grid.count)
    matrix.reserve(rows: all.count)
    for raw in all {
      try hold(grid.count)
      let series = windows.cleaned(raw)
      let before = matrix.count
      let mayOverlap = isCounter && plan.range.rangeExtension == nil && !series.startTimes.isEmpty
      var overlaps = false
      try matrix.append(StepSeries(labels: series.labels, dropsName: dropsName)) {
        (row) throws(EvaluationError) in
        var hasAny = false
        try windows.forEach(in: series) { (step, samples, bounds) throws(EvaluationError) in
          if function == .quantileOverTime { usedSteps.insert(arguments.count == 1 ? 0 : step) }
          let value = try function.overTime(
            series, samples, bounds, arguments.count == 1 ? arguments[0] : arguments[step],
            extension: plan.range.rangeExtension)
          guard let value else { return }
          if mayOverlap, !overlaps { overlaps = series.hasOverlappingStarts(in: samples) }
          row[step] = value
          hasAny = true
        }
        return hasAny
      }
      if matrix.count == before { release(grid.count) }
      if isCounter, matrix.count > before { warnOfGauge(series.labels, at: plan.position) }
      if overlaps { annotations.addOverlappingStarts(series.labels[.nameLabel], at: plan.position) }
    }
    for step in usedSteps.sorted() { annotations.addInvalidQuantile(arguments[step][0], at: plan.position) }
    finish(plan.range, all)
    return matrix
  }

  /// The scalar arguments of each step, or of all steps where they don't change.
  mutating func argumentRows(
    _ scalars: [ScalarPlan], on grid: StepGrid
  ) throws(EvaluationError) -> [[Double]] {
    var columns: [ScalarColumn] = []
    for plan in scalars { columns.append(try scalar(plan, on: grid)) }
    guard columns.contains(where: { $0.constant == nil }) else { return [columns.map { $0[0] }] }
    return (0..<grid.count).map { step in columns.map { $0[step] } }
  }

  private mutating func warnOfGauge(_ labels: Labels, at range: Range<Int>) {
    let name = labels[.nameLabel]
    guard !name.isEmpty, !["_total", "_sum", "_count", "_bucket"].contains(where: name.hasSuffix) else { return }
    annotations.addPossibleGauge(name, at: range)
  }

  /// `absent_over_time`: 1 at the steps whose windows hold no sample of any series.
  mutating func absentOverTime(
    _ range: RangePlan, _ labels: Labels, on grid: StepGrid
  ) throws(EvaluationError) -> StepMatrix {
    let all = try series(of: range)
    let windows = WindowSlider(range, settings, on: grid)
    var isPresent = [Bool](repeating: false, count: grid.count)
    for series in all {
      try checkCancellation()
      windows.forEach(in: windows.cleaned(series)) { step, _, _ in isPresent[step] = true }
    }
    finish(range, all)
    return try ones(StepSeries(labels: labels, dropsName: true), where: { !isPresent[$0] }, on: grid)
  }

  /// `absent`: 1 at the steps where the vector is empty.
  mutating func absent(
    _ inner: VectorPlan, _ labels: Labels, on grid: StepGrid
  ) throws(EvaluationError) -> StepMatrix {
    let matrix = try vector(inner, on: grid)
    var isPresent = [Bool](repeating: false, count: grid.count)
    for row in 0..<matrix.count {
      for step in 0..<grid.count where !matrix[row, step].isAbsent { isPresent[step] = true }
    }
    release(matrix.values.count)
    return try ones(StepSeries(labels: labels), where: { !isPresent[$0] }, on: grid)
  }

  private mutating func ones(
    _ series: StepSeries, where isOne: (Int) -> Bool, on grid: StepGrid
  ) throws(EvaluationError) -> StepMatrix {
    try hold(grid.count)
    var matrix = StepMatrix(steps: grid.count)
    matrix.append(series) { row in
      var hasAny = false
      for step in 0..<grid.count where isOne(step) {
        row[step] = 1
        hasAny = true
      }
      return hasAny
    }
    return matrix
  }

  /// A range vector as the value of an instant query: the samples within the window.
  mutating func matrix(_ range: RangePlan, on grid: StepGrid) throws(EvaluationError) -> [SampleSeries] {
    if case .subquery(let inner, let steps) = range.source {
      return try vectorSeries(inner, on: steps, isResult: true)
    }
    let windows = WindowSlider(range, settings, on: grid)
    var results: [SampleSeries] = []
    for raw in try series(of: range) {
      let series = windows.cleaned(raw)
      windows.forEach(in: series) { _, samples, bounds in
        let result = series.part(samples, range.rangeExtension, bounds)
        if !result.times.isEmpty { results.append(result) }
      }
    }
    return results
  }

  /// The series that a range vector's windows lie in.
  private mutating func series(of range: RangePlan) throws(EvaluationError) -> [SampleSeries] {
    switch range.source {
    case .selection(let selection): try read(selection)
    case .subquery(let inner, let steps): try vectorSeries(inner, on: steps, isResult: false)
    }
  }

  private mutating func vectorSeries(
    _ inner: VectorPlan, on steps: StepGrid, isResult: Bool
  ) throws(EvaluationError) -> [SampleSeries] {
    var matrix = try vector(inner, on: steps)
    if isResult {
      matrix.relabel { if $0.dropsName { $0.labels = $0.labels.withoutMetadata } }
      matrix = try merged(matrix)
    }
    let series = matrix.rows(at: steps.timestamps)
    release(matrix.values.count)
    try hold(series.reduce(0) { $0 + $1.values.count })
    return series
  }

  /// The samples of a subquery are done with.
  private mutating func finish(_ range: RangePlan, _ series: [SampleSeries]) {
    guard case .subquery = range.source else { return }
    release(series.reduce(0) { $0 + $1.values.count })
  }
}

/// The windows of a range vector at each step, found by moving along with the samples.
struct WindowSlider {
  private let window: Int64
  private let shift: TimeShift
  private let grid: StepGrid
  /// How far samples before and behind the window belong to it.
  private let before: Int64
  private let behind: Int64

  init(_ range: RangePlan, _ settings: EngineSettings, on grid: StepGrid) {
    let lookback = settings.lookback.wholeMilliseconds
    window = range.window
    shift = range.shift
    self.grid = grid
    before = range.rangeExtension == nil ? settings.slack : lookback
    behind = range.rangeExtension == .smoothed ? lookback : 0
  }

  /// The series without staleness markers in any window; beyond the windows, they may stay.
  func cleaned(_ series: SampleSeries) -> SampleSeries {
    let first = shift.reference(grid.start).held(minus: window).held(minus: before)
    let last = shift.reference(grid.end).held(plus: behind)
    let touched = series.times.withUnsafeBufferPointer {
      $0.firstIndex(after: first)..<max($0.firstIndex(after: first), $0.firstIndex(after: last))
    }
    return series.values[touched].contains(where: \.isAbsent) ? series.withoutStalenessMarkers : series
  }

  /// Calls `body` for each step whose window holds samples, with their indices.
  @inline(__always)
  func forEach<Failure: Error>(
    in series: SampleSeries, _ body: (_ step: Int, Range<Int>, WindowBounds) throws(Failure) -> Void
  ) throws(Failure) {
    guard window > 0, !series.times.isEmpty else { return }
    var low = 0
    var high = 0
    for step in 0..<grid.count {
      let end = shift.reference(grid.time(step))
      let start = end.held(minus: window).heldAsInstant
      series.times.withUnsafeBufferPointer { times in
        if step == 0 {
          low = times.firstIndex(after: start.held(minus: before))
          high = times.firstIndex(after: end.held(plus: behind))
          return
        }
        let (first, last) = (start.held(minus: before), end.held(plus: behind))
        while high < times.count, times[high].millisecondsSinceEpoch <= last { high += 1 }
        while low < high, times[low].millisecondsSinceEpoch <= first { low += 1 }
      }
      guard low < high else { continue }
      try body(
        step, low..<high,
        WindowBounds(
          start: Timestamp(millisecondsSinceEpoch: start), end: Timestamp(millisecondsSinceEpoch: end),
          evaluation: Timestamp(millisecondsSinceEpoch: grid.time(step))))
    }
  }
}

extension SampleSeries {
  /// The samples of a window; with an extension, those at its ends in place of those beyond.
  fileprivate func part(
    _ samples: Range<Int>, _ rangeExtension: RangeExtension?, _ bounds: WindowBounds
  ) -> SampleSeries {
    guard let rangeExtension else {
      return SampleSeries(labels, times: Array(times[samples]), values: Array(values[samples]))
    }
    let isSmoothed = rangeExtension == .smoothed
    guard let final = samples.last else { return SampleSeries(labels) }
    let earlier = samples.dropLast()
    let first = max(samples.lowerBound, (earlier.first { times[$0] > bounds.start } ?? final) - 1)
    let last = isSmoothed ? earlier.first { times[$0] >= bounds.end } ?? final : final
    guard times[last] > bounds.start else { return SampleSeries(labels) }
    let left = isSmoothed && times[first] < bounds.start ? value(at: bounds.start, after: first) : values[first]
    let right =
      isSmoothed && last > samples.lowerBound && times[last] > bounds.end
      ? value(at: bounds.end, after: last - 1) : values[last]
    let inner = (first...max(first, last)).filter { times[$0] > bounds.start && times[$0] < bounds.end }
    return SampleSeries(
      labels, times: [bounds.start] + inner.map { times[$0] } + [bounds.end],
      values: [left] + inner.map { values[$0] } + [right])
  }

  /// The value on the line from a sample to the next.
  private func value(at instant: Timestamp, after index: Int) -> Double {
    guard index + 1 < times.count else { return values[index] }
    let start = times[index].millisecondsSinceEpoch
    let share =
      Double(instant.millisecondsSinceEpoch - start) / Double(times[index + 1].millisecondsSinceEpoch - start)
    return values[index] + (values[index + 1] - values[index]) * share
  }
}
