import Foundation
import JSON
import Testing

@testable import Controller

/// Changes of the specs while an alert fires: nobody hears of any of them.
@Suite struct `Alerts that go on through a change` {
  /// A rule file with one rule `Down` and more of its lines.
  private static func rule(_ lines: String, name: String = "Down", group: String = "group") -> String {
    "groups:\n  - name: \(group)\n    rules:\n      - alert: \(name)\n        expr: up == 0\n" + lines
  }

  private static func renamed(_ tenant: String, from former: String, hook: String) -> String {
    World.tenant(tenant, hook: hook).replacing(
      "  name: \(tenant)\n", with: "  name: \(tenant)\n  previous_names: [\(former)]\n", maxReplacements: 1)
  }

  private func firing(_ world: borrowing World, _ arguments: [String] = []) async throws -> RunningController {
    world.prometheus.set("up == 0", [["instance": "a"]])
    let controller = try await world.syncedController(arguments)
    try await controller.eventually("the page arrives") { world.pages.count("Down") == 1 }
    try await controller.eventually("the page is noted") {
      try await controller.items("deliveries").contains { $0["outcome"]?.string == "delivered" }
    }
    return controller
  }

  private func evaluatedMore(_ world: borrowing World, _ controller: RunningController) async throws {
    let evaluations = world.prometheus.asked("up == 0")
    try await controller.eventually("it was evaluated a few times more") {
      world.prometheus.asked("up == 0") >= evaluations + 5
    }
  }

  /// The alerts of the rule, and none of the controller's own, such as that a busy machine misses ticks.
  private func downs(_ controller: RunningController) async throws -> [JSONValue] {
    try await controller.alerts().filter { $0.at("labels.alertname")?.string == "Down" }
  }

  /// When the only silence began.
  private func silenceStart(_ controller: RunningController) async throws -> String? {
    let id = try await controller.items("resources?kind=Silence").first?["id"]?.string ?? ""
    return try await controller.get("resource?id=" + id).at("silence.startsAt")?.string
  }

  private static let changes: [(what: String, files: [String: String?])] = [
    ("formatting", ["tenants/shop/api/rules.yaml": "# a remark\n" + rule("        for: 0s\n")]),
    ("annotations", ["tenants/shop/api/rules.yaml": rule("        annotations: {summary: down}\n")]),
    ("labels", ["tenants/shop/api/rules.yaml": rule("        labels: {severity: page}\n")]),
    ("the group's name", ["tenants/shop/api/rules.yaml": rule("", group: "other")]),
    ("the file", ["tenants/shop/api/rules.yaml": nil, "tenants/shop/api/deep/all.yaml": rule("")]),
    ("the project", ["tenants/shop/api/rules.yaml": nil, "tenants/shop/web/rules.yaml": rule("")]),
    ("from project to tenant", ["tenants/shop/api/rules.yaml": nil, "tenants/shop/rules.yaml": rule("")]),
  ]

  @Test(arguments: 0..<7)
  func `nobody hears of a change while it fires, nor of a restart after it`(index: Int) async throws {
    let (what, files) = Self.changes[index]
    try await inWorld { world in
      try await world.makeRepository(with: ["tenants/shop/api/rules.yaml": Self.rule("")])
      let first = try await firing(world)
      let firedAt = try await downs(first).first?["firedAt"]?.string
      let commit = try await world.commit(files)
      try await first.applies(commit)
      try await evaluatedMore(world, first)
      #expect(try await downs(first).map { $0["firedAt"]?.string } == [firedAt], "\(what)")
      #expect(await first.stop() == 0)
      let second = try await world.syncedController()
      try await evaluatedMore(world, second)
      #expect(try await downs(second).map { $0["firedAt"]?.string } == [firedAt], "\(what)")
      #expect(world.pages.pages.count == 1, "\(what)")
      // It is the same alert to the receiver: its end is told once.
      world.prometheus.set("up == 0", [])
      try await second.eventually("the end is told") { world.pages.count("Down", "resolved") == 1 }
      #expect(world.pages.pages.count == 2, "\(what)")
    }
  }

