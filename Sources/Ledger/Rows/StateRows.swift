import GRDB
import Model

extension ScopeRecord: StateRow {
  static let table = "scopes"
  static let keyColumns = ["tenant", "project"]
  static let columns = [
    "tenant", "project", "applied_ref", "applied_commit", "applied_at", "attempted_ref", "attempted_commit", "status",
    "reason", "since",
  ]

  var values: [DatabaseValue] {
    [
      scope.tenantColumn, scope.projectColumn, applied.refColumn, applied.commitColumn, appliedAt.column,
      attempted.refColumn, attempted.commitColumn, status.rawValue.databaseValue,
      reason.map(\.rawValue)?.databaseValue ?? .null, since.column,
    ]
  }

  static func keyValues(_ key: Scope) -> [DatabaseValue] { [key.tenantColumn, key.projectColumn] }

  static func read(_ row: inout RowReader) throws -> ScopeRecord {
    ScopeRecord(
      scope: try row.scope(), applied: try row.optionalRevision(), appliedAt: row.optionalTimestamp(),
      attempted: try row.optionalRevision(), status: try row.word(), reason: try row.optionalWord(),
      since: try row.timestamp()
    )
  }
}

extension ResourceRecord: StateRow {
  static let table = "resources"
  static let keyColumns = ["tenant", "project", "kind", "name"]
  static let columns =
    keyColumns + [
      "origin", "digest", "revision_ref", "revision_commit", "applied_at", "rule_changes", "settled",
    ]

  var values: [DatabaseValue] {
    Self.keyValues(id) + [
      provenance.column.databaseValue, digest.column, Optional(revision).refColumn,
      Optional(revision).commitColumn, appliedAt.column, ruleChanges.column.databaseValue,
      (isSettled ? 1 : 0).databaseValue,
    ]
  }

  static func keyValues(_ key: ResourceID) -> [DatabaseValue] {
    [key.scope.tenantColumn, key.scope.projectColumn, key.kind.rawValue.databaseValue, key.name.column]
  }

  static func read(_ row: inout RowReader) throws -> ResourceRecord {
    ResourceRecord(
      id: ResourceID(try row.scope(), try row.word(), try row.text()), provenance: try row.provenance(),
      digest: try row.text(), revision: try row.revision(), appliedAt: try row.timestamp(),
      ruleChanges: try row.changes(), isSettled: try row.count() != 0
    )
  }
}

extension NotificationLogEntry: StateRow {
  static let table = "notification_log"
  static let keyColumns = ["tenant", "project", "channel", "group_key"]
  static let columns = keyColumns + ["sent_at", "expires_at", "firing", "resolved", "handle"]

  var values: [DatabaseValue] {
    Self.keyValues(key) + [sentAt.column, expiresAt.column, firing.column, resolved.column, handle?.column ?? .null]
  }

  static func keyValues(_ key: Key) -> [DatabaseValue] {
    [key.owner.tenantColumn, key.owner.projectColumn, key.channel.column.databaseValue, key.groupKey.column]
  }

  static func read(_ row: inout RowReader) throws -> NotificationLogEntry {
    let owner = try row.scope()
    let channel = try row.resourceID()
    return NotificationLogEntry(
      key: Key(owner: owner, groupKey: try row.text(), channel: channel), sentAt: try row.timestamp(),
      expiresAt: try row.timestamp(), firing: try row.fingerprints(), resolved: try row.fingerprints(),
      handle: row.optionalText()
    )
  }
}

extension SilenceStart: StateRow {
  static let table = "silence_starts"
  static let keyColumns = ["silence"]
  static let columns = ["silence", "started_at"]

  var values: [DatabaseValue] { [silence.column.databaseValue, startedAt.column] }

  static func keyValues(_ key: ResourceID) -> [DatabaseValue] { [key.column.databaseValue] }

  static func read(_ row: inout RowReader) throws -> SilenceStart {
    SilenceStart(silence: try row.resourceID(), startedAt: try row.timestamp())
  }
}

extension RuleQuota: StateRow {
  static let table = "rule_quotas"
  static let keyColumns = ["tenant", "project", "rule_group", "rule"]
  static let columns = keyColumns + ["last_notified_at", "day", "count", "held_back"]

  var values: [DatabaseValue] {
    Self.keyValues(ledgerKey) + [lastNotifiedAt.column, day.column, count.databaseValue, heldBack.databaseValue]
  }

  static func keyValues(_ key: Key) -> [DatabaseValue] {
    [key.owner.tenantColumn, key.owner.projectColumn, key.group.column.databaseValue, key.rule.column]
  }

  static func read(_ row: inout RowReader) throws -> RuleQuota {
    RuleQuota(
      owner: try row.scope(), group: try row.resourceID(), rule: try row.text(),
      lastNotifiedAt: row.optionalTimestamp(), day: try row.text(), count: try row.count(),
      heldBack: try row.count()
    )
  }
}
