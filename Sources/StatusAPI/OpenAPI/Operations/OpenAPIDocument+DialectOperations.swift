import JSON

extension OpenAPIDocument {
  /// What Prometheus's and Alertmanager's clients ask, of everything and of one tenant.
  static var dialectOperations: [APIOperation] {
    (prometheusOperations + alertmanagerOperations).flatMap { [$0, $0.ofTenant] }
  }

  private static func prometheus(
    _ path: String, _ id: String, _ summary: String, _ parameters: [APIParameter] = [], _ data: Schema
  ) -> APIOperation {
    let envelope = Schema.object(
      "Prometheus's envelope.",
      [
        Property("status", .constant("success"), "Prometheus's word that it went well."),
        Property("data", data, "The answer."),
      ])
    return APIOperation(
      path: "/prometheus/api/v1/" + path, id: id, tag: .dialects, summary: summary, parameters: parameters,
      body: .json(envelope), refusals: [], errors: .prometheus)
  }

  private static var prometheusOperations: [APIOperation] {
    let nothing = Schema.map(to: Schema([]))
    return [
      prometheus(
        "rules", "prometheusRules", "Rule groups with their alerts", ruleParameters, .named("PrometheusRules")),
      prometheus("alerts", "prometheusAlerts", "Live alerts", [], .named("PrometheusAlerts")),
      prometheus("status/buildinfo", "prometheusBuildInfo", "The version that is spoken", [], .named("BuildInfo")),
      prometheus("status/runtimeinfo", "prometheusRuntimeInfo", "The process", [], .named("PrometheusRuntime")),
      prometheus("status/flags", "prometheusFlags", "No flags", [], nothing),
      prometheus("status/config", "prometheusConfiguration", "No configuration", [], .map(to: .text)),
      prometheus("metadata", "prometheusMetadata", "No metadata of metrics", [], nothing),
      prometheus("labels", "prometheusLabels", "The names of live alerts' labels", [], .list(of: .text)),
      prometheus(
        "label/{name}/values", "prometheusLabelValues", "The values of a label of live alerts",
        [.path("name", APIParameter.name, "The label's name.", example: "severity")],
        .list(of: .text)),
      prometheus("series", "prometheusSeries", "No series", [], .list(of: .labels)),
      prometheus("targets", "prometheusTargets", "No targets", [], .map(to: .list(of: .text))),
      prometheus("alertmanagers", "prometheusAlertmanagers", "No Alertmanagers", [], .map(to: .list(of: .text))),
      query("query"), query("query_range"), query("query_exemplars"),
      health("/prometheus/-/healthy", "prometheusHealthy", .prometheus),
      health("/prometheus/-/ready", "prometheusReady", .prometheus),
    ]
  }

  private static var ruleParameters: [APIParameter] {
    [
      .query("type", .words(["alert", "record"]), "Only alerting or only recording rules."),
      .query("rule_name[]", .list(of: .text), "Only rules of these names."),
      .query("rule_group[]", .list(of: .text), "Only these groups."),
      .query("file[]", .list(of: .text), "Only groups of these files."),
      .query(
        "match[]", .list(of: .text(format: "belfry-selector")), "Only rules whose labels a selector accepts."),
      .query(
        "exclude_alerts",
        .words(["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"]),
        "Without the rules' alerts."),
      .query(
        "group_limit", Schema.count.with("minimum", 1).with("maximum", .integer(.max)),
        "How many groups a page has at most."),
      .query(
        "group_next_token", .text(format: "belfry-group-token"),
        "What `groupNextToken` of the page before says; with `group_limit`."),
    ]
  }

