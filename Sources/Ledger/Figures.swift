package import Model

/// What transitions and deliveries of a window come to.
package struct Figures: Hashable, Sendable {
  /// What became of the alerts of one rule, or of all.
  package struct Tally: Hashable, Sendable {
    /// How often an alert began to fire. One that goes on under other labels doesn't begin.
    package var firings = 0
    package var resolved = 0
    /// Deliveries that told of at least one of its alerts.
    package var pages = 0
    /// Firings of an alert that had resolved less than ``Figures/flapSpan`` before, within the window.
    package var flaps = 0
    /// Firings that ended within ``Figures/shortSpan``.
    package var shortLived = 0
    /// Firings that ended with the condition, without a touch while they lasted.
    package var untouched = 0
    /// Firings that somebody acknowledged while they lasted.
    package var acknowledged = 0
    /// From firing to the end of the condition.
    package var timeToResolve = Spread()
    /// From firing to the first acknowledgement.
    package var timeToAcknowledge = Spread()

    package init() {}
  }

  /// One rule's tally.
  package struct Rule: Hashable, Sendable {
    package var scope: Scope
    package var group: ResourceID
    package var rule: String
    /// The label `severity` of its newest row in the window, `""` for none.
    package var severity: String
    package var tally: Tally
  }

  /// How many alerts of one severity began to fire, and ended.
  package struct Severity: Hashable, Sendable {
    package var severity: String
    package var firings: Int
    package var resolved: Int
  }

  /// One stretch of the window.
  package struct Bucket: Hashable, Sendable {
    /// A multiple of the buckets' length since the epoch.
    package var start: Timestamp
    package var firings: [String: Int] = [:]
    package var resolved = 0
  }

  /// How deliveries over one channel went.
  package struct Channel: Hashable, Sendable {
    package var channel: ResourceID
    package var delivered = 0
    package var failed = 0
    /// Failed tries that no other follows.
    package var givenUp = 0
    package var observed = 0
    package var held = 0
    /// What tries took that were delivered.
    package var latency = Spread()
  }

  package static let flapSpan: Duration = .seconds(3600)
  package static let shortSpan: Duration = .seconds(300)

  /// Rows older than this were not looked at.
  package var countedSince: Timestamp
  /// The window has more rows than are looked at.
  package var isTruncated: Bool
  package var totals: Tally
  /// In no order that means something.
  package var rules: [Rule]
  /// Most firings first, then by name.
  package var severities: [Severity]
  /// All of the window, oldest first.
  package var buckets: [Bucket]
  /// Ascending by id.
  package var channels: [Channel]
}

/// How a set of durations is spread: count, mean, and three nearest-rank percentiles.
package struct Spread: Hashable, Sendable {
  package var count = 0
  package var mean: Duration?
  package var median: Duration?
  package var p90: Duration?
  package var p95: Duration?

  package init() {}

  /// `milliseconds` is sorted in place.
  init(_ milliseconds: inout [Int64]) {
    guard !milliseconds.isEmpty else { return }
    milliseconds.sort()
    count = milliseconds.count
    let sum = milliseconds.reduce(0.0) { $0 + Double($1) }
    mean = .milliseconds(Int64((sum / Double(count)).rounded()))
    median = Self.rank(50, of: milliseconds)
    p90 = Self.rank(90, of: milliseconds)
    p95 = Self.rank(95, of: milliseconds)
  }

  /// The smallest element that `percent` of all don't exceed.
  private static func rank(_ percent: Int, of sorted: [Int64]) -> Duration {
    let rank = (sorted.count * percent + 99) / 100
    return .milliseconds(sorted[max(rank, 1) - 1])
  }
}

/// Something somebody did about alerts: a silence or an acknowledgement that began.
package struct Touch: Hashable, Sendable {
  package var at: Timestamp
  /// It is about the alerts of this scope and of those below it.
  package var scope: Scope
  package var matchers: [Matcher]
  package var isAcknowledgement: Bool

  package init(at: Timestamp, scope: Scope, matchers: [Matcher], isAcknowledgement: Bool) {
    self.at = at
    self.scope = scope
    self.matchers = matchers
    self.isAcknowledgement = isAcknowledgement
  }
}
