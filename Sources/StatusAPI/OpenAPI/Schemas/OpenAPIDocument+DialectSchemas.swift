import JSON

extension OpenAPIDocument {
  /// Alerts, rules and silences in other systems' words.
  static var dialectSchemas: [(name: String, schema: Schema)] {
    [
      ("PrometheusAlert", prometheusAlert),
      (
        "PrometheusAlerts",
        .object(
          "Live alerts for Prometheus's clients.",
          [Property("alerts", .list(of: .named("PrometheusAlert")), "Pending and firing ones.")])
      ),
      ("PrometheusRules", prometheusRules), ("PrometheusGroup", prometheusGroup), ("PrometheusRule", prometheusRule),
      ("PrometheusRuntime", prometheusRuntime), ("BuildInfo", buildInfo), ("PrometheusError", prometheusError),
      ("AlertmanagerAlert", alertmanagerAlert), ("AlertmanagerReceiver", receiver), ("AlertmanagerGroup", group),
      ("AlertmanagerSilence", silence), ("AlertmanagerMatcher", matcher), ("AlertmanagerStatus", status),
    ]
  }

  private static var prometheusAlert: Schema {
    .object(
      "A live alert for Prometheus's clients.",
      [
        Property("labels", .labels, "Its labels."), Property("annotations", .labels, "Its annotations."),
        Property("state", .words(["pending", "firing"]), "Its state."),
        Property("activeAt", .time, "Since when the condition has held."),
        Property("keepFiringSince", .time, "Since when it fires only by `keep_firing_for`.", always: false),
        Property("value", .text, "The value, as Go writes it with an exponent."),
      ])
  }

  private static var prometheusRules: Schema {
    .object(
      "Rule groups for Prometheus's clients.",
      [
        Property("groups", .list(of: .named("PrometheusGroup")), "In the order of file and name."),
        Property("groupNextToken", .text, "Brings the next page.", always: false),
      ])
  }

  private static var prometheusGroup: Schema {
    .object(
      "A rule group for Prometheus's clients.",
      [
        Property("name", .text, "Its name."), Property("file", .text, "Its file."),
        Property("rules", .list(of: .named("PrometheusRule")), "In their order."),
        Property("interval", .number, "How often it is evaluated, in seconds."),
        Property("limit", .count, "How many alerts a rule may have; 0 for no limit."),
        Property("evaluationTime", .number, "What the last evaluation took, in seconds."),
        Property("lastEvaluation", .time, "When that was; the year 1 for never."),
      ])
  }

  private static var prometheusRule: Schema {
    .object(
      "A rule for Prometheus's clients.",
      [
        Property("state", .words(["inactive", "pending", "firing"]), "Of its alerts.", always: false),
        Property("name", .text, "Its name."), Property("query", .text, "Its expression."),
        Property("duration", .number, "`for`, in seconds.", always: false),
        Property("keepFiringFor", .number, "`keep_firing_for`, in seconds.", always: false),
        Property("labels", .labels, "What it adds.", always: false),
        Property("annotations", .labels, "As templates.", always: false),
        Property(
          "alerts", Schema.list(of: .named("PrometheusAlert")).orNull, "Live ones; `null` where they aren't asked for.",
          always: false),
        Property("health", .words(["ok", "err", "unknown"]), "How the last evaluation went."),
        Property("lastError", .text, "Why it brought no answer.", always: false),
        Property("evaluationTime", .number, "What it took, in seconds."),
        Property("lastEvaluation", .time, "When that was; the year 1 for never."),
        Property("type", .words(["alerting", "recording"]), "What it makes."),
      ])
  }

  private static var prometheusRuntime: Schema {
    .object(
      "The process for Prometheus's clients.",
      [
        Property("startTime", .time, "When it began."),
        Property("reloadConfigSuccess", .flag, "Always so: a bad revision leaves what was good."),
        Property("corruptionCount", .count, "Always 0."), Property("storageRetention", .text, "Always `0s`."),
      ])
  }

