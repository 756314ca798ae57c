import Model
import StatusAPI

extension ScriptedSource {
  func rules(
    _ filter: RuleFilter, _ request: PageRequest<RuleKey>, for reader: Visibility
  ) async -> Page<RuleListing> {
    let found = World.rules.filter { listing in
      seen(reader).allows(listing.key.group.scope) && listing.key.group.scope.isWithin(filter.scope)
        && filter.states.contains(RuleFilter.State(listing.rule.state))
        && (filter.text.isEmpty || listing.rule.name.contains(filter.text))
        && (filter.health ?? .ok) == .ok
    }
    return page(found, request, \.key)
  }

  func channels(
    _ scope: Scope?, _ request: PageRequest<ResourceID>, for reader: Visibility
  ) async throws(SourceUnavailable) -> Page<ChannelListing> {
    try readLedger()
    let found = World.channels.filter {
      seen(reader).allows($0.channel.id.scope) && $0.channel.id.scope.isWithin(scope)
    }
    return page(found, request, \.channel.id)
  }

  func stats(_ filter: StatsFilter, for reader: Visibility) async throws(SourceUnavailable) -> StatsView {
    try readLedger()
    return World.stats(filter, for: seen(reader))
  }

  func changes(_ filter: ChangesFilter, for reader: Visibility) async throws(SourceUnavailable) -> ChangesView {
    try readLedger()
    return World.changes(filter, for: seen(reader))
  }
}

extension World {
  static let rules = [Scope.tenant("billing"), checkout].map { scope in
    RuleListing(key: RuleKey(group: group(scope), index: 0), rule: rule(scope), channels: [channel(.tenant("shop"))])
  }.map { listing in
    var listing = listing
    listing.channels = [channel(.tenant(listing.key.group.scope.tenant ?? ""))]
    return listing
  }.sorted { $0.key < $1.key }

  static let figures = DeliveryFigures(
    attempts: 12, delivered: 9, failed: 3, givenUp: 1, observed: 0, held: 2, latencyMedian: .milliseconds(84),
    latencyP95: .milliseconds(612))

  static let channels = resources.filter { $0.kind == .channel }.map { id in
    ChannelListing(
      channel: ChannelView(
        id: id, type: "webhook", health: HealthStanding(status: .degraded, message: "connection refused", since: now),
        queued: 2, lastDeliveredAt: now - .seconds(3600), lastFailedAt: now, lastError: "connection refused"),
      endpoints: [
        .init(isUp: true, lastDeliveredAt: now - .seconds(3600)),
        .init(
          isUp: false, failingSince: now - .seconds(60), lastFailedAt: now, lastError: "connection refused",
          pausedUntil: now + .seconds(5)),
      ],
      provenance: provenance(id.scope), lastDay: figures)
  }

  static let ruleFigures = RuleFigures(
    firings: 7, resolved: 6, pages: 9, flaps: 2, shortLived: 1, untouched: 5, acknowledged: 1,
    timeToResolve: DurationFigures(count: 6, mean: .seconds(731), median: .seconds(610), p90: .seconds(1801.5)),
    timeToAcknowledge: DurationFigures(
      count: 1, mean: .seconds(95), median: .seconds(95), p90: .seconds(95)))

  static func stats(_ filter: StatsFilter, for reader: Visibility) -> StatsView {
    let until = filter.until?.instant(at: now) ?? now
    let rules = self.rules.filter { reader.allows($0.key.group.scope) && $0.key.group.scope.isWithin(filter.scope) }.map
    {
      RuleStatistics(
        scope: $0.key.group.scope, group: $0.key.group, rule: $0.rule.name, severity: "critical", figures: ruleFigures)
    }
    let top = Array(rules.prefix(filter.top))
    return StatsView(
      since: filter.since?.instant(at: now) ?? until - StatsFilter.usualWindow, until: until,
      totals: rules.isEmpty ? RuleFigures() : ruleFigures, topFirings: top, topPages: top, noisiest: top,
      severities: [SeverityCount(severity: "critical", count: 6), SeverityCount(severity: "", count: 1)],
      timeline: [
        TimelinePoint(start: now - .seconds(7200), firings: 0, resolved: 1),
        TimelinePoint(
          start: now - .seconds(3600), firings: 7, resolved: 5,
          severities: [SeverityCount(severity: "critical", count: 6), SeverityCount(severity: "", count: 1)]),
      ],
      bucket: .seconds(3600),
      channels: resources.filter { $0.kind == .channel && reader.allows($0.scope) && $0.scope.isWithin(filter.scope) }
        .map { ChannelStatistics(channel: $0, figures: figures) })
  }

  static func changes(_ filter: ChangesFilter, for reader: Visibility) -> ChangesView {
    func sees(_ scope: Scope) -> Bool { reader.allows(scope) && scope.isWithin(filter.scope) }
    let fired = history.filter { sees($0.transition.alert.scope) }
    let firing = alerts.filter { sees($0.alert.scope) && $0.alert.state == .firing }
    let changed = audit.filter { sees($0.scope) }
    return ChangesView(
      since: filter.since.instant(at: now), until: now,
      fired: .init(
        count: fired.count, severities: [SeverityCount(severity: "critical", count: fired.count)], items: fired),
      stillFiring: .init(
        count: firing.count, severities: [SeverityCount(severity: "critical", count: firing.count)], items: firing),
      channels: resources.filter { $0.kind == .channel && sees($0.scope) }
        .map { ChannelStatistics(channel: $0, figures: figures) },
      syncs: .init(count: 1, items: Array(syncs.prefix(1))), specs: .init(count: changed.count, items: changed),
      silencesBegun: silences.filter { sees($0.scope) }, silencesEndingSoon: silences.filter { sees($0.scope) },
      health: [Scope.platform, .tenant("billing"), .tenant("shop")].filter(sees).map {
        HealthChange(
          at: now - .seconds(90), scope: $0, alert: "BelfryDataSourceDown", name: "main", isRecovery: false,
          message: "connection refused")
      })
  }
}
