import JSON
import Model
import Reconciler
import Testing

@testable import Controller

@Suite struct `The digest of a plan` {
  private let rules = "tenants/shop/api/rules.yaml"

  private func digest(_ change: [String: String?], from before: [String: String] = [:]) -> PlanDigest {
    var scene = DiffScene()
    scene.before.merge(before) { $1 }
    scene.change = change
    return PlanDigest(
      scene.reconciler.plan(for: Revision(ref: "x", commit: DiffScene.commit), at: DiffScene.now))
  }

  @Test func `formatting and an older base that does the same leave it as it is`() {
    let change = DiffScene.rules(("Down", "sum(up) == 0", ""))
    let one = digest([rules: change])
    #expect(one.overall.utf8.count == 32)
    #expect(one.scopes[.project(tenant: "shop", project: "api")] == one.overall)
    #expect(digest([rules: "# words\n" + change.replacing("sum(up)", with: "sum( up )")]) == one)
    let elsewhere = ["tenants/other/rules.yaml": DiffScene.rules(("Other", "other == 1", ""))]
    #expect(digest([rules: change], from: elsewhere) == one)
    #expect(digest([rules: DiffScene.rules(("Down", "sum(up) == 1", ""))]) != one)
    #expect(digest([rules: change], from: [rules: DiffScene.rules(("Was", "x == 1", ""))]) != one)
  }

  @Test func `commits name reviewed plans, together or scope by scope`() {
    let api = digest([rules: DiffScene.rules(("Down", "up == 0", ""))])
    let web = digest(["tenants/shop/web/rules.yaml": DiffScene.rules(("Web", "web == 0", ""))])
    let both = digest([
      rules: DiffScene.rules(("Down", "up == 0", "")),
      "tenants/shop/web/rules.yaml": DiffScene.rules(("Web", "web == 0", "")),
    ])
    #expect(PlanReview(api, messages: ["Change\n\nWords."]).isMatch == nil)
    #expect(PlanReview(api, messages: ["Change\n\nBelfry-Plan: \(api.overall)"]).isMatch == true)
    #expect(
      PlanReview(api, messages: ["Merge", "x\r\n\r\n belfry-plan:\(api.overall.uppercased())\r\n"]).isMatch == true)
    #expect(PlanReview(api, messages: ["Belfry-Plan: \(web.overall)"]).isMatch == false)
    #expect(PlanReview(api, messages: ["Belfry-Plan: not a digest"]).isMatch == nil)
    #expect(PlanReview(both, messages: ["Belfry-Plan: \(both.overall)"]).isMatch == true)
    let merged = ["Belfry-Plan: \(api.overall)", "Belfry-Plan: \(web.overall)"]
    #expect(PlanReview(both, messages: merged).isMatch == true)
    #expect(PlanReview(both, messages: [merged[0]]).isMatch == false)
  }
}

@Suite struct `belfry diff --live, end to end` {
  private let rules = "tenants/shop/api/rules.yaml"

  @Test func `what would happen to firing alerts is told, and the controller knows the reviewed plan`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"], ["instance": "b"]])
      world.prometheus.set("up == 0 and on() x", [["instance": "b"]])
      world.prometheus.set("new == 1", [["instance": "c"]])
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await controller.eventually("both fire") {
        try await controller.alerts().count { $0["state"]?.string == "firing" } == 2
      }
      try world.write(
        World.rules([("Down", "up == 0 and on() x"), ("New", "new == 1")]), to: "alerts/" + rules)
      world.prometheus.set(range: "up == 0", [(["instance": "a"], { ($0 / 600) % 6 == 0 })])
      world.prometheus.set(range: "up == 0 and on() x", [])
      let out = world.path("diff.json")
      let text = try await world.belfry(
        "diff", "--live", controller.url, "--backtest", "6h", "--backtest-step", "1m", "--out", out,
        "--detailed-exitcode", in: "alerts")
      #expect(text.code == 2, "\(text.errors)")
      #expect(text.output.contains("1 Down resolves (the new expression is not true for it)"), "\(text.output)")
      #expect(text.output.contains("1 New fires (new, to shop hook)"))
      #expect(text.output.contains("as it is live, the last 6h every 1m: 6 firings of 1 alert"))
      let document = try JSONValue(parsing: world.read("diff.json"))
      #expect(document.at("totals.resolve")?.int == 1)
      #expect(document.at("scopes.0.rules.0.backtest.before.firings")?.int == 6)
      let trailer = try #require(document["trailer"]?.string)
      let digest = try #require(document["planDigest"]?.string)

      let files: [String: String?] = [rules: world.read("alerts/" + rules)]
      let merged = try await world.commit(files, "Change\n\n" + trailer)
      try await controller.applies(merged)
      let operation = try await controller.get("status")["operation"]
      #expect(operation?["planDigest"]?.string == digest)
      #expect(operation?["planMatch"]?.bool == true)
      #expect(try await controller.scope("shop/api")["planDigest"]?.string == digest)
      let sync = try await controller.items("syncs?limit=1").first
      #expect(sync?["planDigest"]?.string == digest)
      #expect(sync?["planMatch"]?.bool == true)
      let revision = try await controller.get("revisions/" + merged)
      #expect(revision["planMatch"]?.bool == true)

      let other = try await world.commit([rules: World.rules([("Else", "up == 7")])], "Change\n\n" + trailer)
      try await controller.applies(other)
      #expect(try await controller.get("status").at("operation.planMatch")?.bool == false)
      try await controller.eventually("the audit tells of it") {
        try await controller.items("audit?action=plan.differs").first?["commit"]?.string == other
      }
    }
  }

  @Test func `nobody is told, and a silence beside git counts`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"], ["instance": "b"]])
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await controller.eventually("both fire") {
        try await controller.alerts().count { $0["state"]?.string == "firing" } == 2
      }
      let quiet = try await world.belfry(
        "silence", "emergency", "--data-dir", world.path("data"), "--tenant", "shop", "--duration", "1h", "--comment",
        "now", "instance=b")
      #expect(quiet.code == 0, "\(quiet.errors)")
      try await controller.eventually("it is in force") {
        try await controller.items("silences").first?["runtimeOnly"]?.bool == true
      }
      let tenant = World.tenant(hook: world.pages.url + "/shop").replacing("---\n" + World.route("hook"), with: "")
      try world.write(tenant, to: "alerts/tenants/shop/tenant.yaml")
      let finished = try await world.belfry("diff", "--live", controller.url, "--format", "json", in: "alerts")
      let document = try JSONValue(parsing: finished.output)
      #expect(document.at("totals.toNobody")?.int == 2, "\(finished.output)\(finished.errors)")
      let moves = document["moves"]?.array ?? []
      #expect(
        moves.contains { $0.at("to.0.nobody")?.string == "unrouted" && $0.at("from.0.channel.name")?.string == "hook" })
      #expect(moves.contains { $0.at("from.0.nobody")?.string == "silenced" }, "\(finished.output)")
    }
  }
}
