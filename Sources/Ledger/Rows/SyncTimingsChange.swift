import GRDB
package import Model

/// The stage timings of a sync whose row was submitted before all of them were known.
///
/// The row has no id yet for who submits it: commit and instants name it. A row that isn't there any more, or never came
/// to be written, is no failure.
package struct SyncTimingsChange: Hashable, Sendable {
  package var commit: ObjectID
  package var startedAt: Timestamp
  package var finishedAt: Timestamp
  /// All of them; they replace those of the row.
  package var timings: [SyncRecord.Timing]

  package init(commit: ObjectID, startedAt: Timestamp, finishedAt: Timestamp, timings: [SyncRecord.Timing]) {
    self.commit = commit
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.timings = timings
  }

  func write(_ database: Database) throws {
    try database.cachedStatement(
      sql: "UPDATE syncs SET timings = ? WHERE revision_commit = ? AND started_at = ? AND finished_at = ?"
    ).execute(
      arguments: [
        FlatJSONWriter.object(timings.map { ($0.stage, $0.milliseconds) }), commit.hex,
        startedAt.millisecondsSinceEpoch, finishedAt.millisecondsSinceEpoch,
      ])
  }
}
