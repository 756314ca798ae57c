import Foundation
import JSON
import Synchronization
import TestKit
import Testing

@testable import Controller

/// A receiver of remote write that answers as it is told and counts what it took.
private final class WriteReceiver: Sendable {
  private let script: Script
  private let server: LoopbackHTTPServer

  private final class Script: Sendable {
    let answer = Mutex(LoopbackAnswer(status: 204))
    let taken = Mutex(0)
  }

  init(status: Int = 204) throws {
    let script = Script()
    self.script = script
    script.answer.withLock { $0 = LoopbackAnswer(status: status, body: "no") }
    server = try LoopbackHTTPServer { _ in
      let answer = script.answer.withLock { $0 }
      if answer.status < 300 { script.taken.withLock { $0 += 1 } }
      return answer
    }
  }

  var url: String { server.url + "/api/v1/write" }
  var taken: Int { script.taken.withLock { $0 } }
  func set(status: Int) { script.answer.withLock { $0 = LoopbackAnswer(status: status, body: "no") } }
  func stop() { server.stop() }
}

@Suite struct `Recording rules` {
  private static let recorded = """
    groups:
      - name: group
        rules:
          - record: job:now:seconds
            expr: vector(time())
            labels: {from: belfry}
          - alert: SameEvaluation
            expr: job:now:seconds{from="belfry"} - time() == 0
          - alert: Recorded
            expr: job:now:seconds{from="belfry"} > 0

    """

  private func files(_ world: borrowing World, source: String, rules: String = recorded) -> [String: String?] {
    [
      "platform/sources.yaml": source, "tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url + "/shop"),
      "tenants/shop/api/rules.yaml": rules,
    ]
  }

  /// A server that takes what rules record at another address.
  private func server(_ url: String, write: String, more: String = "") -> String {
    World.source("main", url) + "  recording: evaluate\n  remote_write: {url: '\(write)'}\n" + more
  }

  @Test func `are seen by the rules behind them, and end when they are removed`() async throws {
    try await inWorld { world in
      let absence = World.rules([("Gone", "absent(job:now:seconds)")], group: "other")
      try await world.makeRepository(with: files(world, source: World.embedded()))
      let controller = try await world.syncedController()
      try await controller.eventually("the alert behind it fires") { world.pages.count("SameEvaluation") == 1 }
      try await world.commit(["tenants/shop/web/rules.yaml": absence])
      try await controller.eventually("both groups are live") { try await controller.metric("belfry_rules") == 4 }
      #expect(world.pages.count("Gone") == 0)
      try await world.commit(["tenants/shop/api/rules.yaml": "groups: []\n"])
      try await controller.eventually("the series has ended") { world.pages.count("Gone") == 1 }
      try await controller.eventually("so has the alert") { world.pages.count("SameEvaluation", "resolved") == 1 }
    }
  }

  @Test(
    .enabled(if: RealServer.isInstalled(RealServer.prometheus), "prometheus is not installed"))
  func `reach a real prometheus`() async throws {
    let server = try RealServer.startPrometheus()
    try await reach(server, isSeenAtOnce: true)
  }

  @Test(
    .enabled(if: RealServer.isInstalled(RealServer.victoriaMetrics), "victoria-metrics is not installed"))
  func `reach a real victoria-metrics`() async throws {
    let server = try RealServer.startVictoriaMetrics()
    try await reach(server, isSeenAtOnce: false)
  }

