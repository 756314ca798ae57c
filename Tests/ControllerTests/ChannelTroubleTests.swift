import Foundation
import JSON
import Model
import TestKit
import Testing

@testable import Controller

@Suite struct `Trouble with channels` {
  @Test func `a missing secret degrades its channel, and the message goes out once it is there`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url).replacing(
          "url: '\(world.pages.url)'", with: "url: {secret: hook-url}")
      ])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      let message = try await controller.degraded("Channel", "hook")
      #expect(message.contains("hook-url"))
      #expect(world.pages.requestCount == 0)
      try world.write(world.pages.url + "/late\n", to: "secrets/shop/hook-url")
      try await controller.eventually("the page arrives") { world.pages.count("Down") == 1 }
      try await controller.healthy("Channel", "hook")
      #expect(world.pages.pages.first?.path == "/late")
    }
  }

  @Test func `a webhook that refuses is told of with its words, and another channel goes on`() async throws {
    try await inWorld { world in
      world.pages.next(LoopbackAnswer(status: 404, body: "no such hook"))
      try await world.makeRepository(with: [
        "tenants/data/tenant.yaml": World.tenant("data", hook: world.pages.url + "/data"),
        "tenants/data/lake/rules.yaml": World.rules([("LakeDown", "lake == 0")]),
      ])
      let controller = try await world.syncedController()
      world.prometheus.set("up == 0", [["instance": "a"]])
      let message = try await controller.degraded("Channel", "hook")
      #expect(message.contains("answered 404: no such hook"))
      world.prometheus.set("lake == 0", [["instance": "a"]])
      try await controller.eventually("the other tenant's page arrives") { world.pages.count("LakeDown") == 1 }
      try await controller.eventually("the refusal is recorded") {
        try await controller.items("deliveries").contains { $0["detail"]?.string?.contains("404") == true }
      }
    }
  }

  @Test func `a webhook that hangs is given up after its timeout, and the message is sent again`() async throws {
    try await inWorld { world in
      // Each attempt hangs until the trouble was seen.
      world.pages.always(LoopbackAnswer(body: "", delivery: .silent))
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url).replacing(
          "url: '\(world.pages.url)'", with: "url: '\(world.pages.url)', timeout: 300ms"
        ).replacing("group_interval: 200ms", with: "group_interval: 30s")
      ])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      let message = try await controller.degraded("Channel", "hook")
      #expect(message.contains("no answer in time"))
      world.pages.always(nil)
      try await controller.eventually("the page arrives") { world.pages.count("Down") == 1 }
      try await controller.healthy("Channel", "hook")
    }
  }

  @Test func `a webhook that asks to wait gets the message again after that, once`() async throws {
    try await inWorld { world in
      world.pages.next(LoopbackAnswer(status: 429, headers: [Label("Retry-After", "1")], body: "slow down"))
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url).replacing(
          "group_interval: 200ms", with: "group_interval: 30s")
      ])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      try await controller.eventually("the page arrives") { world.pages.count("Down") == 1 }
      let arrivals = world.pages.arrivals
      #expect(arrivals.count == 2)
      #expect(arrivals[arrivals.count - 1] - arrivals[0] >= .seconds(1))
      try await controller.healthy("Channel", "hook")
    }
  }

  @Test func `a mail arrives`() async throws {
    try await inWorld { world in
      guard try await world.run("/usr/bin/env", ["python3", "-c", "import aiosmtpd"]).code == 0 else {
        try Test.cancel("python3 has no aiosmtpd")
      }
      let port = try await world.freePort()
      _ = try world.start(
        "/usr/bin/env",
        [
          "python3", "-u", "-m", "aiosmtpd", "-n", "-l", "127.0.0.1:\(port)", "-c", "aiosmtpd.handlers.Mailbox",
          world.path("mail"),
        ])
      let mail =
        "email: {to: [oncall@example.com], from: belfry@example.com, smarthost: '127.0.0.1:\(port)', require_tls: false}"
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": World.tenant(hook: "http://127.0.0.1:9").replacing(
          "webhook: {url: 'http://127.0.0.1:9'}", with: mail)
      ])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.controller()
      try await controller.eventually("the mail is in the box") {
        let new = try FileManager.default.contentsOfDirectory(atPath: world.path("mail/new"))
        return new.contains { world.read("mail/new/" + $0).contains("Down") }
      }
    }
  }

  @Test func `a tenant that only observes sends nothing and records what it would send`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": World.tenant(
          hook: world.pages.url, settings: "  notify: observe\n  notify_until: 2099-01-01T00:00:00Z\n")
      ])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      try await controller.eventually("it is recorded") {
        try await controller.items("deliveries").contains { $0["outcome"]?.string == "observed" }
      }
      #expect(world.pages.requestCount == 0)
      #expect(try await controller.scope("shop")["notify"]?.string == "observe")
    }
  }

  @Test func `a tenant's route gets the alerts of that tenant alone`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/data/tenant.yaml": World.tenant("data", hook: world.pages.url + "/data"),
        "tenants/data/lake/rules.yaml": World.rules([("Down", "lake == 0")]),
      ])
      let controller = try await world.syncedController()
      world.prometheus.set("up == 0", [["instance": "a"]])
      world.prometheus.set("lake == 0", [["instance": "b"]])
      try await controller.eventually("both page") { world.pages.count("Down") == 2 }
      let paths = Set(world.pages.pages.map { $0.path + " " + ($0.labels["tenant"] ?? "") })
      #expect(paths == ["/shop shop", "/data data"])
      let alerts = try await controller.items("alerts?tenant=data")
      #expect(alerts.count == 1)
      #expect(alerts.first?["scope"]?.string == "data/lake")
    }
  }
}
