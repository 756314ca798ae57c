import GRDB
import Model

/// A history table whose rows come in about the order of a time.
struct TimedTable {
  var name: String
  var time: String

  static let transitions = TimedTable(name: "transitions", time: "at")
  static let deliveries = TimedTable(name: "deliveries", time: "started_at")
}

extension Condition {
  /// How far rows may stand from where their time would put them: a slow group's rows, or a backlog's, come later than
  /// younger ones.
  private static let disorder = 10_000

  /// Only rows of a stretch of time, found without looking at the others.
  ///
  /// Lists go by id. SQLite would either sort all rows of the window, or walk down the ids through all that are younger;
  /// so the time's index gives the ids between which the window lies, and the time itself is compared row by row.
  mutating func add(window table: TimedTable, since: Timestamp?, until: Timestamp?, _ database: Database) throws {
    if let since {
      let first = try Int64.fetchOne(
        database,
        sql: """
          SELECT min(id) FROM (
            SELECT id FROM \(table.name) WHERE \(table.time) >= ? ORDER BY \(table.time) LIMIT \(Self.disorder))
          """, arguments: [since.millisecondsSinceEpoch])
      add("id >= ?", first ?? .max)
      add("+\(table.time) >= ?", since.column)
    }
    if let until {
      let last = try Int64.fetchOne(
        database,
        sql: """
          SELECT max(id) FROM (
            SELECT id FROM \(table.name) WHERE \(table.time) < ? ORDER BY \(table.time) DESC LIMIT \(Self.disorder))
          """, arguments: [until.millisecondsSinceEpoch])
      add("id <= ?", last ?? .min)
      add("+\(table.time) < ?", until.column)
    }
  }
}
