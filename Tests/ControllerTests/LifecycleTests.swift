import Foundation
import Model
import JSON
import Testing

@testable import Controller

@Suite struct `Starting and ending` {
  @Test func `a controller that is killed forgets nothing and repeats nothing`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let first = try await world.syncedController()
      try await first.eventually("the page arrives and is noted") {
        let noted = try await first.items("deliveries").count { $0["outcome"]?.string == "delivered" }
        return world.pages.count("Down") == 1 && noted == 1
      }
      let firedAt = try await first.alerts().first?["firedAt"]?.string
      first.process.kill()
      #expect(await first.process.ended() == -SIGKILL)

      let second = try await world.syncedController()
      try await second.alert("Down", is: "firing")
      #expect(try await second.alerts().first?["firedAt"]?.string == firedAt)
      let evaluations = world.prometheus.asked("up == 0")
      try await second.eventually("it was evaluated a few times more") {
        world.prometheus.asked("up == 0") >= evaluations + 5
      }
      #expect(world.pages.count("Down") == 1)
      world.prometheus.set("up == 0", [])
      try await second.eventually("the end is told") { world.pages.count("Down", "resolved") == 1 }
      let later = world.prometheus.asked("up == 0")
      try await second.eventually("it was evaluated a few times more") {
        world.prometheus.asked("up == 0") >= later + 5
      }
      #expect(world.pages.count("Down") == 1)
      #expect(world.pages.count("Down", "resolved") == 1)
    }
  }

  @Test func `a condition that ends while no controller runs is told once`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let first = try await world.syncedController()
      try await first.eventually("the page is noted") {
        try await first.items("deliveries").contains { $0["outcome"]?.string == "delivered" }
      }
      first.process.kill()
      _ = await first.process.ended()
      world.prometheus.set("up == 0", [])
      let second = try await world.syncedController()
      try await second.eventually("the end is told") { world.pages.count("Down", "resolved") == 1 }
      #expect(world.pages.count("Down") == 1)
    }
  }

  @Test func `a termination signal ends it in order, within the grace period`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let asked = ContinuousClock.now
      #expect(await controller.stop() == 0)
      #expect(ContinuousClock.now - asked < .seconds(4))
      #expect(controller.events("controller.stopping").count == 1)
      #expect(controller.events("controller.stopped").count == 1)
    }
  }

  @Test func `a restart without the repository brings back what was live`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let first = try await world.syncedController()
      #expect(await first.stop() == 0)
      try FileManager.default.removeItem(atPath: world.path("alerts.git"))
      world.prometheus.set("up == 0", [["instance": "a"]])
      let second = try await world.controller()
      try await second.eventually("the page arrives") { world.pages.count("Down") == 1 }
      #expect(try await second.sync(of: "shop/api") == "Synced")
    }
  }

  @Test func `the first commit's way to live is timed by stage`() async throws {
    try await inWorld { world in
      let commit = try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await controller.eventually("the sync is recorded to its end") {
        try await controller.items("syncs").last?.at("timingsMs.total") != nil
      }
      let sync = try #require(try await controller.items("syncs").last)
      #expect(sync["revision"]?.string?.hasSuffix(commit) == true)
      #expect(sync["trigger"]?.string == "startup")
      let timings = sync["timingsMs"]?.members ?? []
      #expect(timings.map(\.name) == ["fetch", "parse", "plan", "apply", "toFirstEvaluation", "total"])
      #expect(timings.allSatisfy { ($0.value.double ?? -1) >= 0 })
      #expect(timings.compactMap(\.value.double).reduce(0, +) < 5000)
    }
  }

  @Test func `running once says what would fire, sends nothing, and fails for a held scope`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      let commit = try await world.makeRepository(with: [:])
      let sound = try await world.run(World.belfry, world.runArguments(["--once"]))
      #expect(sound.code == 0, "\(sound.errors)")
      #expect(sound.output.hasPrefix("Synced  main@sha1:\(commit)\n"), "\(sound.output)")
      #expect(sound.output.contains("firing  Down"))
      #expect(world.pages.requestCount == 0)
      try await world.commit(["tenants/shop/web/rules.yaml": "groups: 5\n"])
      let held = try await world.run(World.belfry, world.runArguments(["--once"]))
      #expect(held.code == 3)
      #expect(held.output.hasPrefix("Partial  "))
      let unreachable = try await world.run(
        World.belfry, world.runArguments(["--once"], data: "other", repository: "file://" + world.path("none.git")))
      #expect(unreachable.code == 6)
    }
  }

  @Test func `the applied resources are in the API with file, line and commit`() async throws {
    try await inWorld { world in
      let commit = try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let group = try #require(try await controller.items("resources?kind=RuleGroup").first)
      #expect(group["scope"]?.string == "shop/api")
      #expect(group.at("origin.file")?.string == "tenants/shop/api/rules.yaml")
      #expect(group.at("origin.lastChange.commit")?.string == commit)
      #expect(group["ruleCount"]?.int == 1)
      let id = try #require(group["id"]?.string)
      let rule = try await controller.get("resource?id=\(id.percentEncoded)").at("rules.0")
      #expect(rule?["name"]?.string == "Down")
      #expect(rule?["query"]?.string == "up == 0")
    }
  }
}
