import Foundation
import JSON
import Testing

@testable import Controller

@Suite struct `belfry silence add --ack` {
  private static func files(_ world: borrowing World) -> [String: String?] {
    [
      "tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url).replacing(
        "group_by: [alertname]", with: "group_by: [alertname, instance]\n  repeat_interval: 400ms")
    ]
  }

  private static func told(_ world: borrowing World, _ instance: String, _ status: String = "firing") -> Int {
    world.pages.pages.count { $0.labels["instance"] == instance && $0.status == status }
  }

  /// Waits until the rule was evaluated ten more times, in which two repetitions would have come.
  private static func goesOn(_ world: borrowing World, _ controller: borrowing RunningController) async throws {
    let evaluations = world.prometheus.asked("up == 0")
    try await controller.eventually("it goes on") { world.prometheus.asked("up == 0") >= evaluations + 10 }
  }

  @Test(arguments: [true, false]) func `quiets one alert until it resolves, pushed or merged`(_ pushes: Bool)
    async throws
  {
    try await inWorld { world in
      try await world.makeRepository(with: Self.files(world))
      world.prometheus.set("up == 0", [["instance": "a"], ["instance": "b"]])
      let controller = try await world.syncedController(["--silences-ref", "silences"])
      try await controller.eventually("both are told again and again") {
        Self.told(world, "a") >= 2 && Self.told(world, "b") >= 2
      }
      let alert = try #require(try await controller.alerts().first { $0.at("labels.instance")?.string == "a" })
      let fingerprint = try #require(alert["fingerprint"]?.string)
      let arguments =
        ["silence", "add", "--ack", "--comment", "on it", "--url", controller.url] + (pushes ? ["--push"] : [])
      let added = try await world.run(World.belfry, arguments + [fingerprint], in: "alerts")
      #expect(added.code == 0, "\(added.errors)")
      if !pushes { try await world.commit([:], "Acknowledge") }
      try await controller.eventually("it is acknowledged") {
        try await controller.alerts().contains {
          $0.at("labels.instance")?.string == "a" && $0["silencedBy"]?.array?.count == 1
        }
      }
      try await Self.goesOn(world, controller)
      let (quiet, loud) = (Self.told(world, "a"), Self.told(world, "b"))
      try await Self.goesOn(world, controller)
      #expect(Self.told(world, "a") == quiet)
      #expect(Self.told(world, "b") > loud)

      world.prometheus.set("up == 0", [["instance": "b"]])
      try await controller.eventually("its end is told") { Self.told(world, "a", "resolved") == 1 }
      world.prometheus.set("up == 0", [["instance": "a"], ["instance": "b"]])
      try await controller.eventually("its next firing is told") { Self.told(world, "a") > quiet }
      #expect(
        try await controller.alerts().allSatisfy { ($0["silencedBy"]?.array ?? []).isEmpty })
    }
  }

  @Test func `an acknowledgement holds over a restart`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: Self.files(world))
      world.prometheus.set("up == 0", [["instance": "a"]])
      let first = try await world.syncedController()
      try await first.eventually("it is told") { Self.told(world, "a") >= 1 }
      let added = try await world.belfry(
        "silence", "add", "--ack", "--tenant", "shop", "--comment", "on it", "Down", in: "alerts")
      #expect(added.code == 0, "\(added.errors)")
      try await world.commit([:], "Acknowledge")
      try await first.eventually("it is acknowledged") {
        try await first.alerts().first?["silencedBy"]?.array?.count == 1
      }
      // What was sent and isn't in the ledger yet would be sent again.
      try await first.eventually("what was told is recorded") { !(try await first.items("deliveries")).isEmpty }
      first.process.kill()
      _ = await first.process.ended()
      let told = Self.told(world, "a")
      let second = try await world.syncedController()
      try await second.alert("Down", is: "firing")
      try await second.eventually("it is acknowledged still") {
        try await second.alerts().first?["silencedBy"]?.array?.count == 1
      }
      try await Self.goesOn(world, second)
      #expect(Self.told(world, "a") == told)
      world.prometheus.set("up == 0", [])
      try await second.eventually("its end is told") { Self.told(world, "a", "resolved") == 1 }
    }
  }

  @Test func `says what is wrong with a fingerprint that nobody knows`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let added = try await world.belfry(
        "silence", "add", "--ack", "--comment", "x", "--url", controller.url, "0123456789abcdef", in: "alerts")
      #expect(added.code != 0)
      #expect(added.errors.contains("0123456789abcdef"), "\(added.errors)")
    }
  }
}
