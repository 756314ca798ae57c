import GRDB
package import Model

/// For how long each table keeps its rows.
package struct Retention: Hashable, Sendable {
  package var transitions: Duration
  package var deliveries: Duration
  package var syncs: Duration
  /// The newest syncs that stay however old they are.
  package var syncsKept: Int
  /// `nil` for ever. The audit goes only when somebody asks for it.
  package var audit: Duration?

  package init(
    transitions: Duration = .seconds(90 * 86_400), deliveries: Duration = .seconds(90 * 86_400),
    syncs: Duration = .seconds(90 * 86_400), syncsKept: Int = 100, audit: Duration? = nil
  ) {
    self.transitions = transitions
    self.deliveries = deliveries
    self.syncs = syncs
    self.syncsKept = syncsKept
    self.audit = audit
  }
}

/// How many rows a pruning took away.
package struct Pruned: Hashable, Sendable {
  package var transitions = 0
  package var deliveries = 0
  package var syncs = 0
  package var audit = 0
  package var notificationLog = 0

  package init() {}
}

extension Ledger {
  /// Takes away what is older than `retention` and the notification log's expired entries.
  ///
  /// Each slice of rows is a transaction of its own, so that what waits to be written waits for one slice at most.
  /// Ends early, with what it did, when the task is cancelled.
  package func prune(
    now: Timestamp, retention: Retention, slice: Int = 1000
  ) async throws(LedgerError) -> Pruned {
    var pruned = Pruned()
    pruned.transitions = try await clear(
      "transitions", where: "at < ?", [(now - retention.transitions).column], slice)
    pruned.deliveries = try await clear(
      "deliveries", where: "started_at < ?", [(now - retention.deliveries).column], slice)
    pruned.syncs = try await clear(
      "syncs", where: "finished_at < ? AND id <= (SELECT max(id) FROM syncs) - ?",
      [(now - retention.syncs).column, retention.syncsKept.databaseValue], slice)
    pruned.notificationLog = try await clear("notification_log", where: "expires_at < ?", [now.column], slice)
    if let age = retention.audit { pruned.audit = try await clearAudit(before: now - age, slice) }
    return pruned
  }

  private func clear(
    _ table: String, where part: String, _ values: [DatabaseValue], _ slice: Int
  ) async throws(LedgerError) -> Int {
    let sql = "DELETE FROM \(table) WHERE rowid IN (SELECT rowid FROM \(table) WHERE \(part) LIMIT \(max(slice, 1)))"
    return try await repeating(slice) { database in
      try database.execute(sql: sql, arguments: StatementArguments(values))
      return database.changesCount
    }
  }

  /// Deletes the oldest rows up to the first that is to stay, moving the anchor over them first.
  private func clearAudit(before cut: Timestamp, _ slice: Int) async throws(LedgerError) -> Int {
    try await repeating(slice) { database in
      let anchor = try AuditChain.anchor(database)
      let sql = """
        SELECT id, hash FROM audit
        WHERE id <= ? AND id < coalesce((SELECT min(id) FROM audit WHERE at >= ?), 9223372036854775807)
        ORDER BY id DESC LIMIT 1
        """
      let last = anchor.id + Int64(max(slice, 1))
      guard let row = try Row.fetchOne(database, sql: sql, arguments: [last, cut.millisecondsSinceEpoch]) else {
        return 0
      }
      var reader = RowReader(row)
      let (id, hash) = (try reader.integer(), try reader.text())
      try database.execute(
        sql: "INSERT OR REPLACE INTO audit_anchor (one, id, hash) VALUES (1, ?, ?)", arguments: [id, hash])
      try database.execute(sql: "DELETE FROM audit WHERE id <= ?", arguments: [id])
      return database.changesCount
    }
  }

  private func repeating(
    _ slice: Int, _ body: @escaping @Sendable (Database) throws -> Int
  ) async throws(LedgerError) -> Int {
    var total = 0
    while !Task.isCancelled {
      let count = try await transact(body)
      total += count
      if count < max(slice, 1) { break }
    }
    return total
  }
}
