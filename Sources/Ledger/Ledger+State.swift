import GRDB
package import Model

extension Ledger {
  /// The alerts that were put and not removed, in the order in which they were first put.
  package func activeAlerts() async throws(LedgerError) -> [Alert] {
    try await read { database in
      let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM alerts") ?? 0
      var alerts: [Alert] = []
      alerts.reserveCapacity(count)
      var decoder = AlertDecoder()
      let rows = try Row.fetchCursor(database, sql: Alert.selectSQL + " ORDER BY id")
      while let row = try rows.next() {
        var reader = RowReader(row)
        alerts.append(try decoder.alert(&reader))
      }
      return alerts
    }
  }

  /// The notification log, expired entries included until ``prune(now:retention:)``; by owner, channel, group.
  package func notificationLog() async throws(LedgerError) -> [NotificationLogEntry] {
    try await all(orderedBy: "tenant, project, channel, group_key")
  }

  /// How each scope stood; platform first, then each tenant with its projects behind it.
  package func scopes() async throws(LedgerError) -> [ScopeRecord] {
    try await all(orderedBy: "tenant, project")
  }

  /// When each silence without `starts_at` was first applied.
  package func silenceStarts() async throws(LedgerError) -> [ResourceID: Timestamp] {
    let starts: [SilenceStart] = try await all(orderedBy: "silence")
    return Dictionary(starts.map { ($0.silence, $0.startedAt) }, uniquingKeysWith: { $1 })
  }

  /// What rules with `cooldown` or `max_per_day` had used up; by owner, group and rule.
  package func ruleQuotas() async throws(LedgerError) -> [RuleQuota] {
    try await all(orderedBy: "tenant, project, rule_group, rule")
  }

  /// Tenants and projects that were renamed.
  package func scopeAliases() async throws(LedgerError) -> ScopeAliases {
    let all: [ScopeAlias] = try await all(orderedBy: "renamed_at, former_tenant, former_project")
    return ScopeAliases(all)
  }

  /// The last heartbeat; `nil` before the first.
  package func lastAlive() async throws(LedgerError) -> Timestamp? {
    try await read { database in
      try Meta.value(.aliveAt, database).map(Timestamp.init)
    }
  }

  /// The applied resources that a filter lets through, in the order of ``ResourceID``.
  package func resources(_ filter: ResourceFilter = .init()) async throws(LedgerError) -> [ResourceRecord] {
    var condition = Condition()
    condition.add(tenants: filter.tenants)
    condition.add(scope: filter.scope)
    if let kind = filter.kind { condition.add("kind = ?", kind.rawValue) }
    let records: [ResourceRecord] = try await all(where: condition, orderedBy: "tenant, project")
    return records.sorted { $0.id < $1.id }
  }

  private func all<Record: StateRow>(
    where condition: Condition = .init(), orderedBy order: String
  ) async throws(LedgerError) -> [Record] {
    try await read { database in
      var records: [Record] = []
      let rows = try Row.fetchCursor(
        database, sql: "\(Record.selectSQL)\(condition.sql) ORDER BY \(order)", arguments: condition.arguments
      )
      while let row = try rows.next() {
        var reader = RowReader(row)
        records.append(try Record.read(&reader))
      }
      return records
    }
  }
}
