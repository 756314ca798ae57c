import Model

extension Evaluation {
  /// The last sample of each series within the lookback of each step.
  mutating func samples(_ selector: SelectorPlan, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    let lookback = settings.lookback.wholeMilliseconds + settings.slack
    let (shift, isSmoothed) = (selector.shift, selector.isSmoothed)
    return try rows(of: selector, on: grid) { series, row in
      isSmoothed
        ? series.smooth(shift, lookback, on: grid, into: row) : series.fill(shift, lookback, on: grid, into: row)
    }
  }

  /// The times of these samples, in seconds.
  mutating func sampleTimes(_ selector: SelectorPlan, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    let shift = selector.shift
    let lookback = settings.lookback.wholeMilliseconds + settings.slack
    var matrix = try rows(of: selector, on: grid) { series, row in
      series.fillTimes(shift, lookback, on: grid, into: row)
    }
    matrix.dropNames()
    matrix.update { _, milliseconds in milliseconds / 1000 }
    return matrix
  }

  /// When the counters behind these samples began, in seconds; 0 where that isn't known.
  mutating func sampleStarts(_ selector: SelectorPlan, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    let shift = selector.shift
    let lookback = settings.lookback.wholeMilliseconds + settings.slack
    var matrix = try rows(of: selector, on: grid) { series, row in
      series.fillStarts(shift, lookback, on: grid, into: row)
    }
    matrix.dropNames()
    return matrix
  }

  private mutating func rows(
    of selector: SelectorPlan, on grid: StepGrid,
    _ fill: (SampleSeries, UnsafeMutableBufferPointer<Double>) -> Bool
  ) throws(EvaluationError) -> StepMatrix {
    let all = try read(selector.selection)
    var matrix = StepMatrix(steps: grid.count)
    matrix.reserve(rows: all.count)
    for series in all {
      try hold(grid.count)
      let before = matrix.count
      matrix.append(StepSeries(labels: series.labels)) { fill(series, $0) }
      if matrix.count == before { release(grid.count) }
    }
    return matrix
  }
}

extension SampleSeries {
  /// Writes the last sample of the lookback for each step; `false` when there is none at all.
  func fill(
    _ shift: TimeShift, _ lookback: Int64, on grid: StepGrid, into row: UnsafeMutableBufferPointer<Double>
  ) -> Bool {
    values.withUnsafeBufferPointer { values in
      lastSamples(shift, lookback, on: grid) { step, index in
        guard !values[index].isAbsent else { return false }
        row[step] = values[index]
        return true
      }
    }
  }

  /// Writes the times of these samples, in milliseconds.
  func fillTimes(
    _ shift: TimeShift, _ lookback: Int64, on grid: StepGrid, into row: UnsafeMutableBufferPointer<Double>
  ) -> Bool {
    lastSamples(shift, lookback, on: grid) { step, index in
      guard !values[index].isAbsent else { return false }
      row[step] = Double(times[index].millisecondsSinceEpoch)
      return true
    }
  }

  /// Writes when the counters behind these samples began, in seconds.
  fileprivate func fillStarts(
    _ shift: TimeShift, _ lookback: Int64, on grid: StepGrid, into row: UnsafeMutableBufferPointer<Double>
  ) -> Bool {
    lastSamples(shift, lookback, on: grid) { step, index in
      guard !values[index].isAbsent else { return false }
      row[step] = (startTimes.isEmpty ? nil : startTimes[index])?.secondsSinceEpoch ?? 0
      return true
    }
  }

  /// Calls `found` with the last sample of the lookback for each step; whether that said yes at any.
  @inline(__always)
  private func lastSamples(
    _ shift: TimeShift, _ lookback: Int64, on grid: StepGrid, _ found: (_ step: Int, _ index: Int) -> Bool
  ) -> Bool {
    times.withUnsafeBufferPointer { times in
      var hasAny = false
      var next = times.firstIndex(after: shift.reference(grid.start))
      for step in 0..<grid.count {
        let reference = shift.reference(grid.time(step))
        while next < times.count, times[next].millisecondsSinceEpoch <= reference { next += 1 }
        guard next > 0, times[next - 1].millisecondsSinceEpoch > reference.held(minus: lookback) else { continue }
        if found(step, next - 1) { hasAny = true }
      }
      return hasAny
    }
  }

  /// Writes the values on the lines between the samples around each step, as far as the lookback goes both ways.
  ///
  /// Behind the last sample its value goes on.
  func smooth(
    _ shift: TimeShift, _ lookback: Int64, on grid: StepGrid, into row: UnsafeMutableBufferPointer<Double>
  ) -> Bool {
    let series = withoutStalenessMarkers
    var hasAny = false
    for step in 0..<grid.count {
      let reference = shift.reference(grid.time(step))
      guard let value = series.smoothed(at: reference, lookback) else { continue }
      row[step] = value
      hasAny = true
    }
    return hasAny
  }

  private func smoothed(at reference: Int64, _ lookback: Int64) -> Double? {
    let next = times.withUnsafeBufferPointer { $0.firstIndex(after: reference) }
    guard next > 0 else { return nil }
    let before = times[next - 1].millisecondsSinceEpoch
    guard before > reference.held(minus: lookback) else { return nil }
    guard before < reference, next < times.count else { return values[next - 1] }
    let behind = times[next].millisecondsSinceEpoch
    guard behind <= reference.held(plus: lookback) else { return values[next - 1] }
    let share = Double(reference - before) / Double(behind - before)
    return values[next - 1] + (values[next] - values[next - 1]) * share
  }

  /// Without the samples that end a series.
  var withoutStalenessMarkers: SampleSeries {
    guard values.contains(where: \.isAbsent) else { return self }
    return kept { !values[$0].isAbsent }
  }

  /// Only the samples at the indices for which the condition holds.
  func kept(where isKept: (Int) -> Bool) -> SampleSeries {
    let kept = values.indices.filter(isKept)
    return SampleSeries(
      labels, times: kept.map { times[$0] }, values: kept.map { values[$0] },
      startTimes: startTimes.isEmpty ? [] : kept.map { startTimes[$0] })
  }
}

extension UnsafeBufferPointer<Timestamp> {
  /// The first of these ascending times that is after `instant`; `count` when none is.
  func firstIndex(after instant: Int64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].millisecondsSinceEpoch > instant { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
