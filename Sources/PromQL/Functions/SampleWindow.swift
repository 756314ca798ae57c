import Model

/// The samples of one series within a window, as the functions over ranges read them.
///
/// A view of the series' columns: it lives as long as the call that made it.
struct SampleWindow {
  let times: UnsafeBufferPointer<Timestamp>
  let values: UnsafeBufferPointer<Double>
  /// Of the same length, or empty where no start is known.
  let startTimes: UnsafeBufferPointer<Timestamp?>

  /// Calls `body` with the samples of `range`.
  static func over<Result>(
    _ series: SampleSeries, _ range: Range<Int>, _ body: (SampleWindow) -> Result
  ) -> Result {
    series.times.withUnsafeBufferPointer { times in
      series.values.withUnsafeBufferPointer { values in
        series.startTimes.withUnsafeBufferPointer { startTimes in
          body(
            SampleWindow(
              times: UnsafeBufferPointer(rebasing: times[range]), values: UnsafeBufferPointer(rebasing: values[range]),
              startTimes: UnsafeBufferPointer(rebasing: startTimes.isEmpty ? startTimes[0..<0] : startTimes[range])))
        }
      }
    }
  }

  var count: Int { values.count }

  /// The time of a sample, in milliseconds.
  @inline(__always)
  func time(_ index: Int) -> Int64 { times[index].millisecondsSinceEpoch }

  /// When the counter behind a sample began, in milliseconds; 0 where that isn't known.
  func start(_ index: Int) -> Int64 {
    startTimes.isEmpty ? 0 : startTimes[index]?.millisecondsSinceEpoch ?? 0
  }

  /// The first of `indices` whose sample comes after `instant`; its end when none does.
  func firstIndex(after instant: Int64, in indices: Range<Int>) -> Int {
    var low = indices.lowerBound
    var high = indices.upperBound
    while low < high {
      let middle = (low + high) / 2
      if time(middle) > instant { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Whether the counter began anew between a sample and the one before it, by its value or by its start.
  @inline(__always)
  func isReset(at index: Int) -> Bool {
    values[index] < values[index - 1] || (!startTimes.isEmpty && hasNewStart(at: index))
  }

  /// Whether the start of a sample's counter says that it began after the sample before (Prometheus 3.14,
  /// `use-start-timestamps`).
  func hasNewStart(at index: Int) -> Bool {
    let start = start(index)
    let previous = time(index - 1)
    // Not known, or not to be believed, or "unknown" in the manner of OpenTelemetry.
    guard start != 0, start < time(index), start >= previous else { return false }
    guard start == previous else { return true }
    // A start at the sample before is a delta's, unless that sample's start is unknown too.
    let before = self.start(index - 1)
    return before != 0 && before < previous
  }
}
