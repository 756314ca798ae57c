import GRDB
import Model

extension SyncRecord: HistoryRow {
  static let table = "syncs"
  static let columns = [
    "started_by", "revision_ref", "revision_commit", "started_at", "finished_at", "status", "created", "updated",
    "moved", "deleted", "timings", "plan", "diagnostics",
  ]

  var values: [DatabaseValue] {
    [
      trigger.rawValue.databaseValue, Optional(revision).refColumn, Optional(revision).commitColumn,
      startedAt.column, finishedAt.column, status.rawValue.databaseValue, created.databaseValue,
      updated.databaseValue, moved.databaseValue, deleted.databaseValue,
      FlatJSONWriter.object(timings.map { ($0.stage, $0.milliseconds) }).databaseValue, plan.column,
      diagnostics.column,
    ]
  }

  static func read(_ id: Int64, _ row: inout RowReader) throws -> SyncRecord {
    SyncRecord(
      id: id, trigger: try row.word(), revision: try row.revision(), startedAt: try row.timestamp(),
      finishedAt: try row.timestamp(), status: try row.word(), created: try row.count(), updated: try row.count(),
      moved: try row.count(), deleted: try row.count(), timings: try timings(&row), plan: try row.text(),
      diagnostics: try row.text()
    )
  }

  private static func timings(_ row: inout RowReader) throws -> [Timing] {
    guard let pairs = FlatJSONReader.numbers(try row.text()) else { throw row.unreadable }
    return pairs.map { Timing(stage: $0.name, milliseconds: $0.value) }
  }
}

extension DeliveryRecord: HistoryRow {
  static let table = "deliveries"
  static let columns = [
    "tenant", "project", "group_key", "channel", "attempt", "started_at", "finished_at", "outcome", "detail",
    "error", "endpoint", "bytes", "merged", "next_attempt_at", "reason", "firing", "resolved", "alerts",
  ]

  var values: [DatabaseValue] {
    [
      owner.tenantColumn, owner.projectColumn, groupKey.column, channel.column.databaseValue, attempt.databaseValue,
      startedAt.column, finishedAt.column, outcome.rawValue.databaseValue, detail.column, error.column,
      endpoint.databaseValue, bytes.databaseValue, merged.databaseValue, nextAttemptAt.column, reason.column,
      firing.databaseValue, resolved.databaseValue, alerts.column,
    ]
  }

  static func read(_ id: Int64, _ row: inout RowReader) throws -> DeliveryRecord {
    DeliveryRecord(
      id: id, owner: try row.scope(), groupKey: try row.text(), channel: try row.resourceID(),
      attempt: try row.count(), startedAt: try row.timestamp(), finishedAt: try row.timestamp(),
      outcome: try row.word(), detail: try row.text(), error: try row.text(), endpoint: try row.count(),
      bytes: try row.count(), merged: try row.count(), nextAttemptAt: row.optionalTimestamp(),
      reason: try row.text(), firing: try row.count(),
      resolved: try row.count(), alerts: try row.fingerprints()
    )
  }
}
