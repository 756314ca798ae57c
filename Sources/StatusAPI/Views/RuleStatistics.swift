package import JSON
package import Model

/// The figures of one rule.
package struct RuleStatistics: Hashable, Sendable {
  package var scope: Scope
  package var group: ResourceID
  package var rule: String
  /// The label `severity` of its newest firing, `""` for none.
  package var severity: String
  package var figures: RuleFigures

  package init(scope: Scope, group: ResourceID, rule: String, severity: String = "", figures: RuleFigures) {
    self.scope = scope
    self.group = group
    self.rule = rule
    self.severity = severity
    self.figures = figures
  }
}

extension RuleStatistics: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.scope(scope)
      $0.member("rule", rule)
      $0.object("group") { $0.reference(to: group) }
      $0.member("severity", severity)
      figures.writeMembers(to: &$0)
    }
  }
}

/// What became of the alerts of one rule, or of all, within a window.
package struct RuleFigures: Hashable, Sendable {
  /// How often an alert began to fire.
  package var firings: Int
  package var resolved: Int
  /// Messages delivered that told of at least one of its alerts.
  package var pages: Int
  /// Firings of an alert that had resolved less than an hour before.
  package var flaps: Int
  /// Firings that ended within 5 minutes.
  package var shortLived: Int
  /// Firings that ended by themselves: the condition ended, and no silence or acknowledgement that matches the alert
  /// began while it fired.
  package var untouched: Int
  /// Acknowledgements that began while an alert fired; counted once a firing.
  package var acknowledged: Int
  /// From firing to resolved.
  package var timeToResolve: DurationFigures
  /// From firing to the first acknowledgement.
  package var timeToAcknowledge: DurationFigures

  package init(
    firings: Int = 0, resolved: Int = 0, pages: Int = 0, flaps: Int = 0, shortLived: Int = 0, untouched: Int = 0,
    acknowledged: Int = 0, timeToResolve: DurationFigures = DurationFigures(),
    timeToAcknowledge: DurationFigures = DurationFigures()
  ) {
    self.firings = firings
    self.resolved = resolved
    self.pages = pages
    self.flaps = flaps
    self.shortLived = shortLived
    self.untouched = untouched
    self.acknowledged = acknowledged
    self.timeToResolve = timeToResolve
    self.timeToAcknowledge = timeToAcknowledge
  }

  /// What lists of noise are sorted by: flaps and short-lived firings count alike.
  package var noise: Int { flaps + shortLived }
}

extension RuleFigures: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object { writeMembers(to: &$0) }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.member("firings", firings)
    writer.member("resolved", resolved)
    writer.member("pages", pages)
    writer.member("noise", noise)
    writer.member("flaps", flaps)
    writer.member("shortLived", shortLived)
    writer.member("untouched", untouched)
    writer.member("acknowledged", acknowledged)
    writer.view("timeToResolve", timeToResolve)
    writer.view("timeToAcknowledge", timeToAcknowledge)
  }
}

/// How a set of durations is spread. Percentiles are nearest-rank: each is one of the durations.
package struct DurationFigures: Hashable, Sendable {
  package var count: Int
  package var mean: Duration?
  package var median: Duration?
  package var p90: Duration?

  package init(count: Int = 0, mean: Duration? = nil, median: Duration? = nil, p90: Duration? = nil) {
    self.count = count
    self.mean = mean
    self.median = median
    self.p90 = p90
  }
}

extension DurationFigures: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("count", count)
      $0.optional("meanSeconds", mean.map(\.inSeconds))
      $0.optional("medianSeconds", median.map(\.inSeconds))
      $0.optional("p90Seconds", p90.map(\.inSeconds))
    }
  }
}
