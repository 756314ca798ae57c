import JSON
import Model

extension OpenAPIDocument {
  /// The platform, tenants and projects.
  static var scopeSchemas: [(name: String, schema: Schema)] {
    [
      ("ScopeStanding", .object("How a scope stands, without its counts.", scopeStanding)),
      (
        "ProjectSummary", .object("A project in a list.", scopeSummary)
      ),
      (
        "TenantSummary",
        .object(
          "A tenant in a list.",
          scopeSummary + [Property("projects", .list(of: .named("ProjectSummary")), "Its projects, by name.")])
      ),
      (
        "TenantList",
        .object("Every tenant.", [Property("items", .list(of: .named("TenantSummary")), "Ascending by name.")])
      ),
      ("Project", .object("A project or the platform in full.", scopeSummary + scopeDetail)),
      (
        "Tenant",
        .object(
          "A tenant in full.",
          scopeSummary + [Property("projects", .list(of: .named("ProjectSummary")), "Its projects, by name.")]
            + scopeDetail)
      ),
      ("Diagnostic", diagnostic), ("DiagnosticNote", note), ("Range", range), ("Position", position),
    ]
  }

  private static var scopeStanding: [Property] {
    [Property("name", .text, "The tenant's or project's own name, or `platform`.")] + Property.scope + [
      Property("path", .text, "Its folder, from the root of the specs."),
      Property(
        "revision",
        .object(
          "",
          [
            Property("desired", Schema.revision.orNull, "The newest revision seen."),
            Property("applied", Schema.revision.orNull, "The last good one, which is live."),
            Property("lastGoodAt", Schema.time.orNull, "When it came to be live."),
          ]), "Which revisions stand where."),
      Property("sync", .named("SyncStanding"), "How it stands towards the repository."),
      Property("health", .named("HealthStanding"), "Whether what is live works."),
    ]
  }

  private static var scopeSummary: [Property] {
    scopeStanding + [
      Property("displayName", Schema.text.orNull, "Its name for people."),
      Property("owner", Schema.text.orNull, "Who looks after it."),
      Property("notify", .words(["send", "observe", "none"]), "Whether its alerts are told."),
      Property("planDigest", Schema.text.orNull, "Over what the last plan that changed it did."),
      Property("counts", .named("ResourceCounts"), "How much it is made of."),
      Property("alerts", .named("AlertCounts"), "Its live alerts."),
    ]
  }

  private static var scopeDetail: [Property] {
    [
      Property("conditions", .list(of: .named("Condition")), "Statements about it."),
      Property(
        "diagnostics", .list(of: .named("Diagnostic")), "What was found in the revision last attempted, by place."),
    ]
  }

  private static var diagnostic: Schema {
    .object(
      "Something found in a spec.",
      [
        Property("code", .text, "A word for it, such as `unknown-channel`; docs/diagnostics.md has each."),
        Property("severity", .words(["warning", "error"]), "Whether it holds the scope."),
        Property("message", .text, "What was found."), Property("fix", Schema.text.orNull, "What to write."),
        Property("file", .text, "Where, from the root of the specs."),
        Property("range", .named("Range"), "Where in the file."),
        Property("notes", .list(of: .named("DiagnosticNote")), "More to know."),
        Property("introducedBy", Schema.sha.orNull, "The commit that brought it."),
        Property("author", Schema.person.orNull, "That commit's author."),
      ])
  }

  private static var note: Schema {
    .object(
      "A remark on a finding.",
      [
        Property("message", .text, "The remark."),
        Property("file", .text, "A place that it is about.", always: false),
        Property("range", .named("Range"), "Where in that file.", always: false),
      ])
  }

  private static var range: Schema {
    .object(
      "A stretch of a file.",
      [
        Property("start", .named("Position"), "Where it begins."),
        Property("end", .named("Position"), "Where it has ended."),
      ])
  }

  private static var position: Schema {
    .object(
      "A place in a file.",
      [
        Property("line", .position, "The line."), Property("column", .position, "The column, in characters."),
      ])
  }
}
