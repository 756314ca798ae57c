import JSON

extension OpenAPIDocument {
  /// One alert, from its rule to what was sent.
  static var explanationSchemas: [(name: String, schema: Schema)] {
    [
      ("AlertExplanation", explanation), ("Threshold", threshold), ("RouteStep", routeStep),
      ("RouteSettings", routeSettings), ("NotificationGroup", notificationGroup), ("Inhibition", inhibition),
      ("NextStep", nextStep),
    ]
  }

  private static var explanation: Schema {
    .object(
      "One alert explained.",
      [
        Property("alert", .named("Alert"), "The alert."),
        Property("rule", Schema.named("Rule").orNull, "Its rule; `null` when that is no longer there."),
        Property(
          "threshold", Schema.named("Threshold").orNull,
          "What its value is compared with; `null` where the expression is no comparison with a number."),
        Property("route", .list(of: .named("RouteStep")), "The routes walked, from the root on."),
        Property("routesLeftOut", .count, "How many routes that didn't match are left out of `route`."),
        Property("groups", .list(of: .named("NotificationGroup")), "The groups in which it is told."),
        Property("silences", .list(of: .named("Silence")), "Those that match, whatever their state."),
        Property("inhibitions", .list(of: .named("Inhibition")), "What keeps it quiet for another alert."),
        Property("next", .list(of: .named("NextStep")), "What happens next, soonest first."),
        Property("transitions", .list(of: .named("Transition")), "Newest first."),
        Property("deliveries", .list(of: .named("Delivery")), "Newest first."),
      ])
  }

  private static var threshold: Schema {
    .object(
      "The comparison that makes an alert.",
      [
        Property("comparison", .text, "As PromQL writes it: `>`, `<=`, `==`, …"),
        Property("limit", .sample, "The number, as text."),
        Property("query", .text, "The side that is measured, as PromQL."),
      ])
  }

  private static var routeStep: Schema {
    .object(
      "A node of a route tree that an alert came by.",
      [
        Property("owner", .text, "The scope whose tree it is."),
        Property("route", Schema.reference.orNull, "The route tree; `null` for a joining root that no file has."),
        Property("depth", .count, "0 for the root."),
        Property("path", .list(of: .count), "Which children lead here from the root; counts from 0."),
        Property("matchers", .list(of: .text), "What it asks for."),
        Property("matches", .flag, "Whether the alert has it."),
        Property(
          "outcome", .words(["taken", "passed", "refused", "not-reached"]),
          "Told here; passed to a child; refused by a matcher; or behind a sibling that took it."),
        Property(
          "refusedBy",
          Schema.object(
            "",
            [
              Property("matcher", .text, "The first matcher that doesn't accept the alert."),
              Property("label", .text, "The label that it asks for."),
              Property("value", .text, "That label's value; empty where the alert has none."),
            ]
          ).orNull, "Why it was refused."),
        Property("continue", .flag, "Whether the walk goes on behind it."),
        Property("channels", .list(of: .reference), "Where it sends to, where the walk ended."),
        Property("settings", Schema.named("RouteSettings").orNull, "How it groups and when it tells, where it ended."),
        Property("origin", Schema.origin.orNull, "Where it stands."),
      ])
  }

  private static var routeSettings: Schema {
    func setting(_ name: String, _ value: Schema, _ description: String) -> Property {
      Property(
        name,
        .object(
          "",
          [
            Property("value", value, "The value in force."),
            Property("depth", Schema.count.orNull, "The depth of the node that says it; `null` where none does."),
          ]), description)
    }
    return .object(
      "How a node groups and when it tells.",
      [
        setting("groupBy", .list(of: .text), "Label names; `...` for every label."),
        setting("groupWait", .text, "How long a new group waits."),
        setting("groupInterval", .text, "How long it waits before it tells of changes."),
        setting("repeatInterval", .text, "After how long it tells again."),
      ])
  }

  private static var notificationGroup: Schema {
    .object(
      "The group that an alert is told in, on one channel.",
      [
        Property("groupKey", .text, "Its key."), Property("channel", .reference, "Where it is told."),
        Property("labels", .labels, "The labels that its alerts share."),
        Property("alerts", .count, "How many it has, as far as the reader may see them."),
        Property("lastSentAt", Schema.time.orNull, "When it was told."),
        Property("nextFlushAt", Schema.time.orNull, "When it is told next, if there is anything to tell."),
        Property("told", .flag, "Whether the last message here told this alert as firing."),
        Property("underWay", .flag, "Whether a message is on its way."),
        Property("muted", .flag, "Whether something keeps the alert from being told now."),
        Property("mutedBy", .list(of: .reference), "The route's time intervals that mute it now."),
        Property(
          "hold",
          Schema.object(
            "",
            [
              Property("reason", .text, "`cooldown`, `max_per_day` or `notifications_per_hour`."),
              Property("until", .time, "When it is told."),
            ]
          ).orNull, "What else keeps it back."),
      ])
  }

  private static var inhibition: Schema {
    .object(
      "An alert that keeps another quiet.",
      [
        Property("rule", .reference, "The inhibition rule."),
        Property("source", Schema.fingerprint.orNull, "The alert, as far as the reader may see it."),
      ])
  }

  private static var nextStep: Schema {
    .object(
      "Something that will happen to an alert, or that waits for something.",
      [
        Property("at", Schema.time.orNull, "When; `null` where it depends on something else than time."),
        Property("what", .words(of: NextStepView.Event.self), "What happens."),
        Property("why", .text, "Why, in a line."), Property("channel", Schema.reference.orNull, "The channel told."),
      ])
  }
}
