import JSON
import Testing

@testable import Controller

@Suite struct `Figures of a running controller` {
  @Test func `tell of an alert that fired, was sent and resolved`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      try await controller.alert("Down", is: "firing")
      try await controller.eventually("it is told") {
        world.pages.pages.contains { $0.labels["alertname"] == "Down" && $0.status == "firing" }
      }
      let alert = try #require(try await controller.alerts().first { $0.at("rule.name")?.string == "Down" })
      let fingerprint = try #require(alert["fingerprint"]?.string)
      try await controller.eventually("the explanation says so") {
        let explained = try await controller.get("alerts/\(fingerprint)")
        let told = explained["groups"]?.array?.first
        return told?["told"]?.bool == true && explained["deliveries"]?.array?.isEmpty == false
          && explained["next"]?.array?.contains { $0["what"]?.string == "repeat" } == true
      }
      let explained = try await controller.get("alerts/\(fingerprint)")
      #expect(explained.at("threshold.comparison")?.string == "==" && explained.at("threshold.query")?.string == "up")
      #expect(explained["route"]?.array?.last?["outcome"]?.string == "taken")
      #expect(explained["route"]?.array?.last?.at("settings.groupBy.value")?.array?.isEmpty == false)

      let rules = try await controller.items("rules?q=down&state=firing")
      #expect(rules.count == 1 && rules.first?["name"]?.string == "Down")
      #expect(rules.first?.at("alerts.firing")?.int == 1 && rules.first?["lastEvaluationAt"] != .null)
      #expect(rules.first?["channels"]?.array?.isEmpty == false)

      world.prometheus.set("up == 0", [])
      try await controller.eventually("its end is told") {
        world.pages.pages.contains { $0.labels["alertname"] == "Down" && $0.status == "resolved" }
      }
      try await controller.eventually("the figures count it") {
        let stats = try await controller.get("stats?since=1h")
        return stats.at("totals.firings")?.int == 1 && stats.at("totals.resolved")?.int == 1
          && stats.at("totals.pages")?.int == 2
      }
      let stats = try await controller.get("stats?since=1h")
      #expect(stats.at("top.firings")?.array?.first?["rule"]?.string == "Down")
      #expect(stats.at("totals.timeToResolve.count")?.int == 1 && stats.at("totals.untouched")?.int == 1)
      #expect(stats["truncated"]?.bool == false && (stats.at("timeline.points")?.array?.count ?? 0) <= 120)

      let changes = try await controller.get("changes?since=1h")
      #expect(changes.at("alerts.fired.count")?.int == 1 && changes.at("alerts.resolved.count")?.int == 1)
      #expect(changes.at("alerts.stillFiring.count")?.int == 0)
      #expect((changes.at("syncs.count")?.int ?? 0) >= 1 && changes.at("specs.count")?.int != nil)

      let after = try await controller.get("alerts/\(fingerprint)")
      #expect(after.at("alert.state")?.string == "resolved" && after["transitions"]?.array?.isEmpty == false)
      #expect(try await controller.items("history?rule=Down&state=resolved").count == 1)
      #expect(try await controller.items("deliveries?rule=Down&outcome=delivered").count == 2)
    }
  }
}