  private static func query(_ kind: String) -> APIOperation {
    let id = "prometheus" + kind.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    let isInstant = kind == "query"
    return APIOperation(
      path: "/prometheus/api/v1/" + kind, id: id, tag: .dialects,
      summary: isInstant ? "A sum of two numbers, by which clients find a server" : "Refused: no series are kept",
      description: "Belfry stores no series: anything else is answered by 422.",
      parameters: [.query("query", .text, "An expression, such as `1+1`.")],
      body: .json(
        .object(
          "Prometheus's answer to a query.",
          [
            Property("status", .constant("success"), "Prometheus's word that it went well."),
            Property(
              "data",
              .object(
                "A scalar.",
                [
                  Property("resultType", .constant("scalar"), "What the result is."),
                  Property("result", .list(of: Schema([])), "The time in seconds, and the value as text."),
                ]), "The answer."),
          ])), refusals: [.notUnderstood], errors: .prometheus)
  }

  private static func health(_ path: String, _ id: String, _ errors: APIOperation.ErrorShape) -> APIOperation {
    APIOperation(
      path: path, id: id, tag: .dialects, summary: "Whether the process answers",
      body: .text(.text, "A line."), errors: errors)
  }

  private static func alertmanager(
    _ path: String, _ id: String, _ summary: String, _ parameters: [APIParameter], _ body: Schema,
    _ refusals: [APIOperation.Refusal] = []
  ) -> APIOperation {
    APIOperation(
      path: "/alertmanager/api/v2/" + path, id: id, tag: .dialects, summary: summary, parameters: parameters,
      body: .json(body), refusals: refusals, errors: .alertmanager)
  }

  private static var alertmanagerOperations: [APIOperation] {
    let flags = { (names: [String]) in
      names.map { APIParameter.query($0, .text, "Whether to show these; yes unless given, no for `false`.") }
    }
    let filter = APIParameter.query(
      "filter", .list(of: .text(format: "belfry-matchers")), "A matcher or a list; all must match.")
    let receiver = APIParameter.query(
      "receiver", .text(format: "belfry-pattern"), "A pattern for the names of receivers, matched whole.")
    return [
      alertmanager(
        "alerts", "alertmanagerAlerts", "Firing alerts",
        flags(["active", "inhibited", "silenced", "unprocessed"]) + [filter, receiver],
        .list(of: .named("AlertmanagerAlert"))),
      alertmanager(
        "alerts/groups", "alertmanagerGroups", "Firing alerts as they are told",
        flags(["active", "inhibited", "muted", "silenced"]) + [filter, receiver],
        .list(of: .named("AlertmanagerGroup"))),
      alertmanager(
        "silences", "alertmanagerSilences", "Silences", flags(["active", "expired", "pending"]) + [filter],
        .list(of: .named("AlertmanagerSilence"))),
      alertmanager(
        "silence/{id}", "alertmanagerSilence", "One silence",
        [
          .path(
            "id", Schema.text.with("format", "uuid"), "As the list of silences has it.",
            example: "0f0f0f0f-0f0f-5f0f-8f0f-0f0f0f0f0f0f")
        ], .named("AlertmanagerSilence"), [.notFound]),
      alertmanager("receivers", "alertmanagerReceivers", "Channels", [], .list(of: .named("AlertmanagerReceiver"))),
      alertmanager("status", "alertmanagerStatus", "The routes as a configuration", [], .named("AlertmanagerStatus")),
      APIOperation(
        path: "/alertmanager/metrics", id: "alertmanagerMetrics", tag: .dialects,
        summary: "The version that is spoken, and how many alerts there are",
        body: .text(.metrics, "Prometheus's text format 0.0.4."), errors: .alertmanager),
      health("/alertmanager/-/healthy", "alertmanagerHealthy", .alertmanager),
      health("/alertmanager/-/ready", "alertmanagerReady", .alertmanager),
    ]
  }
}

extension APIOperation {
  /// The same of one tenant.
  fileprivate var ofTenant: APIOperation {
    APIOperation(
      path: "/tenants/{tenant}" + path, id: id + "OfTenant", tag: tag, summary: summary + ", of one tenant",
      description: description, parameters: [.path(tenant: "Its name.")] + parameters, body: body,
      refusals: refusals.filter { $0 != .notFound } + [.notFound], errors: errors)
  }
}
