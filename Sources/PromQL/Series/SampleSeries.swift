package import Model

/// A series: its labels, and its samples in columns of one length, by ascending time.
///
/// A column of native histograms has its place beside ``values``; this version has none.
package struct SampleSeries: Hashable, Sendable {
  package var labels: Labels
  package var times: [Timestamp]
  /// One for each time; the end of a series is ``stalenessMarker``.
  package var values: [Double]
  /// When the counter behind each sample began, where that is known; empty where none is.
  package var startTimes: [Timestamp?]

  package init(
    _ labels: Labels, times: [Timestamp] = [], values: [Double] = [], startTimes: [Timestamp?] = []
  ) {
    self.labels = labels
    self.times = times
    self.values = values
    self.startTimes = startTimes
  }

  package mutating func append(_ value: Double, at time: Timestamp) {
    times.append(time)
    values.append(value)
  }
}

extension Double {
  /// The value that ends a series: the NaN of the bits 0x7ff0000000000002 (Prometheus `value.StaleNaN`).
  package static let stalenessMarker = Double(bitPattern: 0x7ff0_0000_0000_0002)

  /// Whether this is ``stalenessMarker``, bit by bit: other NaN are values.
  package var isStalenessMarker: Bool { bitPattern == Double.stalenessMarker.bitPattern }
}

/// What one selector needs to know: the samples after `after` up to and including `through` of all series that match.
package struct Selection: Hashable, Sendable {
  /// Those on `__name__` among them.
  package var matchers: [Matcher]
  /// The last instant that isn't needed.
  package var after: Timestamp
  package var through: Timestamp

  package init(matchers: [Matcher], after: Timestamp, through: Timestamp) {
    self.matchers = matchers
    self.after = after
    self.through = through
  }
}

/// The port to samples: what selectors read.
///
/// Whoever must wait for its samples reads ``PreparedQuery/selections`` first and hands them over as
/// ``GatheredSeries``.
package protocol SeriesSource: Sendable {
  /// All series that match and have a sample in the window, in any order, staleness markers included. A source may
  /// give samples outside the window too.
  func series(for selection: Selection) throws(EvaluationError) -> [SampleSeries]
}

/// Series that were read before the evaluation.
package struct GatheredSeries: SeriesSource {
  package var series: [Selection: [SampleSeries]]

  package init(_ series: [Selection: [SampleSeries]] = [:]) {
    self.series = series
  }

  package func series(for selection: Selection) throws(EvaluationError) -> [SampleSeries] {
    series[selection] ?? []
  }
}
