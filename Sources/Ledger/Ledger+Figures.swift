import GRDB
package import Model

extension Ledger {
  /// How many rows of each table figures are counted over; of more, the newest.
  package static let countedRows = 2_000_000
  /// Alerts that a message told of and that changed before the window: how many are looked up.
  private static let lookedUp = 20_000

  /// Counts the transitions that a filter lets through, and the deliveries of its tenants in the same time.
  ///
  /// One pass over the rows of the window on a reading connection. A tenant's deliveries count for a project where they
  /// told of an alert of it. `filter` has both ends of its time; its state is not looked at.
  package func figures(
    _ filter: TransitionFilter, since: Timestamp, until: Timestamp, bucket: Duration, touches: [Touch] = [],
    rows limit: Int = countedRows
  ) async throws(LedgerError) -> Figures {
    let aliases = try await scopeAliases()
    var window = filter
    (window.since, window.until, window.state) = (since, until, nil)
    let deliveryFilter = DeliveryFilter(
      tenants: filter.tenants, scope: filter.scope.map { $0.tenant.map { .tenant($0) } ?? .platform }, since: since,
      until: until)
    let wanted = (transitions: window.condition(aliases), deliveries: deliveryFilter.condition(aliases))
    let isOneProject = filter.scope?.project != nil
    return try await read { database in
      var pass = FiguresPass(
        count: FiguresCount(since: since, until: until, bucket: bucket, touches: touches), limit: limit)
      var condition = wanted.transitions
      try condition.add(window: .transitions, since: since, until: until, database)
      try pass.readTransitions(database, condition)
      condition = wanted.deliveries
      try condition.add(window: .deliveries, since: since, until: until, database)
      try pass.readDeliveries(database, condition, within: filter, isOneProject: isOneProject, lookUps: Self.lookedUp)
      return try pass.figures(since: since)
    }
  }
}

/// Reads the rows of a window, newest first, and has them counted.
private struct FiguresPass {
  private struct Telling: Hashable {
    var tenant: String
    var fingerprint: UInt64
  }

  var count: FiguresCount
  let limit: Int
  /// Rules by tenant and alert.
  private var rules: [Telling: Int] = [:]
  private var groups: [String: ResourceID] = [:]
  private var channels: [String: ResourceID] = [:]
  private var oldest: Timestamp?

  init(count: FiguresCount, limit: Int) {
    self.count = count
    self.limit = limit
  }

  mutating func readTransitions(_ database: Database, _ condition: Condition) throws {
    let sql = """
      SELECT at, state, reason, fingerprint, severity, fired_at, resolved_at, tenant, project, rule_group, rule, labels
      FROM transitions\(condition.sql)\(condition.sql.isEmpty ? " WHERE" : " AND") state IN ('firing', 'resolved')
      ORDER BY id DESC LIMIT \(limit + 1)
      """
    let rows = try Row.fetchCursor(database, sql: sql, arguments: condition.arguments)
    var seen = 0
    while let row = try rows.next() {
      var reader = RowReader(row)
      let at = try reader.timestamp()
      seen += 1
      if seen > limit {
        oldest = at
        return
      }
      let change = FiguresCount.Change(
        at: at, state: try reader.word(), reason: try reader.word(), fingerprint: try reader.fingerprint(),
        severity: try reader.text(), firedAt: reader.optionalTimestamp(), resolvedAt: reader.optionalTimestamp())
      let key = try ruleKey(&reader)
      let rule = count.position(of: key, severity: change.severity)
      rules[Telling(tenant: key.tenant, fingerprint: change.fingerprint.value)] = rule
      count.add(change, of: rule, in: Scope(tenantColumn: key.tenant, projectColumn: key.project)) {
        Labels(FlatJSONReader.texts(row[11] ?? "") ?? [])
      }
    }
  }

  mutating func readDeliveries(
    _ database: Database, _ condition: Condition, within filter: TransitionFilter, isOneProject: Bool, lookUps: Int
  ) throws {
    let sql = """
      SELECT started_at, finished_at, tenant, channel, outcome, next_attempt_at, alerts FROM deliveries\(condition.sql)
      ORDER BY id DESC LIMIT \(limit + 1)
      """
    let rows = try Row.fetchCursor(database, sql: sql, arguments: condition.arguments)
    var (seen, lookUps) = (0, lookUps)
    while let row = try rows.next() {
      var reader = RowReader(row)
      let startedAt = try reader.timestamp()
      seen += 1
      if seen > limit {
        oldest = max(oldest ?? startedAt, startedAt)
        return
      }
      let finishedAt = try reader.timestamp()
      let tenant = try reader.text()
      let channel = try reader.text()
      let outcome: DeliveryRecord.Outcome = try reader.word()
      let willTryAgain = reader.optionalTimestamp() != nil
      var told: Set<Int> = []
      if outcome == .delivered || isOneProject {
        for fingerprint in try reader.fingerprints() {
          if let rule = try rule(of: fingerprint, tenant, database, within: filter, &lookUps) { told.insert(rule) }
        }
      }
      if isOneProject, told.isEmpty { continue }
      let id = try channels[channel] ?? resource(channel, &reader)
      channels[channel] = id
      count.add(
        FiguresCount.Attempt(
          owner: Scope(tenantColumn: tenant, projectColumn: ""), channel: channel, outcome: outcome,
          took: startedAt.duration(to: finishedAt).wholeMilliseconds, willTryAgain: willTryAgain, rules: told),
        to: id)
    }
  }

  func figures(since: Timestamp) throws -> Figures {
    try count.figures(countedSince: oldest ?? since, isTruncated: oldest != nil) { text in
      guard let id = ResourceID(column: text) else { throw UnreadableRow(column: "rule_group") }
      return id
    }
  }

  /// The rule of an alert of a tenant; `nil` for one that isn't counted, or has no transition any more.
  private mutating func rule(
    of fingerprint: Fingerprint, _ tenant: String, _ database: Database, within filter: TransitionFilter,
    _ lookUps: inout Int
  ) throws -> Int? {
    let telling = Telling(tenant: tenant, fingerprint: fingerprint.value)
    if let rule = rules[telling] { return rule < 0 ? nil : rule }
    guard lookUps > 0 else { return nil }
    lookUps -= 1
    let project = filter.scope?.project
    let sql = """
      SELECT tenant, project, rule_group, rule, severity FROM transitions
      WHERE fingerprint = ? AND +tenant = ?\(project == nil ? "" : " AND +project = ?") ORDER BY id DESC LIMIT 1
      """
    var arguments: StatementArguments = [fingerprint.description, tenant]
    if let project { arguments += [project] }
    let statement = try database.cachedStatement(sql: sql)
    guard let row = try Row.fetchOne(statement, arguments: arguments) else {
      rules[telling] = -1
      return nil
    }
    var reader = RowReader(row)
    let key = try ruleKey(&reader)
    let rule = count.position(of: key, severity: try reader.text())
    rules[telling] = rule
    return rule
  }

  private func ruleKey(_ reader: inout RowReader) throws -> FiguresCount.RuleKey {
    FiguresCount.RuleKey(
      tenant: try reader.text(), project: try reader.text(), group: try reader.text(), rule: try reader.text())
  }

  private func resource(_ text: String, _ reader: inout RowReader) throws -> ResourceID {
    guard let id = ResourceID(column: text) else { throw reader.unreadable }
    return id
  }
}
