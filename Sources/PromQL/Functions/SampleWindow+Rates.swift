import Model

extension SampleWindow {
  /// How much the value changed over the window, guessed for the parts at its ends that no sample covers.
  ///
  /// A counter's resets are made up for, and it isn't guessed below 0. A counter whose start lies within the window
  /// counts from 0 there. Divided by `divisor`. `nil` with a single sample and no such start.
  func extrapolatedChange(_ bounds: WindowBounds, isCounter: Bool, by divisor: Double) -> Double? {
    let last = count - 1
    let first = time(0)
    let windowStart = bounds.start.millisecondsSinceEpoch
    var change = values[last] - values[0]
    if isCounter { change += lostToResets(in: 1..<count) }

    var sampled = Double(time(last) - first) / 1000
    var toStart = Double(first - windowStart) / 1000
    var toEnd = Double(bounds.end.millisecondsSinceEpoch - time(last)) / 1000
    let spacing = last > 0 ? sampled / Double(last) : 0
    // Where the next sample would be later than expected, the series is taken to begin or end within the window:
    // half a step away from the samples, which is where it does on average.
    let limit = spacing * 1.1
    let start = start(0)
    if isCounter, start != 0, start > windowStart, start < first {
      toStart = 0
      sampled = Double(time(last) - start) / 1000
      change += values[0]
    } else if last == 0 {
      return nil
    } else {
      if toStart >= limit { toStart = spacing / 2 }
      if isCounter, change > 0, values[0] >= 0 { toStart = min(toStart, sampled * (values[0] / change)) }
    }
    if toEnd >= limit { toEnd = spacing / 2 }
    // In the order of Prometheus, for the same rounding.
    let factor = sampled == 0 ? 1 : (sampled + toStart + toEnd) / sampled
    return change * (factor / divisor)
  }

  /// What a counter had reached at each of its resets, for resets at `indices`.
  private func lostToResets(in indices: Range<Int>) -> Double {
    if startTimes.isEmpty {
      // Mostly there are none, and counting takes several samples at once.
      var resets = 0
      for index in indices where values[index] < values[index - 1] { resets &+= 1 }
      guard resets > 0 else { return 0 }
    }
    var lost = 0.0
    for index in indices where isReset(at: index) { lost += values[index - 1] }
    return lost
  }

  /// The change between the last two samples: a counter's by the second, a gauge's as it is.
  func lastChange(isCounter: Bool) -> Double? {
    guard count >= 2 else { return nil }
    let last = count - 1
    let elapsed = time(last) - time(last - 1)
    guard elapsed != 0 else { return nil }
    let isReset = isCounter && isReset(at: last)
    let change = isReset ? values[last] : values[last] - values[last - 1]
    return isCounter ? change / (Double(elapsed) / 1000) : change
  }

  /// This window from the last sample at or before its start on; `nil` when nothing follows. As it is unless anchored.
  func anchored(_ extended: RangeExtension?, _ bounds: WindowBounds) -> SampleWindow? {
    guard extended == .anchored else { return self }
    let first = firstIndex(after: bounds.start.millisecondsSinceEpoch, in: 0..<count)
    guard first < count else { return nil }
    let kept = max(0, first - 1)..<count
    return SampleWindow(
      times: UnsafeBufferPointer(rebasing: times[kept]), values: UnsafeBufferPointer(rebasing: values[kept]),
      startTimes: UnsafeBufferPointer(rebasing: startTimes.isEmpty ? startTimes[0..<0] : startTimes[kept]))
  }
}

extension SampleWindow {
  /// How much the value changed between the ends of the window.
  ///
  /// `anchored` takes the last samples at or before the ends, `smoothed` draws lines to the samples around them.
  /// (Prometheus `promql-extended-range-selectors`.)
  func extendedChange(_ extended: RangeExtension, _ bounds: WindowBounds, isCounter: Bool) -> Double? {
    let start = bounds.start.millisecondsSinceEpoch
    let end = bounds.end.millisecondsSinceEpoch
    let isSmoothed = extended == .smoothed
    // The last sample is looked at last: no search goes beyond it.
    var first = max(0, firstIndex(after: start, in: 0..<count - 1) - 1)
    var last = isSmoothed ? firstIndex(after: end - 1, in: 0..<count - 1) : count - 1
    guard time(last) > start, !isSmoothed || time(first) <= end else { return nil }

    let isLeftOutside = isSmoothed && time(first) < start && first + 1 < count
    let left = isLeftOutside ? value(at: start, between: first, isCounter: isCounter) : values[first]
    let isRightOutside = isSmoothed && last > 0 && time(last) > end
    let right = isRightOutside ? value(at: end, between: last - 1, isCounter: isCounter) : values[last]
    guard isCounter else { return right - left }

    // The resets across the window's ends are in the drawn values already.
    if time(first) <= start { first += 1 }
    if time(last) >= end { last -= 1 }
    var change = right - left
    var previous = left
    for index in first..<max(first, last + 1) {
      if values[index] < previous { change += previous }
      previous = values[index]
    }
    return right < previous ? change + previous : change
  }

  /// The value at `instant` on the line from a sample to the next; a counter that began anew comes from 0.
  private func value(at instant: Int64, between index: Int, isCounter: Bool) -> Double {
    let next = values[index + 1]
    let from = isCounter && next < values[index] ? 0 : values[index]
    return from + (next - from) * Double(instant - time(index)) / Double(time(index + 1) - time(index))
  }
}

extension SampleSeries {
  /// Whether a sample's counter began before the sample ahead of it, and that one's counter at another time: the two
  /// count the same events (Prometheus 3.14 warns of that in `rate` and `increase`).
  func hasOverlappingStarts(in range: Range<Int>) -> Bool {
    guard !startTimes.isEmpty else { return false }
    return range.dropFirst().contains { index in
      guard let start = startTimes[index], start != .epoch else { return false }
      return start < times[index - 1] && start != (startTimes[index - 1] ?? .epoch)
    }
  }
}
