import Foundation
import JSON
import Testing

@testable import Controller

@Suite struct `belfry check` {
  private static let misspelt = """
    groups:
      - name: web
        rules:
          - alert: WebDown
            expr: web == 0
            fro: 5m
            labels: {severity: page}

    """

  /// Writes the world's basics, whose rule has no severity for other tests' sake.
  private func writeBasics(of world: World) throws {
    for (name, text) in world.basics {
      let isRules = name.hasSuffix("/rules.yaml")
      let control = isRules ? "# belfry/disable-file missing-severity: one alert, one receiver\n" : ""
      try world.write((text ?? "") + control, to: "alerts/" + name)
    }
  }

  @Test func `sound specs are counted`() async throws {
    try await inWorld { world in
      try writeBasics(of: world)
      let finished = try await world.belfry("check", world.path("alerts"))
      #expect(finished.code == 0, "\(finished.errors)")
      #expect(finished.output == "3 files, 1 tenant, 1 project, 1 rule: no problems\n")
      #expect(finished.errors.isEmpty)
    }
  }

  @Test func `errors are shown with place and remedy`() async throws {
    try await inWorld { world in
      try writeBasics(of: world)
      try world.write(Self.misspelt, to: "alerts/tenants/shop/web/rules.yaml")
      let finished = try await world.belfry("check", world.path("alerts"))
      #expect(finished.code == 3)
      #expect(finished.output.hasSuffix(": 1 error, 0 warnings\n"), "\(finished.output)")
      #expect(finished.errors.contains("tenants/shop/web/rules.yaml:6:9: error:"), "\(finished.errors)")
      #expect(finished.errors.contains("'for'"))
      let elsewhere = try await world.belfry("check", world.path("alerts/tenants/shop/api"))
      #expect(elsewhere.code == 0)
      #expect(elsewhere.errors.isEmpty)
    }
  }

  @Test func `errors as JSON`() async throws {
    try await inWorld { world in
      try writeBasics(of: world)
      try world.write(Self.misspelt, to: "alerts/tenants/shop/web/rules.yaml")
      let finished = try await world.belfry("check", world.path("alerts"), "--format", "json")
      #expect(finished.code == 3)
      #expect(finished.errors.isEmpty)
      let document = try JSONValue(parsing: finished.output)
      #expect(document["files"]?.int == 4)
      let findings = document["diagnostics"]?.array ?? []
      #expect(findings.allSatisfy { $0["file"]?.string == "tenants/shop/web/rules.yaml" })
      #expect(findings.contains { $0.at("range.start.line")?.int == 6 && $0["severity"]?.string == "error" })
      #expect(findings.allSatisfy { $0["code"]?.string?.isEmpty == false })
    }
  }

  @Test func `warnings fail only where that is asked for`() async throws {
    try await inWorld { world in
      try writeBasics(of: world)
      let observing = World.tenant(hook: "http://127.0.0.1:9", settings: "  notify: observe\n")
      try world.write(observing, to: "alerts/tenants/shop/tenant.yaml")
      let lenient = try await world.belfry("check", world.path("alerts"))
      #expect(lenient.code == 0)
      #expect(lenient.output.hasSuffix(": 0 errors, 1 warning\n"), "\(lenient.output)")
      let strict = try await world.belfry("check", "--fail-on", "warning", world.path("alerts"))
      #expect(strict.code == 3)
    }
  }

  @Test func `checks of rules fail only where that is asked for`() async throws {
    try await inWorld { world in
      for (name, text) in world.basics { try world.write(text ?? "", to: "alerts/" + name) }
      let lenient = try await world.belfry("check", world.path("alerts"))
      #expect(lenient.code == 0)
      #expect(lenient.errors.contains("[missing-severity]"), "\(lenient.errors)")
      let strict = try await world.belfry("check", "--fail-on", "warning", world.path("alerts"))
      #expect(strict.code == 3)
    }
  }

  @Test func `a folder without specs is told of`() async throws {
    try await inWorld { world in
      let finished = try await world.belfry("check", world.path("secrets"))
      #expect(finished.code == 1)
      #expect(finished.errors.contains("holds platform/ or tenants/"))
    }
  }
}

