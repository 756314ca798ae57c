import Model

extension SpecSchema {
  static let tenant = SchemaObject("What holds for all of a tenant's folder.", settingsFields)
  static let project = SchemaObject("What holds for all of a project's folder.", settingsFields)

  static let platform = SchemaObject(
    "What holds for everybody.",
    [
      SchemaField(
        "severities",
        .list(
          .either([
            .pattern(anyCase: "^(" + SeverityScale.standard.entries.map(\.name).joined(separator: "|") + ")$"),
            .object(
              SchemaObject(
                "A severity.",
                [
                  .required("name", .word, "the label's value"),
                  .required("level", .words(SeverityLevel.self), "how grave it is"),
                ])),
          ])), "the values of the label `severity` and what they mean")
    ] + settingsFields)

  private static let settingsFields = [
    SchemaField("display_name", .word, "the name in messages and pages"),
    SchemaField("external_labels", .texts, "added to every alert that doesn't have them"),
    SchemaField(
      "interval", .duration(allowsZero: false), "how often rule groups are evaluated that name no interval"),
    SchemaField("data_source", .name, "where rules are evaluated that name no source"),
    SchemaField("locale", .locale, "the language of messages"),
    SchemaField("timezone", .zone, "the zone in messages, and of calendar days"),
    SchemaField("limits", .object(limits), "bounds on what the scope may hold or cause"),
    SchemaField(
      "notify", .words(ScopeSettings.Notify.self),
      "`observe` evaluates and records what would be sent, and sends nothing; `none` does neither"),
    SchemaField("notify_until", .time, "when `notify` goes back to `send`"),
    SchemaField("sync", .words(ScopeSettings.Sync.self), "whether new commits are applied"),
    SchemaField("sync_until", .time, "when `sync` goes back to `auto`"),
  ]

  private static let limits = SchemaObject(
    "Bounds.",
    [
      SchemaField("rules", .integer(0...Int.max), "the most rules"),
      SchemaField("alerts_per_rule", .integer(1...Int.max), "the most alerts of one rule"),
      SchemaField("notifications_per_hour", .integer(1...Int.max), "the most notifications in an hour"),
    ])

  static let roleBinding = SchemaObject(
    "Who has a role in a scope.",
    [
      .required("role", .words(Role.self), "what they may do"),
      .required("subjects", .list(.object(subject), atLeast: 1), "who has it"),
    ])

  private static let subject = SchemaObject(
    "Somebody who has the role.",
    [
      SchemaField("user", .pattern("^[^@\\s]+@[^@\\s]+$"), "the author of commits, by address"),
      SchemaField(
        "signing_keys", .list(.either([signingKeyLine, .object(signingKey)]), distinct: true),
        "the keys that sign for this user, where commits must be signed"),
      SchemaField("group", .word, "a group that a reader's token names; it counts for reading only"),
    ], rules: [.oneOf(["user", "group"]), .excludes("group", ["signing_keys"])])

  private static let signingKeyLine = SchemaType.quoted("^(ssh-|ecdsa-|sk-)")

  private static let signingKey = SchemaObject(
    "A key that counts for a time, or no longer.",
    [
      .required("key", signingKeyLine, "the line of a public key file"),
      SchemaField("valid_from", .time, "signatures count from then on"),
      SchemaField("valid_until", .time, "signatures count until then"),
      SchemaField("revoked", .boolean, "no signature with it counts"),
    ])

  static let approval = SchemaObject(
    "A reviewed permission for what a guard refuses, with an end.",
    [
      .required("deletions", .integer(1...Int.max), "the most deletions in one sync of the scope"),
      .required("until", .time, "after this the guard refuses again"),
      SchemaField("scope", .pattern("^[a-z0-9-]+(/[a-z0-9-]+)?$"), "the only scope that it counts for"),
      SchemaField("reason", .word, "for the audit"),
    ])
}
