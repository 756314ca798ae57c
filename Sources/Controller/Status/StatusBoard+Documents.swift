import Diagnostics
import Evaluator
import Git
import Ledger
import Model
import Notifier
import PromQL
import Reconciler
import Specs
import StatusAPI
import Webhook

extension StatusBoard: StatusSource {
  func generation(for reader: Visibility) async -> UInt64 {
    await keeper.current().generations.number(for: reader)
  }

  func readiness() async -> [ProbeCheck] {
    let hasTried = await sync.state.hasTried
    let waited = clock.now - startedAt >= .seconds(30)
    return hasTried || waited ? [] : [ProbeCheck(name: "first-sync", failure: "the first sync attempt is under way")]
  }

  func status(for reader: Visibility) async -> StatusDocument {
    let view = await view(for: reader)
    let tenants = view.tenants
    let projects = tenants.flatMap(\.projects)
    let platform = reader.allows(.platform) ? view.summary(of: .platform) : nil
    let everything = tenants + projects + [platform].compactMap { $0 }
    var document = StatusDocument(
      generation: view.snapshot.generations.number(for: reader), observedAt: view.at,
      controller: .init(version: belfryVersion, instance: instance, startedAt: startedAt),
      source: await source(view), sync: view.overall, held: view.sync.held.filter { reader.allows($0) },
      health: overallHealth(everything), operation: view.sync.operation, drift: await drift(view),
      tenantCount: tenants.count, tenantsDegraded: tenants.count { $0.health.status == .degraded },
      projectCount: projects.count, suspended: everything.count { $0.sync.status == .suspended },
      counts: everything.map(\.counts).reduce(ResourceCounts(), +),
      alerts: view.totals, conditions: conditions(view), platform: platform,
      tenants: tenants)
    document.deletionGuard = guardView(view)
    document.source.rewrite = rewriteView(view)
    return document
  }

  private func overallHealth(_ scopes: [ScopeSummary]) -> HealthStanding {
    if case .failing(let since, let message, _) = queue.condition {
      return HealthStanding(status: .degraded, message: "the ledger can't be written: " + message, since: since)
    }
    guard let worst = scopes.first(where: { $0.health.status == .degraded }) else {
      return HealthStanding(status: .healthy)
    }
    return HealthStanding(
      status: .degraded, message: "\(worst.scope): \(worst.health.message)", since: worst.health.since)
  }

  private func source(_ view: View) async -> SourceView {
    let state = view.sync
    let everywhere = state.held.isEmpty ? state.newest : nil
    return SourceView(
      url: settings.remote.url.description, ref: settings.remote.ref ?? state.newest?.ref ?? "HEAD",
      path: settings.path,
      revision: .init(
        desired: state.desired, attempted: state.attempted, appliedEverywhere: everywhere, appliedNewest: state.newest),
      commit: view.reader == .all ? state.commit : nil,
      poll: .init(
        interval: settings.pollInterval, lastCheckAt: state.lastCheckAt, nextCheckAt: state.nextCheckAt,
        lastWebhookAt: webhooks?.counts.lastAt),
      lastError: state.failure, staleFor: state.stale(at: view.at),
      verification: verification(settings.commits == .off ? nil : await sync.walk, for: view.reader))
  }

  private func drift(_ view: View) async -> DriftView {
    let runtime = await engine.runtimeSilences.filter { view.reader.allows($0.resource.id.scope) }
    let ends = Dictionary(
      view.silences.map { ($0.silence.id, $0.silence.endsAt) }, uniquingKeysWith: { first, _ in first })
    return DriftView(
      status: await keeper.isDrifted() ? .drifted : .none,
      runtimeOnly: runtime.compactMap { silence, origin in
        guard let end = ends[silence.id] else { return nil }
        return DriftView.RuntimeOnly(
          kind: .silence, name: silence.id.name, scope: silence.id.scope, createdBy: origin.rawValue, expiresAt: end)
      })
  }

