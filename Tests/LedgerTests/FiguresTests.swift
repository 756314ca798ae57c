import Foundation
import GRDB
import Model
import TestKit
import Testing

@testable import Ledger

@Suite struct `Figures of the ledger` {
  private static let window = (since: Timestamp.at(0), until: Timestamp.at(40_000))

  private static func transition(
    _ number: Int, _ state: AlertState, at seconds: Int64, fired: Int64? = nil, severity: String = "critical",
    rule: String = "R0", scope: Scope = .tenant("shop"), reason: AlertTransition.Reason? = nil
  ) -> AlertTransition {
    let alert = Alert(
      scope: scope, labels: ["alertname": rule, "instance": "web-\(number)", "severity": severity], annotations: [],
      state: state, value: 1, activeAt: .at(seconds), firedAt: state == .firing ? .at(seconds) : fired.map { .at($0) },
      resolvedAt: state == .resolved ? .at(seconds) : nil,
      rule: RuleReference(
        group: ResourceID(scope, .ruleGroup, "rules.yaml:g"), rule: rule,
        provenance: Provenance(file: "rules.yaml", line: 1)), generatorURL: "")
    return AlertTransition(
      from: state == .firing ? .pending : .firing, alert: alert,
      reason: reason ?? (state == .resolved ? .conditionEnded : .heldLongEnough), at: .at(seconds))
  }

  private static func delivery(
    _ transition: AlertTransition, at seconds: Int64, _ outcome: DeliveryRecord.Outcome = .delivered,
    took milliseconds: Int64 = 100, next: Int64? = nil
  ) -> DeliveryRecord {
    let owner = transition.alert.scope.tenant.map { Scope.tenant($0) } ?? .platform
    return DeliveryRecord(
      owner: owner, groupKey: "{}:{}", channel: ResourceID(owner, .channel, "oncall"), attempt: 1,
      startedAt: .at(seconds),
      finishedAt: .at(seconds) + .milliseconds(milliseconds), outcome: outcome, detail: "",
      nextAttemptAt: next.map { .at($0) }, reason: "first notification", firing: 1, resolved: 0,
      alerts: [transition.alert.fingerprint])
  }

  private func figures(
    _ ledger: Ledger, _ filter: TransitionFilter = .init(), touches: [Touch] = [], rows: Int = 1_000_000
  ) async throws -> Figures {
    try await ledger.figures(
      filter, since: Self.window.since, until: Self.window.until, bucket: .seconds(3600), touches: touches, rows: rows)
  }

  @Test func `tell flaps, short firings, durations and who did something`() async throws {
    try await withLedger { ledger in
      try await ledger.write { batch in
        batch.transitions = [
          Self.transition(1, .firing, at: 0), Self.transition(1, .resolved, at: 100, fired: 0),
          Self.transition(1, .firing, at: 3699), Self.transition(1, .resolved, at: 4299, fired: 3699),
          Self.transition(1, .firing, at: 7899),
          Self.transition(1, .resolved, at: 8000, fired: 7899, reason: .ruleRemoved),
          Self.transition(2, .firing, at: 10, reason: .relabelled),
          Self.transition(3, .resolved, at: 20, fired: nil),
        ]
      }
      let touches = [
        Touch(
          at: .at(3720), scope: .tenant("shop"), matchers: [Matcher("instance", equals: "web-1")],
          isAcknowledgement: true),
        Touch(
          at: .at(50), scope: .tenant("shop"), matchers: [Matcher("instance", equals: "web-2")],
          isAcknowledgement: false),
        Touch(
          at: .at(50), scope: .tenant("bank"), matchers: [Matcher("instance", equals: "web-1")], isAcknowledgement: true
        ),
      ]
      let rule = try #require(try await figures(ledger, touches: touches).rules.first?.tally)
      #expect((rule.firings, rule.resolved, rule.flaps, rule.shortLived) == (3, 3, 1, 1))
      #expect((rule.untouched, rule.acknowledged) == (1, 1))
      #expect(rule.timeToResolve.count == 2 && rule.timeToResolve.mean == .seconds(350))
      #expect(rule.timeToResolve.median == .seconds(100) && rule.timeToResolve.p90 == .seconds(600))
      #expect(rule.timeToAcknowledge.median == .seconds(21))
    }
  }

