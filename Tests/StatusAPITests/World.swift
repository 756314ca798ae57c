import Diagnostics
import Model
import StatusAPI

/// A small installation: tenant `shop` with project `checkout`, which is held, and tenant `billing`, which is fine.
enum World {
  static let now = instant("2026-11-20T10:00:07Z")
  static let old = revision("41d0")
  static let new = revision("9f2c")
  static let checkout = Scope.project(tenant: "shop", project: "checkout")

  static func instant(_ text: String) -> Timestamp { Timestamp(rfc3339: text) ?? .epoch }

  static func revision(_ digits: String) -> Revision {
    let text = "main@sha1:" + digits + String(repeating: "0", count: 40 - digits.count)
    guard let revision = Revision(text) else { preconditionFailure("a revision of the tests is 40 digits") }
    return revision
  }

  static func group(_ scope: Scope) -> ResourceID {
    ResourceID(scope, .ruleGroup, "rules.yaml:" + (scope.project ?? "own"))
  }
  static func channel(_ scope: Scope) -> ResourceID { ResourceID(scope, .channel, "oncall") }

  static func provenance(_ scope: Scope, line: Int = 5) -> Provenance {
    Provenance(
      file: scope.path + "/rules.yaml", line: line, commit: old.commit, author: "Ana <ana@example.com>",
      committedAt: instant("2026-11-18T16:00:00Z")
    )
  }
}

// MARK: - Live

extension World {
  static func alert(_ scope: Scope, _ name: String, _ labels: Labels, _ state: AlertState, value: Double) -> AlertView {
    let since = instant("2026-11-20T09:40:07Z")
    var all = labels
    all["alertname"] = name
    let alert = Alert(
      scope: scope, labels: all, annotations: [Label("summary", name + " on " + labels["instance"])], state: state,
      value: value, activeAt: since, firedAt: state == .firing ? since + .seconds(300) : nil,
      rule: RuleReference(group: group(scope), rule: name, provenance: provenance(scope)),
      generatorURL: "http://127.0.0.1:9090/graph?g0.expr=up"
    )
    return AlertView(alert: alert, channels: state == .firing && name != "Lost" ? [channel(Scope.tenant("shop"))] : [])
  }

  static let alerts: [AlertView] = [
    alert(checkout, "CheckoutErrors", ["instance": "web-1", "severity": "critical"], .firing, value: 1.25),
    alert(checkout, "CheckoutErrors", ["instance": "web-2", "severity": "critical"], .pending, value: .infinity),
    alert(.tenant("shop"), "Lost", ["instance": "web-1", "severity": "info"], .firing, value: 3),
    alert(.tenant("billing"), "BillingDown", ["instance": "pay-1", "severity": "critical"], .firing, value: 0),
    alert(.platform, "BelfryChannelFailing", ["instance": "belfry", "severity": "warning"], .firing, value: 1),
  ].sorted { AlertKey($0.alert) < AlertKey($1.alert) }

  static let groups: [GroupView] = ["shop", "billing"].map { tenant in
    let members = alerts.filter { $0.alert.scope.tenant == tenant && $0.alert.state == .firing }
    return GroupView(
      id: GroupKey(owner: .tenant(tenant), key: "{}:{severity=\"critical\"}"), labels: ["severity": "critical"],
      route: ResourceID(.tenant(tenant), .route, "default"), channels: [channel(.tenant(tenant))],
      nextFlushAt: now + .seconds(270),
      alerts: members.map {
        GroupView.Member(
          fingerprint: $0.alert.fingerprint, scope: $0.alert.scope, labels: $0.alert.labels, state: .firing,
          isMuted: !$0.silencedBy.isEmpty)
      })
  }.sorted { $0.id < $1.id }

  static func summary(_ scope: Scope, held: Bool = false, projects: [ScopeSummary] = []) -> ScopeSummary {
    ScopeSummary(
      scope: scope, displayName: scope == .tenant("shop") ? "Shop" : nil, owner: scope.tenant.map { "team-" + $0 },
      desired: new, applied: held ? old : new, appliedAt: instant("2026-11-18T16:02:11Z"),
      sync: held
        ? SyncStanding(
          status: .held, reason: .validationFailed, message: "1 error in rules.yaml",
          since: instant("2026-11-20T10:00:03Z"))
        : SyncStanding(status: .synced, since: instant("2026-11-20T10:00:03Z")),
      health: HealthStanding(status: .healthy), counts: ResourceCounts(ruleGroups: 1, rules: 2, errors: held ? 1 : 0),
      alerts: counts(within: scope), projects: projects
    )
  }

