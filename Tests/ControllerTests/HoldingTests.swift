import Foundation
import JSON
import TestKit
import Testing

@testable import Controller

@Suite struct `Scopes that are held or paused` {
  @Test func `a held scope stays at its last good revision over a restart`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      let good = try await world.makeRepository(with: [:])
      let first = try await world.syncedController()
      try await first.eventually("the page is noted") {
        try await first.items("deliveries").contains { $0["outcome"]?.string == "delivered" }
      }
      let broken = try await world.commit([
        "tenants/shop/api/rules.yaml": "groups: 5\n",
        "tenants/shop/web/rules.yaml": World.rules([("WebDown", "web == 0")]),
      ])
      try await first.stands("shop/api", "Held (ValidationFailed)")
      #expect(await first.stop() == 0)

      let second = try await world.controller()
      try await second.applies(broken)
      try await second.stands("shop/api", "Held (ValidationFailed)")
      try await second.alert("Down", is: "firing")
      let scope = try await second.scope("shop/api")
      #expect(scope.at("revision.applied")?.string?.hasSuffix(good) == true)
      try await second.eventually("its findings are there") {
        try await second.scope("shop/api").at("diagnostics.0.file")?.string == "tenants/shop/api/rules.yaml"
      }
      let evaluations = world.prometheus.asked("up == 0")
      try await second.eventually("it was evaluated a few times more") {
        world.prometheus.asked("up == 0") >= evaluations + 5
      }
      #expect(world.pages.count("Down") == 1)
      #expect(world.pages.count("Down", "resolved") == 0)
      let mended = try await world.commit(["tenants/shop/api/rules.yaml": World.rules([("Down", "up == 0")])])
      try await second.stands("shop/api", "Synced")
      try await second.applies(mended)
      #expect(world.pages.count("Down") == 1)
    }
  }

  @Test func `a lost ledger doesn't lose the last good revision of a held scope`() async throws {
    try await inWorld { world in
      let good = try await world.makeRepository(with: [:])
      let first = try await world.syncedController()
      try await world.commit(["tenants/shop/api/rules.yaml": "groups: 5\n"])
      try await first.stands("shop/api", "Held (ValidationFailed)")
      #expect(await first.stop() == 0)
      for name in try FileManager.default.contentsOfDirectory(atPath: world.path("data"))
      where name.hasPrefix("ledger.sqlite") {
        try FileManager.default.removeItem(atPath: world.path("data/" + name))
      }
      world.prometheus.set("up == 0", [["instance": "a"]])
      let second = try await world.controller()
      try await second.eventually("the page arrives") { world.pages.count("Down") == 1 }
      try await second.stands("shop/api", "Held (ValidationFailed)")
      let applied = try await second.scope("shop/api").at("revision.applied")?.string
      #expect(applied?.hasSuffix(good) == true, "\(applied ?? "nothing")")
    }
  }

  @Test func `too many deletions are held until they are approved`() async throws {
    try await inWorld { world in
      let many = (1...12).map { (alert: "Rule\($0)", expression: "up == \($0)") }
      try await world.makeRepository(with: ["tenants/shop/many/rules.yaml": World.rules(many)])
      let controller = try await world.syncedController()
      try await world.commit(["tenants/shop/many/rules.yaml": nil])
      try await controller.stands("shop/many", "Held (GuardTripped)")
      let message = try await controller.scope("shop/many").at("sync.message")?.string ?? ""
      #expect(message.contains("12 of 12") && message.contains("deletions: 12"), "\(message)")
      try await world.commit([
        "tenants/shop/approval.yaml": """
        apiVersion: belfry/v1
        kind: Approval
        metadata:
          name: cleaning
        spec:
          deletions: 12
          until: 2099-01-01T00:00:00Z
          reason: the rules go

        """
      ])
      try await controller.eventually("the rules are gone") {
        try await controller.get("status").at("counts.rules")?.int == 1
      }
      #expect(try await controller.get("status").at("sync.status")?.string == "Synced")
    }
  }

  @Test func `a paused tenant stays where it is, and follows again afterwards`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await world.commit([
        "tenants/shop/tenant.yaml": World.tenant(
          hook: world.pages.url + "/shop", settings: "  sync: paused\n  sync_until: 2099-01-01T00:00:00Z\n"),
        "tenants/shop/web/rules.yaml": World.rules([("WebDown", "web == 0")]),
      ])
      try await controller.stands("shop", "Suspended")
      #expect(try await controller.get("status").at("counts.rules")?.int == 1)
      try await world.commit(["tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url + "/shop")])
      try await controller.stands("shop", "Synced")
      try await controller.stands("shop/web", "Synced")
      #expect(try await controller.get("status").at("counts.rules")?.int == 2)
    }
  }

  @Test func `an emptied repository deletes nothing`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await world.commit(Dictionary(uniqueKeysWithValues: world.basics.keys.map { ($0, nil) }))
      try await controller.stands("shop/api", "Held (GuardTripped)")
      #expect(
        try await controller.scope("shop/api").at("sync.message")?.string?.contains("check --path and --branch") == true
      )
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await controller.eventually("the page arrives") { world.pages.count("Down") == 1 }
    }
  }

  @Test func `specs in a folder of the repository are followed with --path`() async throws {
    try await inWorld { world in
      try await world.makeRepository()
      let files = Dictionary(uniqueKeysWithValues: world.basics.map { ("deploy/alerts/" + $0.key, $0.value) })
      try await world.commit(files.merging(["tenants/other/tenant.yaml": "kind: Nothing\n"]) { $1 }, "Begin")
      let controller = try await world.syncedController(["--path", "deploy/alerts"])
      #expect(try await controller.get("status").at("sync.status")?.string == "Synced")
      let tenants = try await controller.items("tenants")
      #expect(tenants.compactMap { $0["name"]?.string } == ["shop"])
    }
  }
}

