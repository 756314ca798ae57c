import Model

/// How long posts took, counted as Prometheus counts: in the buckets of Alertmanager's `notification_latency_seconds`.
package struct LatencyHistogram: Hashable, Sendable {
  /// The upper bounds, in seconds; each is part of its bucket.
  package static let bounds = [1, 5, 10, 15, 20]

  /// How many took no longer than each of ``bounds``.
  package private(set) var cumulative = bounds.map { _ in 0 }
  package private(set) var count = 0
  package private(set) var sum = Duration.zero

  package init() {}

  mutating func note(_ duration: Duration) {
    let duration = max(duration, .zero)
    count += 1
    sum += duration
    for (index, bound) in Self.bounds.enumerated() where duration <= .seconds(bound) {
      cumulative[index] += 1
    }
  }
}