  static func counts(within scope: Scope?, for reader: Visibility = .all) -> AlertCounts {
    let seen = alerts.filter { reader.allows($0.alert.scope) && (scope == nil || $0.alert.scope.isWithin(scope)) }
    return AlertCounts(
      firing: seen.filter { $0.alert.state == .firing }.count,
      pending: seen.filter { $0.alert.state == .pending }.count,
      unrouted: seen.filter(\.isUnrouted).count
    )
  }

  static let tenants = [
    summary(.tenant("billing")), summary(.tenant("shop"), projects: [summary(checkout, held: true)]),
  ]

  static let diagnostic = DiagnosticView(
    diagnostic: Diagnostic(
      .error, "unknown-channel", "no channel is named 'oncal'; did you mean 'oncall'?",
      at: SourceSpan(
        file: "tenants/shop/checkout/rules.yaml",
        range: SourceRange(SourcePosition(line: 12, column: 16), SourcePosition(line: 12, column: 23))),
      fix: "write 'oncall'", notes: [.init("channels of shop: oncall")]
    ),
    introducedBy: new.commit, author: "Ana <ana@example.com>"
  )

  static let commit = CommitInfo(
    id: new.commit, authorName: "Ana", authorEmail: "ana@example.com", committerName: "forge",
    committerEmail: "forge@example.com", authoredAt: instant("2026-11-20T09:58:40Z"),
    committedAt: instant("2026-11-20T09:58:40Z"), subject: "checkout: page after 10m", parents: [old.commit]
  )

  static func status(for reader: Visibility) -> StatusDocument {
    let seen = tenants.filter { reader.allows($0.scope) }
    return StatusDocument(
      generation: 812, observedAt: now,
      controller: .init(version: "0.9.0", instance: "belfry-0", startedAt: instant("2026-11-19T22:10:00Z")),
      source: SourceView(
        url: "https://robot:hunter2@git.example.com/acme/alerts.git?token=1", ref: "refs/heads/main",
        revision: .init(desired: new, attempted: new, appliedEverywhere: old, appliedNewest: new), commit: commit,
        poll: .init(interval: .seconds(10), lastCheckAt: now - .seconds(5), nextCheckAt: now + .seconds(5)),
        staleFor: .seconds(5)),
      sync: SyncStanding(
        status: .partial, message: "shop/checkout stays at 41d00000", since: instant("2026-11-20T10:00:03Z")),
      held: [checkout].filter(reader.allows), health: HealthStanding(status: .degraded, message: "1 channel fails"),
      operation: OperationView(
        id: 17, phase: .succeeded, trigger: .poll, startedAt: instant("2026-11-20T10:00:02Z"),
        finishedAt: instant("2026-11-20T10:00:03Z"), created: 1, updated: 2,
        timings: [.init(stage: "fetch", milliseconds: 210), .init(stage: "parse", milliseconds: 35.5)]),
      drift: DriftView(
        status: .none,
        runtimeOnly: [
          .init(
            kind: .silence, name: "emergency-1", scope: .tenant("shop"), createdBy: "oncall",
            expiresAt: instant("2026-11-20T12:00:00Z"))
        ]),
      tenantCount: seen.count, tenantsDegraded: 0, projectCount: seen.flatMap(\.projects).count,
      counts: ResourceCounts(ruleGroups: 3, rules: 6, channels: 2, errors: 1), alerts: counts(within: nil, for: reader),
      conditions: [
        ConditionView(
          type: "Ready", status: .no, reason: "PartiallyApplied", message: "1 scope is held",
          lastTransitionTime: instant("2026-11-20T10:00:03Z"))
      ],
      platform: reader == .all ? summary(.platform) : nil, tenants: seen
    )
  }
}

// MARK: - Resources and records