@Suite struct `Messages under way` {
  @Test func `a message that was under way when the controller was killed is sent by the next`() async throws {
    try await inWorld { world in
      world.pages.always(LoopbackAnswer(delivery: .silent))
      try await world.makeRepository(with: [:])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let first = try await world.syncedController()
      try await first.eventually("the message is under way") { world.pages.requestCount == 1 }
      first.process.kill()
      _ = await first.process.ended()
      world.pages.always(nil)
      let second = try await world.syncedController()
      try await second.eventually("the page arrives") { world.pages.count("Down") == 1 }
      let evaluations = world.prometheus.asked("up == 0")
      try await second.eventually("it was evaluated a few times more") {
        world.prometheus.asked("up == 0") >= evaluations + 5
      }
      #expect(world.pages.count("Down") == 1)
    }
  }

  @Test func `a hanging message doesn't keep the controller beyond its grace period`() async throws {
    try await inWorld { world in
      world.pages.always(LoopbackAnswer(delivery: .silent))
      try await world.makeRepository(with: [:])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController(["--grace-period", "1s"])
      try await controller.eventually("the message is under way") { world.pages.requestCount == 1 }
      let asked = ContinuousClock.now
      #expect(await controller.stop() == 0)
      #expect(ContinuousClock.now - asked < .seconds(3))
    }
  }

  @Test func `a rule file that moves keeps its alerts without a word`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await controller.eventually("the page arrives") { world.pages.count("Down") == 1 }
      let firedAt = try await controller.alerts().first?["firedAt"]?.string
      let moved = try await world.commit([
        "tenants/shop/api/rules.yaml": nil, "tenants/shop/api/moved/all.yaml": World.rules([("Down", "up == 0")]),
      ])
      try await controller.applies(moved)
      let evaluations = world.prometheus.asked("up == 0")
      try await controller.eventually("it was evaluated a few times more") {
        world.prometheus.asked("up == 0") >= evaluations + 5
      }
      #expect(try await controller.alerts().first?["firedAt"]?.string == firedAt)
      #expect(world.pages.pages.count == 1)
    }
  }
}

@Suite struct `Scopes that were never applied` {
  @Test func `a new project that is broken is held, also after a restart`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: ["tenants/shop/web/rules.yaml": "groups: 5\n"])
      let first = try await world.syncedController()
      try await first.stands("shop/web", "Held (ValidationFailed)")
      #expect(await first.stop() == 0)
      let second = try await world.syncedController()
      try await second.stands("shop/web", "Held (ValidationFailed)")
      try await second.eventually("its findings are there") {
        try await second.scope("shop/web").at("diagnostics.0.range.start.line")?.int == 1
      }
    }
  }
}
