import Model

extension LedgerBatch {
  /// Leaves only the newest change of each record.
  mutating func compact() {
    alerts = Self.newest(alerts)
    notificationLog = Self.newest(notificationLog)
    scopes = Self.newest(scopes)
    resources = Self.newest(resources)
    silenceStarts = Self.newest(silenceStarts)
    ruleQuotas = Self.newest(ruleQuotas)
    scopeAliases = Self.newest(scopeAliases)
  }

  /// Gives up the oldest of what is more than allowed, and says how many rows that were.
  ///
  /// Scopes and resources are never given up: they are as many as the repository has.
  mutating func shed(history: Int, state: Int) -> Int {
    Self.shed(&transitions, history) + Self.shed(&deliveries, history) + Self.shed(&syncs, history)
      + Self.shed(&syncTimings, history) + Self.shed(&audit, history) + Self.shed(&alerts, state)
      + Self.shed(&notificationLog, state)
  }

  private static func newest<Record>(_ changes: [LedgerChange<Record>]) -> [LedgerChange<Record>] {
    var seen: Set<Record.LedgerKey> = []
    seen.reserveCapacity(changes.count)
    return changes.reversed().filter { seen.insert($0.key).inserted }.reversed()
  }

  private static func shed<Row>(_ rows: inout [Row], _ allowed: Int) -> Int {
    let excess = max(0, rows.count - allowed)
    rows.removeFirst(excess)
    return excess
  }
}
