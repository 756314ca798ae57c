import Diagnostics
import Model
import StatusAPI

/// A busy afternoon of an installation: what the screenshots of the documentation show.
enum Gallery {
  static let search = Scope.project(tenant: "shop", project: "search")
  static let billing = Scope.tenant("billing")
  static let shop = Scope.tenant("shop")

  private static func ago(_ minutes: Int) -> Timestamp { World.now - .seconds(minutes * 60) }

  private static func alert(
    _ scope: Scope, _ name: String, _ severity: String, _ labels: Labels, _ summary: String, minutes: Int,
    _ state: AlertState = .firing, silenced: Bool = false
  ) -> AlertView {
    var view = World.alert(scope, name, labels, state, value: 0.0734)
    var all = view.alert.labels
    all["severity"] = severity
    view.alert = Alert(
      scope: scope, labels: all,
      annotations: [
        Label("runbook_url", "https://runbooks.example.com/" + name), Label("summary", summary),
      ],
      state: state, value: 0.0734, activeAt: ago(minutes + 5), firedAt: state == .firing ? ago(minutes) : nil,
      rule: view.alert.rule, generatorURL: "https://prometheus.example.com/graph?g0.expr=" + name)
    view.channels = state == .firing ? [World.channel(shop)] : []
    view.silencedBy = silenced ? ["shop/migration"] : []
    return view
  }

  static let alerts: [AlertView] =
    ["web-1", "web-2", "web-3"].enumerated().map { index, instance in
      alert(
        World.checkout, "CheckoutErrors", "critical", ["instance": instance, "region": "eu-west"],
        "7.3 % of checkouts fail on \(instance)", minutes: 12 + index * 3)
    } + [
      alert(
        billing, "InvoiceQueueStuck", "critical", ["queue": "invoices"], "No invoice left the queue for 20 min",
        minutes: 41),
      alert(
        search, "SearchLatencyHigh", "warning", ["quantile": "0.99", "region": "eu-west"], "p99 is 2.4 s", minutes: 95),
      alert(
        search, "SearchLatencyHigh", "warning", ["quantile": "0.99", "region": "us-east"], "p99 is 1.9 s", minutes: 63),
      alert(
        shop, "DiskFillingUp", "warning", ["instance": "db-1", "mount": "/var"], "Full in 9 hours at this rate",
        minutes: 170),
      alert(
        shop, "ReplicaLag", "warning", ["instance": "db-2"], "Replica is 48 s behind", minutes: 130, silenced: true),
      alert(billing, "CertificateExpires", "info", ["host": "pay.example.com"], "Ends in 12 days", minutes: 700),
      alert(
        World.checkout, "PaymentRetriesHigh", "warning", ["provider": "north"], "1 in 8 payments needs a retry",
        minutes: 0, .pending),
      alert(search, "IndexStale", "warning", ["shard": "7"], "No new document for 6 min", minutes: 0, .pending),
    ]

  static let groups: [GroupView] = {
    let byName = Dictionary(grouping: alerts.filter { $0.alert.state == .firing }) {
      $0.alert.scope.tenant.map { $0 } ?? "" + $0.alert.labels["alertname"]
    }
    var groups: [GroupView] = []
    for (_, members) in byName {
      for (name, members) in Dictionary(grouping: members, by: { $0.alert.labels["alertname"] }) {
        guard let first = members.first, let tenant = first.alert.scope.tenant else { continue }
        groups.append(
          GroupView(
            id: GroupKey(owner: .tenant(tenant), key: "{}:{alertname=\"\(name)\"}"), labels: ["alertname": name],
            route: ResourceID(.tenant(tenant), .route, "default"), channels: [World.channel(.tenant(tenant))],
            nextFlushAt: World.now + .seconds(212),
            alerts: members.map {
              GroupView.Member(
                fingerprint: $0.alert.fingerprint, scope: $0.alert.scope, labels: $0.alert.labels, state: .firing,
                isMuted: !$0.silencedBy.isEmpty)
            }))
      }
    }
    return groups.sorted { $0.id < $1.id }
  }()

  /// A day with a bad night: what fired and resolved, newest first.
  static let history: [TransitionRecord] = {
    var rows: [(minutes: Int, view: AlertView, isEnd: Bool)] = []
    for view in alerts where view.alert.state == .firing {
      rows.append((Int((World.now - (view.alert.firedAt ?? World.now)).components.seconds / 60), view, false))
    }
    for index in 0..<26 {
      let severity = ["critical", "warning", "warning", "info"][index % 4]
      let start = 260 + index * 41 % 1100
      let view = alert(
        [shop, billing, search][index % 3], ["NightlyJobLate", "QueueGrows", "NodeDown"][index % 3], severity,
        ["instance": "node-\(index)"], "came and went", minutes: start)
      rows.append((start, view, false))
      rows.append((start - 30 - index * 17 % 160, view, true))
    }
    return rows.sorted { $0.minutes < $1.minutes }.enumerated().map { index, row in
      var alert = row.view.alert
      if row.isEnd {
        alert.state = .resolved
        alert.resolvedAt = ago(row.minutes)
      }
      return TransitionRecord(
        id: Int64(rows.count - index),
        transition: AlertTransition(
          from: row.isEnd ? .firing : .pending, alert: alert, reason: row.isEnd ? .conditionEnded : .heldLongEnough,
          at: ago(row.minutes)))
    }
  }()

  static let rules = """
    kind: RuleGroup
    rules:
      - alert: CheckoutErrors
        expr: |
          sum by (instance) (rate(http_requests_total{job="checkout", code=~"5.."}[5m]))
            / sum by (instance) (rate(http_requests_total{job="checkout"}[5m])) > 0.05
        for: 5m
        labels:
          severity: critical
        annotations:
          summary: '{{ $value | humanizePercentage }} of checkouts fail on {{ $labels.instance }}'
        channels: [oncal]
    """

