import JSON

extension OpenAPIDocument {
  /// One alert, from its rule to what was sent.
  static var explanationSchemas: [(name: String, schema: Schema)] {
    [
      ("AlertExplanation", explanation), ("RouteStep", routeStep), ("NotificationGroup", notificationGroup),
      ("Inhibition", inhibition),
    ]
  }

  private static var explanation: Schema {
    .object(
      "One alert explained.",
      [
        Property("alert", .named("Alert"), "The alert."),
        Property("rule", Schema.named("Rule").orNull, "Its rule; `null` when that is no longer there."),
        Property("route", .list(of: .named("RouteStep")), "The routes walked, from the root on."),
        Property("groups", .list(of: .named("NotificationGroup")), "The groups in which it is told."),
        Property("silences", .list(of: .named("Silence")), "Those that match, whatever their state."),
        Property("inhibitions", .list(of: .named("Inhibition")), "What keeps it quiet for another alert."),
        Property("transitions", .list(of: .named("Transition")), "Newest first."),
        Property("deliveries", .list(of: .named("Delivery")), "Newest first."),
      ])
  }

  private static var routeStep: Schema {
    .object(
      "A node of a route tree that an alert came by.",
      [
        Property("owner", .text, "The scope whose tree it is."), Property("depth", .count, "0 for the root."),
        Property("matchers", .list(of: .text), "What it asks for."),
        Property("matches", .flag, "Whether the alert has it."),
        Property("continue", .flag, "Whether the walk goes on behind it."),
        Property("channels", .list(of: .reference), "Where it sends to, where the walk ended."),
        Property("origin", Schema.origin.orNull, "Where it stands."),
      ])
  }

  private static var notificationGroup: Schema {
    .object(
      "The group that an alert is told in, on one channel.",
      [
        Property("groupKey", .text, "Its key."), Property("channel", .reference, "Where it is told."),
        Property("labels", .labels, "The labels that its alerts share."),
        Property("alerts", .count, "How many it has."), Property("lastSentAt", Schema.time.orNull, "When it was told."),
        Property("nextFlushAt", Schema.time.orNull, "When it is told next, if there is anything to tell."),
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
}
