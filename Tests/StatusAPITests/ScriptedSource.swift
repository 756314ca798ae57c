import Model
import StatusAPI

/// Answers from the ``World``.
struct ScriptedSource: StatusSource {
  /// Gives everything to everybody, as a source with a mistake would.
  var isCareless = false
  var isLedgerReadable = true
  var checks = [ProbeCheck(name: "first-sync"), ProbeCheck(name: "ledger")]
  var document: @Sendable (Visibility) -> StatusDocument = World.status
  var firing: [AlertView] = World.alerts
  var stream: @Sendable (UInt64?, Visibility) -> AsyncStream<StatusEvent> = { _, _ in AsyncStream { $0.finish() } }

  private func seen(_ reader: Visibility) -> Visibility { isCareless ? .all : reader }

  private func page<Element, Key: Comparable>(
    _ elements: [Element], _ request: PageRequest<Key>, _ key: (Element) -> Key,
    _ isBehind: (Key, Key) -> Bool = (>)
  ) -> Page<Element> {
    let rest = elements.filter { element in request.after.map { isBehind(key(element), $0) } ?? true }
    return Page(Array(rest.prefix(request.limit)), hasMore: rest.count > request.limit)
  }

  private func readLedger() throws(SourceUnavailable) {
    guard isLedgerReadable else { throw SourceUnavailable("the ledger can't be read: disk I/O error") }
  }

  func generation(for reader: Visibility) async -> UInt64 { 812 }
  func readiness() async -> [ProbeCheck] { checks }

  func metrics() async -> [MetricFamily] {
    [
      MetricFamily("belfry_up_seconds", "How long it runs.\nIn seconds, with a \\.", .gauge, 42.5),
      MetricFamily(
        name: "belfry_alerts", help: "Live alerts.", kind: .gauge,
        samples: [
          .init(labels: [Label("tenant", "a\"b\\c\nd"), Label("state", "firing")], value: 3),
          .init(labels: [Label("tenant", "x"), Label("state", "pending")], value: .infinity),
        ]),
      MetricFamily(
        name: "belfry_sync_duration_seconds", help: "Syncs.", kind: .histogram,
        samples: [
          .init(suffix: "_bucket", labels: [Label("le", "0.1")], value: 1),
          .init(suffix: "_bucket", labels: [Label("le", "+Inf")], value: 2), .init(suffix: "_sum", value: 0.25),
          .init(suffix: "_count", value: 2),
        ]),
    ]
  }

  func status(for reader: Visibility) async -> StatusDocument { document(seen(reader)) }

  func tenants(for reader: Visibility) async -> [ScopeSummary] {
    World.tenants.filter { seen(reader).allows($0.scope) }
  }

  func scope(_ scope: Scope, for reader: Visibility) async -> ScopeView? {
    guard seen(reader).allows(scope) else { return nil }
    let all = [World.summary(.platform)] + World.tenants + World.tenants.flatMap(\.projects)
    return all.first { $0.scope == scope }.map {
      ScopeView(summary: $0, diagnostics: $0.sync.status == .held ? [World.diagnostic] : [])
    }
  }

  func resources(
    _ filter: ResourceFilter, _ request: PageRequest<ResourceID>, for reader: Visibility
  ) async -> Page<ResourceSummary> {
    let ids = World.resources.filter { id in
      seen(reader).allows(id.scope) && id.scope.isWithin(filter.scope) && (filter.kind ?? id.kind) == id.kind
    }
    let found = page(ids, request, { $0 })
    return Page(found.elements.map { World.resource($0).summary }, hasMore: found.hasMore)
  }

  func resource(_ id: ResourceID, for reader: Visibility) async -> ResourceView? {
    World.resources.contains(id) && seen(reader).allows(id.scope) ? World.resource(id) : nil
  }

  func alerts(
    _ filter: AlertFilter, _ request: PageRequest<AlertKey>, for reader: Visibility
  ) async -> Page<AlertView> {
    let found = firing.filter { view in
      seen(reader).allows(view.alert.scope) && filter.states.contains(view.alert.state)
        && view.alert.scope.isWithin(filter.scope) && filter.matchers.accept(view.alert.labels)
    }
    return page(found, request, { AlertKey($0.alert) })
  }

  func groups(
    of tenant: String?, _ request: PageRequest<GroupKey>, for reader: Visibility
  ) async -> Page<GroupView> {
    let found = World.groups.filter {
      seen(reader).allows($0.id.owner) && (tenant == nil || $0.id.owner.tenant == tenant)
    }
    return page(found, request, \.id)
  }