  @Test func `tell pages, failures and latencies of channels`() async throws {
    try await withLedger { ledger in
      let (first, second) = (Self.transition(1, .firing, at: 0), Self.transition(2, .firing, at: 5, rule: "R1"))
      let before = Self.transition(3, .firing, at: -50, rule: "R2")
      try await ledger.write { batch in
        batch.transitions = [before, first, second]
        batch.deliveries = [
          Self.delivery(first, at: 10, took: 100), Self.delivery(second, at: 11, took: 300),
          Self.delivery(first, at: 12, .unreachable, next: 20), Self.delivery(first, at: 20, .rejected),
          Self.delivery(before, at: 21, took: 200), Self.delivery(first, at: 22, .observed),
          Self.delivery(first, at: 23, .held),
        ]
      }
      let found = try await figures(ledger)
      let channel = try #require(found.channels.first)
      #expect((channel.delivered, channel.failed, channel.givenUp, channel.observed, channel.held) == (3, 2, 1, 1, 1))
      #expect(channel.latency.median == .milliseconds(200) && channel.latency.p95 == .milliseconds(300))
      let pages = Dictionary(uniqueKeysWithValues: found.rules.map { ($0.rule, $0.tally.pages) })
      #expect(pages == ["R0": 1, "R1": 1, "R2": 1])
      #expect(found.totals.pages == 3 && found.totals.firings == 2)
    }
  }

  @Test func `count only the tenants asked for`() async throws {
    try await withLedger { ledger in
      let (own, other) = (
        Self.transition(1, .firing, at: 0),
        Self.transition(1, .firing, at: 1, scope: .project(tenant: "bank", project: "x"))
      )
      try await ledger.write { batch in
        batch.transitions = [own, other]
        batch.deliveries = [Self.delivery(own, at: 2), Self.delivery(other, at: 3)]
      }
      let shop = try await figures(ledger, TransitionFilter(tenants: ["shop"]))
      #expect(shop.rules.map(\.scope) == [.tenant("shop")] && shop.channels.count == 1 && shop.totals.pages == 1)
      let none = try await figures(ledger, TransitionFilter(tenants: ["shop"], scope: .tenant("bank")))
      #expect(none.rules.isEmpty && none.channels.isEmpty && none.totals == Figures.Tally())
      let project = try await figures(ledger, TransitionFilter(scope: .project(tenant: "bank", project: "x")))
      #expect(project.totals.firings == 1 && project.channels.map(\.delivered) == [1])
      let empty = try await figures(ledger, TransitionFilter(scope: .project(tenant: "bank", project: "y")))
      #expect(empty.rules.isEmpty && empty.channels.isEmpty)
    }
  }

  @Test func `say from when on they count where a window has more rows than are read`() async throws {
    try await withLedger { ledger in
      try await ledger.write { batch in
        batch.transitions = (0..<10).map { Self.transition($0, .firing, at: Int64($0)) }
      }
      let found = try await figures(ledger, rows: 4)
      #expect(found.isTruncated && found.totals.firings == 4 && found.countedSince == .at(5))
      #expect(try await figures(ledger, rows: 10).isTruncated == false)
    }
  }

