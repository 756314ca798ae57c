package import Model

/// What became of samples that were handed to a ``SampleStore``, as counts.
package struct SampleCounts: Hashable, Sendable {
  package var appended = 0
  /// Older than the newest sample of their series.
  package var outOfOrder = 0
  /// Of the same time as the newest sample of their series, and another value. Equal ones are no fault.
  package var duplicates = 0
  /// Older than the retention.
  package var tooOld = 0
  /// Further in the future than ten minutes.
  package var tooFarAhead = 0
  /// Of series that were refused because there are too many.
  package var withoutSeries = 0

  package init() {}

  /// Samples that weren't taken.
  package var refused: Int { outOfOrder + duplicates + tooOld + tooFarAhead + withoutSeries }

  package static func += (sum: inout Self, other: Self) {
    sum.appended += other.appended
    sum.outOfOrder += other.outOfOrder
    sum.duplicates += other.duplicates
    sum.tooOld += other.tooOld
    sum.tooFarAhead += other.tooFarAhead
    sum.withoutSeries += other.withoutSeries
  }
}

/// How a ``SampleStore`` stands.
package struct StoreStatus: Hashable, Sendable {
  /// Whether what is in memory reaches the file.
  package enum Writing: Hashable, Sendable {
    /// There is no file.
    case memoryOnly
    /// It does, up to the flush interval; `nil` before the first.
    case working(last: Timestamp?)
    /// It doesn't; samples stay in memory for as long as there is room.
    case failing(since: Timestamp, reason: String)
  }

  package var writing: Writing
  package var series = 0
  /// Bytes of samples and series in memory, about.
  package var memoryBytes = 0
  /// Bytes in use in the file when it was last written.
  package var diskBytes = 0
  package var counts = SampleCounts()
  /// Series refused because there were too many, each time they were asked for.
  package var refusedSeries = 0
  /// Samples that left memory without having reached the file.
  package var lostSamples = 0
  /// Chunks that could not be read since the start, because the file is damaged.
  package var damagedChunks = 0
}
