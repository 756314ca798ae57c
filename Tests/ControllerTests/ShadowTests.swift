import Foundation
import JSON
import TestKit
import Testing

@testable import Controller

@Suite struct `belfry shadow, end to end` {
  private let rules = "tenants/shop/api/rules.yaml"

  private func shadow(
    _ world: borrowing World, _ controller: RunningController, _ arguments: [String]
  ) throws -> Subprocess {
    try world.start(
      World.belfry, ["shadow"] + arguments + ["--url", controller.url, "--for", "1h", "--format", "json"],
      in: "alerts")
  }

  /// Ends a shadow by a signal; its report and exit code.
  private func report(_ process: Subprocess, _ signal: Int32 = SIGTERM) async throws -> (JSONValue, Int32) {
    process.signal(signal)
    let code = await process.ended()
    let text = process.output
    guard let value = try? JSONValue(parsing: text) else {
      throw NotSeen(description: "exit \(code), no JSON: \(text)\n\(process.errors)")
    }
    return (value, code)
  }

  private func verdicts(_ report: JSONValue) -> [String] {
    (report["alerts"]?.array ?? []).map {
      "\($0.at("labels.alertname")?.string ?? "?") \($0["verdict"]?.string ?? "?")"
    }
  }

  @Test func `a branch's alerts are recorded beside the live ones, and nobody is told by it`() async throws {
    try await inWorld { world in
      for expression in ["up == 0", "gone == 1", "new == 1"] { world.prometheus.set(expression, [["instance": "a"]]) }
      try await world.makeRepository(with: [rules: World.rules([("Down", "up == 0"), ("Gone", "gone == 1")])])
      let controller = try await world.syncedController()
      try await controller.eventually("both are told") {
        world.pages.count("Down") == 1 && world.pages.count("Gone") == 1
      }
      try await world.git(["checkout", "-q", "-b", "feature"])
      try world.write(World.rules([("Down", "up == 0"), ("New", "new == 1")]), to: "alerts/" + rules)
      try world.write(World.tenant(hook: world.pages.url + "/branch"), to: "alerts/tenants/shop/tenant.yaml")
      try await world.git(["commit", "-q", "-a", "-m", "Change"])
      try await world.git(["checkout", "-q", "main"])
      let before = world.pages.requestCount

      let process = try shadow(world, controller, ["feature", "--detailed-exitcode"])
      try await eventually("the branch is evaluated", log: { process.errors }) {
        world.prometheus.asked("new == 1") >= 8
      }
      let (report, code) = try await report(process, SIGINT)
      #expect(code == 2, "\(process.errors)")
      #expect(verdicts(report) == ["Down alike", "Gone otherTimes", "New onlyBranch"], "\(report.text)")
      #expect(report["interrupted"]?.bool == true)
      #expect(report.at("ruleGroups.evaluated")?.int == 1)
      let differences = (report.at("notifications.differences")?.array ?? []).map {
        "\($0["side"]?.string ?? "") \($0.at("labels.alertname")?.string ?? "") \($0["state"]?.string ?? "")"
      }
      #expect(Set(differences) == ["branch Gone resolved", "branch New firing"], "\(report.text)")
      #expect(world.pages.requestCount == before)
      #expect(world.pages.pages.allSatisfy { $0.path == "/shop" })
    }
  }