  /// One alert's life and the messages about it, as a naive reader counts them.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `are those of a naive count`(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    var rows: [AlertTransition] = []
    for alert in 0..<Int.random(in: 1...8, using: &random) {
      var at = Int64.random(in: -2000...4000, using: &random)
      let (rule, scope): (String, Scope) = (
        "R\(alert % 3)", alert % 2 == 0 ? .tenant("shop") : .project(tenant: "shop", project: "checkout")
      )
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        let fired = at
        rows.append(Self.transition(alert, .firing, at: at, severity: "s\(alert % 2)", rule: rule, scope: scope))
        at += Int64.random(in: 1...4000, using: &random)
        rows.append(
          Self.transition(alert, .resolved, at: at, fired: fired, severity: "s\(alert % 2)", rule: rule, scope: scope))
        at += Int64.random(in: 1...8000, using: &random)
      }
    }
    rows.sort { $0.at < $1.at }
    let history = rows
    let messages = history.filter { _ in Bool.random(using: &random) }.map {
      Self.delivery($0, at: ($0.at.millisecondsSinceEpoch - Timestamp.at(0).millisecondsSinceEpoch) / 1000 + 1)
    }
    try await withLedger { ledger in
      try await ledger.write { batch in
        batch.transitions = history
        batch.deliveries = messages
      }
      let found = try await figures(ledger)
      let seen = history.filter { $0.at >= Self.window.since && $0.at < Self.window.until }
      #expect(found.totals.firings == seen.count { $0.alert.state == .firing })
      #expect(found.buckets.reduce(0) { $0 + $1.firings.values.reduce(0, +) } == found.totals.firings)
      #expect(found.buckets.reduce(0) { $0 + $1.resolved } == found.totals.resolved)
      for severity in found.severities {
        #expect(
          severity.firings
            == seen.count { $0.alert.state == .firing && $0.alert.labels["severity"] == severity.severity })
      }
      for rule in found.rules {
        let own = seen.filter { $0.alert.rule.rule == rule.rule && $0.alert.scope == rule.scope }
        let ends = own.filter { $0.alert.state == .resolved }
        let lengths = ends.compactMap { end in end.alert.firedAt.map { $0.duration(to: end.at) } }.sorted()
        #expect(rule.tally.resolved == ends.count && rule.tally.shortLived == lengths.count { $0 < .seconds(300) })
        #expect(rule.tally.timeToResolve.median == (lengths.isEmpty ? nil : lengths[(lengths.count + 1) / 2 - 1]))
        let flaps = own.count { start in
          start.alert.state == .firing
            && ends.contains { end in
              end.alert.fingerprint == start.alert.fingerprint && end.at <= start.at
                && end.at.duration(to: start.at) < .seconds(3600)
                && !own.contains {
                  $0.alert.fingerprint == start.alert.fingerprint && $0.at > end.at && $0.at < start.at
                }
            }
        }
        #expect(rule.tally.flaps == flaps)
        let fingerprints = Set(
          history.filter { $0.alert.rule.rule == rule.rule && $0.alert.scope == rule.scope }
            .map(\.alert.fingerprint))
        let told = messages.count {
          $0.startedAt >= Self.window.since && $0.startedAt < Self.window.until && fingerprints.contains($0.alerts[0])
        }
        #expect(rule.tally.pages == told)
      }
    }
  }
}

@Suite struct `Filters of the history` {
  private func filled(_ body: (Ledger) async throws -> Void) async throws {
    try await withLedger { ledger in
      try await ledger.write { batch in
        batch.transitions = (0..<60).map { number in
          .example(number % 5, severity: number % 3 == 0 ? "warning" : "critical", at: Int64(number))
        }
        batch.deliveries = batch.transitions.enumerated().map { number, transition in
          DeliveryRecord(
            owner: .tenant("shop"), groupKey: "{}:{g=\"\(number % 2)\"}",
            channel: ResourceID(number % 4 == 0 ? .platform : .tenant("shop"), .channel, "c\(number % 2)"), attempt: 1,
            startedAt: transition.at, finishedAt: transition.at, outcome: number % 10 == 0 ? .rejected : .delivered,
            detail: "", reason: "first notification", firing: 1, resolved: 0, alerts: [transition.alert.fingerprint])
        }
      }
      try await body(ledger)
    }
  }

