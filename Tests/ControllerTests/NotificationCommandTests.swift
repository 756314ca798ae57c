import Foundation
import JSON
import TestKit
import Testing

@testable import Controller

@Suite struct `belfry render, channel test and deliveries` {
  private static let robot = World.channel("robot", "dingtalk: {url: {secret: robot-url}, secret: {secret: robot-key}}")

  @Test func `render prints what a channel would send, with the rule's words and without secrets`() async throws {
    try await inWorld { world in
      for (name, text) in world.basics { try world.write(text ?? "", to: "alerts/" + name) }
      try world.write(Self.robot, to: "alerts/tenants/shop/robot.yaml")
      try world.write(
        World.rules([("Down", "up == 0")], summary: "{{ $labels.instance }} is gone"),
        to: "alerts/tenants/shop/web/rules.yaml")
      let rendered = try await world.belfry(
        "render", "--tenant", "shop", "--project", "web", "--channel", "robot", "--alert", "alertname=Down",
        "instance=web-1", "severity=critical", in: "alerts")
      #expect(rendered.code == 0, "\(rendered.errors)")
      #expect(rendered.output.hasPrefix("POST {secret: robot-url}"), "\(rendered.output)")
      #expect(rendered.output.contains("web-1 is gone"))
      #expect(rendered.output.contains("tenants/shop/web/rules.yaml:4"))
      #expect(rendered.output.contains("[FIRING:1] critical Down"))
      let resolved = try await world.belfry(
        "render", "--tenant", "shop", "--channel", "hook", "--alert", "alertname=Down", "--resolved", "--count", "3",
        in: "alerts")
      #expect(resolved.code == 0)
      #expect(resolved.output.contains(#""status": "resolved""#), "\(resolved.output)")
      #expect(resolved.output.contains("host-3"))
    }
  }

  @Test func `render shows an alert that a live controller has`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: ["tenants/shop/robot.yaml": Self.robot])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      try await controller.alert("Down", is: "firing")
      let fingerprint = try #require(try await controller.alerts().first?["fingerprint"]?.string)
      let rendered = try await world.belfry(
        "render", "--tenant", "shop", "--channel", "robot", "--fingerprint", fingerprint, "--url", controller.url,
        in: "alerts")
      #expect(rendered.code == 0, "\(rendered.errors)")
      #expect(rendered.output.contains("FIRING:1"))
      #expect(rendered.output.contains("Down, tenants/shop/api/rules.yaml:"), "\(rendered.output)")
      #expect(rendered.output.contains("by "))
    }
  }

  @Test func `render says what is wrong with its arguments`() async throws {
    try await inWorld { world in
      for (name, text) in world.basics { try world.write(text ?? "", to: "alerts/" + name) }
      let unknown = try await world.belfry(
        "render", "--tenant", "shop", "--channel", "pager", "--alert", "alertname=X", in: "alerts")
      #expect(unknown.code == 1)
      #expect(unknown.errors.contains("shop sees no channel 'pager'; it sees hook"), "\(unknown.errors)")
      #expect(try await world.belfry("render", "--channel", "hook", in: "alerts").code == 64)
      let malformed = try await world.belfry(
        "render", "--tenant", "shop", "--channel", "hook", "--alert", "X", in: "alerts")
      #expect(malformed.code == 64)
    }
  }

  @Test func `channel test sends one marked message to each endpoint`() async throws {
    try await inWorld { world in
      for (name, text) in world.basics { try world.write(text ?? "", to: "alerts/" + name) }
      try world.write(
        World.channel(
          "pair", "webhook: {endpoints: [{url: '\(world.pages.url)/one'}, {url: {secret: two}}]}"),
        to: "alerts/tenants/shop/pair.yaml")
      try world.write(world.pages.url + "/two\n", to: "secrets/shop/two")
      let asked = try await world.belfry("channel", "test", "pair", "--tenant", "shop", in: "alerts")
      #expect(asked.code == 1)
      #expect(asked.errors.contains("nothing was sent"), "\(asked.errors)")
      #expect(world.pages.requestCount == 0)
      let sent = try await world.belfry(
        "channel", "test", "pair", "--tenant", "shop", "--yes", "--secrets-dir", world.path("secrets"), in: "alerts")
      #expect(sent.code == 0, "\(sent.errors)")
      #expect(sent.output == "endpoint 1: taken: answered 200\nendpoint 2: taken: answered 200\n")
      #expect(world.pages.pages.map(\.path) == ["/one", "/two"])
      #expect(world.pages.pages.allSatisfy { $0.alert == "BelfryChannelTest" })
      world.pages.next(LoopbackAnswer(status: 200, body: ""), LoopbackAnswer(status: 401, body: "who are you?"))
      let refused = try await world.belfry(
        "channel", "test", "pair", "--tenant", "shop", "--yes", "--secrets-dir", world.path("secrets"), in: "alerts")
      #expect(refused.code == 5)
      #expect(refused.errors.contains("endpoint 2: not taken: answered 401: who are you?"), "\(refused.errors)")
    }
  }

  @Test func `deliveries lists attempts with their outcome and when they are tried again`() async throws {
    try await inWorld { world in
      world.pages.next(LoopbackAnswer(status: 503, body: "not now"))
      try await world.makeRepository(with: [:])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      try await controller.eventually("the page arrives") { world.pages.count("Down") >= 1 }
      try await controller.eventually("both attempts are in the ledger") {
        try await controller.items("deliveries").count >= 2
      }
      let listed = try await world.belfry("deliveries", "--url", controller.url, "--tenant", "shop")
      #expect(listed.code == 0, "\(listed.errors)")
      let lines = listed.output.split(separator: "\n")
      #expect(lines.first?.hasPrefix("AT") == true)
      #expect(lines.contains { $0.contains("shop/hook") && $0.contains("delivered") }, "\(listed.output)")
      #expect(lines.contains { $0.contains("unreachable (serverError)") && $0.contains("answered 503: not now") })
      let json = try await world.belfry(
        "deliveries", "--url", controller.url, "--outcome", "unreachable", "--since", "1h", "--format", "json")
      let items = try JSONValue(parsing: json.output)["items"]?.array ?? []
      #expect(items.count == 1)
      #expect((items.first?["bytes"]?.int ?? 0) > 100)
      #expect(items.first?["nextAttemptAt"]?.string != nil)
      let refused = try await world.belfry("deliveries", "--url", controller.url, "--since", "yesterday")
      #expect(refused.code == 64)
    }
  }
}