@Suite struct `belfry diff` {
  @Test func `no change, a change, an error and a guard each have their exit code`() async throws {
    try await inWorld { world in
      let many = (1...12).map { (alert: "Rule\($0)", expression: "up == \($0)") }
      try await world.makeRepository(with: ["tenants/shop/many/rules.yaml": World.rules(many)])
      let none = try await world.belfry("diff", "--detailed-exitcode", world.path("alerts"))
      #expect(none.code == 0, "\(none.errors)")
      #expect(none.output == "no changes\n")

      try world.write(World.rules([("Down", "up == 0")], hold: "5m"), to: "alerts/tenants/shop/api/rules.yaml")
      let changed = try await world.belfry("diff", "--detailed-exitcode", world.path("alerts"))
      #expect(changed.code == 2)
      #expect(
        changed.output == """
          shop/api
            ~ RuleGroup rules.yaml:group  (tenants/shop/api/rules.yaml:2)
                + rules[0] Down.for: 5m

          0 to create, 1 to update, 0 to move, 0 to delete

          """)
      let unasked = try await world.belfry("diff", world.path("alerts"))
      #expect(unasked.code == 0)

      try FileManager.default.removeItem(atPath: world.path("alerts/tenants/shop/many/rules.yaml"))
      let guarded = try await world.belfry("diff", "--detailed-exitcode", world.path("alerts"))
      #expect(guarded.code == 4)
      #expect(guarded.output.contains("shop/many  Held: GuardTripped"))
      #expect(guarded.output.contains("12 of 12 rules"))

      try world.write("groups: 5\n", to: "alerts/tenants/shop/api/rules.yaml")
      let unsound = try await world.belfry("diff", "--detailed-exitcode", world.path("alerts"))
      #expect(unsound.code == 3)
      #expect(unsound.output.contains("shop/api  Held: ValidationFailed"))
    }
  }

  @Test func `two revisions are compared, as text and as JSON`() async throws {
    try await inWorld { world in
      let base = try await world.makeRepository(with: [:])
      let head = try await world.commit(["tenants/shop/web/rules.yaml": World.rules([("WebDown", "web == 0")])])
      try await world.commit(["tenants/shop/web/rules.yaml": nil])
      let text = try await world.belfry("diff", "--base", base, "--head", head, in: "alerts")
      #expect(text.code == 0, "\(text.errors)")
      #expect(text.output.contains("alert: WebDown"))
      #expect(text.output.hasSuffix("1 to create, 0 to update, 0 to move, 0 to delete\n"))
      let json = try await world.belfry(
        "diff", "--base", base, "--head", head, "--format", "json", "--detailed-exitcode", in: "alerts")
      #expect(json.code == 2)
      let document = try JSONValue(parsing: json.output)
      #expect(document.at("changes.create")?.int == 1)
      #expect(document.at("scopes.0.scope")?.string == "shop/web")
      #expect(document.at("scopes.0.steps.0.action")?.string == "create")
      let unknown = try await world.belfry("diff", "--base", "nowhere", in: "alerts")
      #expect(unknown.code == 1)
      #expect(unknown.errors.contains("'nowhere' names no commit here"))
      let both = try await world.belfry("diff", "--base", base, "--live", "http://127.0.0.1:9", in: "alerts")
      #expect(both.code == 64)
    }
  }

  @Test func `the working tree is compared with what runs`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let none = try await world.belfry(
        "diff", "--live", controller.url, "--detailed-exitcode", in: "alerts")
      #expect(none.code == 0, "\(none.errors)")
      #expect(none.output.hasSuffix("no effective change: what is live stays as it is\n"))
      try world.write(World.rules([("WebDown", "web == 0")]), to: "alerts/tenants/shop/web/rules.yaml")
      let changed = try await world.belfry(
        "diff", "--live", controller.url, "--detailed-exitcode", in: "alerts")
      #expect(changed.code == 2)
      #expect(changed.output.contains("alert: WebDown"))
      let gone = try await world.belfry("diff", "--live", "http://127.0.0.1:9", in: "alerts")
      #expect(gone.code == 6)
    }
  }
}
