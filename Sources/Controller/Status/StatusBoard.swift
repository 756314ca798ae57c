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

/// What the status API reads: snapshots of the sync, the engine, the evaluator and the notifier, and the ledger.
///
/// It asks the actors for values and works on those, so a reader never holds up what is live.
struct StatusBoard: Sendable {
  let settings: Settings
  let sync: SyncLoop
  let engine: Engine
  let evaluator: EvaluatorRunner
  let notifier: NotifierRunner
  let dataSources: DataSources
  let ledger: Ledger
  let queue: LedgerQueue
  let keeper: LiveKeeper
  let hub: EventHub
  let mirror: Mirror
  let clock: any WallClock
  let startedAt: Timestamp
  let instance: String
  /// What becomes of webhooks, where they are listened for.
  var webhooks: WebhookIntake?
  /// The keys of the issuer whose tokens may read, where one is set.
  var issuer: IssuerKeys?
  /// Counts the requests to the API.
  var meter: RequestMeter?
  var log: EventLog?

  /// Everything that one answer needs, taken at one moment.
  struct View {
    let at: Timestamp
    let sync: SyncState
    let scopes: [Scope: LiveState.LiveScope]
    let snapshot: LiveSnapshot
    let reader: Visibility
    /// What needs somebody, in the order of the ids; the reader may see all of it.
    let troubled: [Scope: [ResourceID]]
  }

  func view(for reader: Visibility) async -> View {
    let snapshot = await keeper.current()
    var scopes = sync.currentLive.scopes
    if reader != .all { scopes = scopes.filter { reader.allows($0.key) } }
    return View(
      at: clock.now, sync: sync.current, scopes: scopes, snapshot: snapshot, reader: reader,
      troubled: snapshot.troubled.filter { reader.allows($0.key) })
  }
}

extension StatusBoard.View {
  /// What is live by scope.
  var live: [Scope: [ResourceID: Resource]] { scopes.mapValues(\.resources) }

  var approvals: [ResourceID] { scopes.values.flatMap(\.approvals) }

  func resource(_ id: ResourceID) -> Resource? { scopes[id.scope]?.resources[id] }

  var groups: [ResourceID: RuleGroupState] {
    reader == .all ? snapshot.groups : snapshot.groups.filter { reader.allows($0.key.scope) }
  }

  func group(_ id: ResourceID) -> RuleGroupState? { reader.allows(id.scope) ? snapshot.groups[id] : nil }

  var sources: [ResourceID: SourceStatus] { snapshot.sources }

  /// How stores, feeds and remote write of the sources do that have some.
  var standings: [ResourceID: DataSources.Standing] { snapshot.standings }

  /// How each channel does.
  var channels: [ResourceID: EndpointHealth] { snapshot.channels }

  /// Every silence; how many alerts each matches isn't counted.
  var silences: [SilenceSnapshot] { snapshot.silences }

  /// The pending and firing alerts that the reader may see.
  var entries: AlertList { snapshot.book.alerts(for: reader) }

  var alerts: [Alert] { entries.map(\.view.alert) }

  /// How many of the reader's firing alerts no route takes.
  var unroutedCount: Int { totals.unrouted }

  /// The reader's alerts, counted.
  var totals: AlertCounts {
    snapshot.counts.lazy.filter { reader.allows($0.key) }.reduce(AlertCounts()) { $0 + $1.value }
  }

  /// What is shown of an alert.
  func entry(_ alert: Alert) -> AlertView {
    snapshot.book.alerts[StatusAlertKey(alert)]?.view.limited(to: reader, in: snapshot.book) ?? AlertView(alert: alert)
  }
}

// MARK: - Health and counts

extension StatusBoard.View {
  /// Whether what is live in a scope works: its sources, rules and channels.
  func health(of scope: Scope) -> HealthStanding {
    if sync.scopes[scope]?.sync.status == .suspended { return HealthStanding(status: .suspended) }
    for id in troubled[scope] ?? [] where resource(id) != nil {
      let health = health(of: id)
      if health.status == .degraded {
        return HealthStanding(status: .degraded, message: "\(id.name): \(health.message)", since: health.since)
      }
    }
    return HealthStanding(status: .healthy)
  }

