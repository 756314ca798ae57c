/// How long things of one kind took, counted as Prometheus's classic histograms are.
package struct DurationHistogram: Hashable, Sendable {
  /// The upper bounds of buckets, in seconds; each is part of its bucket.
  package static let bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60]

  /// How many took at most each bound and more than the one before; the last counts those beyond all.
  package private(set) var buckets = [Int](repeating: 0, count: bounds.count + 1)
  /// All together, in seconds.
  package private(set) var sum = 0.0

  package init() {}

  mutating func note(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let taken = max(0, Double(seconds) + Double(attoseconds) * 1e-18)
    buckets[Self.bounds.firstIndex { taken <= $0 } ?? Self.bounds.count] += 1
    sum += taken
  }
}