extension World {
  static func resource(_ id: ResourceID) -> ResourceView {
    var view = ResourceView(
      summary: ResourceSummary(
        record: ResourceRecord(
          id: id, provenance: provenance(id.scope), digest: "0c1e5f0a9b3d7e21", revision: old,
          appliedAt: instant("2026-11-18T16:02:11Z")),
        sync: SyncStanding(status: .synced), health: HealthStanding(status: .healthy)),
      fields: [
        Label("webhook.url", "https://user:secret@hooks.example.com/a?key=secret"), Label("send_resolved", "true"),
      ]
    )
    switch id.kind {
    case .ruleGroup:
      view.summary.rules = 1
      view.summary.alerts = counts(within: id.scope)
      view.fields = [Label("interval", "15s")]
      view.rules = [rule(id.scope)]
    case .channel:
      view.channel = ChannelView(
        id: id, type: "webhook", health: HealthStanding(status: .degraded, message: "unreachable"), queued: 2,
        lastFailedAt: now, lastError: "connection refused")
    case .silence:
      view.silence = silence(id.scope)
    default: break
    }
    return view
  }

  static func rule(_ scope: Scope) -> RuleView {
    RuleView(
      purpose: .alerting, name: "CheckoutErrors", query: "sum by (instance) (rate(errors[5m])) > 1",
      hold: .seconds(300),
      labels: [Label("severity", "critical")], dataSource: "main", provenance: provenance(scope),
      health: HealthStanding(status: .healthy), state: .firing, alerts: counts(within: scope), lastEvaluationAt: now,
      lastDuration: .milliseconds(18)
    )
  }

  static let silences = [silence(.tenant("billing")), silence(.tenant("shop"))]

  static func silence(_ scope: Scope) -> SilenceView {
    SilenceView(
      id: "shop/migration", name: "migration", scope: scope, state: .active,
      matchers: [Matcher("instance", equals: "web-1")], startsAt: instant("2026-11-20T08:00:00Z"),
      endsAt: instant("2026-11-20T12:00:00Z"), comment: "database migration", createdBy: "Ana <ana@example.com>",
      provenance: provenance(scope)
    )
  }

  static let resources = [
    channel(.platform), group(.platform), channel(.tenant("billing")), group(.tenant("billing")),
    channel(.tenant("shop")), ResourceID(.tenant("shop"), .silence, "migration"), group(checkout),
  ].sorted()

  static let syncs = (1...3).reversed().map { id in
    SyncView(
      record: SyncRecord(
        id: Int64(id), trigger: id == 1 ? .startup : .poll, revision: id == 3 ? new : old,
        startedAt: now - .seconds(60 * (4 - id)), finishedAt: now - .seconds(60 * (4 - id)) + .milliseconds(300),
        status: id == 3 ? .partial : .synced, created: id, updated: 0, moved: 0, deleted: 0,
        timings: [.init(stage: "fetch", milliseconds: 210)], plan: #"{"shop":[]}"#, diagnostics: ""),
      commit: id == 3 ? commit : nil)
  }

  static let history = alerts.enumerated().map { index, view in
    TransitionRecord(
      id: Int64(alerts.count - index),
      transition: AlertTransition(
        from: .pending, alert: view.alert, reason: .heldLongEnough, at: now - .seconds(60 * index)))
  }

  static let deliveries = ["shop", "billing"].enumerated().map { index, tenant in
    DeliveryRecord(
      id: Int64(2 - index), owner: .tenant(tenant), groupKey: "{}:{alertname=\"CheckoutErrors\"}",
      channel: channel(.tenant(tenant)), attempt: 2, startedAt: now - .seconds(30), finishedAt: now - .seconds(29),
      outcome: index == 0 ? .unreachable : .delivered, detail: index == 0 ? "connection refused" : "200",
      reason: "first notification", firing: 1, resolved: 0, alerts: [alerts[0].alert.fingerprint])
  }

  static let audit = [Scope.tenant("shop"), .tenant("billing"), .platform].enumerated().map { index, scope in
    AuditRecord(
      id: Int64(3 - index), at: now - .seconds(60 * index), actor: "Ana <ana@example.com>", action: "resource.updated",
      scope: scope, commit: new.commit, subject: "RuleGroup " + scope.description, before: #"{"interval":"1m"}"#,
      after: #"{"interval":"15s"}"#, committer: "GitHub <noreply@github.com>", merger: "Pia <pia@example.com>",
      approvers: [Trailer("Reviewed-by", "Ben <ben@example.com>")], pullRequest: PullRequest(.number, 412),
      path: "tenants/shop/rules.yaml", line: 5, resource: ResourceID(scope, .ruleGroup, scope.description),
      trigger: .poll, revision: new.commit, hash: String(repeating: "ab", count: 32))
  }
}