  static let deliveries: [DeliveryRecord] = (0..<24).map { index in
    let failed = index == 2 || index == 3
    return DeliveryRecord(
      id: Int64(100 - index), owner: index % 3 == 1 ? billing : shop, groupKey: "{}:{alertname=\"CheckoutErrors\"}",
      channel: World.channel(index % 3 == 1 ? billing : shop), attempt: failed ? 2 : 1,
      startedAt: ago(4 + index * 9), finishedAt: ago(4 + index * 9), outcome: failed ? .unreachable : .delivered,
      detail: failed ? "connection refused" : "200", reason: index % 2 == 0 ? "new alerts" : "repeat",
      firing: 1 + index % 3, resolved: index % 4 == 3 ? 1 : 0, alerts: [alerts[0].alert.fingerprint])
  }

  private static let subjects = [
    "checkout: page after 5m, not 10m", "search: split latency by region", "billing: invoices have an owner",
    "shop: silence replica lag during the move", "platform: rotate the paging key", "search: drop the stale index rule",
  ]

  static let syncs: [SyncView] = (0..<12).map { index in
    let plan =
      #"{"planDigest":"86974c1e5f0a9b3d","planMatch":null,"scopes":[{"scope":"shop","decision":"apply","steps":["#
      + #"{"action":"create","kind":"RuleGroup","name":"latency","file":"tenants/shop/latency.yaml","line":1},"#
      + #"{"action":"update","kind":"Channel","name":"oncall","file":"tenants/shop/tenant.yaml","line":5},"#
      + #"{"action":"delete","kind":"Silence","name":"old-move","file":"tenants/shop/silences.yaml","line":3}]},"#
      + #"{"scope":"shop/checkout","decision":"hold","reason":"ValidationFailed","steps":[]}]}"#
    var commit = World.commit
    commit.subject = subjects[index % subjects.count]
    return SyncView(
      record: SyncRecord(
        id: Int64(40 - index), trigger: index % 3 == 0 ? .webhook : .poll, revision: World.new,
        startedAt: ago(2 + index * 47),
        finishedAt: ago(2 + index * 47) + .milliseconds(310 + index * 13), status: index == 0 ? .partial : .synced,
        created: index == 0 ? 1 : index % 3, updated: 1 + index % 2, moved: 0, deleted: index == 0 ? 1 : 0,
        timings: [
          .init(stage: "pushToSeen", milliseconds: 140), .init(stage: "fetch", milliseconds: 210),
          .init(stage: "parse", milliseconds: 35), .init(stage: "plan", milliseconds: 12),
          .init(stage: "apply", milliseconds: 8), .init(stage: "toFirstEvaluation", milliseconds: 702),
        ], plan: plan, diagnostics: ""),
      commit: commit)
  }

  static let tenants: [ScopeSummary] = {
    func scope(_ scope: Scope, _ name: String?, rules: Int, held: Bool = false, _ projects: [ScopeSummary] = [])
      -> ScopeSummary
    {
      var summary = World.summary(scope, held: held, projects: projects)
      summary.displayName = name
      summary.counts.rules = rules
      let own = alerts.filter { $0.alert.scope.isWithin(scope) }
      summary.alerts = AlertCounts(
        firing: own.count { $0.alert.state == .firing }, pending: own.count { $0.alert.state == .pending })
      if held { summary.sync.message = "no channel is named 'oncal'" }
      return summary
    }
    return [
      scope(billing, "Billing", rules: 46),
      scope(
        shop, "Shop", rules: 118,
        [scope(World.checkout, "Checkout", rules: 37, held: true), scope(search, "Search", rules: 52)]),
      scope(.tenant("warehouse"), "Warehouse", rules: 21),
    ]
  }()

  /// What is wrong in ``rules``, where it is wrong.
  static let diagnostic: DiagnosticView = {
    var view = World.diagnostic
    view.diagnostic.span.range = SourceRange(SourcePosition(line: 12, column: 16), SourcePosition(line: 12, column: 21))
    return view
  }()

  static func source() -> ScriptedSource {
    var source = ScriptedSource(firing: alerts.sorted { AlertKey($0.alert) < AlertKey($1.alert) })
    source.scene.tenants = tenants
    source.scene.groups = groups
    source.scene.history = history
    source.scene.deliveries = deliveries
    source.scene.syncs = syncs
    source.changing = ChangingAlerts(alerts)
    source.scene.diagnostics = [diagnostic]
    source.scene.texts = ["tenants/shop/checkout/rules.yaml": rules]
    source.document = { reader in
      var status = World.status(for: reader)
      status.tenants = tenants
      status.tenantCount = 3
      status.counts = ResourceCounts(ruleGroups: 31, rules: 274, channels: 9, silences: 2, dataSources: 3, errors: 1)
      status.alerts = AlertCounts(
        firing: alerts.count { $0.alert.state == .firing }, pending: 2, silenced: 1)
      status.health.message = "oncall of shop: connection refused"
      status.health.since = ago(22)
      return status
    }
    return source
  }

  /// Many alerts, as a large installation has them on a bad day.
  static func many(_ count: Int) -> [AlertView] {
    (0..<count).map { index in
      alert(
        [shop, billing, search, World.checkout][index % 4],
        ["HighLatency", "DiskFull", "NodeDown", "QueueGrows", "ErrorBudgetBurn"][index % 5],
        ["critical", "warning", "info"][index % 3], ["instance": "node-\(index)", "cluster": "c\(index % 17)"],
        "something is wrong with node-\(index)", minutes: index % 600)
    }.sorted { AlertKey($0.alert) < AlertKey($1.alert) }
  }
}
