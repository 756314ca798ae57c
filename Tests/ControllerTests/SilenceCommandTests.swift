import Foundation
import JSON
import Testing

@testable import Controller

@Suite struct `belfry silence` {
  @Test func `add writes a file that check accepts`() async throws {
    try await inWorld { world in
      for (name, text) in world.basics { try world.write(text ?? "", to: "alerts/" + name) }
      let added = try await world.belfry(
        "silence", "add", "--tenant", "shop", "--project", "api", "--duration", "2h", "--comment", "Ana's migration",
        "Down", #"instance=~"web-.*""#, in: "alerts")
      #expect(added.code == 0, "\(added.errors)")
      #expect(added.output.hasPrefix("wrote tenants/shop/api/silences/down-"))
      let checked = try await world.belfry("check", world.path("alerts"))
      #expect(checked.code == 0, "\(checked.errors)")
      #expect(checked.output.hasPrefix("4 files"))
      let unreadable = try await world.belfry(
        "silence", "add", "--duration", "2h", "--comment", "x", "instance=~\"(\"", in: "alerts")
      #expect(unreadable.code == 64)
    }
  }

  @Test func `add says which alerts it covers, where a controller can be asked`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "web-1"], ["instance": "web-2"], ["instance": "db-1"]])
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await controller.eventually("three alerts fire") { try await controller.alerts().count == 3 }
      let add = [
        "silence", "add", "--tenant", "shop", "--duration", "2h", "--comment", "x", #"instance=~"web-.*""#, "--url",
      ]
      let covered = try await world.run(World.belfry, add + [controller.url], in: "alerts")
      #expect(covered.code == 0 && covered.output.contains("it covers 2 alerts that are live now"), "\(covered.output)")
      #expect(covered.output.contains("web-1") && !covered.output.contains("db-1"))
      let alone = try await world.run(World.belfry, add + ["http://127.0.0.1:1"], in: "alerts")
      #expect(alone.code == 0 && alone.errors.contains("which alerts it covers isn't known"), "\(alone.errors)")
    }
  }

  @Test func `add --push brings a silence in by the silences branch, and nothing else comes that way`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController(["--silences-ref", "silences"])
      let tooLong = try await world.belfry(
        "silence", "add", "--push", "--tenant", "shop", "--duration", "25h", "--comment", "x", "Down", in: "alerts")
      #expect(tooLong.code == 64)
      #expect(tooLong.errors.contains("at most 1d is accepted here"), "\(tooLong.errors)")
      let pushed = try await world.belfry(
        "silence", "add", "--push", "--tenant", "shop", "--duration", "2h", "--comment", "migration", "Down",
        in: "alerts")
      #expect(pushed.code == 0, "\(pushed.errors)")
      try await controller.eventually("the silence is in force") {
        try await controller.get("status").at("drift.runtimeOnly")?.array?.count == 1
      }
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await controller.alert("Down", is: "firing")
      #expect(try await controller.alerts().first?["silencedBy"]?.array?.count == 1)

      // A rule, and a silence for too long, on the same branch.
      try await world.git(["fetch", "-q", "origin", "silences"])
      try await world.git(["checkout", "-q", "-B", "silences", "FETCH_HEAD"])
      try world.write(World.rules([("Smuggled", "up == 0")]), to: "alerts/tenants/shop/web/rules.yaml")
      try world.write(
        World.silence("long", #"alertname="Other""#, length: "duration: 25h"), to: "alerts/tenants/shop/long.yaml")
      try await world.git(["add", "-A"])
      try await world.git(["commit", "-q", "-m", "More"])
      try await world.git(["push", "-q", "origin", "silences"])
      try await controller.eventually("the branch was read again") { controller.events("silences.read").count == 2 }
      #expect(try await controller.get("status").at("drift.runtimeOnly")?.array?.count == 1)
      #expect(try await !controller.items("resources?kind=RuleGroup").contains { $0["scope"]?.string == "shop/web" })
      #expect(world.pages.count("Down") == 0)
    }
  }

  @Test func `emergency mutes over the local socket, is audited, listed, and survives a restart`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let first = try await world.syncedController()
      let arguments = [
        "silence", "emergency", "--data-dir", world.path("data"), "--tenant", "shop", "--comment", "forge down", "Down",
      ]
      let tooLong = try await world.run(World.belfry, arguments + ["--duration", "5h"])
      #expect(tooLong.code == 64)
      #expect(tooLong.errors.contains("at most 4h is accepted here"))
      let silenced = try await world.run(World.belfry, arguments + ["--duration", "1h"])
      #expect(silenced.code == 0, "\(silenced.errors)")
      #expect(silenced.output.hasPrefix("silenced by emergency-down-"))
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await first.alert("Down", is: "firing")
      try await expectEmergency(first)
      try await first.eventually("the audit has it") {
        try await first.items("audit?action=silence.emergency").first?["actor"]?.string?.hasPrefix("local user ")
          == true
      }
      #expect(await first.stop() == 0)
      let nobody = try await world.run(World.belfry, arguments + ["--duration", "1h"])
      #expect(nobody.code == 6)
      #expect(nobody.errors.contains("no controller listens at"))

      let second = try await world.syncedController()
      try await second.alert("Down", is: "firing")
      try await expectEmergency(second)
      #expect(world.pages.count("Down") == 0)
    }
  }

  private func expectEmergency(_ controller: borrowing RunningController) async throws {
    let status = try await controller.get("status")
    #expect(status.at("drift.runtimeOnly.0.createdBy")?.string == "emergency")
    #expect(status.at("drift.status")?.string == "None")
    #expect(try await controller.alerts().first?["silencedBy"]?.array?.count == 1)
  }
}
