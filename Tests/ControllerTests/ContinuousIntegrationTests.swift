import Foundation
import JSON
import Testing

@testable import Controller

@Suite struct `Formats of continuous integration` {
  private static let misspelt = """
    groups:
      - name: web
        rules:
          - alert: "::error::A%, B"
            expr: web == 0
            fro: 5m
            labels: {severity: page}

    """

  @Test(arguments: FindingFormat.allCases)
  func `paths are the repository's, whatever folder the specs are in`(format: FindingFormat) async throws {
    try await inWorld { world in
      try await world.makeRepository()
      let files = world.basics.map { ("specs/" + $0.key, $0.value) }
      try await world.commit(Dictionary(uniqueKeysWithValues: files))
      try world.write(Self.misspelt, to: "alerts/specs/tenants/shop/web/rules.yaml")
      for verb in ["check", "diff"] {
        let finished = try await world.belfry(verb, "specs", "--format", format.rawValue, in: "alerts")
        #expect(finished.code == 3, "\(finished.errors)")
        #expect(finished.errors.isEmpty)
        #expect(finished.output.contains("specs/tenants/shop/web/rules.yaml"), "\(finished.output)")
        #expect(finished.output.contains("unknown-field"), "\(finished.output)")
        if format == .gitlab || format == .sarif { _ = try JSONValue(parsing: finished.output) }
      }
    }
  }