  @Test func `find transitions by severity, rule, state and matchers, page by page`() async throws {
    try await filled { ledger in
      #expect(try await ledger.transitions(.init(severity: "warning")).count == 20)
      #expect(try await ledger.transitions(.init(rule: "CheckoutErrors", state: .resolved)).isEmpty)
      #expect(try await ledger.transitions(.init(rule: "Nothing")).isEmpty)
      let matchers = [Matcher("instance", equals: "web-1")]
      var found: [TransitionRecord] = []
      var page = Page(limit: 5)
      while true {
        let part = try await ledger.examinedTransitions(.init(matchers: matchers), page, examining: 7)
        found += part.records
        guard let next = part.next else { break }
        page.before = next
      }
      #expect(found.count == 12 && Set(found.map(\.id)).count == 12)
      #expect(found.allSatisfy { $0.transition.alert.labels["instance"] == "web-1" })
    }
  }

  @Test func `find deliveries by channel, group, rule, severity and alert`() async throws {
    try await filled { (ledger: Ledger) async throws in
      #expect(try await ledger.deliveries(.init(channelName: "c1")).count == 30)
      #expect(try await ledger.deliveries(.init(groupKey: "{}:{g=\"0\"}")).count == 30)
      #expect(try await ledger.deliveries(.init(rule: "CheckoutErrors")).count == 60)
      #expect(try await ledger.deliveries(.init(rule: "Other")).isEmpty)
      #expect(try await ledger.deliveries(.init(severity: "warning")).count == 20)
      #expect(try await ledger.deliveries(.init(outcome: .rejected, since: .at(30), until: .at(41))).count == 2)
      let alert = Alert.example(0, severity: "warning").fingerprint
      let holding = try await ledger.deliveries(.init(alert: alert))
      #expect(holding.allSatisfy { $0.alerts == [alert] })
    }
  }

  @Test func `keep which messages told of an alert for as long as the messages`() async throws {
    try await filled { ledger in
      func rows() async throws -> Int {
        try await ledger.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM delivery_alerts") ?? 0 }
      }
      #expect(try await rows() == 60)
      _ = try await ledger.prune(now: .at(40), retention: Retention(deliveries: .seconds(10)))
      #expect(try await rows() == 30)
    }
  }

  @Test(arguments: [
    ("transitions", "severity = 'x' AND id >= 1 AND +at >= 5", "transitions_severity"),
    ("transitions", "rule = 'x'", "transitions_rule"),
    ("transitions", "tenant = 'x' AND id >= 1 AND id <= 9 AND +at >= 5", "transitions_tenant"),
    ("transitions", "id >= 1 AND id <= 9 AND +at >= 5 AND +at < 6", "INTEGER PRIMARY KEY"),
    ("deliveries", "channel_name = 'x'", "deliveries_channel"),
    ("deliveries", "group_key = 'x'", "deliveries_group"),
    ("deliveries", "outcome = 'x'", "deliveries_outcome"),
    ("deliveries", "id IN (SELECT delivery FROM delivery_alerts WHERE fingerprint = 'x')", "INTEGER PRIMARY KEY"),
  ])
  func `read a page by an index and without sorting`(table: String, part: String, index: String) async throws {
    try await withLedger { ledger in
      let plan = try await ledger.pool.read { database in
        try Row.fetchAll(
          database, sql: "EXPLAIN QUERY PLAN SELECT * FROM \(table) WHERE \(part) ORDER BY id DESC LIMIT 100"
        ).map { String.fromDatabaseValue($0["detail"]) ?? "" }
      }
      let text = plan.joined(separator: "\n")
      #expect(text.contains(index) && !text.contains("TEMP B-TREE") && !text.contains("SCAN \(table)"), "\(text)")
    }
  }

  /// Rows that came late stand among younger ones.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `find a stretch of time whatever the order of the rows`(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    let times = (0..<50).map { Int64($0) + Int64.random(in: -20...20, using: &random) }
    let (since, until) = (Int64.random(in: -10...30, using: &random), Int64.random(in: 20...60, using: &random))
    try await withLedger { ledger in
      try await ledger.write { batch in
        batch.transitions = times.enumerated().map { .example($0.offset, at: $0.element) }
      }
      let found = try await ledger.transitions(.init(since: .at(since), until: .at(until)))
      #expect(found.count == times.count { $0 >= since && $0 < until })
    }
  }
}
