package import JSON
package import Model

/// What happened in a window, counted: the answer of `/api/v1/stats`.
package struct StatsView: Hashable, Sendable {
  /// From this instant…
  package var since: Timestamp
  /// …up to, and without, this one.
  package var until: Timestamp
  /// The window holds more rows than one answer reads: the figures are those of its newest part, from `countedSince`.
  package var isTruncated: Bool
  package var countedSince: Timestamp
  package var totals: RuleFigures
  /// The rules that fired most.
  package var topFirings: [RuleStatistics]
  /// The rules that most messages told of.
  package var topPages: [RuleStatistics]
  /// The rules with most ``RuleFigures/noise``; rules without any are left out.
  package var noisiest: [RuleStatistics]
  /// Firings by the label `severity`, most first; `""` for alerts without one.
  package var severities: [SeverityCount]
  /// Firings over time: every bucket of the window, oldest first, at most 120.
  package var timeline: [TimelinePoint]
  /// A bucket's length.
  package var bucket: Duration
  /// Each channel that a try was made for, ascending by id.
  package var channels: [ChannelStatistics]

  package init(
    since: Timestamp, until: Timestamp, isTruncated: Bool = false, countedSince: Timestamp? = nil,
    totals: RuleFigures = RuleFigures(), topFirings: [RuleStatistics] = [], topPages: [RuleStatistics] = [],
    noisiest: [RuleStatistics] = [], severities: [SeverityCount] = [], timeline: [TimelinePoint] = [],
    bucket: Duration, channels: [ChannelStatistics] = []
  ) {
    self.since = since
    self.until = until
    self.isTruncated = isTruncated
    self.countedSince = countedSince ?? since
    self.totals = totals
    self.topFirings = topFirings
    self.topPages = topPages
    self.noisiest = noisiest
    self.severities = severities
    self.timeline = timeline
    self.bucket = bucket
    self.channels = channels
  }
}

extension StatsView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("since", since.description)
      $0.member("until", until.description)
      $0.member("truncated", isTruncated)
      $0.member("countedSince", countedSince.description)
      $0.view("totals", totals)
      $0.object("top") {
        $0.views("firings", topFirings)
        $0.views("pages", topPages)
        $0.views("noise", noisiest)
      }
      $0.views("severities", severities)
      $0.object("timeline") {
        $0.seconds("bucketSeconds", bucket)
        $0.views("points", timeline)
      }
      $0.views("channels", channels)
    }
  }
}

/// The firings of one severity.
package struct SeverityCount: Hashable, Sendable {
  /// The label `severity`, `""` for none.
  package var severity: String
  package var count: Int

  package init(severity: String, count: Int) {
    self.severity = severity
    self.count = count
  }
}

extension SeverityCount: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("severity", severity)
      $0.member("count", count)
    }
  }
}

/// One bucket of a timeline.
package struct TimelinePoint: Hashable, Sendable {
  /// The bucket's first instant, a multiple of its length since the epoch.
  package var start: Timestamp
  package var firings: Int
  package var resolved: Int
  /// Firings by severity, in the order of ``StatsView/severities``; those of none in this bucket are left out.
  package var severities: [SeverityCount]

  package init(start: Timestamp, firings: Int = 0, resolved: Int = 0, severities: [SeverityCount] = []) {
    self.start = start
    self.firings = firings
    self.resolved = resolved
    self.severities = severities
  }
}

extension TimelinePoint: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("start", start.description)
      $0.member("firings", firings)
      $0.member("resolved", resolved)
      $0.views("severities", severities)
    }
  }
}

/// The figures of one channel.
package struct ChannelStatistics: Hashable, Sendable {
  package var channel: ResourceID
  package var figures: DeliveryFigures

  package init(channel: ResourceID, figures: DeliveryFigures) {
    self.channel = channel
    self.figures = figures
  }
}

extension ChannelStatistics: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.reference(to: channel)
      figures.writeMembers(to: &$0)
    }
  }
}