  @Test func `what a guard refuses is a finding of the diff`() async throws {
    try await inWorld { world in
      let many = (1...12).map { (alert: "Rule\($0)", expression: "up == \($0)") }
      try await world.makeRepository(with: ["tenants/shop/many/rules.yaml": World.rules(many)])
      try FileManager.default.removeItem(atPath: world.path("alerts/tenants/shop/many/rules.yaml"))
      let guarded = try await world.belfry("diff", "--format", "github", "--detailed-exitcode", in: "alerts")
      #expect(guarded.code == 4)
      #expect(
        guarded.output.hasPrefix("::error file=tenants/shop/many,title=guard-tripped::shop/many: "), "\(guarded.output)"
      )
      #expect(guarded.output.contains("1 scope held"))
    }
  }

  @Test(arguments: FindingFormat.allCases)
  func `a test that fails is a finding with its line`(format: FindingFormat) async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/shop/api/tests.yaml": """
        rule_files: [rules.yaml]
        tests:
          - name: goes down
            input_series: [{series: 'up{instance="a"}', values: '1 1 1'}]
            alert_rule_test:
              - eval_time: 1m
                alertname: Down
                exp_alerts: [{exp_labels: {instance: a}}]

        """
      ])
      let finished = try await world.belfry("test", "--format", format.rawValue, in: "alerts/tenants")
      #expect(finished.code == 3, "\(finished.output)\(finished.errors)")
      #expect(finished.output.contains("tenants/shop/api/tests.yaml"), "\(finished.output)")
      #expect(finished.output.contains(format == .junit ? "alert_rule_test" : "alert-rule-test"), "\(finished.output)")
      if format == .github { #expect(finished.output.contains(",line=6,"), "\(finished.output)") }
    }
  }

  @Test func `the step's summary is added to`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: ["tenants/shop/web/rules.yaml": Self.misspelt])
      try world.write("before\n", to: "summary.md")
      let finished = try await world.belfry(
        "check", world.path("alerts"), "--format", "github",
        environment: ["GITHUB_STEP_SUMMARY": world.path("summary.md")])
      #expect(finished.code == 3)
      let summary = world.read("summary.md")
      #expect(summary.hasPrefix("before\n### belfry check\n"))
      #expect(summary.contains("| error | tenants/shop/web/rules.yaml:6 |"), "\(summary)")
    }
  }
}

@Suite struct `belfry check since a revision` {
  /// A rule whose only fault is that it has no severity.
  private func rule(_ name: String) -> (alert: String, expression: String) { (name, "up{x=\"\(name)\"} == 0") }

  @Test func `what was there is counted, and what is new is shown`() async throws {
    try await inWorld { world in
      let path = "tenants/shop/api/rules.yaml"
      let old = World.rules([rule("A"), rule("B")])
      let base = try await world.makeRepository(with: [
        path: old, "tenants/shop/web/rules.yaml": World.rules([rule("W")]),
      ])
      let same = try await world.belfry("check", "--changed-since", base, "--fail-on", "warning", in: "alerts")
      #expect(same.code == 0, "\(same.errors)")
      #expect(
        same.output.hasSuffix(": nothing new since \(base.prefix(8)); there before: 0 errors, 3 warnings\n"),
        "\(same.output)")
      #expect(same.errors.isEmpty)

      // A comment above shifts all lines, and a rule comes in between.
      try world.write("# shifted\n" + World.rules([rule("A"), rule("New"), rule("B")]), to: "alerts/" + path)
      let more = try await world.belfry("check", "--changed-since", "origin/main", "--fail-on", "warning", in: "alerts")
      #expect(more.code == 3)
      #expect(
        more.output.contains("new: 0 errors, 1 warning since \(base.prefix(8)); there before: 0 errors, 3 warnings"),
        "\(more.output)")
      #expect(more.errors.contains("tenants/shop/api/rules.yaml:7:"), "\(more.errors)")
      let lenient = try await world.belfry("check", "--changed-since", base, in: "alerts")
      #expect(lenient.code == 0)
    }
  }

  @Test func `a finding elsewhere that the change brings is new, one in a changed line too`() async throws {
    try await inWorld { world in
      let base = try await world.makeRepository(with: [:])
      let tenant = world.read("alerts/tenants/shop/tenant.yaml")
      // The route loses its channel, which is another document of the same file; the project's route names it too.
      try await world.commit(["tenants/shop/api/route.yaml": World.route("hook")])
      let before = try await world.head()
      try world.write(tenant.replacing("name: hook", with: "name: hooks"), to: "alerts/tenants/shop/tenant.yaml")
      let finished = try await world.belfry("check", "--changed-since", before, "--format", "json", in: "alerts")
      #expect(finished.code == 3)
      let files = try JSONValue(parsing: finished.output)["diagnostics"]?.array?.compactMap { $0["file"]?.string } ?? []
      #expect(Set(files).contains("tenants/shop/api/route.yaml"), "\(finished.output)")
      #expect(try JSONValue(parsing: finished.output).at("before.warnings")?.int == 1)

      // A line with an old finding that is edited is shown again.
      try world.write(tenant, to: "alerts/tenants/shop/tenant.yaml")
      try world.write(
        World.rules([("Down", "up == 0")]).replacing("Down", with: "Down # x"), to: "alerts/tenants/shop/api/rules.yaml"
      )
      let touched = try await world.belfry("check", "--changed-since", base, "--format", "json", in: "alerts")
      let found = try JSONValue(parsing: touched.output)["diagnostics"]?.array ?? []
      #expect(found.contains { $0["code"]?.string == "missing-severity" }, "\(touched.output)")
    }
  }

  @Test func `what was committed on the base meanwhile isn't new here`() async throws {
    try await inWorld { world in
      let base = try await world.makeRepository(with: [:])
      try await world.git(["checkout", "-q", "-b", "side"])
      try world.write(World.rules([rule("S")]), to: "alerts/tenants/shop/side/rules.yaml")
      try await world.git(["add", "-A"])
      try await world.git(["commit", "-q", "-m", "side"])
      try await world.git(["checkout", "-q", "main"])
      try await world.commit(["tenants/shop/main/rules.yaml": World.rules([rule("M")])])
      try await world.git(["checkout", "-q", "side"])
      let finished = try await world.belfry("check", "--changed-since", "main", in: "alerts")
      #expect(finished.output.contains("1 warning since \(base.prefix(8))"), "\(finished.output)")
      #expect(finished.errors.contains("side/rules.yaml"))
    }
  }

  @Test func `a base that isn't there is told with the remedy`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let unknown = try await world.belfry("check", "--changed-since", "nowhere", in: "alerts")
      #expect(unknown.code == 1)
      #expect(unknown.errors.contains("'nowhere' names no commit here"))
      try await world.git(["checkout", "-q", "--orphan", "other"])
      try await world.git(["commit", "-q", "-m", "other"])
      let apart = try await world.belfry("check", "--changed-since", "main", in: "alerts")
      #expect(apart.code == 1)
      #expect(apart.errors.contains("share no commit"), "\(apart.errors)")
      for (name, text) in world.basics { try world.write(text ?? "", to: "loose/" + name) }
      let loose = try await world.belfry("check", "--changed-since", "main", in: "loose")
      #expect(loose.code == 1)
    }
  }
}
