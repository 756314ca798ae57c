import JSON

extension OpenAPIDocument {
  /// What happened since somebody looked last.
  static var changeSchemas: [(name: String, schema: Schema)] {
    [("ChangeReport", changes), ("HealthChange", healthChange)]
  }

  private static var changes: Schema {
    func alerts(_ name: String, _ item: String, _ description: String) -> Property {
      Property(
        name,
        .object(
          "",
          [
            Property("count", .count, "How many."),
            Property("severities", .list(of: .named("SeverityCount")), "By severity, most first."),
            Property("items", .list(of: .named(item)), "The first 50, newest first."),
          ]), description)
    }
    func counted(_ name: String, _ item: String, _ description: String) -> Property {
      Property(
        name,
        .object(
          "",
          [
            Property("count", .count, "How many."),
            Property("items", .list(of: .named(item)), "The first 50, newest first."),
          ]), description)
    }
    return .object(
      "What happened since an instant.",
      [
        Property("since", .time, "From this time on."), Property("until", .time, "Now."),
        Property("truncated", .flag, "Whether more happened than one answer reads."),
        Property(
          "alerts",
          .object(
            "",
            [
              alerts("fired", "Transition", "Began to fire since."), alerts("resolved", "Transition", "Ended since."),
              alerts("stillFiring", "Alert", "Fire now, whenever they began."),
            ]), "Alerts that came, went and are there."),
        Property("channels", .list(of: .named("ChannelStatistics")), "Each channel that a try was made for."),
        counted("syncs", "SyncSummary", "Syncs since then."), counted("specs", "AuditRow", "What changed in specs."),
        Property(
          "silences",
          .object(
            "",
            [
              Property("begun", .list(of: .named("Silence")), "Began since."),
              Property("ended", .list(of: .named("Silence")), "Ended since."),
              Property("endingSoon", .list(of: .named("Silence")), "In force, and at an end within 24 hours."),
            ]), "Silences that came, went and will go."),
        Property("health", .list(of: .named("HealthChange")), "What had trouble or was rid of it, newest first."),
      ])
  }

  private static var healthChange: Schema {
    .object(
      "Something that Belfry depends on and that stopped working, or works again.",
      [Property("at", .time, "When.")] + Property.scope + [
        Property("alert", .text, "The built-in alert that tells of it, such as `BelfryDataSourceDown`."),
        Property("name", Schema.text.orNull, "What it is about: a data source, a channel or a group."),
        Property("recovered", .flag, "Whether it works again."),
        Property("message", Schema.text.orNull, "A line for people."),
      ])
  }
}
