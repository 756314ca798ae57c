extension SpecSchema {
  private static let groupFields = [
    SchemaField("interval", .duration(allowsZero: true), "how often the group is evaluated"),
    SchemaField("query_offset", .duration(allowsZero: true), "how far in the past queries look"),
    SchemaField("limit", .integer(0...Int.max), "the most alerts of one rule, or series of a recording rule"),
    SchemaField("labels", .texts, "laid under each rule's labels"),
  ]

  private static let ruleFields = [
    SchemaField("alert", .word, "the name of the alert"),
    SchemaField("record", .word, "the name of the recorded series"),
    .required("expr", .word, "the condition, or what is recorded"),
    SchemaField("for", .duration(allowsZero: true), "how long the condition must hold before the alert fires"),
    SchemaField(
      "keep_firing_for", .duration(allowsZero: true),
      "how long an alert goes on firing after the condition has ended"),
    SchemaField("labels", .texts, "the alert's labels; texts for a recording rule"),
    SchemaField("annotations", .texts, "what the message says"),
  ]

  static let plainRule = SchemaObject("A rule.", ruleFields, rules: [.oneOf(["alert", "record"])])

  static let plainGroup = SchemaObject(
    "A group of rules, evaluated one after the other.",
    [.required("name", .word, "unique in the file")] + groupFields + [
      SchemaField("rules", .list(.shared("rule")), "the rules")
    ])

  static let ruleGroup = SchemaObject(
    "A group of rules, with what Belfry adds to Prometheus's fields.",
    groupFields + [
      SchemaField("data_source", .name, "where the group's rules are evaluated"),
      SchemaField("rules", .list(.object(rule)), "the rules"),
    ])

  private static let rule = SchemaObject(
    "A rule.",
    ruleFields + [
      SchemaField("data_source", .name, "where this rule is evaluated"),
      SchemaField("enabled", .boolean, "`false` keeps the rule and doesn't evaluate it"),
      SchemaField("channels", .names, "where this rule's alerts go, whatever the route says"),
      SchemaField("repeat_interval", .duration(allowsZero: false), "after which a firing alert is told again"),
      SchemaField("cooldown", .duration(allowsZero: false), "no new notification for the rule until it has passed"),
      SchemaField(
        "max_per_day", .integer(1...1_000_000),
        "the most notifications in a calendar day of the nearest scope's `timezone`; never counts for alerts whose "
          + "severity has the level critical"),
    ],
    rules: [
      .oneOf(["alert", "record"]),
      .excludes(
        "record",
        ["for", "keep_firing_for", "annotations", "channels", "repeat_interval", "cooldown", "max_per_day"]),
    ])
}
