import Diagnostics
import JSON
import Ledger
import Model
import Notifier
import Reconciler
import Specs
import StatusAPI

/// Channels, and figures over windows of the ledger.
extension StatusBoard {
  func channels(
    _ scope: Scope?, _ page: PageRequest<ResourceID>, for reader: Visibility
  ) async throws(SourceUnavailable) -> StatusPage<ChannelListing> {
    let live = await sync.liveState.scopes.filter { reader.allows($0.key) && $0.key.isWithin(scope) }
    let ids = live.values.flatMap { $0.resources.keys.filter { $0.kind == .channel } }
      .filter { id in page.after.map { $0 < id } ?? true }.sorted()
    let shown = ids.prefix(page.limit)
    let health = await notifier.channelHealth()
    let now = clock.now
    let figures = try await self.figures(
      nil, since: now - .seconds(86_400), until: now, bucket: .seconds(86_400), reader)
    let days = Dictionary(figures.channels.map { ($0.channel, $0.view) }, uniquingKeysWith: { first, _ in first })
    var listings: [ChannelListing] = []
    for id in shown {
      guard let resource = live[id.scope]?.resources[id], case .channel(let spec) = resource.spec else { continue }
      let change = await engine.provenance(of: id)?.own
      listings.append(
        ChannelListing(
          channel: ChannelView(id: id, type: spec.kind.rawValue, health[id]),
          endpoints: (health[id]?.endpoints ?? []).map(ChannelListing.Endpoint.init),
          provenance: Provenance(file: resource.origin.file, line: resource.origin.line, change: change),
          lastDay: days[id] ?? DeliveryFigures()))
    }
    return StatusPage(listings, hasMore: ids.count > shown.count)
  }

  func stats(_ filter: StatsFilter, for reader: Visibility) async throws(SourceUnavailable) -> StatsView {
    let now = clock.now
    let until = filter.until?.instant(at: now) ?? now
    let since = min(filter.since?.instant(at: now) ?? until - StatsFilter.usualWindow, until)
    let bucket = Self.bucket(from: since, to: until)
    let figures = try await self.figures(filter.scope, since: since, until: until, bucket: bucket, reader)
    let rules = figures.rules.filter { reader.allows($0.scope) }.map(\.view)
    func top(_ measure: (RuleFigures) -> Int) -> [RuleStatistics] {
      let counted = rules.filter { measure($0.figures) > 0 }
      return Array(counted.sorted { $0.comes(before: $1, by: measure) }.prefix(filter.top))
    }
    let severities = figures.severities.filter { $0.firings > 0 }
    return StatsView(
      since: since, until: until, isTruncated: figures.isTruncated, countedSince: figures.countedSince,
      totals: figures.totals.view, topFirings: top(\.firings), topPages: top(\.pages), noisiest: top(\.noise),
      severities: severities.map { SeverityCount(severity: $0.severity, count: $0.firings) },
      timeline: figures.buckets.map { bucket in
        TimelinePoint(
          start: bucket.start, firings: bucket.firings.values.reduce(0, +), resolved: bucket.resolved,
          severities: severities.compactMap { severity in
            bucket.firings[severity.severity].map { SeverityCount(severity: severity.severity, count: $0) }
          })
      },
      bucket: bucket, channels: figures.channels(for: reader))
  }

  /// Counted over a window, for what the reader may see.
  func figures(
    _ scope: Scope?, since: Timestamp, until: Timestamp, bucket: Duration, _ reader: Visibility
  ) async throws(SourceUnavailable) -> Figures {
    let touches = try await touches(since: since, until: until, reader)
    return try await read { ledger throws(LedgerError) in
      try await ledger.figures(
        TransitionFilter(tenants: reader.tenants, scope: scope), since: since, until: until, bucket: bucket,
        touches: touches)
    }
  }

  /// The silences and acknowledgements that began in a window, by the audit; at most ``mostTouches``, the newest.
  private func touches(
    since: Timestamp, until: Timestamp, _ reader: Visibility
  ) async throws(SourceUnavailable) -> [Touch] {
    var touches: [Touch] = []
    for action in ["resource.created", "silence.emergency"] {
      let filter = LedgerAuditFilter(
        tenants: reader.tenants, action: action, kind: action == "resource.created" ? .silence : nil, since: since,
        until: until)
      var page = LedgerPage(limit: LedgerPage.largest)
      while touches.count < Self.mostTouches {
        let wanted = page
        let rows = try await read { ledger throws(LedgerError) in try await ledger.audit(filter, wanted) }
        touches += rows.compactMap(Touch.init)
        guard rows.count == page.limit, let last = rows.last else { break }
        page.before = last.id
      }
    }
    return touches
  }

