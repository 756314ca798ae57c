import JSON
import Testing

@testable import Controller

@Suite struct `Trouble in the specs` {
  @Test func `a broken YAML file holds its own scope, with place and commit, and the others go on`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/data/tenant.yaml": World.tenant("data", hook: world.pages.url + "/data")
      ])
      let controller = try await world.syncedController()
      let broken = try await world.commit([
        "tenants/shop/api/rules.yaml": "groups:\n  - name: 'unclosed\n",
        "tenants/data/lake/rules.yaml": World.rules([("LakeDown", "lake == 0")]),
      ])
      try await controller.stands("shop/api", "Held (ValidationFailed)")
      try await controller.applies(broken)
      #expect(try await controller.sync(of: "data") == "Synced")
      #expect(try await controller.sync(of: "data/lake") == "Synced")
      #expect(try await controller.sync(of: "platform") == "Synced")
      let finding = try await controller.scope("shop/api").at("diagnostics.0")
      #expect(finding?["file"]?.string == "tenants/shop/api/rules.yaml")
      #expect((finding?.at("range.start.line")?.int ?? 0) > 0)
      #expect(finding?["introducedBy"]?.string == broken)
      #expect(controller.events("scope.held").count == 1)
      #expect(controller.events("scope.held").first?.contains("tenants/shop/api/rules.yaml:") == true)
      world.prometheus.set("up == 0", [["instance": "a"]])
      world.prometheus.set("lake == 0", [["instance": "b"]])
      try await controller.eventually("both page") {
        world.pages.count("Down") == 1 && world.pages.count("LakeDown") == 1
      }
    }
  }

  @Test func `an unknown kind names the kinds that there are`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/shop/web/more.yaml": "apiVersion: belfry/v1\nkind: Silense\nmetadata: {name: x}\nspec: {}\n"
      ])
      let controller = try await world.controller()
      try await controller.stands("shop/web", "Held (ValidationFailed)")
      let finding = try await controller.scope("shop/web").at("diagnostics.0")
      #expect(finding?["message"]?.string?.contains("'Silense'") == true)
      #expect(finding?["fix"]?.string?.contains("Silence") == true)
      #expect(try await controller.sync(of: "shop/api") == "Synced")
    }
  }

  @Test func `a dangling reference holds the scope that has it`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/shop/web/route.yaml": World.route("nowhere")
      ])
      let controller = try await world.controller()
      try await controller.stands("shop/web", "Held (ValidationFailed)")
      let finding = try await controller.scope("shop/web").at("diagnostics.0")
      #expect(finding?["message"]?.string?.contains("'nowhere'") == true)
      #expect(finding?.at("range.start.line")?.int == 6)
      #expect(try await controller.sync(of: "shop/api") == "Synced")
    }
  }

  @Test func `what only a held scope has is waited for, and comes when it is released`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await world.commit([
        "platform/channels.yaml": World.channel("shared", "console: {}"),
        "platform/broken.yaml": "apiVersion: belfry/v1\nkind: Nothing\n",
        "tenants/shop/web/route.yaml": World.route("shared"),
      ])
      try await controller.stands("platform", "Held (ValidationFailed)")
      try await controller.stands("shop/web", "Held (DependencyHeld)")
      let finding = try await controller.scope("shop/web").at("diagnostics.0")
      #expect(finding?["message"]?.string?.contains("platform is held") == true)
      #expect(try await controller.sync(of: "shop/api") == "Synced")
      try await world.commit(["platform/broken.yaml": nil])
      try await controller.stands("platform", "Synced")
      try await controller.stands("shop/web", "Synced")
    }
  }

  @Test func `a platform change that removes what a live tenant uses holds the platform`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "platform/channels.yaml": World.channel("shared", "webhook: {url: '\(world.pages.url)/shared'}"),
        "tenants/shop/web/all.yaml": World.route("shared") + "---\n",
        "tenants/shop/web/rules.yaml": World.rules([("WebDown", "web == 0")]),
      ])
      let controller = try await world.syncedController()
      try await world.commit(["platform/channels.yaml": nil])
      try await controller.eventually("a scope is held") {
        try await controller.get("status").at("sync.held")?.array?.isEmpty == false
      }
      // Whoever is held: the channel is live still, and an alert arrives by it.
      world.prometheus.set("web == 0", [["instance": "a"]])
      try await controller.eventually("the page arrives") { world.pages.count("WebDown") == 1 }
      #expect(world.pages.pages.first?.path == "/shared")
      #expect(try await controller.items("resources?kind=Channel").contains { $0["name"]?.string == "shared" })
    }
  }

  @Test func `a new silence within a broken project applies, beside a healthy project`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/shop/web/rules.yaml": World.rules([("WebDown", "web == 0")])
      ])
      let controller = try await world.syncedController()
      let broken = try await world.commit([
        "tenants/shop/api/more.yaml": "groups:\n  - name: x\n    rules:\n      - alert: Down\n        exprr: up\n",
        "tenants/shop/api/silences/work.yaml": World.silence("work", #"alertname="Down""#),
      ])
      try await controller.stands("shop/api", "Held (ValidationFailed)")
      #expect(try await controller.sync(of: "shop/web") == "Synced")
      let applied = try await controller.scope("shop/web").at("revision.applied")?.string
      #expect(applied?.hasSuffix(broken) == true)
      let findings = try await controller.scope("shop/api")["diagnostics"]?.array ?? []
      let finding = findings.first { $0.at("range.start.line")?.int == 5 }
      #expect(finding?["file"]?.string == "tenants/shop/api/more.yaml")
      #expect(finding?.at("range.start.column")?.int == 9)
      #expect(finding?["introducedBy"]?.string == broken)
      world.prometheus.set("up == 0", [["instance": "a"]])
      world.prometheus.set("web == 0", [["instance": "a"]])
      try await controller.alert("Down", is: "firing")
      try await controller.eventually("the healthy project pages") { world.pages.count("WebDown") == 1 }
      let down = try await controller.alerts().first { $0.at("labels.alertname")?.string == "Down" }
      #expect(down?["silencedBy"]?.array?.count == 1)
      #expect(world.pages.count("Down") == 0)
    }
  }
}