  @Test func `an alert that begins is told by both, and what the branch leaves alone costs no query`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/shop/web/rules.yaml": World.rules([("Web", "web == 0")])
      ])
      let controller = try await world.syncedController()
      try world.write(
        World.rules([("Down", "up == 0"), ("Other", "other == 1")]), to: "alerts/" + rules)
      let process = try shadow(world, controller, [".", "--detailed-exitcode"])
      try await eventually("the branch is evaluated", log: { process.errors }) {
        world.prometheus.asked("other == 1") >= 2
      }
      world.prometheus.set("up == 0", [["instance": "a"]])
      world.prometheus.set("web == 0", [["instance": "w"]])
      try await controller.eventually("both are told") {
        world.pages.count("Down") == 1 && world.pages.count("Web") == 1
      }
      let asked = world.prometheus.asked("other == 1")
      try await eventually("both sides had their turns") { world.prometheus.asked("other == 1") >= asked + 10 }
      let (report, code) = try await report(process)
      #expect(code == 0, "\(report.text)")
      #expect(verdicts(report) == ["Down alike"], "\(report.text)")
      #expect(report.at("ruleGroups.evaluated")?.int == 1)
      #expect(report.at("ruleGroups.total")?.int == 2)
      #expect((report["rules"]?.array ?? []).compactMap { $0["rule"]?.string } == ["Down", "Other"])
      let row = report.at("notifications.channels.0")
      #expect(row?["branch"]?.int == 2 && row?["live"]?.int == 2, "\(report.text)")
      #expect(world.pages.count("Down") == 1 && world.pages.count("Web") == 1)
    }
  }

  @Test func `clocks go on, and scopes with errors are told and left as they are`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await world.makeRepository(with: [
        rules: World.rules([("Down", "up == 0")], hold: "1h"),
        "tenants/shop/web/rules.yaml": World.rules([("Web", "web == 0")]),
      ])
      let controller = try await world.syncedController()
      try await controller.alert("Down", is: "pending")
      let since = try await controller.alerts().first?["activeAt"]?.string
      try world.write(World.rules([("Down", "up == 0")], hold: "200ms"), to: "alerts/" + rules)
      try world.write(World.rules([("Web", "web ==")]), to: "alerts/tenants/shop/web/rules.yaml")
      let asked = world.prometheus.asked("up == 0")
      let process = try shadow(world, controller, ["working-tree"])
      try await eventually("shadowed", log: { process.errors }) { process.errors.contains("rule groups are evaluated") }
      try await eventually("the branch is evaluated") { world.prometheus.asked("up == 0") >= asked + 30 }
      let (report, code) = try await report(process)
      #expect(code == 3, "\(process.errors)")
      #expect(verdicts(report) == ["Down firedInBranchOnly"], "\(report.text)")
      #expect(report.at("alerts.0.branch.0.activeAt")?.string == since)
      #expect(report.at("held.0.scope")?.string == "shop/web")
      #expect(report.at("held.0.lines")?.array?.contains { $0.string?.contains("rules.yaml:") == true } == true)
      #expect(world.pages.requestCount == 0)
    }
  }

  @Test func `a source that the branch alters gets no secret, and a controller that is gone is told`() async throws {
    try await inWorld { world in
      let elsewhere = try ScriptedPrometheus()
      defer { elsewhere.stop() }
      world.prometheus.set("up == 0", [["instance": "a"]])
      try world.write("hidden", to: "secrets/platform/token")
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await controller.alert("Down", is: "firing")
      let altered = World.source("main", elsewhere.url).replacing(
        "url: \(elsewhere.url)", with: "url: \(elsewhere.url)\n    bearer_token: {secret: token}")
      try world.write(altered, to: "alerts/platform/sources.yaml")
      let process = try shadow(world, controller, [".", "--secrets-dir", world.path("secrets")])
      try await eventually("it runs", log: { process.errors }) { process.errors.contains("rule groups are evaluated") }
      let asked = world.prometheus.asked("up == 0")
      try await eventually("live goes on") { world.prometheus.asked("up == 0") >= asked + 5 }
      let (report, code) = try await report(process)
      #expect(code == 0, "\(process.errors)")
      #expect(verdicts(report) == ["Down unknown"], "\(report.text)")
      #expect(report.at("gaps.0.message")?.string?.contains("given to live sources only") == true, "\(report.text)")
      #expect(elsewhere.asked("up == 0") == 0)
      let nobody = try await world.belfry("shadow", ".", "--url", "http://127.0.0.1:1", "--for", "1s", in: "alerts")
      #expect(nobody.code == 6)
      let wrong = try await world.belfry("shadow", ".", "--url", controller.url, "--for", "0s", in: "alerts")
      #expect(wrong.code == 64)
      let unknown = try await world.belfry("shadow", "no-such", "--url", controller.url, "--for", "1s", in: "alerts")
      #expect(unknown.code == 1)
    }
  }

  @Test func `a controller that ends meanwhile is told, with what was seen; where nothing differs it ends at once`()
    async throws
  {
    try await inWorld { world in
      world.prometheus.set("new == 1", [["instance": "a"]])
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let nothing = try await world.belfry("shadow", "main", "--url", controller.url, "--for", "7d", in: "alerts")
      #expect(nothing.code == 0 && nothing.output.contains("no effective change"), "\(nothing.output)")
      let nobody = try await world.belfry(
        "shadow", "main", "--url", controller.url, "--tenant", "nobody", in: "alerts")
      #expect(nobody.code == 1 && nobody.errors.contains("has a tenant 'nobody'"))
      try world.write(World.rules([("New", "new == 1")]), to: "alerts/" + rules)
      let process = try shadow(world, controller, [".", "--tenant", "shop"])
      try await eventually("the branch is evaluated", log: { process.errors }) {
        world.prometheus.asked("new == 1") >= 5
      }
      #expect(await controller.stop() == 0)
      let (report, code) = try await report(process)
      #expect(code == 6)
      #expect(verdicts(report).contains("New onlyBranch"), "\(report.text)")
      #expect(report.at("looks.trouble")?.string?.contains("can't be reached") == true)
      #expect(report["notifications"] == .null)
      #expect(world.pages.requestCount == 0)
    }
  }
}
