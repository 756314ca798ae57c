import JSON
import Model

extension OpenAPIDocument {
  /// The whole at a glance.
  static var statusSchemas: [(name: String, schema: Schema)] {
    [
      ("Status", status), ("Controller", controller), ("Source", source), ("Verification", verification),
      ("Rewrite", rewrite), ("LostCommit", lostCommit), ("Operation", operation), ("Changes", changes),
      ("Timings", timings), ("Guard", guardSchema), ("GuardFinding", guardFinding), ("GuardLoss", guardLoss),
      ("Approval", approval), ("Drift", drift), ("RuntimeOnly", runtimeOnly),
    ]
  }

  private static var status: Schema {
    .object(
      "The whole, as far as the reader may see.",
      [
        Property("schemaVersion", .text, "Of this API; fields may be added within a major version."),
        Property("generation", .count, "Grows whenever something that documents show has changed."),
        Property("observedAt", .time, "When this was true."),
        Property("controller", .named("Controller"), "The process that answers."),
        Property("source", .named("Source"), "The repository that is followed."),
        Property(
          "sync",
          .object(
            "", syncStanding + [Property("held", .list(of: .text), "The scopes that keep an older revision.")]),
          "How the whole stands towards the repository."),
        Property("health", .named("HealthStanding"), "Whether what is live works."),
        Property("operation", Schema.named("Operation").orNull, "The sync under way, or the last one."),
        Property("timingsMs", .named("Timings"), "What each stage of that sync took, in milliseconds."),
        Property("guard", .named("Guard"), "What keeps a revision from deleting too much."),
        Property("drift", .named("Drift"), "What is in force without standing in git."),
        Property(
          "counts",
          .object(
            "",
            [
              Property("tenants", .count, "Tenants."),
              Property("tenantsDegraded", .count, "Those that don't work whole."),
              Property("projects", .count, "Projects."), Property("suspended", .count, "Scopes whose sync is paused."),
            ] + resourceCounts), "How much there is."),
        Property("alerts", .named("AlertCounts"), "All live alerts."),
        Property("conditions", .list(of: .named("Condition")), "Statements about the whole."),
        Property("platform", Schema.named("ScopeStanding").orNull, "`null` for readers who may not see it."),
        Property("tenants", .list(of: .named("ScopeStanding")), "Ascending by name."),
      ])
  }

  private static var controller: Schema {
    .object(
      "A controller's process.",
      [
        Property("version", .text, "What was built."), Property("instance", .text, "The host's or pod's name."),
        Property("startedAt", .time, "When it began."), Property("uptimeSeconds", .count, "How long ago that was."),
      ])
  }

  private static var source: Schema {
    .object(
      "The repository.",
      [
        Property("url", .text, "Without user information and query."), Property("ref", .text, "What is followed."),
        Property("path", Schema.text.orNull, "The root of the specs within it."),
        Property(
          "revision",
          .object(
            "",
            [
              Property("desired", Schema.revision.orNull, "The newest one seen."),
              Property("attempted", Schema.revision.orNull, "The last one tried."),
              Property("appliedEverywhere", Schema.revision.orNull, "The newest one that every visible scope has."),
              Property("appliedNewest", Schema.revision.orNull, "The newest one that some visible scope has."),
            ]), "Which revisions stand where."),
        Property("commit", Schema.named("Commit").orNull, "The newest one; `null` for readers who see only tenants."),
        Property("verification", Schema.named("Verification").orNull, "Whether commits are asked who made them."),
        Property("rewrite", .named("Rewrite"), "Whether the branch was rewritten."),
        Property(
          "poll",
          .object(
            "",
            [
              Property("intervalSeconds", .number, "How often it is looked at."),
              Property("lastCheckAt", Schema.time.orNull, "When it was."),
              Property("nextCheckAt", Schema.time.orNull, "When it will be."),
              Property("lastWebhookAt", Schema.time.orNull, "When a genuine webhook last came."),
            ]), "When it is looked at."),
        Property(
          "lastError",
          Schema.object(
            "",
            [
              Property("message", .text, "Why, in a line without secrets."), Property("since", .time, "Since when."),
              Property("attempts", .count, "How often it was tried."),
            ]
          ).orNull, "While the repository can't be read."),
        Property("staleSeconds", Schema.count.orNull, "How long ago it was last read with success."),
      ])
  }

  private static var verification: Schema {
    .object(
      "Rights on commits.",
      [
        Property("mode", .words(["off", "author", "signed"]), "The policy."),
        Property("status", .words(["Off", "Verified", "Refused", "Unknown"]), "How the newest commit stands."),
        Property("signer", Schema.text.orNull, "Who made it: an e-mail, or a key's fingerprint."),
        Property("fingerprint", Schema.text.orNull, "Of the key that signed it: `SHA256:…`."),
        Property("trustRoot", Schema.sha.orNull, "What `--trust-root` names."),
        Property("authorised", Schema.sha.orNull, "The newest commit at which nothing was refused."),
        Property("refusedFiles", .count, "Of those that the reader may see."),
      ])
  }

