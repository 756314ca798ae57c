import GRDB

/// A record as one row of one table: the columns, in one order for writing and reading.
protocol StoredRow: Sendable {
  static var table: String { get }
  /// Without `id`, which SQLite gives.
  static var columns: [String] { get }
  /// As many as `columns`.
  var values: [DatabaseValue] { get }
}

extension StoredRow {
  static var insertSQL: String {
    let marks = [String](repeating: "?", count: columns.count)
    return "INSERT INTO \(table) (\(list(columns))) VALUES (\(list(marks)))"
  }

  /// The columns as a select names them.
  static func list(_ columns: [String]) -> String { columns.joined(separator: ", ") }
}

/// A record of what is true now: one row per key, replaced and removed.
protocol StateRow: StoredRow, LedgerRecord {
  static var keyColumns: [String] { get }
  /// As many as `keyColumns`.
  static func keyValues(_ key: LedgerKey) -> [DatabaseValue]
  static func read(_ row: inout RowReader) throws -> Self
}

extension StateRow {
  static var selectSQL: String { "SELECT \(list(columns)) FROM \(table)" }

  /// Inserts, or replaces what the row with this key says.
  static var putSQL: String {
    let rest = columns.filter { !keyColumns.contains($0) }.map { "\($0) = excluded.\($0)" }
    return "\(insertSQL) ON CONFLICT (\(list(keyColumns))) DO UPDATE SET \(list(rest))"
  }

  static var removeSQL: String {
    "DELETE FROM \(table) WHERE " + keyColumns.map { "\($0) = ?" }.joined(separator: " AND ")
  }
}

/// A record of what happened: appended with an id of its own, listed by it.
protocol HistoryRow: StoredRow {
  associatedtype Listed: Sendable
  static func read(_ id: Int64, _ row: inout RowReader) throws -> Listed
}

extension HistoryRow {
  static var selectSQL: String { "SELECT id, \(list(columns)) FROM \(table)" }

  /// The rows of a query that begins with ``selectSQL``.
  static func list(_ database: Database, _ sql: String, _ arguments: StatementArguments) throws -> [Listed] {
    var listed: [Listed] = []
    let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
    while let row = try rows.next() {
      var reader = RowReader(row)
      let id = try reader.integer()
      listed.append(try read(id, &reader))
    }
    return listed
  }
}
