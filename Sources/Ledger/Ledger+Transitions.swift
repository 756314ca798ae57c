import GRDB
package import Model

/// A page of a list that is filtered by more than SQL sees.
package struct ExaminedPage: Hashable, Sendable {
  package var records: [TransitionRecord]
  /// Where the list goes on: the last id that was looked at; `nil` at its end.
  package var next: Int64?
}

extension Ledger {
  /// How many rows one page of a list filtered by matchers looks at. A page that finds less than it was asked for
  /// within them ends there, and the next goes on behind it.
  static let examined = 50_000

  /// Changes of state, newest first.
  package func transitions(
    _ filter: TransitionFilter = .init(), _ page: Page = .init()
  ) async throws(LedgerError) -> [TransitionRecord] {
    try await examinedTransitions(filter, page).records
  }

  /// Changes of state, newest first, with the place where the next page begins.
  package func examinedTransitions(
    _ filter: TransitionFilter, _ page: Page, examining limit: Int = examined
  ) async throws(LedgerError) -> ExaminedPage {
    let wanted = filter.condition(try await scopeAliases())
    return try await read { database in
      var condition = wanted
      try condition.add(window: .transitions, since: filter.since, until: filter.until, database)
      guard !filter.matchers.isEmpty else {
        let records = try AlertTransition.list(database, condition, Page(before: page.before, limit: page.limit))
        return ExaminedPage(records: records, next: records.count == page.limit ? records.last?.id : nil)
      }
      if let before = page.before { condition.add("id < ?", before) }
      return try Self.examine(database, filter.matchers, condition, page.limit, limit)
    }
  }

  private static func examine(
    _ database: Database, _ matchers: [Matcher], _ condition: Condition, _ wanted: Int, _ limit: Int
  ) throws -> ExaminedPage {
    let columns = ["id"] + AlertTransition.columns
    guard let position = columns.firstIndex(of: "labels") else { return ExaminedPage(records: [], next: nil) }
    let rows = try Row.fetchCursor(
      database, sql: "\(AlertTransition.selectSQL)\(condition.sql) ORDER BY id DESC LIMIT \(limit)",
      arguments: condition.arguments)
    var page = ExaminedPage(records: [], next: nil)
    var last: Int64 = 0
    var count = 0
    while let row = try rows.next() {
      var reader = RowReader(row)
      last = try reader.integer()
      count += 1
      let labels = Labels(FlatJSONReader.texts(row[position] ?? "", sharing: []) ?? [])
      if matchers.accept(labels) { page.records.append(try AlertTransition.read(last, &reader)) }
      if page.records.count == wanted { break }
    }
    if page.records.count == wanted || count == limit { page.next = last }
    return page
  }
}

extension TransitionFilter {
  /// The filter in SQL, but for time and matchers.
  func condition(_ aliases: ScopeAliases) -> Condition {
    var condition = Condition()
    condition.add(tenants: tenants, aliases, time: "at")
    condition.add(scope: scope, aliases, time: "at")
    if let fingerprint { condition.add("fingerprint = ?", fingerprint.description) }
    if let rule { condition.add("rule = ?", rule.column) }
    if let state { condition.add("state = ?", state.rawValue) }
    if let severity { condition.add("severity = ?", severity.column) }
    return condition
  }
}
