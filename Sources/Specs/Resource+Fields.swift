import Model
import PromQL

extension Resource {
  static func visit(_ spec: Spec, owner: String?, labels: Labels, with visitor: inout some FieldVisitor) {
    visitor.field("metadata.owner", owner)
    if !labels.isEmpty { visitor.labels("metadata.labels", labels.pairs) }
    switch spec {
    case .platform(let settings), .tenant(let settings), .project(let settings): settings.visit(&visitor)
    case .dataSource(let source): source.visit(&visitor)
    case .ruleGroup(let group): group.visit(&visitor)
    case .route(let route):
      visitor.field("always", route.always)
      route.root.visit(&visitor)
    case .channel(let channel): channel.visit(&visitor)
    case .silence(let silence): silence.visit(&visitor)
    case .timeInterval(let interval): interval.visit(&visitor)
    case .inhibitRule(let rule):
      visitor.list("source_matchers", rule.sourceMatchers.map(\.description))
      visitor.list("target_matchers", rule.targetMatchers.map(\.description))
      visitor.list("equal", rule.equal)
    case .template(let template):
      visitor.field("text", template.text)
      visitor.list("still_defines", template.kept.flatMap(\.definitions))
    case .roleBinding(let binding): binding.visit(&visitor)
    case .approval(let approval):
      visitor.field("deletions", approval.deletions)
      visitor.field("until", approval.until)
      visitor.field("scope", approval.scope?.description)
      visitor.field("reason", approval.reason)
    }
  }
}

extension ScopeSettings {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.field("display_name", displayName)
    if let severities { visitor.list("severities", severities.entries.map { $0.name + " " + $0.level.rawValue }) }
    visitor.labels("external_labels", externalLabels.pairs)
    visitor.field("interval", interval)
    visitor.field("data_source", dataSource)
    visitor.field("locale", locale)
    visitor.field("timezone", timezone)
    visitor.field("limits.rules", limits.rules.map(String.init))
    visitor.field("limits.alerts_per_rule", limits.alertsPerRule.map(String.init))
    visitor.field("limits.notifications_per_hour", limits.notificationsPerHour.map(String.init))
    visitor.field("notify", notify.rawValue)
    visitor.field("notify_until", notifyUntil)
    visitor.field("sync", sync.rawValue)
    visitor.field("sync_until", syncUntil)
  }
}

extension HTTPSettings {
  func visit(_ visitor: inout some FieldVisitor) {
    visitor.field("basic_auth.username", basicUsername)
    visitor.field("basic_auth.password", basicPassword)
    visitor.field("bearer_token", bearerToken)
    visitor.field("tls_config.ca", ca)
    visitor.field("tls_config.cert", clientCertificate)
    visitor.field("tls_config.key", clientKey)
    if insecureSkipVerify { visitor.field("tls_config.insecure_skip_verify", true) }
    if let proxy { visitor.address("proxy_url", .plain(proxy)) }
    if !headers.isEmpty { visitor.labels("headers", headers) }
  }
}

extension EndpointSpec {
  fileprivate func visit(_ name: String, _ visitor: inout some FieldVisitor) {
    visitor.open(name)
    visitor.address("url", url)
    http.visit(&visitor)
    visitor.close()
  }
}

extension EmbeddedSpec {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.open("embedded")
    visitor.field("retention", retention)
    visitor.field("max_series", maxSeries)
    visitor.field("max_disk", maxDisk)
    visitor.field("host.interval", hostInterval)
    for scrape in scrapes {
      visitor.open("scrape[\(scrape.job)]")
      scrape.visit(&visitor)
      visitor.close()
    }
    visitor.close()
  }
}

extension ScrapeSpec {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.list("targets", targets)
    visitor.field("interval", interval)
    visitor.field("timeout", timeout)
    visitor.field("scheme", scheme)
    visitor.field("metrics_path", path)
    if !labels.isEmpty { visitor.labels("labels", labels) }
    if honorLabels { visitor.field("honor_labels", true) }
    if !honorTimestamps { visitor.field("honor_timestamps", false) }
    if sampleLimit != 0 { visitor.field("sample_limit", sampleLimit) }
    http.visit(&visitor)
  }
}

extension DataSourceSpec {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    switch backend {
    case .server(let dialect, let endpoint): endpoint.visit(dialect.rawValue, &visitor)
    case .embedded(let embedded): embedded.visit(&visitor)
    }
    visitor.field("timeout", timeout)
    visitor.field("concurrency", concurrency)
    visitor.field("tenant_label", tenantLabel)
    visitor.field("accept_partial", acceptPartial)
    visitor.field("recording", recording.rawValue)
    remoteWrite?.visit("remote_write", &visitor)
    if writesAlerts { visitor.field("write_alerts", true) }
    visitor.field("default", isDefault)
    visitor.field("external_url", externalURL)
  }
}

extension SecretOr {
  /// The whole text: what comparison needs. Plain texts hold no secret, since `check` refuses known tokens.
  var comparable: String {
    switch self {
    case .plain(let text): text
    case .secret(let name): "{secret: " + name + "}"
    }
  }
}