  private static let mostTouches = 20_000

  /// Lengths of buckets that people know, in seconds.
  private static let bucketLengths: [Int64] = [
    60, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 2 * 86_400, 7 * 86_400,
    14 * 86_400, 30 * 86_400, 60 * 86_400,
  ]

  /// The shortest of those lengths with which a window has at most 120 buckets.
  static func bucket(from since: Timestamp, to until: Timestamp) -> Duration {
    let seconds = since.duration(to: until).components.seconds
    let length = bucketLengths.first { seconds / $0 + 2 <= 120 } ?? max(1, seconds / 100)
    return .seconds(length)
  }
}

extension Touch {
  /// What an audit row about a silence says; `nil` where its fields were cut.
  init?(_ row: AuditRecord) {
    guard let after = try? JSONValue(parsing: row.after), let list = after["matchers"]?.string,
      list.hasPrefix("["), list.hasSuffix("]"),
      let matchers = try? Matcher.parseList(String(list.dropFirst().dropLast())), !matchers.isEmpty
    else { return nil }
    let start = after["starts_at"]?.string.flatMap(Timestamp.init(rfc3339:)) ?? row.at
    self.init(
      at: max(start, row.at), scope: row.scope, matchers: matchers,
      isAcknowledgement: after["until_resolved"]?.string == "true")
  }
}

extension Figures {
  func channels(for reader: Visibility) -> [ChannelStatistics] {
    channels.filter { reader.allows($0.channel.scope) }.map { ChannelStatistics(channel: $0.channel, figures: $0.view) }
  }
}

extension Figures.Channel {
  var view: DeliveryFigures {
    DeliveryFigures(
      attempts: delivered + failed, delivered: delivered, failed: failed, givenUp: givenUp, observed: observed,
      held: held, latencyMedian: latency.median, latencyP95: latency.p95)
  }
}

extension Figures.Rule {
  fileprivate var view: RuleStatistics {
    RuleStatistics(scope: scope, group: group, rule: rule, severity: severity, figures: tally.view)
  }
}

extension Figures.Tally {
  fileprivate var view: RuleFigures {
    RuleFigures(
      firings: firings, resolved: resolved, pages: pages, flaps: flaps, shortLived: shortLived, untouched: untouched,
      acknowledged: acknowledged, timeToResolve: timeToResolve.view, timeToAcknowledge: timeToAcknowledge.view)
  }
}

extension Spread {
  fileprivate var view: DurationFigures { DurationFigures(count: count, mean: mean, median: median, p90: p90) }
}

extension RuleStatistics {
  /// The greater measure first, then by group and name.
  fileprivate func comes(before other: Self, by measure: (RuleFigures) -> Int) -> Bool {
    let (left, right) = (measure(figures), measure(other.figures))
    if left != right { return left > right }
    return group != other.group ? group < other.group : rule.precedesInBytes(other.rule)
  }
}

extension ChannelView {
  fileprivate init(id: ResourceID, type: String, _ health: EndpointHealth?) {
    let standing =
      health?.failingSince.map { since in
        HealthStanding(status: .degraded, message: health?.lastError ?? "deliveries fail", since: since)
      } ?? HealthStanding(status: .healthy)
    self.init(
      id: id, type: type, health: standing, queued: health?.waiting ?? 0, lastDeliveredAt: health?.lastSuccessAt,
      lastFailedAt: health?.lastErrorAt, lastError: health?.lastError)
  }
}

extension ChannelListing.Endpoint {
  fileprivate init(_ endpoint: EndpointHealth.Endpoint) {
    self.init(
      isUp: endpoint.failingSince == nil, failingSince: endpoint.failingSince, lastDeliveredAt: endpoint.lastSuccessAt,
      lastFailedAt: endpoint.lastErrorAt, lastError: endpoint.lastError, pausedUntil: endpoint.pausedUntil)
  }
}
