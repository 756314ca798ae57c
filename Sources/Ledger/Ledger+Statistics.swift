import GRDB
package import Model

/// How often alerts began to fire, counted three ways over the same transitions.
package struct AlertStatistics: Hashable, Sendable {
  /// The firings of one rule.
  package struct RuleCount: Hashable, Sendable {
    package var scope: Scope
    package var group: ResourceID
    package var rule: String
    package var firings: Int
  }

  /// The firings of one severity.
  package struct SeverityCount: Hashable, Sendable {
    /// The label `severity`, `""` for none.
    package var severity: String
    package var firings: Int
  }

  /// The firings within one period.
  package struct PeriodCount: Hashable, Sendable {
    /// The period's first instant, a multiple of its length since the epoch.
    package var start: Timestamp
    package var firings: Int
  }

  /// The rules that fired most, most first.
  package var rules: [RuleCount]
  /// Most first.
  package var severities: [SeverityCount]
  /// Oldest first; periods without a firing are left out.
  package var periods: [PeriodCount]
}

extension Ledger {
  /// Counts the transitions to firing that a filter lets through: the `top` rules, every severity, and periods of the
  /// length given, a millisecond at least.
  package func statistics(
    _ filter: TransitionFilter, top: Int = 20, period: Duration
  ) async throws(LedgerError) -> AlertStatistics {
    var condition = filter.condition(try await scopeAliases())
    condition.add("state = ?", AlertState.firing.rawValue)
    // An alert that goes on under other labels doesn't begin to fire.
    condition.add("reason <> ?", AlertTransition.Reason.relabelled.rawValue)
    let counted = condition
    let length = max(1, period.wholeMilliseconds)
    return try await read { database in
      AlertStatistics(
        rules: try Self.rules(database, counted, max(top, 1)),
        severities: try Self.severities(database, counted),
        periods: try Self.periods(database, counted, length)
      )
    }
  }

  private static func rules(
    _ database: Database, _ condition: Condition, _ top: Int
  ) throws -> [AlertStatistics.RuleCount] {
    let sql = """
      SELECT tenant, project, rule_group, rule, count(*) AS firings FROM transitions\(condition.sql)
      GROUP BY 1, 2, 3, 4 ORDER BY firings DESC, 1, 2, 3, 4 LIMIT \(top)
      """
    return try Row.fetchAll(database, sql: sql, arguments: condition.arguments).map { row in
      var reader = RowReader(row)
      return AlertStatistics.RuleCount(
        scope: try reader.scope(), group: try reader.resourceID(), rule: try reader.text(),
        firings: try reader.count()
      )
    }
  }

  private static func severities(
    _ database: Database, _ condition: Condition
  ) throws -> [AlertStatistics.SeverityCount] {
    let sql = """
      SELECT coalesce(json_extract(labels, '$.severity'), '') AS severity, count(*) AS firings
      FROM transitions\(condition.sql) GROUP BY 1 ORDER BY firings DESC, 1
      """
    return try Row.fetchAll(database, sql: sql, arguments: condition.arguments).map { row in
      var reader = RowReader(row)
      return AlertStatistics.SeverityCount(severity: try reader.text(), firings: try reader.count())
    }
  }

  private static func periods(
    _ database: Database, _ condition: Condition, _ length: Int64
  ) throws -> [AlertStatistics.PeriodCount] {
    let sql = """
      SELECT at / \(length) * \(length) AS start, count(*) AS firings
      FROM transitions\(condition.sql) GROUP BY 1 ORDER BY 1
      """
    return try Row.fetchAll(database, sql: sql, arguments: condition.arguments).map { row in
      var reader = RowReader(row)
      return AlertStatistics.PeriodCount(start: try reader.timestamp(), firings: try reader.count())
    }
  }
}