  private static var buildInfo: Schema {
    .object(
      "A version for other systems' clients.",
      [
        Property("version", .text, "The version whose API is spoken."),
        Property("revision", .text, "What really answers."), Property("branch", .text, "Always `belfry`."),
        Property("buildDate", .text, "Empty here."), Property("buildUser", .text, "Empty here."),
        Property("goVersion", .text, "Empty here."),
      ])
  }

  private static var prometheusError: Schema {
    .object(
      "Why a request got no answer, for Prometheus's clients.",
      [
        Property("status", .constant("error"), "Prometheus's word for it."),
        Property("errorType", .text, "`bad_data`, `not_found`, `execution` or `unavailable`."),
        Property("error", .text, "A line for people."),
      ])
  }

  private static var alertmanagerAlert: Schema {
    .object(
      "A firing alert for Alertmanager's clients.",
      [
        Property("annotations", .labels, "Its annotations."), Property("fingerprint", .fingerprint, "Of its labels."),
        Property("receivers", .list(of: .named("AlertmanagerReceiver")), "Where its routes lead."),
        Property("startsAt", .time, "Since when it has fired."),
        Property("endsAt", .time, "Until when it is promised to: some minutes from now."),
        Property("updatedAt", .time, "When it last changed."),
        Property(
          "status",
          .object(
            "",
            [
              Property("inhibitedBy", .list(of: .text), "Fingerprints of what inhibits it."),
              Property("mutedBy", .list(of: .text), "Time intervals that mute it."),
              Property("silencedBy", .list(of: .text), "Ids of the silences in force."),
              Property("state", .words(["active", "suppressed"]), "Whether it is told."),
            ]), "Whether something mutes it."),
        Property("generatorURL", .text, "The expression at its data source.", always: false),
        Property("labels", .labels, "Its labels."),
      ])
  }

  private static var receiver: Schema {
    .object("A channel for Alertmanager's clients.", [Property("name", .text, "`shop/oncall`, with its scope.")])
  }

  private static var group: Schema {
    .object(
      "A group for Alertmanager's clients.",
      [
        Property("alerts", .list(of: .named("AlertmanagerAlert")), "Its alerts."),
        Property("labels", .labels, "What they share."),
        Property("receiver", .named("AlertmanagerReceiver"), "Where it is told."),
      ])
  }

  private static var silence: Schema {
    .object(
      "A silence for Alertmanager's clients.",
      [
        Property("id", .text(format: "uuid"), "Made of its name."),
        Property(
          "status", .object("", [Property("state", .words(["pending", "active", "expired"]), "Where it stands.")]),
          "Where the silence stands."), Property("updatedAt", .time, "When it last changed."),
        Property("comment", .text, "Why."), Property("createdBy", .text, "By whom."),
        Property("startsAt", .time, "When it begins."), Property("endsAt", .time, "When it ends."),
        Property("matchers", .list(of: .named("AlertmanagerMatcher")), "All must match."),
      ])
  }

  private static var matcher: Schema {
    .object(
      "A matcher for Alertmanager's clients.",
      [
        Property("isEqual", .flag, "`=` or `=~`."), Property("isRegex", .flag, "`=~` or `!~`."),
        Property("name", .text, "The label."), Property("value", .text, "The value or pattern."),
      ])
  }

  private static var status: Schema {
    .object(
      "The process and its routes for Alertmanager's clients.",
      [
        Property(
          "cluster",
          .object(
            "",
            [
              Property("peers", .list(of: .text), "Always empty."),
              Property("status", .constant("disabled"), "There is no cluster."),
            ]), "No cluster of Alertmanagers."),
        Property(
          "config", .object("", [Property("original", .text, "In YAML, without secrets.")]),
          "The routes as a configuration of Alertmanager."),
        Property("uptime", .time, "When the process began."),
        Property("versionInfo", .named("BuildInfo"), "The version that is spoken."),
      ])
  }
}
