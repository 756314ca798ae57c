import Diagnostics
import Model
import Specs
import Testing

@Suite struct `Reading a Platform` {
  @Test func `takes what holds for everybody`() throws {
    let spec = try readSpec(
      .platform,
      """
      display_name: Acme
      external_labels: {region: eu}
      interval: 30s
      locale: zh
      timezone: Asia/Shanghai
      limits: {rules: 500, alerts_per_rule: 1000, notifications_per_hour: 600}
      notify: observe
      notify_until: 2026-12-01T00:00:00Z
      sync: paused
      sync_until: 2026-12-02T00:00:00Z
      """)
    guard case .platform(let settings) = spec else {
      Issue.record("not a Platform")
      return
    }
    #expect(settings.displayName == "Acme")
    #expect(settings.externalLabels["region"] == "eu")
    #expect(settings.interval == .seconds(30))
    #expect(settings.locale == "zh")
    #expect(settings.timezone == "Asia/Shanghai")
    #expect(settings.limits.rules == 500)
    #expect(settings.limits.alertsPerRule == 1000)
    #expect(settings.limits.notificationsPerHour == 600)
    #expect(settings.notify == .observe)
    #expect(settings.sync == .paused)
    #expect(settings.severities == nil)
  }

  @Test func `takes a list of severities, the gravest first`() throws {
    let spec = try readSpec(
      .platform,
      """
      severities:
      - {name: Sev0, level: critical}
      - critical
      - {name: P1, level: error}
      - {name: "1", level: warning}
      - notice
      """)
    guard case .platform(let settings) = spec, let scale = settings.severities else {
      Issue.record("no severities")
      return
    }
    #expect(scale.entries.map(\.name) == ["Sev0", "critical", "P1", "1", "notice"])
    #expect(scale.entries.map(\.level) == [.critical, .critical, .error, .warning, .info])
    #expect(scale.rank(of: "SEV0") == 0 && scale.rank(of: "p1") == 2 && scale.rank(of: "page") == 5)
  }

  @Test func `a document without a word keeps the defaults`() throws {
    guard case .platform(let settings) = try readSpec(.platform, "{}") else { return }
    #expect(settings == ScopeSettings())
  }

  @Test(arguments: [
    Mistake(
      "severities:\n- critical\n- 1️⃣sev1", "unknown-value", "it isn't known how grave 'sev1' is"),
    Mistake(
      "severities:\n- {name: P1, level: error}\n- 1️⃣{name: P0, level: critical}", "conflicting-fields",
      "'P0' means critical and stands below 'P1', which means error"),
    Mistake(
      "severities:\n- {name: P1, level: error}\n- 1️⃣{name: p1, level: error}", "duplicate-item",
      "'p1' is in the list twice"),
    Mistake("severities:\n- 1️⃣{name: P1}", "missing-field", "a severity needs 'level'"),
    Mistake("severities:\n- 1️⃣{level: error}", "missing-field", "a severity needs 'name'"),
    Mistake(
      "severities:\n- {name: P1, level: 1️⃣grave}", "unknown-value", "'grave' is not a level of severity"),
    Mistake(
      "severities:\n- {name: P1, level: error, 1️⃣colour: red}", "unknown-field", "a severity has no field 'colour'"),
    Mistake("severities: 1️⃣{P1: error}", "wrong-type", "a mapping stands where a list of severities is expected"),
    Mistake("severities:\n- 1️⃣[P1]", "wrong-type", "a list stands where a severity is expected"),
    Mistake("severities: 1️⃣[]", "no-effect", "'severities' is empty, so the usual list holds"),
    Mistake("limits: {rules: 1️⃣-1}", "out-of-range", "-1 is out of range; at least 0 is accepted"),
    Mistake("limits: {1️⃣channels: 3}", "unknown-field", "limits has no field 'channels'"),
    Mistake(
      "1️⃣severity: [critical]", "unknown-field", "a Platform has no field 'severity'"),
    Mistake("1️⃣notify: none", "without-end", "nothing ends 'notify: none'"),
    Mistake(
      "1️⃣sync_until: 2026-12-02T00:00:00Z", "no-effect", "'sync_until' has no effect while 'sync' is 'auto'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: usualPath(.platform)) { document(.platform, $0) }
  }

  @Test(arguments: [
    Mistake(
      "apiVersion: belfry/v1\nkind: Platform\nmetadata: {name: 1️⃣acme}\nspec: {}\n", "folder-mismatch",
      "platform 'acme' stands in the folder 'platform'")
  ])
  func `is named after its folder`(mistake: Mistake) {
    mistake.check(path: "platform/acme.yaml")
  }

  @Test(arguments: ["tenants/shop/platform.yaml", "tenants/shop/checkout/platform.yaml"])
  func `stands in platform alone`(path: String) {
    let file = read(document(.platform, "{}"), at: path)
    #expect(file.diagnostics.all.map(\.code) == ["kind-out-of-scope"])
    #expect(file.diagnostics.all.first?.fix?.contains("platform/") ?? false)
  }

  @Test(arguments: [Kind.tenant, .project])
  func `alone may say what severities mean`(kind: Kind) {
    let file = read(document(kind, "severities: [critical]"), at: usualPath(kind))
    #expect(file.diagnostics.all.map(\.code) == ["unknown-field"])
    #expect(file.diagnostics.all.first?.fix?.contains("platform/platform.yaml") ?? false)
  }

  @Test func `its settings hold for the platform's scope, and its source for those that name none`() {
    var tree = SpecTree()
    tree.update([
      (
        "platform/a.yaml",
        read(document(.dataSource, "prometheus: {url: 'http://127.0.0.1:9090'}"), at: "platform/a.yaml")
      ),
      ("tenants/shop/rules.yaml", read(Self.rules, at: "tenants/shop/rules.yaml")),
    ])
    #expect(!tree.isSound(.tenant("shop")))
    tree.update([
      ("platform/platform.yaml", read(document(.platform, "data_source: example"), at: "platform/platform.yaml"))
    ])
    #expect(tree.isSound(.tenant("shop")) && tree.isSound(.platform))
    #expect(tree.defaultSource(of: .tenant("shop")) == ResourceID(.platform, .dataSource, "example"))
    tree.update([
      ("platform/platform.yaml", read(document(.platform, "data_source: other"), at: "platform/platform.yaml"))
    ])
    #expect(!tree.isSound(.platform))
  }

  private static let rules =
    "groups:\n- name: a\n  rules:\n  - alert: Down\n    expr: up == 0\n    for: 5m\n    labels: {severity: page}\n"
}