  func health(of id: ResourceID) -> HealthStanding {
    switch id.kind {
    case .dataSource:
      if case .failing(let since, _, let error)? = sources[id]?.health.condition {
        return HealthStanding(status: .degraded, message: "\(error)", since: since)
      }
      guard let trouble = standings[id]?.trouble else { break }
      return HealthStanding(status: .degraded, message: trouble.message, since: trouble.since)
    case .ruleGroup:
      guard let failure = group(id)?.failure else { break }
      return HealthStanding(
        status: .degraded, message: "'\(failure.rule.name)': \(failure.failure)", since: failure.since)
    case .channel:
      guard let health = channels[id], let since = health.failingSince else { break }
      return HealthStanding(status: .degraded, message: health.lastError ?? "deliveries fail", since: since)
    case .platform, .tenant, .project, .route, .silence, .timeInterval, .inhibitRule, .template, .roleBinding,
      .approval:
      break
    }
    return HealthStanding(status: .healthy)
  }

  func counts(of scope: Scope) -> ResourceCounts {
    var counts = ResourceCounts()
    for resource in (scopes[scope]?.resources ?? [:]).values {
      switch resource.spec {
      case .ruleGroup(let group):
        counts.ruleGroups += 1
        counts.rules += group.rules.count
      case .route: counts.routes += 1
      case .channel: counts.channels += 1
      case .silence: counts.silences += 1
      case .dataSource: counts.dataSources += 1
      case .platform, .tenant, .project, .timeInterval, .inhibitRule, .template, .roleBinding, .approval: break
      }
    }
    for found in sync.scopes[scope]?.diagnostics ?? [] {
      if found.diagnostic.severity == .error { counts.errors += 1 } else { counts.warnings += 1 }
    }
    return counts
  }

  func alertCounts(_ alerts: [Alert]) -> AlertCounts {
    var counts = AlertCounts()
    for alert in alerts { counts.note(entry(alert), by: 1) }
    return counts
  }

  func summary(of scope: Scope) -> ScopeSummary {
    let standing = sync.scopes[scope]
    let settings = resource(SpecTree.settingsID(of: scope))
    let spec: ScopeSettings? =
      switch settings?.spec {
      case .platform(let settings), .tenant(let settings), .project(let settings): settings
      default: nil
      }
    return ScopeSummary(
      scope: scope, displayName: spec?.displayName, owner: settings?.owner, desired: sync.desired,
      applied: sync.applied(scope), appliedAt: standing?.appliedAt,
      sync: standing?.sync ?? SyncStanding(status: .unknown), health: health(of: scope),
      notify: (spec?.notify ?? .send).rawValue, counts: counts(of: scope),
      alerts: snapshot.counts[scope] ?? AlertCounts(), projects: [], planDigest: standing?.planDigest)
  }

  /// The tenants that the reader may see, with their projects.
  var tenants: [ScopeSummary] {
    let scopes = Set(sync.scopes.keys).union(scopes.keys).filter { reader.allows($0) }
    var tenants: [String: ScopeSummary] = [:]
    for scope in scopes.sorted() {
      guard let tenant = scope.tenant else { continue }
      if tenants[tenant] == nil { tenants[tenant] = summary(of: .tenant(tenant)) }
      if scope.project != nil {
        tenants[tenant]?.projects.append(summary(of: scope))
      }
    }
    return tenants.values.map(\.withWorstOfProjects).sorted { $0.name < $1.name }
  }

  /// How the reader's scopes stand together.
  var overall: SyncStanding {
    guard reader != .all else { return sync.overall }
    let visible = sync.scopes.filter { reader.allows($0.key) }
    let held = visible.filter { $0.value.sync.status == .held }
    guard !held.isEmpty else { return SyncStanding(status: sync.hasTried ? .synced : .progressing) }
    return SyncStanding(
      status: held.count == visible.count ? .held : .partial, reason: held.values.compactMap(\.sync.reason).first,
      message: "\(held.count) of \(visible.count) scopes are held", since: held.values.compactMap(\.sync.since).min())
  }
}

extension ScopeSummary {
  /// A tenant takes its worst project's health, and is `Partial` while one of them is held.
  fileprivate var withWorstOfProjects: ScopeSummary {
    var summary = self
    if health.status == .healthy, let worst = projects.first(where: { $0.health.status == .degraded }) {
      summary.health = worst.health
      summary.health.message = "\(worst.name): \(worst.health.message)"
    }
    if sync.status == .synced, let held = projects.first(where: { $0.sync.status == .held }) {
      summary.sync = SyncStanding(
        status: .partial, reason: held.sync.reason, message: "project \(held.name) is held", since: held.sync.since)
    }
    return summary
  }
}