  private func conditions(_ view: View) -> [ConditionView] {
    let sync = view.overall
    let ready = sync.status == .synced
    var conditions = [
      ConditionView(
        type: "Ready", status: ready ? .yes : .no,
        reason: ready ? "Applied" : sync.reason?.rawValue ?? sync.status.rawValue,
        message: sync.message, lastTransitionTime: sync.since ?? startedAt)
    ]
    let failure = view.sync.failure
    conditions.append(
      ConditionView(
        type: "SourceReachable", status: failure == nil ? .yes : .no,
        reason: failure == nil ? "Fetched" : "FetchFailed",
        message: failure?.message ?? "", lastTransitionTime: failure?.since ?? startedAt))
    if let rewrite = view.sync.rewrite, settings.rewrittenHistory != .accept {
      conditions.append(
        ConditionView(
          type: "HistoryIntact", status: .no, reason: "HistoryRewritten", message: rewrite.summary,
          lastTransitionTime: rewrite.at))
    }
    if case .failing(let since, let message, _) = queue.condition {
      conditions.append(
        ConditionView(
          type: "LedgerWritable", status: .no, reason: "WriteFailed", message: message, lastTransitionTime: since))
    }
    return conditions
  }

  // MARK: Scopes

  func tenants(for reader: Visibility) async -> [ScopeSummary] {
    await view(for: reader).tenants
  }

  func scope(_ scope: Scope, for reader: Visibility) async -> ScopeView? {
    let view = await view(for: reader)
    guard reader.allows(scope), view.sync.scopes[scope] != nil || view.scopes[scope] != nil else { return nil }
    var summary = view.summary(of: scope)
    if let tenant = scope.tenant, scope.project == nil {
      summary.projects = view.tenants.first { $0.scope.tenant == tenant }?.projects ?? []
    }
    let standing = view.sync.scopes[scope]
    let ready = standing?.sync.status == .synced
    let condition = ConditionView(
      type: "Ready", status: ready ? .yes : .no,
      reason: ready ? "Applied" : standing?.sync.reason?.rawValue ?? standing?.sync.status.rawValue ?? "Unknown",
      message: standing?.sync.message ?? "", lastTransitionTime: standing?.sync.since ?? startedAt)
    return ScopeView(summary: summary, conditions: [condition], diagnostics: standing?.diagnostics ?? [])
  }

  // MARK: Resources

  func resources(
    _ filter: StatusResourceFilter, _ page: PageRequest<ResourceID>, for reader: Visibility
  ) async -> StatusPage<ResourceSummary> {
    let view = await view(for: reader)
    let (ids, hasMore) = view.ids(filter, after: page.after, limit: page.limit)
    var summaries: [ResourceSummary] = []
    for id in ids { if let summary = await summary(of: id, in: view) { summaries.append(summary) } }
    return StatusPage(summaries, hasMore: hasMore)
  }

  func resource(_ id: ResourceID, for reader: Visibility) async -> ResourceView? {
    let view = await view(for: reader)
    guard let resource = view.resource(id), let summary = await summary(of: id, in: view) else { return nil }
    return ResourceView(
      summary: summary, fields: resource.fields, rules: await rules(of: resource, in: view),
      channel: channel(resource, in: view), silence: await silence(id, in: view))
  }

  private func summary(of id: ResourceID, in view: View) async -> ResourceSummary? {
    guard let resource = view.resource(id) else { return nil }
    let standing = view.sync.scopes[id.scope]
    let revision = view.sync.applied(id.scope) ?? view.sync.newest
    guard let revision else { return nil }
    let record = resource.record(
      await engine.provenance(of: id), at: revision, standing?.appliedAt ?? startedAt)
    let retained = standing?.retained.contains { $0.id == id } ?? false
    let sync =
      retained
      ? SyncStanding(status: .held, reason: .stillReferenced) : standing?.sync ?? SyncStanding(status: .unknown)
    let alerts = view.group(id).map { view.alertCounts($0.alerts) }
    var rules: Int?
    if case .ruleGroup(let group) = resource.spec { rules = group.rules.count }
    return ResourceSummary(record: record, sync: sync, health: view.health(of: id), rules: rules, alerts: alerts)
  }

  private func rules(of resource: Resource, in view: View) async -> [RuleView] {
    guard case .ruleGroup(let group) = resource.spec else { return [] }
    let changes = await engine.provenance(of: resource.id)
    let state = view.group(resource.id)
    return group.rules.indices.map { index in
      let place = Provenance(
        file: resource.origin.file, line: resource.line(ofRule: index), change: changes?.rule(index))
      return ruleView(group.rules[index], group, index, state, place, in: view)
    }
  }

