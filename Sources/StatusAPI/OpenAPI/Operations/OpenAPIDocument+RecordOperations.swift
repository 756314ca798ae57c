import JSON
import Model

extension OpenAPIDocument {
  /// What the ledger keeps.
  static var recordOperations: [APIOperation] {
    syncOperations + [
      APIOperation(
        path: "/api/v1/history", id: "listHistory", tag: .records, summary: "Changes of alerts' states, newest first",
        parameters: [
          .tenant, .project, .fingerprint, .query("rule", .text, "The rule's `alert` name."),
          .query("state", .words(of: AlertState.self), "The state reached."), .severity, .matcher, .since, .until,
          .limit, .cursor("records"),
        ], body: .json(.named("TransitionList")), refusals: [.unavailable]),
      APIOperation(
        path: "/api/v1/deliveries", id: "listDeliveries", tag: .records,
        summary: "Attempts to send a message, newest first",
        parameters: [
          .tenant, .query("channel", .text, "The channel's name."),
          .query("outcome", .words(of: DeliveryRecord.Outcome.self), "How the attempt ended."), .fingerprint,
          .query("group", .text, "The key of the group that was told."),
          .query("rule", .text, "A rule's `alert` name."), .severity, .since, .until, .limit, .cursor("records"),
        ], body: .json(.named("DeliveryList")), refusals: [.unavailable]),
      APIOperation(
        path: "/api/v1/audit", id: "listAudit", tag: .records, summary: "Who changed what, newest first",
        parameters: [
          .tenant, .project, .query("actor", .text, "Who did it."),
          .query("action", .text, "Such as `resource.deleted`, or what comes before a dot of it."),
          .query("resource", .text, "A resource's name, or `Kind/name`."),
          .query(
            "commit", .text(pattern: "^[0-9a-fA-F]{7,64}$"), "A commit, at least its first 7 digits."),
          .query("path", .text, "A file, or a folder."), .since, .until, .limit, .cursor("records"),
        ], body: .json(.named("AuditList")), refusals: [.unavailable]),
    ]
  }

  private static var syncOperations: [APIOperation] {
    [
      APIOperation(
        path: "/api/v1/syncs", id: "listSyncs", tag: .records, summary: "Syncs, newest first",
        parameters: [.limit, .cursor("records")], body: .json(.named("SyncList")), refusals: [.unavailable]),
      APIOperation(
        path: "/api/v1/syncs/{id}", id: "getSync", tag: .records, summary: "One sync with plan and diagnostics",
        parameters: [.path("id", Schema.id.with("maximum", .integer(.max)), "Its number.", example: 1)],
        body: .json(.named("Sync")), refusals: [.notFound, .unavailable]),
      APIOperation(
        path: "/api/v1/revisions/{sha}", id: "getRevision", tag: .records, summary: "What became of a commit",
        parameters: [
          .path(
            "sha", .text(pattern: "^[0-9a-fA-F]{7,64}$"), "The commit, at least its first 7 digits.", example: "9f2c000"
          )
        ], body: .json(.named("Revision")), refusals: [.notFound, .ambiguous, .unavailable]),
    ]
  }
}
