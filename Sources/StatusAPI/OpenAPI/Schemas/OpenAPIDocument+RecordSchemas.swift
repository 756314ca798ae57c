import JSON
import Model

extension OpenAPIDocument {
  /// What the ledger keeps, but syncs.
  static var recordSchemas: [(name: String, schema: Schema)] {
    [
      ("Transition", transition),
      ("TransitionList", .object("A page of transitions.", Property.list(of: "Transition", "Newest first."))),
      ("Delivery", delivery),
      ("DeliveryList", .object("A page of deliveries.", Property.list(of: "Delivery", "Newest first."))),
      ("AuditRow", auditRow), ("Approver", approver),
      ("AuditList", .object("A page of the audit.", Property.list(of: "AuditRow", "Newest first."))),
    ]
  }

  private static var transition: Schema {
    .object(
      "A change of an alert's state.",
      [
        Property("id", .id, "Its number."), Property("at", .time, "When it was."),
        Property("from", Schema.words(of: AlertState.self).orNull, "The state before; `null` for a new alert."),
        Property("to", .words(of: AlertState.self), "The state reached."), Property("reason", .text, "Why, in words."),
        Property("alert", .named("AlertState"), "The alert as it was then."),
      ])
  }

  private static var delivery: Schema {
    .object(
      "An attempt to send a message.",
      [
        Property("id", .id, "Its number."), Property("owner", .text, "Whose routes told it: a tenant, or `platform`."),
        Property("channel", .reference, "Where it went."), Property("groupKey", .text, "The group that it told."),
        Property("attempt", .count, "Counts from 1 for each message."),
        Property("startedAt", .time, "Its begin."), Property("finishedAt", .time, "Its end."),
        Property("outcome", .words(of: DeliveryRecord.Outcome.self), "How it ended."),
        Property("detail", .text, "What the other side said, in a line."),
        Property(
          "error",
          .words(["clientError", "authError", "rateLimited", "serverError", "contextDeadlineExceeded", "other"]),
          "Alertmanager's word for a failure.", always: false),
        Property("endpoint", .count, "The position in the channel's pool."),
        Property("bytes", .count, "The message's size."),
        Property("groups", .count, "How many groups the message told."),
        Property("nextAttemptAt", Schema.time.orNull, "When it is tried again."),
        Property("reason", .text, "Why it was sent."), Property("firing", .count, "How many firing alerts it told."),
        Property("resolved", .count, "How many resolved ones."),
        Property("alerts", .list(of: .fingerprint), "Which."),
      ])
  }

  private static var auditRow: Schema {
    .object(
      "Who changed what, or what was held or refused.",
      [
        Property("id", .id, "Its number."), Property("at", .time, "When it was written."),
        Property("actor", .person, "Who did it."), Property("action", .text, "What, such as `resource.updated`."),
      ] + Property.scope + [
        Property("commit", Schema.sha.orNull, "The commit that made the change."),
        Property("subject", .text, "What it was done to."),
        Property("before", Schema([]), "What was, as far as it changed; `null` for what is new."),
        Property("after", Schema([]), "What is, as far as it changed; `null` for what is gone."),
        Property("committer", Schema.person.orNull, "The commit's committer."),
        Property("merger", Schema.person.orNull, "Who merged it."),
        Property("approvers", .list(of: .named("Approver")), "Whom trailers name."),
        Property("pullRequest", Schema.text.orNull, "The request that it came by."),
        Property("path", Schema.text.orNull, "The file."), Property("line", Schema.position.orNull, "Where in it."),
        Property("kind", Schema.words(of: Kind.self).orNull, "The resource's kind."),
        Property("name", Schema.text.orNull, "The resource's name."),
        Property("trigger", Schema.words(of: SyncTrigger.self).orNull, "What set the sync off."),
        Property("revision", Schema.text.orNull, "The commit that was synced then."),
        Property("hash", .text, "Over this row and the one before."),
      ])
  }

  private static var approver: Schema {
    .object(
      "Somebody whom a trailer names.",
      [
        Property("trailer", .text, "`Reviewed-by`, `Acked-by`, …"), Property("by", .person, "Whom."),
      ])
  }
}
