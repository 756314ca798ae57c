import Foundation
import JSON
import Testing

@testable import Controller

@Suite struct `Limits of a rule` {
  /// The project `api` with one rule, and a group for each instance.
  private static func files(_ world: borrowing World, limit: String) -> [String: String?] {
    [
      "tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url).replacing(
        "group_by: [alertname]", with: "group_by: [alertname, instance]"),
      "tenants/shop/api/rules.yaml": """
      apiVersion: belfry/v1
      kind: RuleGroup
      metadata:
        name: group
      spec:
        rules:
          - alert: Down
            expr: up == 0
            labels: {severity: warning}
            \(limit)

      """,
    ]
  }

  /// What `belfry deliveries --outcome held` lists.
  private static func held(_ world: borrowing World, _ controller: borrowing RunningController) async throws -> String {
    let listed = try await world.belfry("deliveries", "--url", controller.url, "--outcome", "held")
    #expect(listed.code == 0, "\(listed.errors)")
    return listed.output
  }

  private static func isNoted(_ controller: borrowing RunningController, _ status: String = "delivered") async throws
    -> Bool
  {
    try await controller.items("deliveries").contains { $0["outcome"]?.string == status }
  }

  @Test(arguments: [
    ("cooldown: 1h", "cooldown"), ("max_per_day: 1", "max_per_day"),
  ]) func `holds over a kill and a restart, and what is held is listed`(_ limit: String, _ word: String) async throws {
    try await inWorld { world in
      try await world.makeRepository(with: Self.files(world, limit: limit))
      world.prometheus.set("up == 0", [["instance": "a"]])
      let first = try await world.syncedController()
      try await first.eventually("the page is noted") { try await Self.isNoted(first) }
      first.process.kill()
      #expect(await first.process.ended() == -SIGKILL)

      world.prometheus.set("up == 0", [["instance": "a"], ["instance": "b"]])
      let second = try await world.syncedController()
      try await second.eventually("the second alert fires") { try await second.alerts().count == 2 }
      try await second.eventually("it is held back") {
        try await Self.held(world, second).contains(#"instance="b""#)
      }
      let listed = try await Self.held(world, second)
      #expect(listed.contains(word), "\(listed)")
      #expect(listed.split(separator: "\n").count == 2, "\(listed)")

      second.process.kill()
      #expect(await second.process.ended() == -SIGKILL)
      let third = try await world.syncedController()
      try await third.eventually("both fire again") { try await third.alerts().count == 2 }
      let evaluations = world.prometheus.asked("up == 0")
      try await third.eventually("it goes on") { world.prometheus.asked("up == 0") >= evaluations + 5 }
      #expect(world.pages.pages.map { $0.labels["instance"] ?? "" } == ["a"])

      // The end of what was told is told; the end of what was held is not.
      world.prometheus.set("up == 0", [])
      try await third.eventually("the end arrives") { world.pages.count("Down", "resolved") >= 1 }
      try await third.eventually("nothing fires") { try await third.alerts().isEmpty }
      let later = world.prometheus.asked("up == 0")
      try await third.eventually("it goes on") { world.prometheus.asked("up == 0") >= later + 5 }
      #expect(world.pages.pages.map { $0.status + " " + ($0.labels["instance"] ?? "") } == ["firing a", "resolved a"])
    }
  }

  @Test func `the message after a cooldown says how many alerts were held back`() async throws {
    try await inWorld { world in
      let chat = try ScriptedVendor { _ in LoopbackAnswers.ok }
      defer { chat.stop() }
      var files = Self.files(world, limit: "cooldown: 4s")
      files["tenants/shop/tenant.yaml"] = files["tenants/shop/tenant.yaml"]??.replacing(
        "webhook: {url: '\(world.pages.url)'}", with: "slack: {url: '\(chat.url)/hook'}")
      try await world.makeRepository(with: files)
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      try await controller.eventually("the first message arrives") { chat.requests.count == 1 }
      world.prometheus.set("up == 0", [["instance": "a"], ["instance": "b"]])
      try await controller.eventually("it is held back") {
        try await controller.items("deliveries?outcome=held").count == 1
      }
      try await controller.eventually("the second message arrives") { chat.requests.count >= 2 }
      let second = try #require(chat.bodies(of: "/hook").last)
      #expect(second.tells("held back"), "\(second.text)")
    }
  }
}
