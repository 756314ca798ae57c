import Foundation
import JSON
import Testing

@testable import Controller

@Suite struct `belfry status and alerts` {
  @Test func `they show what runs`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      let commit = try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await controller.alert("Down", is: "firing")
      let status = try await world.belfry("status", "--url", controller.url)
      #expect(status.code == 0, "\(status.errors)")
      #expect(status.output.hasPrefix("sync      Synced  main@sha1:\(commit)\nhealth    Healthy\n"))
      #expect(status.output.contains("alerts    1 firing, 0 pending\n"))
      #expect(status.output.contains("shop/api"))
      let alerts = try await world.belfry("alerts", "--url", controller.url, #"instance="a""#)
      #expect(alerts.code == 0)
      #expect(alerts.output.contains("firing  Down   shop/api"), "\(alerts.output)")
      let others = try await world.belfry("alerts", "--url", controller.url, #"instance="b""#)
      #expect(!others.output.contains("Down"))
      let json = try await world.belfry(
        "alerts", "--format", "json", environment: ["BELFRY_URL": controller.url])
      #expect(try JSONValue(parsing: json.output).at("items.0.labels.alertname")?.string == "Down")
    }
  }

  @Test func `a held scope is shown with its findings`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let broken = try await world.commit(["tenants/shop/api/rules.yaml": "groups: 5\n"])
      try await controller.stands("shop/api", "Held (ValidationFailed)")
      let status = try await world.belfry("status", "--url", controller.url)
      #expect(status.code == 3)
      #expect(status.output.contains("Held (ValidationFailed)"))
      #expect(status.errors.contains("tenants/shop/api/rules.yaml:1:9: error:"), "\(status.errors)")
      #expect(status.errors.contains("since commit \(broken.prefix(8))"))
    }
  }

  @Test func `without a controller they say so`() async throws {
    try await inWorld { world in
      for command in ["status", "alerts"] {
        let finished = try await world.belfry(command, "--url", "http://127.0.0.1:9")
        #expect(finished.code == 6)
        #expect(finished.errors.hasPrefix("belfry: http://127.0.0.1:9 can't be reached: "))
      }
    }
  }

  @Test func `a token is asked for where one is set`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      // The SHA-256 of "letmein".
      let hash = "1c8bfe8f801d79745c4631d09fff36c82aa37fc4cce4fc946683d7b336b63032"
      let controller = try await world.controller(["--token-sha256", hash])
      let without = try await world.belfry("status", "--url", controller.url)
      #expect(without.code == 5)
      #expect(without.errors.contains("give --token or set BELFRY_TOKEN"))
      try await controller.eventually("the token opens") {
        try await world.belfry("status", "--url", controller.url, environment: ["BELFRY_TOKEN": "letmein"]).code == 0
      }
    }
  }
}
