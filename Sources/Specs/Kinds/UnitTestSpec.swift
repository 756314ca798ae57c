package import Diagnostics
package import Model
package import PromQL

/// A unit-test file: promtool's format, and beside its tests those of routes and messages.
package struct UnitTestSpec: Sendable {
  /// Names of rule files, relative to the file's folder, with wildcards; `nil` without the field.
  package var ruleFiles: [PlacedText]?
  /// How often the rules are evaluated.
  package var evaluationInterval: Duration = .seconds(60)
  /// Groups in the order of their evaluation; those that aren't named count as the first.
  package var groupOrder: [String] = []
  /// Whether numbers that are neighbours count as equal.
  package var fuzzyCompare = false
  package var tests: [UnitTest] = []

  package init() {}
}

/// A text and where it stands.
package struct PlacedText: Hashable, Sendable {
  package var text: String
  package var range: SourceRange

  package init(_ text: String, at range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// One entry of `tests`: series, and what is expected of the rules at some instants.
package struct UnitTest: Sendable {
  /// `""` without one.
  package var name = ""
  package var range: SourceRange
  /// The distance of the samples of ``inputSeries``.
  package var interval: Duration = .seconds(60)
  /// The instant of the first samples; all other times count from it.
  package var start = Timestamp.epoch
  /// For templates; of alerts in messages they are labels too.
  package var externalLabels: Labels = .empty
  package var externalURL = ""
  /// The owner of rules that stand in nobody's folder; `nil`: as the file's place has it.
  package var scope: Scope?
  package var inputSeries: [InputSeries] = []
  package var alerts: [AlertExpectation] = []
  package var samples: [SampleExpectation] = []
  package var routes: [RouteExpectation] = []
  package var messages: [MessageExpectation] = []

  package init(at range: SourceRange) {
    self.range = range
  }

  /// How long the rules are evaluated, from ``start`` on: up to the last expectation.
  package var length: Duration {
    let times = alerts.map(\.time) + samples.map(\.time) + messages.map(\.time)
    return times.max() ?? .zero
  }
}

/// A series that a test starts from.
package struct InputSeries: Hashable, Sendable {
  package var labels: Labels
  /// One for each interval, from the start of the test on.
  package var values: [SeriesNotation.Value]

  package init(_ labels: Labels, values: [SeriesNotation.Value]) {
    self.labels = labels
    self.values = values
  }
}

/// An alert that is expected, in a test of rules or in a message.
package struct ExpectedAlert: Hashable, Sendable {
  /// Sorted by name, `alertname` among them; empty values are kept.
  package var labels: [Label]
  /// Sorted by name; `nil`: they don't matter.
  package var annotations: [Label]?
  package var range: SourceRange

  package init(labels: [Label], annotations: [Label]?, at range: SourceRange) {
    self.labels = labels
    self.annotations = annotations
    self.range = range
  }
}

/// An entry of `alert_rule_test`: the alerts of one name that fire at an instant.
package struct AlertExpectation: Hashable, Sendable {
  package var time: Duration
  package var name: String
  package var alerts: [ExpectedAlert]
  package var range: SourceRange

  package init(_ name: String, time: Duration, alerts: [ExpectedAlert], at range: SourceRange) {
    self.time = time
    self.name = name
    self.alerts = alerts
    self.range = range
  }
}

/// An entry of `promql_expr_test`: what an expression gives at an instant.
package struct SampleExpectation: Hashable, Sendable {
  package var time: Duration
  package var expression: PlacedText
  package var samples: [ExpectedSample]
  package var range: SourceRange

  package init(_ expression: PlacedText, time: Duration, samples: [ExpectedSample], at range: SourceRange) {
    self.time = time
    self.expression = expression
    self.samples = samples
    self.range = range
  }
}

/// One sample that an expression is expected to give.
package struct ExpectedSample: Hashable, Sendable {
  /// `__name__` among them, where the result has it.
  package var labels: Labels
  package var value: Double
  /// Whether a native histogram is expected in place of ``value``.
  package var isHistogram: Bool

  package init(_ labels: Labels, value: Double, isHistogram: Bool) {
    self.labels = labels
    self.value = value
    self.isHistogram = isHistogram
  }
}

/// An entry of `route_test`: where an alert with some labels goes.
package struct RouteExpectation: Hashable, Sendable {
  package var labels: Labels
  /// The alert's owner; `nil`: as the test has it.
  package var scope: Scope?
  /// Names of channels; empty: the alert is not routed.
  package var channels: [PlacedText]
  /// The labels that make a group at each route that takes it; `nil`: they don't matter.
  package var groupBy: [String]?
  /// Whom the routes name, each once; `nil`: it doesn't matter.
  package var mentions: [String]?
  package var range: SourceRange

  package init(labels: Labels, channels: [PlacedText], at range: SourceRange) {
    self.labels = labels
    self.channels = channels
    self.range = range
  }
}

/// An entry of `notification_test`: what a channel was told up to an instant.
package struct MessageExpectation: Hashable, Sendable {
  package var time: Duration
  /// Messages up to this instant don't count; `nil`: all count.
  package var since: Duration?
  package var channel: PlacedText
  /// How many messages; `nil` where ``messages`` say it.
  package var count: Int?
  /// In the order of sending; `nil`: their number alone counts.
  package var messages: [ExpectedMessage]?
  package var range: SourceRange

  package init(channel: PlacedText, time: Duration, at range: SourceRange) {
    self.channel = channel
    self.time = time
    self.range = range
  }
}

/// A message that a channel is expected to get.
package struct ExpectedMessage: Hashable, Sendable {
  /// When it was sent; `nil`: it doesn't matter.
  package var time: Duration?
  package var firing: [ExpectedAlert]
  package var resolved: [ExpectedAlert]
  package var range: SourceRange

  package init(firing: [ExpectedAlert], resolved: [ExpectedAlert], at range: SourceRange) {
    self.firing = firing
    self.resolved = resolved
    self.range = range
  }
}
