import JSON
import Model

extension OpenAPIDocument {
  /// Alerts, and what the notifier makes of them.
  static var alertSchemas: [(name: String, schema: Schema)] {
    [
      ("Alert", .object("A live alert.", alertFacts + alertSurroundings)),
      ("AlertState", .object("An alert as it was at one moment.", alertFacts)),
      ("AlertRule", .object("The rule that an alert is of.", alertRule)),
      ("AlertList", .object("A page of alerts.", Property.list(of: "Alert", "Ascending by fingerprint."))),
      ("Group", group), ("GroupMember", groupMember),
      ("GroupList", .object("A page of groups.", Property.list(of: "Group", "Ascending by owner and key."))),
      ("Silence", silence),
      ("SilenceList", .object("A page of silences.", Property.list(of: "Silence", "In the order of scope and name."))),
    ]
  }

  private static var alertFacts: [Property] {
    [Property("fingerprint", .fingerprint, "A hash of the labels, as Alertmanager makes it.")] + Property.scope + [
      Property("state", .words(of: AlertState.self), "`resolved` only in records."),
      Property("labels", .labels, "Its labels, `alertname` among them."),
      Property("annotations", .labels, "Its annotations, filled in."),
      Property("value", .sample, "The sample's value at the last evaluation, as text."),
      Property("activeAt", .time, "Since when the condition has held."),
      Property("firedAt", Schema.time.orNull, "Since when it has fired."),
      Property("keepFiringSince", Schema.time.orNull, "Since when it fires only by `keep_firing_for`."),
      Property("resolvedAt", Schema.time.orNull, "When it ended."),
      Property("rule", .named("AlertRule"), "The rule that it is of."),
      Property("generatorUrl", Schema.text.orNull, "The expression at its data source."),
    ]
  }

  private static var alertRule: [Property] {
    [
      Property("name", .text, "The rule's `alert` name."),
      Property("group", .reference, "The group that has it."),
    ] + originMembers
  }

  private static var alertSurroundings: [Property] {
    [
      Property("silencedBy", .list(of: .text), "Ids of the silences in force."),
      Property(
        "inhibitedBy", .list(of: .fingerprint), "The alerts that inhibit it, as far as the reader may see them."),
      Property("mutedBy", .list(of: .text), "Time intervals that mute its routes now."),
      Property("channels", .list(of: .reference), "Where its routes lead."),
      Property("unrouted", .flag, "Whether it fires and no route takes it."),
    ]
  }

  private static var group: Schema {
    .object(
      "A group in which the notifier tells alerts.",
      [
        Property("owner", .text, "Whose routes made it: the tenant, or `platform`."),
        Property("key", .text, "The route's key and the labels that it groups by, as Alertmanager writes them."),
        Property("labels", .labels, "The labels that all its alerts share."),
        Property("route", .reference, "The route tree."),
        Property("channels", .list(of: .reference), "Where it is told."),
        Property("nextFlushAt", .time, "When it is told next, if there is anything to tell."),
        Property("alerts", .list(of: .named("GroupMember")), "Firing ones first."),
      ])
  }

  private static var groupMember: Schema {
    .object(
      "An alert of a group.",
      [Property("fingerprint", .fingerprint, "The alert's.")] + Property.scope + [
        Property("state", .words(of: AlertState.self), "Its state."),
        Property("muted", .flag, "Whether a silence, an inhibition or a time interval keeps it from being told now."),
        Property("labels", .labels, "Its labels."),
      ])
  }

  private static var silence: Schema {
    .object(
      "A silence, whether or not git has it.",
      [
        Property("id", .text, "What alerts name it by in `silencedBy`."), Property("name", .text, "Its name."),
      ] + Property.scope + [
        Property("state", .words(["pending", "active", "expired"]), "Where it stands, in Alertmanager's words."),
        Property("matchers", .list(of: .text), "All must accept an alert's labels."),
        Property("startsAt", .time, "When it begins."), Property("endsAt", .time, "When it ends."),
        Property("timeInterval", Schema.text.orNull, "The time interval to which it is confined."),
        Property("untilResolved", .flag, "Whether it mutes only what fires at its start, until that resolves."),
        Property("comment", .text, "Why."),
        Property("createdBy", .person, "A commit's author, or the local user of an emergency silence."),
        Property("runtimeOnly", .flag, "Whether it stands in no commit."),
        Property("origin", Schema.origin.orNull, "Where it stands in git."),
      ])
  }
}