  func silences(
    _ scope: Scope?, _ request: PageRequest<ResourceID>, for reader: Visibility
  ) async -> Page<SilenceView> {
    let found = World.silences.filter { seen(reader).allows($0.scope) && $0.scope.isWithin(scope) }
    return page(found, request, \.resource)
  }

  func explain(
    _ fingerprint: Fingerprint, within scope: Scope?, for reader: Visibility
  ) async throws(SourceUnavailable) -> [AlertExplanation] {
    try readLedger()
    return firing.filter { view in
      view.alert.fingerprint == fingerprint && seen(reader).allows(view.alert.scope)
        && view.alert.scope.isWithin(scope)
    }.map { view in
      AlertExplanation(
        alert: view, rule: World.rule(view.alert.scope),
        route: [
          RouteStepView(
            owner: .tenant("shop"), depth: 0, matchers: [], isMatch: true,
            channels: [World.channel(.tenant("shop"))], provenance: World.provenance(.tenant("shop")))
        ],
        groups: [
          NotificationGroupView(
            key: "{}:{alertname=\"CheckoutErrors\"}", channel: World.channel(.tenant("shop")),
            labels: ["alertname": "CheckoutErrors"], size: 1, lastSentAt: World.now - .seconds(30),
            nextFlushAt: World.now + .seconds(270))
        ],
        silences: [World.silence(.tenant("shop"))],
        inhibitions: [InhibitionView(rule: ResourceID(.tenant("shop"), .inhibitRule, "quiet"))],
        transitions: World.history.filter { $0.transition.alert.fingerprint == fingerprint },
        deliveries: World.deliveries.filter { $0.alerts.contains(fingerprint) && reader.allows($0.owner) }
      )
    }
  }

  func revision(_ prefix: String, for reader: Visibility) async throws(SourceUnavailable) -> RevisionLookup {
    try readLedger()
    if World.new.commit.hex.hasPrefix(prefix) {
      let scopes = [Scope.platform, .tenant("billing"), .tenant("shop"), World.checkout].map { scope in
        RevisionView.Standing(
          scope: scope, outcome: scope == World.checkout ? .held : .applied,
          appliedAt: scope == World.checkout ? nil : World.now, evaluatedAt: scope == .platform ? World.now : nil,
          sync: World.summary(scope, held: scope == World.checkout).sync,
          diagnostics: scope == World.checkout ? [World.diagnostic] : [])
      }
      return .found(
        RevisionView(
          revision: World.new, commit: World.commit, seenAt: World.now, attemptedAt: World.now, sync: 3,
          isAppliedEverywhere: false,
          timings: [.init(stage: "fetch", milliseconds: 210)], scopes: scopes.filter { seen(reader).allows($0.scope) }))
    }
    return prefix == "abcdefa" ? .ambiguous([World.old.commit, World.new.commit]) : .unknown
  }

  func syncs(
    _ request: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> Page<SyncView> {
    try readLedger()
    return page(World.syncs, request, \.record.id, <)
  }

  func sync(_ id: Int64, for reader: Visibility) async throws(SourceUnavailable) -> SyncView? {
    try readLedger()
    return World.syncs.first { $0.record.id == id }
  }

  func history(
    _ filter: HistoryFilter, _ request: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> Page<TransitionRecord> {
    try readLedger()
    let found = World.history.filter { record in
      let alert = record.transition.alert
      return seen(reader).allows(alert.scope) && alert.scope.isWithin(filter.scope)
        && (filter.fingerprint ?? alert.fingerprint) == alert.fingerprint
        && (filter.rule ?? alert.rule.rule) == alert.rule.rule && filter.time.contains(record.transition.at)
    }
    return page(found, request, \.id, <)
  }

  func deliveries(
    _ filter: DeliveryFilter, _ request: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> Page<DeliveryRecord> {
    try readLedger()
    let found = World.deliveries.filter { record in
      seen(reader).allows(record.owner) && (filter.outcome ?? record.outcome) == record.outcome
    }
    return page(found, request, \.id, <)
  }

  func audit(
    _ filter: AuditFilter, _ request: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> Page<AuditRecord> {
    try readLedger()
    let found = World.audit.filter { seen(reader).allows($0.scope) && (filter.action ?? $0.action) == $0.action }
    return page(found, request, \.id, <)
  }
}
