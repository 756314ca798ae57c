package import Model

/// A series as the tests of rules write it: `up{job="a"} 1 1+2x3 _ stale`.
///
/// The notation of `promtool test rules` and of Prometheus's acceptance scripts. Values stand one step apart.
package struct SeriesNotation: Hashable, Sendable {
  /// One place in time.
  package enum Value: Hashable, Sendable {
    /// `_`: no sample.
    case missing
    /// A number; `stale` is the staleness marker.
    case number(Double)
    /// `{{…}}`: a native histogram. Only its outline is checked, its contents aren't kept.
    case nativeHistogram

    /// By bits, so that NaN equals itself, and the staleness marker no other NaN.
    package static func == (left: Self, right: Self) -> Bool {
      switch (left, right) {
      case (.number(let left), .number(let right)): left.bitPattern == right.bitPattern
      case (.missing, .missing), (.nativeHistogram, .nativeHistogram): true
      default: false
      }
    }

    package func hash(into hasher: inout Hasher) {
      switch self {
      case .missing: hasher.combine(0)
      case .number(let number): hasher.combine(number.bitPattern)
      case .nativeHistogram: hasher.combine(1)
      }
    }
  }

  package var labels: Labels
  package var values: [Value]

  package init(_ labels: Labels, _ values: [Value]) {
    self.labels = labels
    self.values = values
  }

  /// Reads a series with its values.
  ///
  /// At most `limit` values: a repetition such as `1x1000000000` is an error, and takes no memory.
  package static func parse(
    _ text: String, limit: Int = 1_000_000
  ) throws(SeriesSyntaxError) -> SeriesNotation {
    var selector = SeriesSelectorReader(text)
    let labels = try selector.labels()
    var values = SeriesValueReader(text, from: selector.position, limit: limit)
    return SeriesNotation(labels, try values.sequence())
  }

  /// Reads values alone, as they stand in `values` of a unit test.
  package static func values(of text: String, limit: Int = 1_000_000) throws(SeriesSyntaxError) -> [Value] {
    var values = SeriesValueReader(text, from: 0, limit: limit)
    return try values.sequence()
  }

  /// Reads a series without values: `up{job="a"}`, `{__name__="up"}`, `{"up", job="a"}`, `{}`.
  package static func labels(of text: String) throws(SeriesSyntaxError) -> Labels {
    var selector = SeriesSelectorReader(text)
    let labels = try selector.labels()
    guard let rest = selector.firstUnread else { return labels }
    throw SeriesSyntaxError("only a series can stand here, but more follows it", at: rest)
  }

  /// Whether native histograms are among the values.
  package var hasNativeHistograms: Bool { values.contains(.nativeHistogram) }

  /// The series with a sample for each value but the missing ones, the first at `start`; without native histograms.
  package func samples(from start: Timestamp = .epoch, step: Duration) -> SampleSeries {
    var series = SampleSeries(labels)
    let step = step.wholeMilliseconds
    for (index, value) in values.enumerated() {
      guard case .number(let number) = value else { continue }
      let (offset, isTooLong) = step.multipliedReportingOverflow(by: Int64(index))
      let (time, isTooLate) = start.millisecondsSinceEpoch.addingReportingOverflow(offset)
      guard !isTooLong, !isTooLate else { break }
      series.append(number, at: Timestamp(millisecondsSinceEpoch: time))
    }
    return series
  }
}

/// Why a text is no series, and at which byte of it.
package struct SeriesSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was found and what would be accepted.
  package var message: String
  package var offset: Int

  package init(_ message: String, at offset: Int) {
    self.message = message
    self.offset = offset
  }

  /// With the column, from 1.
  package var description: String { "column \(offset + 1): \(message)" }
}