  @Test func `a renamed tenant keeps its alerts, history and secrets without a word`() async throws {
    try await inWorld { world in
      try world.write(world.pages.url + "/secret", to: "secrets/shop/hook-url")
      func tenant(_ text: String) -> String {
        text.replacing("{url: '\(world.pages.url)/shop'}", with: "{url: {secret: hook-url}}")
      }
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": tenant(World.tenant(hook: world.pages.url + "/shop")),
        "tenants/shop/silences.yaml": World.silence("work", "alertname=\"Else\""),
      ])
      let first = try await firing(world)
      let firedAt = try await downs(first).first?["firedAt"]?.string
      let started = try await silenceStart(first)
      let commit = try await world.commit([
        "tenants/shop/tenant.yaml": nil, "tenants/shop/silences.yaml": nil, "tenants/shop/api/rules.yaml": nil,
        "tenants/store/tenant.yaml": tenant(Self.renamed("store", from: "shop", hook: world.pages.url + "/shop")),
        "tenants/store/silences.yaml": World.silence("work", "alertname=\"Else\""),
        "tenants/store/api/rules.yaml": World.rules([("Down", "up == 0")]),
      ])
      try await first.applies(commit)
      try await evaluatedMore(world, first)
      let alerts = try await downs(first)
      #expect(alerts.map { $0["firedAt"]?.string } == [firedAt])
      #expect(alerts.map { $0.at("labels.tenant")?.string } == ["store"])
      #expect(try await first.items("tenants").map { $0["name"]?.string } == ["store"])
      #expect(try await silenceStart(first) == started)
      try await first.eventually("the history of the former name is found") {
        try await first.items("history?tenant=store").contains { $0["reason"]?.string == "condition met" }
      }
      #expect(await first.stop() == 0)

      let second = try await world.syncedController()
      try await evaluatedMore(world, second)
      #expect(try await downs(second).map { $0["firedAt"]?.string } == [firedAt])
      #expect(world.pages.pages.count == 1)
      // The channel still finds its secret under the former name.
      world.prometheus.set("up == 0", [])
      try await second.eventually("the end is told") { world.pages.count("Down", "resolved") == 1 }
      #expect(world.pages.pages.count == 2)
    }
  }

  @Test func `a tenant that is gone without a word about it is held, and resolves once that is approved`() async throws
  {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await firing(world)
      try await world.commit(["tenants/shop/tenant.yaml": nil, "tenants/shop/api/rules.yaml": nil])
      try await controller.stands("shop/api", "Held (GuardTripped)")
      let found = try await controller.get("status")["guard"]
      #expect(found?["status"]?.string == "Tripped")
      #expect(found?["blockedDeletions"]?.int == 3)
      let project = found?["scopes"]?.array?.first { $0["project"]?.string == "api" }
      #expect(project?["cause"]?.string == "FolderGone")
      #expect(project?["firing"]?.int == 1)
      #expect(project?.at("resources.0.file")?.string == "tenants/shop/api/rules.yaml")
      #expect(controller.events("guard.tripped").contains { $0.contains("Down (tenants/shop/api/rules.yaml:4)") })
      #expect(world.pages.count("Down", "resolved") == 0)
      try await world.commit([
        "platform/approval.yaml":
          "apiVersion: belfry/v1\nkind: Approval\nmetadata:\n  name: bye\n"
          + "spec:\n  deletions: 3\n  until: 2099-01-01T00:00:00Z\n"
      ])
      try await controller.eventually("the tenant is gone") { try await controller.items("tenants").isEmpty }
      try await controller.eventually("the approval is told") {
        try await controller.items("audit").contains { $0["action"]?.string == "guard.approved" }
      }
      #expect(try await controller.get("status").at("guard.approvals.0.state")?.string == "used")
    }
  }

  @Test(arguments: ["refuse", "warn", "accept"])
  func `rewritten history goes by the policy`(policy: String) async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let base = try await world.head()
      let lost = try await world.commit(
        ["tenants/shop/web/rules.yaml": World.rules([("WebDown", "web == 0")])], "Watch the web")
      let controller = try await world.syncedController(["--rewritten-history", policy])
      try await world.git(["reset", "-q", "--hard", base])
      let head = try await world.commit(
        ["tenants/shop/api/rules.yaml": World.rules([("Else", "up == 5")])], "Other", force: true)
      if policy == "refuse" {
        try await controller.stands("shop", "Held (HistoryRewritten)")
        let message = try await controller.scope("shop").at("sync.message")?.string ?? ""
        #expect(message.contains("1 commit is lost") && message.contains("delete 1 rules"), "\(message)")
      } else {
        try await controller.applies(head)
      }
      let rewrite = try await controller.get("status").at("source.rewrite")
      #expect(rewrite?["detected"]?.bool == true)
      #expect(rewrite?["policy"]?.string == policy)
      #expect(rewrite?["mergeBase"]?.string == base)
      #expect(rewrite?.at("lostCommits.0.sha")?.string == lost)
      #expect(rewrite?.at("lostCommits.0.subject")?.string == "Watch the web")
      try await controller.eventually("the audit has it") {
        try await controller.items("audit").contains {
          $0["action"]?.string == (policy == "refuse" ? "sync.refused" : "history.rewritten")
        }
      }
    }
  }
}
