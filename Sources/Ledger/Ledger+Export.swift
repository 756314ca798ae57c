import GRDB
package import Model

/// What an export goes through.
package enum ExportTable: String, CaseIterable, Sendable {
  case audit, history, deliveries, syncs

  fileprivate var sqlName: String { self == .history ? "transitions" : rawValue }

  /// The column by which its rows are dated.
  fileprivate var time: String { self == .deliveries || self == .syncs ? "started_at" : "at" }
}

/// One row of an export.
package enum ExportedRow: Hashable, Sendable {
  /// A row of the audit, with the texts that its hash covers as they are, and the hash that it follows.
  case audit(AuditRecord, columns: [ExportedColumn], previousHash: String)
  case history(TransitionRecord)
  case delivery(DeliveryRecord)
  case sync(SyncRecord)
}

/// A value that a row's hash covers, in the order in which it does.
package enum ExportedColumn: Hashable, Sendable {
  case text(name: String, String)
  case number(name: String, Int64)
}

extension Ledger {
  /// Goes through a table, oldest row first, from `since` on and before `until`.
  ///
  /// A thousand rows are read at a time, so the memory that it takes doesn't grow with the table, and a controller that
  /// writes meanwhile never waits. `body` is called once for each row; what it throws ends the export.
  package func export(
    _ table: ExportTable, since: Timestamp? = nil, until: Timestamp? = nil, _ body: (ExportedRow) throws -> Void
  ) async throws {
    let ends = try await ends(of: table, since, until)
    guard var last = ends?.before, let end = ends?.last else { return }
    var link: AuditChain.Link?
    while last < end {
      let rows = try await exported(table, after: last, since, until)
      for (id, row) in rows {
        last = id
        guard case .audit(let record, _, _) = row else {
          try body(row)
          continue
        }
        if link?.id != id - 1 { link = try await self.link(before: id) }
        try body(.audit(record, columns: record.exportedColumns, previousHash: link?.hash ?? ""))
        link = AuditChain.Link(id: id, hash: record.hash)
      }
      if rows.count < Page.largest { return }
    }
  }

  /// The ids between which the rows of a stretch of time lie; an index finds them.
  private func ends(
    of table: ExportTable, _ since: Timestamp?, _ until: Timestamp?
  ) async throws(LedgerError) -> (before: Int64, last: Int64)? {
    try await read { database in
      func id(_ function: String, _ comparison: String, _ instant: Timestamp?) throws -> Int64? {
        guard let instant else {
          return try Int64.fetchOne(database, sql: "SELECT \(function)(id) FROM \(table.sqlName)")
        }
        let sql = "SELECT \(function)(id) FROM \(table.sqlName) WHERE \(table.time) \(comparison) ?"
        return try Int64.fetchOne(database, sql: sql, arguments: [instant.millisecondsSinceEpoch])
      }
      guard let first = try id("min", ">=", since), let last = try id("max", "<", until) else { return nil }
      return (first - 1, last)
    }
  }

  private func exported(
    _ table: ExportTable, after id: Int64, _ since: Timestamp?, _ until: Timestamp?
  ) async throws(LedgerError) -> [(id: Int64, row: ExportedRow)] {
    switch table {
    case .audit:
      return try await slice(AuditRecord.self, after: id, table.time, since, until).map {
        ($0.id, .audit($0, columns: [], previousHash: ""))
      }
    case .history:
      return try await slice(AlertTransition.self, after: id, table.time, since, until).map { ($0.id, .history($0)) }
    case .deliveries:
      return try await slice(DeliveryRecord.self, after: id, table.time, since, until).map {
        ($0.id, .delivery($0))
      }
    case .syncs:
      return try await slice(SyncRecord.self, after: id, table.time, since, until).map { ($0.id, .sync($0)) }
    }
  }

  private func slice<Record: HistoryRow>(
    _: Record.Type, after id: Int64, _ time: String, _ since: Timestamp?, _ until: Timestamp?
  ) async throws(LedgerError) -> [Record.Listed] {
    var condition = Condition()
    condition.add("id > ?", id)
    condition.add("+" + time, since: since, until: until)
    let wanted = condition
    return try await read { database in
      try Record.list(
        database, "\(Record.selectSQL)\(wanted.sql) ORDER BY id LIMIT \(Page.largest)", wanted.arguments)
    }
  }

  /// The row that the row `id` follows: the one before it, or the anchor.
  private func link(before id: Int64) async throws(LedgerError) -> AuditChain.Link {
    try await read { database in
      let sql = "SELECT id, hash FROM audit WHERE id < ? ORDER BY id DESC LIMIT 1"
      guard let row = try Row.fetchOne(database, sql: sql, arguments: [id]) else {
        return try AuditChain.anchor(database)
      }
      var reader = RowReader(row)
      return AuditChain.Link(id: try reader.integer(), hash: try reader.text())
    }
  }
}

extension AuditRecord {
  /// What the hash covers, each under the name that an export gives it.
  fileprivate var exportedColumns: [ExportedColumn] {
    let names = ["id"] + Self.columns.prefix(hashedValues.count) + (form == 1 ? [] : ["form"])
    let values = [id.databaseValue] + hashedValues + (form == 1 ? [] : [form.databaseValue])
    return zip(names, values).map { name, value in
      if case .int64(let number) = value.storage { return .number(name: name, number) }
      return .text(name: name, String.fromDatabaseValue(value) ?? "")
    }
  }
}
