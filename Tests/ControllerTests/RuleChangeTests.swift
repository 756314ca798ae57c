import Foundation
import JSON
import Testing

@testable import Controller

@Suite struct `Rules that change while they fire` {
  @Test func `a changed rule keeps the clock of its hold`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await world.makeRepository(with: [
        "tenants/shop/api/rules.yaml": World.rules([("Down", "up == 0")], hold: "1h", summary: "first")
      ])
      let controller = try await world.syncedController()
      try await controller.alert("Down", is: "pending")
      let before = try #require(try await controller.alerts().first?["activeAt"]?.string)
      try await world.commit([
        "tenants/shop/api/rules.yaml": World.rules([("Down", "up == 0")], hold: "1h", summary: "second")
      ])
      try await controller.eventually("the new text is live") {
        try await controller.alerts().first?.at("annotations.summary")?.string == "second"
      }
      #expect(try await controller.alerts().first?["activeAt"]?.string == before)
      // With a hold that has passed already it fires at once.
      try await world.commit([
        "tenants/shop/api/rules.yaml": World.rules([("Down", "up == 0")], hold: "1ms", summary: "third")
      ])
      try await controller.alert("Down", is: "firing")
      #expect(try await controller.alerts().first?["activeAt"]?.string == before)
    }
  }

  @Test func `a removed rule's alert resolves, saying why`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await world.makeRepository(with: ["tenants/shop/web/rules.yaml": World.rules([("WebDown", "web == 0")])])
      let controller = try await world.syncedController()
      try await controller.eventually("the page arrives") { world.pages.count("Down") == 1 }
      try await world.commit(["tenants/shop/api/rules.yaml": World.rules([("Else", "up == 5")])])
      try await controller.eventually("the end is told") { world.pages.count("Down", "resolved") == 1 }
      try await controller.eventually("the history says why") {
        try await controller.items("history?rule=Down&state=resolved").first?["reason"]?.string?.lowercased()
          .contains("removed") == true
      }
      #expect(try await controller.alerts().isEmpty)
    }
  }
}
