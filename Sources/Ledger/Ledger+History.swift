import GRDB
package import Model

extension Ledger {
  /// Syncs, newest first.
  package func syncs(_ filter: SyncFilter = .init(), _ page: Page = .init()) async throws(LedgerError) -> [SyncRecord] {
    var condition = Condition()
    if let commit = filter.commit {
      guard (4...64).contains(commit.utf8.count) else { return [] }
      condition.add("revision_commit", startingWith: commit.lowercased())
    }
    if let status = filter.status { condition.add("status = ?", status.rawValue) }
    condition.add("finished_at", since: filter.since, until: nil)
    return try await list(SyncRecord.self, condition, page)
  }

  /// How many syncs ended at an instant or later.
  package func syncCount(since: Timestamp) async throws(LedgerError) -> Int {
    var condition = Condition()
    condition.add("finished_at", since: since, until: nil)
    return try await count("syncs", condition)
  }

  /// One sync.
  package func sync(id: Int64) async throws(LedgerError) -> SyncRecord? {
    var condition = Condition()
    condition.add("id = ?", id)
    return try await list(SyncRecord.self, condition, Page(limit: 1)).first
  }

  /// The syncs that tried a commit, newest first: whether it was applied, when, where not, and why.
  package func syncs(of commit: ObjectID, _ page: Page = .init()) async throws(LedgerError) -> [SyncRecord] {
    try await syncs(SyncFilter(commit: commit.hex), page)
  }

  /// Attempts to deliver, newest first.
  package func deliveries(
    _ filter: DeliveryFilter = .init(), _ page: Page = .init()
  ) async throws(LedgerError) -> [DeliveryRecord] {
    let wanted = filter.condition(try await scopeAliases())
    return try await read { database in
      var condition = wanted
      try condition.add(window: .deliveries, since: filter.since, until: filter.until, database)
      return try DeliveryRecord.list(database, condition, page)
    }
  }

  /// The audit, newest first.
  package func audit(
    _ filter: AuditFilter = .init(), _ page: Page = .init()
  ) async throws(LedgerError) -> [AuditRecord] {
    guard let condition = filter.condition(try await scopeAliases()) else { return [] }
    return try await list(AuditRecord.self, condition, page)
  }

  /// How many rows of the audit a filter lets through.
  package func auditCount(_ filter: AuditFilter) async throws(LedgerError) -> Int {
    guard let condition = filter.condition(try await scopeAliases()) else { return 0 }
    return try await count("audit", condition)
  }

  private func count(_ table: String, _ condition: Condition) async throws(LedgerError) -> Int {
    try await read { database in
      let sql = "SELECT count(*) FROM \(table)\(condition.sql)"
      return try Int.fetchOne(database, sql: sql, arguments: condition.arguments) ?? 0
    }
  }

  private func list<Record: HistoryRow>(
    _: Record.Type, _ condition: Condition, _ page: Page
  ) async throws(LedgerError) -> [Record.Listed] {
    let wanted = condition
    return try await read { database in try Record.list(database, wanted, page) }
  }
}

extension HistoryRow {
  /// A page of the rows that fit, newest first.
  static func list(_ database: Database, _ condition: Condition, _ page: Page) throws -> [Listed] {
    var paged = condition
    if let before = page.before { paged.add("id < ?", before) }
    return try list(database, "\(selectSQL)\(paged.sql) ORDER BY id DESC LIMIT \(page.limit)", paged.arguments)
  }
}

extension AuditFilter {
  /// The filter in SQL; `nil` where no commit can begin so.
  fileprivate func condition(_ aliases: ScopeAliases) -> Condition? {
    var condition = Condition()
    condition.add(tenants: tenants, aliases, time: "at")
    condition.add(scope: scope, aliases, time: "at")
    condition.add("at", since: since, until: until)
    if let actor { condition.add("actor = ?", actor.column) }
    if let action { condition.add("action", within: action, by: ".") }
    if let path { condition.add("path", within: path, by: "/") }
    if let kind { condition.add("kind = ?", kind.rawValue) }
    if let name { condition.add("name = ?", name.column) }
    if let commit {
      guard (4...64).contains(commit.utf8.count) else { return nil }
      condition.add("commit_id", startingWith: commit.lowercased())
    }
    return condition
  }
}

extension DeliveryFilter {
  /// The filter in SQL, but for the time.
  func condition(_ aliases: ScopeAliases) -> Condition {
    var condition = Condition()
    condition.add(tenants: tenants, aliases, time: "started_at")
    condition.add(scope: scope, aliases, time: "started_at")
    if let channel { condition.add("channel = ?", channel.column) }
    if let channelName { condition.add("channel_name = ?", channelName.column) }
    if let groupKey { condition.add("group_key = ?", groupKey.column) }
    if let outcome { condition.add("outcome = ?", outcome.rawValue) }
    if let alert {
      condition.add("id IN (SELECT delivery FROM delivery_alerts WHERE fingerprint = ?)", alert.description)
    }
    if let rule { condition.add(Self.telling("rule"), rule.column) }
    if let severity { condition.add(Self.telling("severity"), severity.column) }
    return condition
  }

  /// Messages that told of an alert which has, or had, this in a column of its transitions.
  private static func telling(_ column: String) -> String {
    """
    id IN (SELECT delivery FROM delivery_alerts WHERE fingerprint IN (
      SELECT fingerprint FROM transitions WHERE \(column) = ?))
    """
  }
}
