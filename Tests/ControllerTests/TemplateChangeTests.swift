import Foundation
import JSON
import Testing

@testable import Controller

@Suite struct `Templates of channels` {
  private static func document(_ text: String) -> String {
    """
    apiVersion: belfry/v1
    kind: Template
    metadata:
      name: words
    spec:
      text: |
        {{ define "shop.text" }}\(text){{ end }}

    """
  }

  private static func tenant(_ chat: borrowing ScriptedVendor, _ template: String) -> String {
    World.tenant(hook: "http://127.0.0.1:9").replacing(
      "webhook: {url: 'http://127.0.0.1:9'}", with: "slack: {url: '\(chat.url)/hook'}\n  template: \(template)")
  }

  @Test func `a changed Template changes the next message, and a broken one holds its scope`() async throws {
    try await inWorld { world in
      let chat = try ScriptedVendor { _ in LoopbackAnswers.ok }
      defer { chat.stop() }
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": Self.tenant(chat, "shop.text"),
        "tenants/shop/words.yaml": Self.document("Old words: {{ .GroupLabels.alertname }}"),
      ])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      try await controller.eventually("the old words arrive") {
        chat.bodies(of: "/hook").last?.tells("Old words: Down") == true
      }
      let changed = try await world.commit([
        "tenants/shop/words.yaml": Self.document("New words: {{ .GroupLabels.alertname }}, {{ .Status }}")
      ])
      try await controller.applies(changed)
      #expect(chat.requests.count == 1)
      world.prometheus.set("up == 0", [])
      try await controller.eventually("the new words arrive") {
        chat.bodies(of: "/hook").last?.tells("New words: Down, resolved") == true
      }
      try await world.commit(["tenants/shop/words.yaml": Self.document("{{ .GroupLabels | toUper }}")])
      try await controller.stands("shop", "Held (ValidationFailed)")
      let finding = try await controller.scope("shop").at("diagnostics.0.message")?.string ?? ""
      #expect(finding.contains("toUper"), "\(finding)")
      let status = try await world.belfry("status", "--url", controller.url)
      #expect(status.code == 3)
      #expect(status.errors.contains("did you mean 'toUpper'?"), "\(status.errors)")
      world.prometheus.set("up == 0", [["instance": "b"]])
      try await controller.eventually("the last good words go on") {
        chat.bodies(of: "/hook").last?.tells("New words: Down, firing") == true
      }
    }
  }

  @Test func `a template that fails on a message pages nevertheless, and says so`() async throws {
    try await inWorld { world in
      let chat = try ScriptedVendor { _ in LoopbackAnswers.ok }
      defer { chat.stop() }
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": Self.tenant(chat, "{text: '{{ (index .Alerts 7).Labels.instance }} is gone'}"),
        "tenants/shop/api/rules.yaml": World.rules([("Down", "up == 0")], summary: "the usual words"),
      ])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      try await controller.eventually("the page arrives") { chat.requests.count == 1 }
      let page = try #require(chat.bodies(of: "/hook").first)
      #expect(page.tells("the usual words"), "\(page.text)")
      #expect(page.tells("template"), "\(page.text)")
      try await controller.eventually("it is delivered") {
        try await controller.items("deliveries?outcome=delivered").count == 1
      }
    }
  }
}
