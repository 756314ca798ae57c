import JSON
import Model

extension OpenAPIDocument {
  /// Syncs, and what became of a commit.
  static var syncSchemas: [(name: String, schema: Schema)] {
    [
      ("SyncSummary", .object("A sync in a list.", syncSummary)),
      ("SyncList", .object("A page of syncs.", Property.list(of: "SyncSummary", "Newest first."))),
      ("Sync", .object("A sync in full.", syncSummary + syncDetail)), ("Revision", revision),
      ("RevisionStanding", revisionStanding),
    ]
  }

  private static var syncSummary: [Property] {
    [
      Property("id", .id, "Its number."), Property("trigger", .words(of: SyncTrigger.self), "What set it off."),
      Property("revision", .revision, "What was synced."),
      Property("commit", Schema.named("Commit").orNull, "Its commit, where it is known and may be seen."),
      Property("status", .words(of: SyncStatus.self), "How the whole stood afterwards."),
      Property("startedAt", .time, "Its begin."), Property("finishedAt", .time, "Its end."),
      Property("changes", .named("Changes"), "What it did."),
      Property("timingsMs", .named("Timings"), "What each stage took, in milliseconds."),
      Property("planDigest", Schema.text.orNull, "Over what it did."),
      Property("planMatch", Schema.flag.orNull, "Whether that is what was reviewed; `null` where nothing says."),
    ]
  }

  private static var syncDetail: [Property] {
    [
      Property("plan", Schema([]), "What it planned, by scope, as `belfry diff --format json` has it, or `null`."),
      Property("diagnostics", Schema([]), "What it found, by scope, or `null`."),
    ]
  }

  private static var revision: Schema {
    .object(
      "What became of a commit.",
      [
        Property("sha", .sha, "Its name."), Property("revision", .revision, "With the branch."),
        Property("commit", Schema.named("Commit").orNull, "What it says of itself, where that may be seen."),
        Property("seenAt", Schema.time.orNull, "When it was first seen."),
        Property("attemptedAt", Schema.time.orNull, "When it, or a later one, was tried."),
        Property("sync", Schema.id.orNull, "The sync that tried it."),
        Property("planDigest", Schema.text.orNull, "Over what that sync did."),
        Property("planMatch", Schema.flag.orNull, "Whether that is what was reviewed."),
        Property("appliedEverywhere", .flag, "Whether every visible scope has it, or a later one."),
        Property("supersededBy", Schema.revision.orNull, "The newest revision, when that is a later one."),
        Property("timingsMs", .named("Timings"), "What each stage of that sync took, in milliseconds."),
        Property("scopes", .list(of: .named("RevisionStanding")), "Each visible scope."),
      ])
  }

  private static var revisionStanding: Schema {
    .object(
      "How a commit stands in one scope.",
      Property.scope + [
        Property("applied", .flag, "Whether it, or a later one that contains it, is live."),
        Property("outcome", .words(of: RevisionView.Outcome.self), "What the scope did with it."),
        Property("appliedAt", Schema.time.orNull, "When what the scope has now came to be live."),
        Property("evaluatedAt", Schema.time.orNull, "When every rule group had been evaluated since."),
        Property("supersededBy", Schema.revision.orNull, "The later commit that the scope is at."),
        Property("planDigest", Schema.text.orNull, "Over what the plan did there."),
        Property("sync", .named("SyncStanding"), "How the scope stands."),
        Property("diagnostics", .list(of: .named("Diagnostic")), "The first five findings, errors first."),
      ])
  }
}
