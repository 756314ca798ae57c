/// What a ``SampleStore`` may keep, and how it keeps it.
package struct StoreSettings: Hashable, Sendable {
  /// How long samples are kept; `nil` for ever, with any time accepted.
  ///
  /// With a retention, samples older than it, or further in the future than ``longestAhead``, are refused.
  package var retention: Duration?
  /// The most series; samples of further ones are refused and counted.
  package var maxSeries: Int
  /// The most bytes of samples and series in memory, about. The oldest samples that are in the file leave first.
  package var maxMemory: Int
  /// The most bytes in the file; the oldest samples go first.
  package var maxDisk: Int
  /// Between two writings: what a crash may lose.
  package var flushInterval: Duration

  package init(
    retention: Duration? = .seconds(7 * 86_400), maxSeries: Int = 100_000, maxMemory: Int = 256 << 20,
    maxDisk: Int = 1 << 30, flushInterval: Duration = .seconds(15)
  ) {
    self.retention = retention
    self.maxSeries = maxSeries
    self.maxMemory = maxMemory
    self.maxDisk = maxDisk
    self.flushInterval = flushInterval
  }

  /// Prometheus's limit for samples from the future.
  static let longestAhead = Duration.seconds(600)
  /// A chunk is closed with so many samples,
  static let samplesPerChunk = 120
  /// or when it would reach over so many milliseconds.
  static let longestChunk: Int64 = 3_600_000
}
