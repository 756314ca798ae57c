import JSON
import Model

extension OpenAPIDocument {
  /// What is applied, one by one.
  static var resourceSchemas: [(name: String, schema: Schema)] {
    [
      ("ResourceSummary", .object("A resource that is live.", resourceSummary)),
      (
        "ResourceList",
        .object("A page of resources.", Property.list(of: "ResourceSummary", "In the order of scope, kind and name."))
      ),
      ("Resource", .object("A resource in full.", resourceSummary + resourceDetail)), ("SpecField", specField),
      ("Rule", .object("A rule, and how its last evaluation went.", rule)),
      ("Channel", .object("A channel, and what it does right now.", channel)),
    ]
  }

  private static var resourceSummary: [Property] {
    [
      Property("id", .text, "As `/api/v1/resource?id=` takes it; means nothing to its reader."),
      Property("kind", .words(of: Kind.self), "What it is."),
      Property("name", .text, "Its name, unique by kind within its scope."),
    ] + Property.scope + [
      Property("origin", .origin, "Where it stands."),
      Property("digest", .text, "Over its meaning."),
      Property("revision", .revision, "The revision that it was applied with."),
      Property("appliedAt", .time, "When it came to be live."),
      Property("sync", .named("SyncStanding"), "How it stands towards the repository."),
      Property("health", .named("HealthStanding"), "Whether it works."),
      Property("ruleCount", Schema.count.orNull, "Of a `RuleGroup`: how many rules it has.", always: false),
      Property("alerts", Schema.named("AlertCounts").orNull, "Of a `RuleGroup`: its alerts.", always: false),
    ]
  }

  private static var resourceDetail: [Property] {
    [
      Property("fields", .list(of: .named("SpecField")), "The effective spec, in order."),
      Property("rules", .list(of: .named("Rule")), "Of a `RuleGroup`: its rules, in order.", always: false),
      Property("channel", Schema.named("Channel").orNull, "Of a `Channel`: what it does.", always: false),
      Property("silence", Schema.named("Silence").orNull, "Of a `Silence`: how it stands.", always: false),
    ]
  }

  private static var specField: Schema {
    .object(
      "A field of an effective spec.",
      [
        Property("path", .text, "Its place, with dots."),
        Property(
          "value", .text,
          "Its value as text; secrets stand as references, URLs without user information and query."),
      ])
  }

  /// A rule without whose it is.
  static var rule: [Property] {
    [
      Property("type", .words(["alerting", "recording"]), "What it makes."),
      Property("name", .text, "Its `alert` or `record` name."), Property("query", .text, "Its expression."),
      Property("for", .text, "How long the condition must hold, as in rules: `5m`."),
      Property("keepFiringFor", .text, "How long it fires on after the condition ended."),
      Property("labels", .labels, "What it adds."), Property("annotations", .labels, "As templates."),
      Property("dataSource", Schema.text.orNull, "The name of the source that it asks."),
      Property("enabled", .flag, "Whether it is evaluated."), Property("origin", .origin, "Where it stands."),
      Property("health", .named("HealthStanding"), "Whether its evaluations bring answers."),
      Property(
        "state", .words(["inactive", "pending", "firing", "resolved"]),
        "The most urgent state of its alerts; `inactive` while it has none."),
      Property("alerts", .named("AlertCounts"), "Its live alerts."),
      Property("lastEvaluationAt", Schema.time.orNull, "When it was evaluated last."),
      Property("lastEvaluationMs", Schema.count.orNull, "How long that took, in milliseconds."),
      Property("lastError", Schema.text.orNull, "Why the last evaluation brought no answer."),
    ]
  }

  /// A channel without its deliveries.
  static var channel: [Property] {
    [
      Property("id", .text, "As `/api/v1/resource?id=` takes it."), Property("name", .text, "Its name."),
      Property("scope", .text, "Whose it is."),
      Property("type", .text, "The destination's word in specs: `webhook`, `email`, `slack`, …"),
      Property("health", .named("HealthStanding"), "Whether messages arrive."),
      Property("queued", .count, "Messages that wait to be sent."),
      Property("lastDeliveredAt", Schema.time.orNull, "When a message last arrived."),
      Property("lastFailedAt", Schema.time.orNull, "When an attempt last failed."),
      Property("lastError", Schema.text.orNull, "That failure in a line, without secrets."),
    ]
  }
}
