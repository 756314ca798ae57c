import GRDB
import Model

extension Ledger {
  /// Writes all of a batch, or nothing of it. When it returns, the batch is durable: it survives a power cut.
  ///
  /// - Throws: ``LedgerError/unwritable(_:)`` (the same batch may be written later), ``LedgerError/corrupt(_:)``,
  ///   ``LedgerError/refused(_:)``.
  package func write(_ batch: LedgerBatch) async throws(LedgerError) {
    try await write([batch])
  }

  /// Writes several batches, in their order, in one transaction.
  package func write(_ batches: [LedgerBatch]) async throws(LedgerError) {
    guard batches.contains(where: { !$0.isEmpty }) else { return }
    try await transact { database in
      for batch in batches { try batch.write(database) }
    }
  }
}

extension LedgerBatch {
  fileprivate func write(_ database: Database) throws {
    try writeAlerts(database)
    try Self.apply(notificationLog, database)
    try Self.apply(scopes, database)
    try Self.apply(resources, database)
    try Self.apply(silenceStarts, database)
    try Self.apply(ruleQuotas, database)
    try Self.apply(scopeAliases, database)
    try writeTransitions(database)
    try Self.append(deliveries, database)
    try Self.append(syncs, database)
    for change in syncTimings { try change.write(database) }
    try AuditChain.append(audit, database)
    if let aliveAt { try Meta.put(.aliveAt, aliveAt.millisecondsSinceEpoch, database) }
  }

  private func writeAlerts(_ database: Database) throws {
    guard !alerts.isEmpty else { return }
    var encoder = AlertEncoder()
    let put = try database.cachedStatement(sql: Alert.putSQL)
    let remove = try database.cachedStatement(sql: Alert.removeSQL)
    for change in alerts {
      switch change {
      case .put(let alert): try put.execute(arguments: StatementArguments(encoder.values(of: alert)))
      case .remove(let key): try remove.execute(arguments: StatementArguments(Alert.keyValues(key)))
      }
    }
  }

  private func writeTransitions(_ database: Database) throws {
    guard !transitions.isEmpty else { return }
    var encoder = AlertEncoder()
    let insert = try database.cachedStatement(sql: AlertTransition.insertSQL)
    for transition in transitions {
      try insert.execute(arguments: StatementArguments(transition.values(&encoder)))
    }
  }

  private static func apply<Record: StateRow>(_ changes: [LedgerChange<Record>], _ database: Database) throws {
    guard !changes.isEmpty else { return }
    let put = try database.cachedStatement(sql: Record.putSQL)
    let remove = try database.cachedStatement(sql: Record.removeSQL)
    for change in changes {
      switch change {
      case .put(let record): try put.execute(arguments: StatementArguments(record.values))
      case .remove(let key): try remove.execute(arguments: StatementArguments(Record.keyValues(key)))
      }
    }
  }

  private static func append<Record: StoredRow>(_ records: [Record], _ database: Database) throws {
    guard !records.isEmpty else { return }
    let insert = try database.cachedStatement(sql: Record.insertSQL)
    for record in records { try insert.execute(arguments: StatementArguments(record.values)) }
  }
}

/// Single numbers that belong to no table.
enum Meta: String {
  case aliveAt = "last_alive_at"

  static func put(_ key: Meta, _ value: Int64, _ database: Database) throws {
    try database.cachedStatement(
      sql: "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    ).execute(arguments: [key.rawValue, value])
  }

  static func value(_ key: Meta, _ database: Database) throws -> Int64? {
    try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key.rawValue])
  }
}
