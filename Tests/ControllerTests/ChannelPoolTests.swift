import Foundation
import JSON
import TestKit
import Testing

@testable import Controller

@Suite struct `Several endpoints and short quotas` {
  private static let hosts = (1...8).map { "host-\($0)" }

  private static func byInstance(_ destination: String, settings: String = "") -> String {
    World.tenant(hook: "http://127.0.0.1:9").replacing("webhook: {url: 'http://127.0.0.1:9'}", with: destination)
      .replacing("group_by: [alertname]", with: "group_by: [alertname, instance]" + settings)
  }

  @Test func `a dead endpoint of two loses no page, and deliveries shows who took it`() async throws {
    try await inWorld { world in
      let dead = try await world.freePort()
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": Self.byInstance(
          "webhook: {endpoints: [{url: 'http://127.0.0.1:\(dead)'}, {url: '\(world.pages.url)/live'}]}")
      ])
      world.prometheus.set("up == 0", Self.hosts.map { ["instance": $0] })
      let controller = try await world.syncedController()
      try await controller.eventually("every page arrives") {
        Set(world.pages.pages.map { $0.labels["instance"] ?? "" }) == Set(Self.hosts)
      }
      #expect(world.pages.pages.count == Self.hosts.count)
      try await controller.eventually("all are noted") {
        try await controller.items("deliveries?outcome=delivered").count == Self.hosts.count
      }
      let deliveries = try await controller.items("deliveries")
      for delivery in deliveries {
        #expect(delivery["endpoint"]?.int == (delivery["outcome"]?.string == "delivered" ? 1 : 0), "\(delivery.text)")
      }
      #expect(deliveries.contains { $0["outcome"]?.string == "unreachable" })
      let listed = try await world.belfry("deliveries", "--url", controller.url, "--outcome", "delivered")
      #expect(listed.output.contains("ENDPOINT"), "\(listed.output)")
      world.prometheus.set("up == 0", [])
      try await controller.eventually("every end arrives") {
        Set(world.pages.pages.filter { $0.status == "resolved" }.map { $0.labels["instance"] ?? "" }) == Set(Self.hosts)
      }
    }
  }

  @Test func `a chat with a tiny quota merges what waits and tells all of it`() async throws {
    try await inWorld { world in
      let chat = try ScriptedVendor { _ in LoopbackAnswers.ok }
      defer { chat.stop() }
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": Self.byInstance(
          "slack: {url: '\(chat.url)/hook'}\n  rate_limit: {messages: 1, per: 2s}"),
        "tenants/shop/api/rules.yaml": World.rules([("Down", "up == 0")], summary: "{{ $labels.instance }} is gone"),
      ])
      world.prometheus.set("up == 0", Self.hosts.map { ["instance": $0] })
      let controller = try await world.syncedController()
      func told(_ words: String?) -> Set<String> {
        let texts =
          chat.bodies(of: "/hook").filter { body in words.map(body.tells) ?? true }.flatMap(\.texts).joined(
            separator: "\n") + "\n"
        return Set(
          Self.hosts.filter { texts.contains($0 + " ") || texts.contains($0 + "\n") || texts.contains($0 + "*") })
      }
      try await controller.eventually("all are told") { told(nil).count == Self.hosts.count }
      #expect(chat.requests.count <= 4, "\(chat.requests.count)")
      try await controller.eventually("all are noted") {
        try await controller.items("deliveries?outcome=delivered").count == Self.hosts.count
      }
      #expect(
        try await controller.items("deliveries?outcome=delivered").contains { ($0["groups"]?.int ?? 1) > 1 })
      world.prometheus.set("up == 0", [])
      try await controller.eventually("all ends are noted") {
        let delivered = try await controller.items("deliveries?outcome=delivered&limit=1000")
        return delivered.reduce(0) { $0 + ($1["resolved"]?.int ?? 0) } == Self.hosts.count
      }
    }
  }
}