extension RuleGroupSpec {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.field("interval", interval)
    visitor.field("query_offset", queryOffset)
    if limit != 0 { visitor.field("limit", limit) }
    if !labels.isEmpty { visitor.labels("labels", labels) }
    visitor.field("data_source", dataSource)
    for (index, rule) in rules.enumerated() {
      visitor.open("rules[\(index)] \(rule.name)")
      rule.visit(&visitor)
      visitor.close()
    }
  }
}

extension Rule {
  /// A hash over the rule's own meaning, whatever its group says and wherever it stands.
  package var digest: UInt64 {
    var digest = FieldDigest()
    visit(&digest)
    return digest.value
  }

  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.field(purpose == .alert ? "alert" : "record", name)
    visitor.expression("expr", expression.text, digest: expression.digest)
    if hold != .zero { visitor.field("for", hold) }
    if keepFiringFor != .zero { visitor.field("keep_firing_for", keepFiringFor) }
    if !labels.isEmpty { visitor.labels("labels", labels) }
    if !annotations.isEmpty { visitor.labels("annotations", annotations) }
    if !enabled { visitor.field("enabled", false) }
    visitor.field("data_source", dataSource)
    visitor.list("channels", channels)
    visitor.field("repeat_interval", repeatInterval)
    visitor.field("cooldown", cooldown)
    visitor.field("max_per_day", maxPerDay.map(String.init))
  }
}

extension RouteNode {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.list("channels", channels)
    visitor.list("matchers", matchers.map(\.description))
    switch groupBy {
    case nil: break
    case .all: visitor.field("group_by", "['...']")
    case .labels(let names): visitor.field("group_by", "[" + names.joined(separator: ", ") + "]")
    }
    visitor.field("group_wait", groupWait)
    visitor.field("group_interval", groupInterval)
    visitor.field("repeat_interval", repeatInterval)
    if continues { visitor.field("continue", true) }
    visitor.list("mute_time_intervals", muteTimeIntervals)
    visitor.list("active_time_intervals", activeTimeIntervals)
    visitor.list("mentions", mentions)
    for (index, route) in routes.enumerated() {
      visitor.open("routes[\(index)]")
      route.visit(&visitor)
      visitor.close()
    }
  }
}

extension ChannelSpec {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.open(kind.rawValue)
    switch destination {
    case .console: visitor.field("to", "standard output")
    case .webhook(let spec): spec.visit(&visitor)
    case .email(let spec): spec.visit(&visitor)
    case .feishu(let spec): spec.visit(&visitor)
    case .dingtalk(let spec): spec.visit(&visitor)
    case .wecom(let spec): spec.visit(&visitor)
    case .slack(let spec): spec.visit(&visitor)
    case .teams(let spec): spec.visit(&visitor)
    case .telegram(let spec): spec.visit(&visitor)
    case .discord(let spec): spec.visit(&visitor)
    case .mattermost(let spec): spec.visit(&visitor)
    case .ntfy(let spec): spec.visit(&visitor)
    case .pagerduty(let spec): spec.visit(&visitor)
    case .opsgenie(let spec): spec.visit(&visitor)
    case .sms(let spec): spec.visit(&visitor)
    case .alertmanager(let spec): spec.visit(&visitor)
    }
    visitor.close()
    visitor.field("send_resolved", sendResolved)
    visitor.field("template.title", template.title)
    visitor.field("template.text", template.text)
    visitor.field("template.html", template.html)
    if let rateLimit {
      visitor.field("rate_limit.messages", rateLimit.messages)
      visitor.field("rate_limit.per", rateLimit.period)
      visitor.field("rate_limit.burst", rateLimit.burst.map(String.init))
    }
    visitor.list("mentions", mentions)
    visitor.field("locale", locale)
    visitor.field("timezone", timezone)
  }
}

extension SilenceSpec {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.list("matchers", matchers.map(\.description))
    visitor.field("starts_at", startsAt)
    visitor.field("ends_at", endsAt)
    visitor.field("duration", duration)
    visitor.field("time_interval", timeInterval)
    visitor.field("comment", comment)
    if acknowledges { visitor.field("until_resolved", true) }
  }
}

extension TimeIntervalSpec {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    for (index, interval) in intervals.enumerated() {
      visitor.open("time_intervals[\(index)]")
      visitor.list("times", interval.times.map { "\($0.lowerBound):\($0.upperBound)" })
      visitor.list("weekdays", interval.weekdays.map { "\($0.lowerBound):\($0.upperBound)" })
      visitor.list("days_of_month", interval.daysOfMonth.map { "\($0.begin):\($0.end)" })
      visitor.list("months", interval.months.map { "\($0.lowerBound):\($0.upperBound)" })
      visitor.list("years", interval.years.map { "\($0.lowerBound):\($0.upperBound)" })
      visitor.field("location", interval.location)
      visitor.close()
    }
  }
}

extension RoleBindingSpec {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.field("role", role.rawValue)
    for (index, subject) in subjects.enumerated() {
      visitor.open("subjects[\(index)]")
      switch subject {
      case .user(let email, let keys):
        visitor.field("user", email)
        visitor.list("signing_keys", keys.map(\.description))
      case .group(let group): visitor.field("group", group)
      }
      visitor.close()
    }
  }
}
