import Foundation
import Testing

@testable import Controller

@Suite struct `Arriving` {
  private static let configuration = """
    global: {smtp_smarthost: 'mail.example.com:587', smtp_from: am@example.com}
    templates: [templates/*.tmpl]
    route:
      receiver: everybody
      routes:
      - matchers: [team="shop"]
        receiver: shop
    receivers:
    - name: everybody
      email_configs: [{to: ana@example.com, auth_username: am, auth_password: planted-password}]
    - name: shop
      slack_configs: [{api_url: 'https://hooks.slack.com/services/T0/B0/plantedplanted', text: '{{ template "ours" . }}'}]
      sns_configs: [{topic_arn: 'arn:x'}]

    """

  @Test func `an Alertmanager becomes a tree that checks, and its secrets files`() async throws {
    try await inWorld { world in
      try world.write(Self.configuration, to: "am/alertmanager.yml")
      try world.write("{{ define \"ours\" }}{{ .Status }}{{ end }}", to: "am/templates/a.tmpl")
      let imported = try await world.belfry(
        "import", "alertmanager", "am/alertmanager.yml", "--out", "out", "--secrets-out", "kept")
      #expect(imported.code == 0, "\(imported.errors)")
      #expect(imported.errors.contains("am/alertmanager.yml:13:17: error: the sns of the receiver 'shop'"))
      #expect(!(imported.errors + imported.output).contains("planted"))
      let checked = try await world.belfry("check", "out")
      #expect(checked.code == 0, "\(checked.errors)")
      let password = world.path("kept/platform/everybody-password")
      #expect(try String(contentsOfFile: password, encoding: .utf8) == "planted-password")
      let mode = try FileManager.default.attributesOfItem(atPath: password)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let again = try await world.belfry("import", "alertmanager", "am/alertmanager.yml", "--out", "out")
      #expect(again.code == 1)
      #expect(again.errors.contains("out is not empty"))
      let strict = try await world.belfry(
        "import", "alertmanager", "am/alertmanager.yml", "--out", "other", "--fail-on", "error", "--dry-run")
      #expect(strict.code == 3)
      #expect(!FileManager.default.fileExists(atPath: world.path("other")))
    }
  }

  @Test func `a configuration with errors is refused`() async throws {
    try await inWorld { world in
      try world.write("route: {receiver: nobody}\nreceivers: []\n", to: "am.yml")
      let imported = try await world.belfry("import", "alertmanager", "am.yml", "--out", "out")
      #expect(imported.code == 3)
      #expect(imported.errors.contains("am.yml:1:8: error: no receiver is named 'nobody'"), "\(imported.errors)")
      #expect(imported.errors.contains("nothing was written"))
      #expect(!FileManager.default.fileExists(atPath: world.path("out")))
      let missing = try await world.belfry("import", "alertmanager", "gone.yml", "--out", "out")
      #expect(missing.code == 1)
      let inside = try await world.belfry(
        "import", "alertmanager", "am.yml", "--out", "out", "--secrets-out", "out/secrets")
      #expect(inside.code == 64)
    }
  }

  @Test func `a prometheus.yml brings its rule files`() async throws {
    try await inWorld { world in
      try world.write(
        "global: {evaluation_interval: 30s, external_labels: {region: eu}}\nrule_files: [rules/*.yml, more/*.yml]\n",
        to: "prom/prometheus.yml")
      try world.write(
        "groups:\n- name: a\n  rules:\n  - {alert: A, expr: up == 0, labels: {team: shop, severity: page}}\n",
        to: "prom/rules/a.yml")
      let imported = try await world.belfry(
        "import", "prometheus", "prom/prometheus.yml", "--tenant-from", "label:team", "--data-source",
        "http://prometheus:9090", "--out", "out")
      #expect(imported.code == 0, "\(imported.errors)")
      #expect(imported.errors.contains("no file is there for 'more/*.yml'"))
      let checked = try await world.belfry("check", "out")
      #expect(checked.code == 0, "\(checked.errors)")
      #expect(FileManager.default.fileExists(atPath: world.path("out/tenants/shop/a.yaml")))
      let platform = try String(contentsOfFile: world.path("out/platform/platform.yaml"), encoding: .utf8)
      #expect(platform.contains("external_labels: {region: eu}"))
      let usage = try await world.belfry("import", "prometheus", "x.yml", "--tenant-from", "team", "--out", "o")
      #expect(usage.code == 64)
      let pattern = try await world.belfry("import", "prometheus", "x.yml", "--tenant-from", "path:(", "--out", "o")
      #expect(pattern.code == 64)
    }
  }

  @Test func `a first repository passes check and test, and nothing is overwritten`() async throws {
    try await inWorld { world in
      let made = try await world.belfry("init", "first", "--tenant", "payments")
      #expect(made.code == 0, "\(made.errors)")
      let checked = try await world.belfry("check", "first")
      #expect(checked.output.hasSuffix("no problems\n"), "\(checked.errors)")
      let tested = try await world.belfry("test", "first")
      #expect(tested.code == 0, "\(tested.output)")
      let again = try await world.belfry("init", "first")
      #expect(again.code == 1)
      #expect(again.errors.contains("not empty"))
      try world.write("mine", to: "second/README.md")
      let forced = try await world.belfry("init", "second", "--force")
      #expect(forced.code == 1)
      #expect(forced.errors.contains("README.md"))
      #expect(try String(contentsOfFile: world.path("second/README.md"), encoding: .utf8) == "mine")
      let usage = try await world.belfry("init", "third", "--tenant", "../x")
      #expect(usage.code == 64)
      #expect(!FileManager.default.fileExists(atPath: world.path("third")))
    }
  }
}
