package import Model

/// What an evaluation depends on besides expression, time and samples.
package struct EngineSettings: Hashable, Sendable {
  /// How far an instant selector looks back for a sample.
  package var lookback: Duration = .seconds(300)
  /// The step of subqueries that name none: a rule's evaluation interval.
  package var defaultStep: Duration = .seconds(60)
  /// The most samples held at once.
  package var sampleLimit = 50_000_000

  /// Whether a sample at the very start of a window belongs to it, as it did before Prometheus 3.
  package var windowsIncludeStart = false

  package init() {}

  /// How much earlier than its start a window begins, in milliseconds.
  var slack: Int64 { windowsIncludeStart ? 1 : 0 }
}

/// The instants of an evaluation: one, or a range with a step.
package struct QueryTimes: Hashable, Sendable {
  package var start: Timestamp
  package var end: Timestamp
  /// `nil` for an instant query.
  package var step: Duration?

  /// An instant query.
  package init(at instant: Timestamp) {
    start = instant
    end = instant
  }

  /// A range query: `start`, `start + step`, … up to `end`; `step` must be positive.
  package init(from start: Timestamp, through end: Timestamp, step: Duration) {
    self.start = start
    self.end = end
    self.step = step
  }
}
