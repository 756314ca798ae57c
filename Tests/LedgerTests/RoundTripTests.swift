import Ledger
import Model
import Testing

@Suite struct `What is written is read again` {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `alerts and their transitions`(seed: UInt64) async throws {
    var records = RandomRecords(seed: seed)
    let alerts = (0..<5).map { _ in records.alert() }
    let transitions = (0..<5).map { _ in records.transition() }
    try await withLedger { ledger in
      try await ledger.write {
        $0.alerts = alerts.map { .put($0) }
        $0.transitions = transitions
      }
      #expect(exact(try await ledger.activeAlerts()) == exact(alerts))
      let read = try await ledger.transitions()
      #expect(read.map(\.id) == [5, 4, 3, 2, 1])
      #expect(exact(read.reversed().map(\.transition.alert)) == exact(transitions.map(\.alert)))
      #expect(read.reversed().map(\.transition.from) == transitions.map(\.from))
      #expect(read.reversed().map(\.transition.reason) == transitions.map(\.reason))
      #expect(read.reversed().map(\.transition.at) == transitions.map(\.at))
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `every other record`(seed: UInt64) async throws {
    var records = RandomRecords(seed: seed)
    let scope = records.scopeRecord()
    let maybe = (resource: records.resourceRecord(), sync: records.sync())
    let resource = try #require(maybe.resource)
    let sync = try #require(maybe.sync)
    let entry = records.notification()
    let start = SilenceStart(silence: records.resource(), startedAt: records.timestamp())
    let quota = RuleQuota(
      owner: records.scope(), group: records.resource(), rule: records.text(), lastNotifiedAt: records.timestamp(),
      day: "2026-11-20", count: 3, heldBack: 2)
    let delivery = records.delivery()
    let audit = records.audit()
    let alive = records.timestamp()
    try await withLedger { ledger in
      try await ledger.write {
        $0.scopes = [.put(scope)]
        $0.resources = [.put(resource)]
        $0.notificationLog = [.put(entry)]
        $0.silenceStarts = [.put(start)]
        $0.ruleQuotas = [.put(quota)]
        $0.deliveries = [delivery]
        $0.syncs = [sync]
        $0.audit = [audit]
        $0.aliveAt = alive
      }
      #expect(try await ledger.scopes() == [scope])
      #expect(try await ledger.resources() == [resource])
      #expect(try await ledger.notificationLog() == [entry])
      #expect(try await ledger.silenceStarts() == [start.silence: start.startedAt])
      #expect(try await ledger.ruleQuotas() == [quota])
      #expect(try await ledger.lastAlive() == alive)
      var first = try #require(try await ledger.audit().first)
      #expect(first.hash.count == 64)
      first.id = 0
      first.hash = ""
      #expect(first == audit)
      var expected = (delivery, sync)
      (expected.0.id, expected.1.id) = (1, 1)
      #expect(try await ledger.deliveries() == [expected.0])
      #expect(try await ledger.syncs() == [expected.1])
      #expect(try await ledger.verifyAudit() == .intact(count: 1))
    }
  }

  @Test func `a NUL, which SQLite would end a text at, becomes its picture`() async throws {
    try await withLedger { ledger in
      try await ledger.write { $0.audit = [.example("a\0b")] }
      #expect(try await ledger.audit().first?.subject == "a␀b")
      #expect(try await ledger.verifyAudit() == .intact(count: 1))
    }
  }

  @Test func `a put replaces the record with its key, a removal takes it away`() async throws {
    let (first, second) = (Alert.example(1), Alert.example(2))
    var changed = first
    changed.state = .resolved
    changed.resolvedAt = .at(900)
    try await withLedger { ledger in
      try await ledger.write { $0.alerts = [.put(first), .put(second)] }
      try await ledger.write { $0.alerts = [.put(changed), .remove(second.ledgerKey), .remove(second.ledgerKey)] }
      #expect(try await ledger.activeAlerts() == [changed])
    }
  }

  @Test func `one label set in two rules, or two scopes, is two alerts`() async throws {
    let alert = Alert.example(1)
    var otherRule = alert
    otherRule.rule.rule = "Other"
    var otherScope = alert
    otherScope.scope = .tenant("shop")
    try await withLedger { ledger in
      try await ledger.write { $0.alerts = [.put(alert), .put(otherRule), .put(otherScope)] }
      #expect(try await ledger.activeAlerts() == [alert, otherRule, otherScope])
    }
  }

  @Test func `a tenant named like the platform stays a tenant`() async throws {
    let records = [Scope.platform, .tenant("platform")].map {
      ScopeRecord(
        scope: $0, applied: nil, appliedAt: nil, attempted: nil, status: .unknown, reason: nil, since: .at(0))
    }
    try await withLedger { ledger in
      try await ledger.write { $0.scopes = records.map { .put($0) } }
      #expect(try await ledger.scopes() == records)
    }
  }

  /// Byte for byte, where `==` of texts looks at characters and NaN equals nothing.
  private func exact(_ alerts: [Alert]) -> [String] {
    alerts.map { alert in
      let pairs = (alert.labels.pairs + alert.annotations).map { "\(Array($0.name.utf8)) \(Array($0.value.utf8))" }
      return "\(pairs) \(alert)"
    }
  }
}
