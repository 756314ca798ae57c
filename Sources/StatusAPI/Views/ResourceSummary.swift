package import JSON
package import Model

/// One applied resource in a list.
package struct ResourceSummary: Hashable, Sendable {
  package var record: ResourceRecord
  package var sync: SyncStanding
  package var health: HealthStanding
  /// How many rules a group has; `nil` for other kinds.
  package var rules: Int?
  /// The alerts of a group; `nil` for other kinds.
  package var alerts: AlertCounts?

  package init(
    record: ResourceRecord, sync: SyncStanding, health: HealthStanding, rules: Int? = nil, alerts: AlertCounts? = nil
  ) {
    self.record = record
    self.sync = sync
    self.health = health
    self.rules = rules
    self.alerts = alerts
  }
}

extension ResourceSummary: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object { writeMembers(to: &$0) }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.member("id", record.id.opaque)
    writer.member("kind", record.id.kind.rawValue)
    writer.member("name", record.id.name)
    writer.scope(record.id.scope)
    writer.object("origin") { record.provenance.writeMembers(to: &$0) }
    writer.member("digest", record.digest)
    writer.member("revision", record.revision.description)
    writer.member("appliedAt", record.appliedAt.description)
    writer.view("sync", sync)
    writer.view("health", health)
    if record.id.kind == .ruleGroup {
      writer.optional("ruleCount", rules)
      writer.view("alerts", alerts)
    }
  }
}

extension Provenance {
  /// `file` and `line`, and the last change in meaning.
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("file", file)
    writer.member("line", line)
    writer.object("lastChange") {
      $0.optional("commit", commit)
      $0.optional("author", author)
      $0.optional("committedAt", committedAt)
      $0.optional("pullRequest", pullRequest)
      $0.optional("pullRequestUrl", pullRequestURL)
    }
  }
}
