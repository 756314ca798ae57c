import JSON
import Model

extension OpenAPIDocument {
  /// What several documents are made of.
  static var sharedSchemas: [(name: String, schema: Schema)] {
    [
      ("Error", error), ("Reference", reference), ("Origin", origin), ("LastChange", lastChange),
      ("SyncStanding", .object("How something stands towards the repository.", syncStanding)),
      ("HealthStanding", healthStanding), ("AlertCounts", alertCounts),
      ("ResourceCounts", .object("How much a scope is made of.", resourceCounts)), ("Condition", condition),
      ("Commit", commit), ("Version", version),
    ]
  }

  private static var error: Schema {
    .object(
      "Why a request got no answer.",
      [
        Property(
          "error",
          .object(
            "",
            [
              Property("code", .text, "A word for programs, such as `bad-request`."),
              Property("message", .text, "A line for people: what was found, and what is accepted."),
            ]),
          "The reason.")
      ])
  }

  private static var reference: Schema {
    .object(
      "Names a resource.",
      [
        Property("id", .text, "As `/api/v1/resource?id=` takes it; means nothing to its reader."),
        Property("name", .text, "Its name, unique by kind within its scope."),
        Property("scope", .text, "Whose it is: `platform`, `shop` or `shop/checkout`."),
      ])
  }

  static var originMembers: [Property] {
    [
      Property("file", .text, "Its file, from the root of the specs; empty for Belfry's own alerts."),
      Property("line", .count, "Where it begins, from 1; 0 for Belfry's own alerts."),
      Property("lastChange", .named("LastChange"), "The last commit that changed it in meaning."),
    ]
  }

  private static var origin: Schema { .object("Where something stands in the repository.", originMembers) }

  private static var lastChange: Schema {
    .object(
      "A change in meaning.",
      [
        Property("commit", Schema.sha.orNull, "The commit."),
        Property("author", Schema.person.orNull, "Its author, `Ana <ana@example.com>`."),
        Property("committedAt", Schema.time.orNull, "When it was committed."),
        Property("pullRequest", Schema.text.orNull, "The request that it came by, where a merge names one: `#412`."),
        Property("pullRequestUrl", Schema.text.orNull, "That request's page, where the forge is known."),
      ])
  }

  static var syncStanding: [Property] {
    [
      Property("status", .words(of: SyncStatus.self), "How it stands."),
      Property("reason", Schema.words(of: HeldReason.self).orNull, "Why it is held."),
      Property("message", Schema.text.orNull, "A line for people."),
      Property("since", Schema.time.orNull, "Since when it stands so."),
    ]
  }

  private static var healthStanding: Schema {
    .object(
      "Whether what is live works.",
      [
        Property("status", .words(of: HealthStatus.self), "Whether it does."),
        Property("message", Schema.text.orNull, "A line for people about what doesn't work."),
        Property("since", Schema.time.orNull, "Since when."),
      ])
  }

  private static var alertCounts: Schema {
    .object(
      "How many live alerts there are.",
      [
        Property("firing", .count, "Those that fire."),
        Property("pending", .count, "Those whose condition holds, not yet for long enough."),
        Property("unrouted", .count, "Firing ones that no route takes."),
        Property("silenced", .count, "Those that a silence mutes."),
        Property("inhibited", .count, "Those that another alert mutes."),
      ])
  }

  static var resourceCounts: [Property] {
    [
      Property("ruleGroups", .count, "Rule groups."), Property("rules", .count, "Rules."),
      Property("routes", .count, "Route trees."), Property("channels", .count, "Channels."),
      Property("silences", .count, "Silences."), Property("dataSources", .count, "Data sources."),
      Property("errors", .count, "Errors in the revision last attempted."),
      Property("warnings", .count, "Warnings in the revision last attempted."),
    ]
  }

  private static var condition: Schema {
    .object(
      "A statement that is true, false or unknown, as Kubernetes writes conditions.",
      [
        Property("type", .text, "What it is about: `Ready`, `SourceReachable`, `LedgerWritable`, …"),
        Property("status", .words(["True", "False", "Unknown"]), "Whether it holds."),
        Property("reason", .text, "One word in CamelCase."), Property("message", .text, "A line for people."),
        Property("lastTransitionTime", .time, "Since when it stands so."),
      ])
  }

  private static var commit: Schema {
    .object(
      "What a commit says of itself.",
      [
        Property("sha", .sha, "Its name."), Property("author", .person, "Who wrote the change."),
        Property("committer", .person, "Who made the commit; a forge where it merged."),
        Property("subject", .text, "The first line of its message."),
        Property("authoredAt", .time, "When the change was written."),
        Property("committedAt", .time, "When the commit was made."),
      ])
  }

  private static var version: Schema {
    .object(
      "What was built.",
      [
        Property("version", .text, "The release."),
        Property("commit", Schema.text.orNull, "The commit that it was built from, where known."),
      ])
  }
}