  private static var rewrite: Schema {
    .object(
      "A rewritten history; what it lost is told to readers who may see everything.",
      [
        Property("detected", .flag, "Whether one is refused, or was followed last."),
        Property("policy", .words(["refuse", "warn", "accept"]), "What is done about it."),
        Property("from", .sha, "The head before.", always: false),
        Property("to", .sha, "The head after.", always: false),
        Property("mergeBase", Schema.sha.orNull, "The newest commit that both contain.", always: false),
        Property("lostCount", .count, "How many commits it lost.", always: false),
        Property("lostCommits", .list(of: .named("LostCommit")), "The first 20, newest first.", always: false),
        Property("deletions", .count, "How many resources it would delete.", always: false),
        Property("firing", .count, "How many firing alerts would end.", always: false),
        Property("at", .time, "When it was found.", always: false),
      ])
  }

  private static var lostCommit: Schema {
    .object(
      "A commit that a rewritten history lacks.",
      [
        Property("sha", .sha, "Its name."), Property("author", .person, "Its author."),
        Property("subject", .text, "The first line of its message."),
      ])
  }

  private static var operation: Schema {
    .object(
      "A sync.",
      [
        Property("id", .id, "As `/api/v1/syncs/{id}` takes it."),
        Property("phase", .words(["Running", "Succeeded", "Failed"]), "How far it has come."),
        Property("trigger", .words(of: SyncTrigger.self), "What set it off."),
        Property("startedAt", .time, "Its begin."),
        Property("finishedAt", Schema.time.orNull, "Its end."), Property("changes", .named("Changes"), "What it did."),
        Property("planDigest", Schema.text.orNull, "Over what it did."),
        Property("planMatch", Schema.flag.orNull, "Whether that is what was reviewed; `null` where nothing says."),
      ])
  }

  private static var changes: Schema {
    .object(
      "How many resources a sync touched.",
      [
        Property("create", .count, "Made."), Property("update", .count, "Changed."), Property("move", .count, "Moved."),
        Property("delete", .count, "Removed."),
      ])
  }

  private static var timings: Schema {
    Schema.map(to: .number).described("Milliseconds by stage: `fetch`, `parse`, `plan`, `apply`, `total`, …")
  }

  private static var guardSchema: Schema {
    let status = Schema.words(["Clear", "Tripped", "Approved"])
    return .object(
      "What keeps a revision from deleting too much.",
      [
        Property("status", status, "Whether deletions wait."),
        Property("blockedDeletions", .count, "How many do."),
        Property(
          "limits",
          .object(
            "",
            [
              Property("maxDeletePercent", .count, "The share that one revision may delete of a scope."),
              Property("maxDeleteCount", .count, "The number."),
              Property("minimum", .count, "The share counts from so many rules, routes and channels on."),
              Property("allowEmpty", .flag, "Whether a scope may become empty without an approval."),
            ]), "What goes without an approval."),
        Property("scopes", .list(of: .named("GuardFinding")), "Whose deletions wait, or were allowed."),
        Property("approvals", .list(of: .named("Approval")), "Those that are live."),
      ])
  }

  private static var guardFinding: Schema {
    .object(
      "A scope whose deletions wait, or were allowed.",
      Property.scope + [
        Property("status", .words(["Clear", "Tripped", "Approved"]), "Which of the two."),
        Property("cause", .text, "`EmptyTree`, `FolderGone`, `DeletionCount` or `DeletionShare`."),
        Property("deletions", .count, "How many would go."), Property("of", .count, "Of how many."),
        Property("firing", .count, "How many firing alerts would lose cover."),
        Property("resources", .list(of: .named("GuardLoss")), "The first 20 of what would go."),
      ])
  }

  private static var guardLoss: Schema {
    .object(
      "A rule, route or channel that would go.",
      [
        Property("kind", .text, "What it is."), Property("name", .text, "Its name."),
        Property("file", .text, "Where it stands."), Property("line", .position, "Where in the file."),
        Property("firing", .count, "Its firing alerts."),
      ])
  }

  private static var approval: Schema {
    .object(
      "An `Approval` that is live.",
      Property.scope + [
        Property("name", .text, "Its name."), Property("deletions", .count, "How many it allows."),
        Property("until", .time, "When it ends."),
        Property("state", .words(["unused", "used", "ended"]), "Its state."),
        Property("usedAt", Schema.time.orNull, "When it was used."), Property("file", .text, "Where it stands."),
        Property("line", .position, "Where in the file."),
      ])
  }

  private static var drift: Schema {
    .object(
      "What is live besides what git has.",
      [
        Property("status", .words(["None", "Drifted", "Unknown"]), "Whether what is live is what was applied."),
        Property("runtimeOnly", .list(of: .named("RuntimeOnly")), "What stands in no commit."),
      ])
  }

  private static var runtimeOnly: Schema {
    .object(
      "Something in force that no commit holds.",
      [Property("kind", .words(of: Kind.self), "What it is."), Property("name", .text, "Its name.")] + Property.scope
        + [
          Property("createdBy", .person, "Who made it."), Property("expiresAt", .time, "When it ends."),
        ])
  }
}
