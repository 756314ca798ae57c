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
    return try await list(SyncRecord.self, condition, page)
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

  /// Changes of state, newest first.
  package func transitions(
    _ filter: TransitionFilter = .init(), _ page: Page = .init()
  ) async throws(LedgerError) -> [TransitionRecord] {
    try await list(AlertTransition.self, filter.condition(try await scopeAliases()), page)
  }

  /// Attempts to deliver, newest first.
  package func deliveries(
    _ filter: DeliveryFilter = .init(), _ page: Page = .init()
  ) async throws(LedgerError) -> [DeliveryRecord] {
    var condition = Condition()
    let aliases = try await scopeAliases()
    condition.add(tenants: filter.tenants, aliases, time: "started_at")
    condition.add(scope: filter.scope, aliases, time: "started_at")
    condition.add("started_at", since: filter.since, until: filter.until)
    if let channel = filter.channel { condition.add("channel = ?", channel.column) }
    if let groupKey = filter.groupKey { condition.add("group_key = ?", groupKey.column) }
    if let outcome = filter.outcome { condition.add("outcome = ?", outcome.rawValue) }
    // All fingerprints have one length and a space between them, so a match is always a whole one.
    if let alert = filter.alert { condition.add("instr(alerts, ?) > 0", alert.description) }
    return try await list(DeliveryRecord.self, condition, page)
  }

  /// The audit, newest first.
  package func audit(
    _ filter: AuditFilter = .init(), _ page: Page = .init()
  ) async throws(LedgerError) -> [AuditRecord] {
    var condition = Condition()
    let aliases = try await scopeAliases()
    condition.add(tenants: filter.tenants, aliases, time: "at")
    condition.add(scope: filter.scope, aliases, time: "at")
    condition.add("at", since: filter.since, until: filter.until)
    if let actor = filter.actor { condition.add("actor = ?", actor.column) }
    if let action = filter.action { condition.add("action", within: action, by: ".") }
    if let path = filter.path { condition.add("path", within: path, by: "/") }
    if let kind = filter.kind { condition.add("kind = ?", kind.rawValue) }
    if let name = filter.name { condition.add("name = ?", name.column) }
    if let commit = filter.commit {
      guard (4...64).contains(commit.utf8.count) else { return [] }
      condition.add("commit_id", startingWith: commit.lowercased())
    }
    return try await list(AuditRecord.self, condition, page)
  }

  private func list<Record: HistoryRow>(
    _: Record.Type, _ condition: Condition, _ page: Page
  ) async throws(LedgerError) -> [Record.Listed] {
    var paged = condition
    if let before = page.before { paged.add("id < ?", before) }
    let wanted = paged
    return try await read { database in
      let sql = "\(Record.selectSQL)\(wanted.sql) ORDER BY id DESC LIMIT \(page.limit)"
      return try Record.list(database, sql, wanted.arguments)
    }
  }
}

extension TransitionFilter {
  /// The filter in SQL.
  func condition(_ aliases: ScopeAliases) -> Condition {
    var condition = Condition()
    condition.add(tenants: tenants, aliases, time: "at")
    condition.add(scope: scope, aliases, time: "at")
    condition.add("at", since: since, until: until)
    if let fingerprint { condition.add("fingerprint = ?", fingerprint.description) }
    return condition
  }
}