  private func ruleView(
    _ rule: Rule, _ group: RuleGroupSpec, _ index: Int, _ state: RuleGroupState?, _ place: Provenance, in view: View
  ) -> RuleView {
    let live = state.flatMap { index < $0.rules.count ? $0.rules[index] : nil }
    var health = HealthStanding(status: .unknown, message: live?.treatment == .external ? "external" : "")
    var error: String?
    switch live?.health {
    case .failing(let failure, let since):
      health = HealthStanding(status: .degraded, message: failure.description, since: since)
      error = failure.description
    case .ok: health = HealthStanding(status: .healthy)
    case .unknown, nil: break
    }
    return RuleView(
      purpose: rule.purpose == .alert ? .alerting : .recording, name: rule.name, query: rule.expression.text,
      hold: rule.hold, keepFiringFor: rule.keepFiringFor, labels: rule.labels, annotations: rule.annotations,
      dataSource: rule.dataSource ?? group.dataSource, isEnabled: rule.enabled, provenance: place, health: health,
      state: live?.state, alerts: view.alertCounts(state?.alerts(of: index) ?? []),
      lastEvaluationAt: live?.evaluatedAt, lastDuration: live?.duration, lastError: error)
  }

  private func channel(_ resource: Resource, in view: View) -> ChannelView? {
    guard case .channel(let spec) = resource.spec else { return nil }
    let health = view.channels[resource.id]
    return ChannelView(
      id: resource.id, type: spec.kind.rawValue, health: view.health(of: resource.id), queued: health?.waiting ?? 0,
      lastDeliveredAt: health?.lastSuccessAt, lastFailedAt: health?.lastErrorAt, lastError: health?.lastError)
  }

  private func silence(_ id: ResourceID, in view: View) async -> SilenceView? {
    guard let snapshot = view.silences.first(where: { $0.silence.id == id }) else { return nil }
    return await silenceView(snapshot)
  }

  func silenceView(_ snapshot: SilenceSnapshot) async -> SilenceView {
    let resource = await engine[snapshot.silence.id]
    var commit: (name: String, place: Provenance)?
    if let resource {
      let change = await engine.provenance(of: resource.id)?.own
      commit = (
        change?.author ?? "",
        Provenance(file: resource.origin.file, line: resource.origin.line, change: change)
      )
    }
    let state: SilenceView.State =
      switch snapshot.state {
      case .pending: .pending
      case .active: .active
      case .expired: .expired
      }
    var view = SilenceView(
      id: snapshot.silence.id.description, name: snapshot.silence.id.name, scope: snapshot.silence.id.scope,
      state: state,
      matchers: snapshot.silence.matchers, startsAt: snapshot.silence.startsAt, endsAt: snapshot.silence.endsAt,
      comment: snapshot.silence.comment, createdBy: commit?.name ?? "", provenance: commit?.place)
    view.untilResolved = snapshot.silence.untilResolved
    view.timeInterval = await engine.silenceInterval(of: snapshot.silence.id)
    return view
  }
}

extension StatusBoard.View {
  /// The ids behind `after`, in order, at most `limit`; only what is shown is sorted.
  fileprivate func ids(
    _ filter: StatusResourceFilter, after: ResourceID?, limit: Int
  ) -> (ids: [ResourceID], hasMore: Bool) {
    var found: [ResourceID] = []
    for scope in scopes.keys.sorted() where scope.isWithin(filter.scope) && (after.map { $0.scope <= scope } ?? true) {
      // Ids are in the order of their scopes first.
      let own = (scopes[scope]?.resources ?? [:]).keys.lazy.filter { id in
        (filter.kind.map { $0 == id.kind } ?? true) && (after.map { $0 < id } ?? true)
      }
      found += Array(own).smallest(limit + 1 - found.count)
      if found.count > limit { break }
    }
    return (Array(found.prefix(limit)), found.count > limit)
  }
}

extension ResourceCounts {
  fileprivate static func + (left: Self, right: Self) -> Self {
    ResourceCounts(
      ruleGroups: left.ruleGroups + right.ruleGroups, rules: left.rules + right.rules,
      routes: left.routes + right.routes,
      channels: left.channels + right.channels, silences: left.silences + right.silences,
      dataSources: left.dataSources + right.dataSources, errors: left.errors + right.errors,
      warnings: left.warnings + right.warnings)
  }
}
