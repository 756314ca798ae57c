import Model

@testable import PromQL

/// The series that a script has loaded.
struct ConformanceStore: SeriesSource {
  private struct Stored {
    var samples = SampleSeries(.empty)
    /// When there are native histograms instead of numbers, ascending.
    var nativeHistograms: [Timestamp] = []
  }

  private var stored: [Labels: Stored] = [:]

  mutating func load(_ load: ConformanceScript.Load) {
    // Of one series' several lines the last counts.
    var latest: [Labels: (notation: SeriesNotation, starts: SeriesStartTimes?)] = [:]
    for line in load.series { latest[line.notation.labels] = line }
    for (labels, line) in latest {
      add(line.notation, line.starts, step: load.step)
      guard load.addsNativeHistograms, let native = labels.ofNativeHistogram else { continue }
      let values = line.notation.values.map { value -> SeriesNotation.Value in
        if case .number = value { .nativeHistogram } else { .missing }
      }
      add(SeriesNotation(native, values), nil, step: load.step)
    }
  }

  private mutating func add(_ notation: SeriesNotation, _ starts: SeriesStartTimes?, step: Duration) {
    var stored = stored[notation.labels] ?? Stored()
    stored.samples.labels = notation.labels
    for (index, value) in notation.values.enumerated() {
      let time = Timestamp.epoch + step * index
      switch value {
      case .missing: break
      case .nativeHistogram: stored.nativeHistograms.append(time)
      case .number(let number):
        stored.samples.append(number, at: time)
        let start = starts?.offsets[index].map { time + $0 }
        let known = stored.samples.startTimes.count
        if start != nil || known > 0 {
          stored.samples.startTimes += Array(repeating: nil, count: stored.samples.times.count - 1 - known) + [start]
        }
      }
    }
    if !stored.samples.startTimes.isEmpty {
      let missing = stored.samples.times.count - stored.samples.startTimes.count
      stored.samples.startTimes += Array(repeating: nil, count: missing)
    }
    stored.samples = stored.samples.sortedByTime
    stored.nativeHistograms.sort()
    self.stored[notation.labels] = stored
  }

  /// Throws where a native histogram would be read.
  func series(for selection: Selection) throws(EvaluationError) -> [SampleSeries] {
    func isRead(_ time: Timestamp) -> Bool { time > selection.after && time <= selection.through }
    var found: [SampleSeries] = []
    for (labels, stored) in stored where selection.matchers.accept(labels) {
      guard !stored.nativeHistograms.contains(where: isRead) else { throw .nativeHistogram }
      if stored.samples.times.contains(where: isRead) { found.append(stored.samples) }
    }
    return found
  }
}

extension Labels {
  /// The native histogram that a series of a classic histogram is a part of.
  fileprivate var ofNativeHistogram: Labels? {
    for suffix in ["_bucket", "_count", "_sum"] where self["__name__"].hasSuffix(suffix) {
      var labels = self
      labels["__name__"] = String(self["__name__"].dropLast(suffix.count))
      labels["le"] = ""
      return labels
    }
    return nil
  }
}

extension SampleSeries {
  /// By ascending time, of several samples at one time the last.
  fileprivate var sortedByTime: SampleSeries {
    guard zip(times, times.dropFirst()).contains(where: { $0 >= $1 }) else { return self }
    var indices: [Timestamp: Int] = [:]
    for (index, time) in times.enumerated() { indices[time] = index }
    let order = indices.sorted { $0.key < $1.key }.map(\.value)
    return SampleSeries(
      labels, times: order.map { times[$0] }, values: order.map { values[$0] },
      startTimes: startTimes.isEmpty ? [] : order.map { startTimes[$0] })
  }
}