  /// Series arrive and are seen by the next rule, with the alerts; both end when the rules are removed.
  private func reach(_ server: RealServer, isSeenAtOnce: Bool) async throws {
    try await inWorld { world in
      let ask = ["--url", server.url]
      try await eventually("the server answers") { try await world.value(of: "vector(1)", ask) == 1 }
      let source = self.server(server.url, write: server.url + "/api/v1/write", more: "  write_alerts: true\n")
      try await world.makeRepository(with: files(world, source: source))
      let controller = try await world.syncedController()
      try await controller.eventually("the recorded series is there") {
        try await world.find("job:now:seconds", ask).map(\.labels)
          == [["__name__": "job:now:seconds", "from": "belfry"]]
      }
      try await controller.eventually("the alert on it fires") { world.pages.count("Recorded") == 1 }
      // VictoriaMetrics shows samples a moment after it has taken them, which is no more than an evaluation late.
      if isSeenAtOnce {
        try await controller.eventually("it is of one evaluation") { world.pages.count("SameEvaluation") == 1 }
      }
      try await controller.eventually("the alert is a series too") {
        try await world.find(#"ALERTS{alertname="Recorded", alertstate="firing"}"#, ask).map(\.value) == [1]
      }
      #expect(try await world.value(of: #"ALERTS_FOR_STATE{alertname="Recorded"}"#, ask) ?? 0 > 1e9)
      #expect(try await controller.metric("belfry_remote_write_samples_dropped_total") == 0)
      try await world.commit(["tenants/shop/api/rules.yaml": "groups: []\n"])
      try await controller.eventually("all of them have ended") {
        try await world.find(#"{__name__=~"job:now:seconds|ALERTS|ALERTS_FOR_STATE"}"#, ask).isEmpty
      }
      #expect(try await world.value(of: "count(last_over_time(job:now:seconds[10m]))", ask) == 1)
    }
  }

  @Test func `wait for a server that is down, degraded, and lose nothing`() async throws {
    try await inWorld { world in
      let receiver = try WriteReceiver(status: 503)
      defer { receiver.stop() }
      world.prometheus.set("vector(time())", [[:]])
      let rule = "groups:\n  - name: group\n    rules:\n      - {record: 'job:now:seconds', expr: vector(time())}\n"
      try await world.makeRepository(
        with: files(world, source: server(world.prometheus.url, write: receiver.url), rules: rule))
      let controller = try await world.syncedController()
      let group = try await controller.degraded("RuleGroup", nil)
      #expect(group.contains("held until they can be written"), "\(group)")
      let source = try await controller.degraded("DataSource", "main")
      #expect(source.contains("503"), "\(source)")
      try await controller.eventually("samples wait") {
        try await controller.metric("belfry_remote_write_samples_pending") >= 5
      }
      receiver.set(status: 204)
      try await controller.healthy("RuleGroup")
      try await controller.healthy("DataSource", "main")
      try await controller.eventually("each evaluation has brought its sample") {
        let page = try await controller.metrics()
        func value(_ name: String) -> Double { RunningController.value(name, in: page) }
        let samples = value("belfry_remote_write_samples_total") + value("belfry_remote_write_samples_pending")
        return abs(samples - value("belfry_rule_evaluations_total")) <= 1 && samples > 5
      }
      #expect(try await controller.metric("belfry_remote_write_samples_dropped_total") == 0)
    }
  }

  @Test func `tell when the server takes nothing, and what was given up`() async throws {
    try await inWorld { world in
      let receiver = try WriteReceiver(status: 400)
      defer { receiver.stop() }
      world.prometheus.set("vector(time())", [[:]])
      let rule = "groups:\n  - name: group\n    rules:\n      - {record: 'job:now:seconds', expr: vector(time())}\n"
      try await world.makeRepository(
        with: files(world, source: server(world.prometheus.url, write: receiver.url), rules: rule))
      let controller = try await world.syncedController()
      let group = try await controller.degraded("RuleGroup", nil)
      #expect(group.contains("could not be written") && group.contains("400"), "\(group)")
      try await controller.eventually("the loss is counted") {
        try await controller.metric("belfry_remote_write_samples_dropped_total") >= 2
      }
      #expect(receiver.taken == 0)
    }
  }

  @Test func `are left to a server that has them`() async throws {
    try await inWorld { world in
      world.prometheus.set(#"job:now:seconds{from="belfry"} - time() == 0"#, [["job": "a"]])
      try await world.makeRepository(with: files(world, source: World.source("main", world.prometheus.url)))
      let controller = try await world.syncedController()
      try await controller.eventually("the alert fires") { world.pages.count("SameEvaluation") == 1 }
      #expect(world.prometheus.asked("vector(time())") == 0)
    }
  }
}
