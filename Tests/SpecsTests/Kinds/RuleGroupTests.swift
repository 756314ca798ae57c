import Diagnostics
import Model
import PromQL
import Specs
import Testing

@Suite struct `Reading a RuleGroup` {
  @Test func `takes Prometheus's fields and Belfry's`() throws {
    let spec = try readSpec(
      .ruleGroup,
      """
      interval: 15s
      query_offset: 30s
      limit: 10
      labels: {team: shop}
      data_source: main
      rules:
      - alert: Errors
        expr: rate(errors_total[5m]) > 1
        for: 5m
        keep_firing_for: 1m
        labels: {severity: critical, area: web}
        annotations: {summary: '{{ $value }} errors/s'}
        data_source: other
        enabled: false
        channels: [pager]
        repeat_interval: 1h
        cooldown: 10m
        max_per_day: 3
      - record: job:errors:rate5m
        expr: sum by (job) (rate(errors_total[5m]))
      """)
    guard case .ruleGroup(let group) = spec, let rule = group.rules.first else { return }
    #expect(group.name == "example")
    #expect(group.interval == .seconds(15))
    #expect(group.queryOffset == .seconds(30))
    #expect(group.limit == 10)
    #expect(group.labels == [Label("team", "shop")])
    #expect(group.dataSource == "main")
    #expect(rule.purpose == .alert && rule.name == "Errors")
    #expect(rule.expression.text == "rate(errors_total[5m]) > 1")
    #expect(rule.hold == .seconds(300) && rule.keepFiringFor == .seconds(60))
    #expect(rule.labels == [Label("area", "web"), Label("severity", "critical")])
    #expect(rule.dataSource == "other" && !rule.enabled && rule.channels == ["pager"])
    #expect(rule.repeatInterval == .seconds(3600) && rule.cooldown == .seconds(600) && rule.maxPerDay == 3)
    #expect(group.rules[1].purpose == .record)
  }

  @Test func `knows the line of each rule`() {
    let file = read(
      document(.ruleGroup, "rules:\n- {alert: A, expr: up}\n- alert: B\n  expr: up\n- {alert: C, expr: up}"))
    #expect(file.resources.first?.origin.ruleLines == [6, 7, 9])
    #expect(file.resources.first?.origin.line == 3)
  }

  @Test(arguments: [
    Mistake("1️⃣name: a\nrules: []", "unknown-field", "a RuleGroup has no field 'name'"),
    Mistake("rules:\n- 1️⃣expr: up", "record-or-alert", "a rule needs 'alert' or 'record'"),
    Mistake(
      "rules:\n- {alert: A, 1️⃣record: b, expr: up}", "record-or-alert",
      "a rule has either 'alert' or 'record', this one has both"),
    Mistake("rules:\n- 1️⃣alert: A", "missing-field", "a rule needs 'expr'"),
    Mistake("rules:\n- {alert: A, expr: 1️⃣''}", "missing-field", "'expr' is empty"),
    Mistake("rules:\n- {alert: A, expr: 1️⃣[up]}", "wrong-type", "a list stands where an expression is expected"),
    Mistake("rules:\n- {record: a, expr: up, 1️⃣for: 5m}", "recording-field", "a recording rule has no 'for'"),
    Mistake(
      "rules:\n- {record: a, expr: up, 1️⃣annotations: {a: b}}", "recording-field",
      "a recording rule has no 'annotations'"),
    Mistake("rules:\n- {record: a, expr: up, 1️⃣channels: [c]}", "recording-field", "a recording rule has no 'channels'"),
    Mistake(
      "rules:\n- {record: 1️⃣'a{b=\"c\"}', expr: up}", "record-name",
      "'a{b=\"c\"}' holds braces; 'record' is a metric's name alone"),
    Mistake("rules:\n- {record: 1️⃣a.b, expr: up}", "unusual-name", "'a.b' can only be used in quotes in PromQL"),
    Mistake(
      "rules:\n- {alert: A, expr: up, labels: {1️⃣__name__: a}}", "label-name",
      "'__name__' is the metric's own name and can't be set as a label"),
    Mistake(
      "rules:\n- {alert: A, expr: up, labels: {1️⃣'': a}}", "label-name", "the name of a label is empty"),
    Mistake(
      "rules:\n- {alert: A, expr: up, labels: {a: 1️⃣[b]}}", "wrong-type",
      "a list stands where the text of 'a' is expected"),
    Mistake(
      "rules:\n- {alert: A, expr: up, labels: {a: 1️⃣0777}}", "ambiguous-text",
      "'0777' is a text here, and an octal number to readers of YAML 1.1"),
    Mistake(
      "rules:\n- {alert: A, expr: up, labels: {1️⃣a-b: c}}", "unusual-name",
      "'a-b' can only be used in quotes in PromQL and not as $labels.… in templates"),
    Mistake("rules:\n- {alert: A, expr: up, for: 1️⃣5}", "duration-without-unit", "'5' has no unit"),
    Mistake(
      "rules:\n- {alert: A, expr: up, 1️⃣serverity: a}", "unknown-field", "a rule has no field 'serverity'"),
    Mistake(
      "rules:\n- {alert: A, expr: up, 1️⃣annotation: {a: b}}", "unknown-field",
      "a rule has no field 'annotation'; did you mean 'annotations'?"),
    Mistake("1️⃣concurrency: 3\nrules: []", "other-dialect", "'concurrency' is a field of vmalert, not of Prometheus"),
    Mistake("rules: 1️⃣up", "wrong-type", "text stands where a list of rules is expected"),
    Mistake("rules: [1️⃣up]", "wrong-type", "text stands where a rule is expected"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/checkout/group.yaml") { document(.ruleGroup, $0) }
  }
}

@Suite struct `Reading a rule file` {
  @Test func `names groups by file and group`() {
    let file = read(
      "groups:\n- name: a\n  rules: []\n- name: b\n", at: "tenants/shop/checkout/deep/er/rules.yml")
    #expect(file.diagnostics.isEmpty)
    #expect(file.resources.map(\.id.name) == ["deep/er/rules.yml:a", "deep/er/rules.yml:b"])
    #expect(file.resources.allSatisfy { $0.id.kind == .ruleGroup && $0.origin.format == .ruleFile })
    #expect(file.resources.map(\.origin.line) == [2, 4])
  }

  @Test func `reads every document`() {
    let file = read("groups: [{name: a}]\n---\n# nothing\n---\ngroups: [{name: b}]\n")
    #expect(file.resources.map(\.id.name) == ["file.yaml:a", "file.yaml:b"])
    #expect(file.resources.map(\.origin.document) == [0, 2])
  }

  @Test(arguments: ["", "\n", "# only a comment\n", "---\n", "groups:\n", "groups: []\n", "{}\n", "null\n"])
  func `may be empty`(text: String) {
    let file = read(text)
    #expect(file.diagnostics.isEmpty && file.resources.isEmpty && file.content == .specs)
  }

  @Test func `carries what begins with x-`() {
    let file = read(
      "x-common: &labels {severity: page}\ngroups:\n- name: a\n  x-owner: ana\n  rules:\n  - alert: A\n    expr: up\n    labels: *labels\n"
    )
    // The anchor stands at the outermost level, which is where people put it.
    #expect(file.diagnostics.all.map(\.message) == [])
    guard case .ruleGroup(let group)? = file.resources.first?.spec else { return }
    #expect(group.rules.first?.labels == [Label("severity", "page")])
  }

  @Test func `takes plain scalars as texts`() {
    let file = read(
      "groups:\n- name: 1\n  rules:\n  - alert: true\n    expr: 1\n    labels: {a: 1, b: true, c: null, d: 1.50, e: 2026-01-01}\n"
    )
    #expect(file.diagnostics.all.map(\.message) == [])
    guard case .ruleGroup(let group)? = file.resources.first?.spec, let rule = group.rules.first else { return }
    #expect(group.name == "1" && rule.name == "true" && rule.expression.text == "1")
    #expect(rule.labels.map(\.value) == ["1", "true", "", "1.50", "2026-01-01"])
  }

  @Test(arguments: [
    Mistake("groups:\n- 1️⃣rules: []", "missing-field", "a rule group needs 'name'"),
    Mistake("groups:\n- name: 1️⃣''", "missing-field", "an empty text stands where the name of a rule group is expected"),
    Mistake("groups:\n- name: a\n- name: 1️⃣a", "duplicate-group", "a group named 'a' is already in this file"),
    Mistake("groups: 1️⃣{name: a}", "wrong-type", "a mapping stands where a list of rule groups is expected"),
    Mistake(
      "1️⃣namespace: a\ngroups: []", "other-dialect", "'namespace' is a field of Mimir and Loki, not of Prometheus"),
    Mistake(
      "groups:\n- name: a\n  1️⃣partial_response_strategy: warn", "other-dialect",
      "'partial_response_strategy' is a field of Thanos, not of Prometheus"),
    Mistake("groups:\n- name: a\n  limit: 1️⃣many", "wrong-type", "'many' stands where a whole number is expected"),
    Mistake(
      "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up\n    1️⃣channels: [b]", "unknown-field",
      "a rule has no field 'channels'"),
    Mistake("1️⃣group: []", "unknown-document", "nothing tells what this document is; 'group' looks like 'groups'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/checkout/rules.yaml")
  }

  @Test func `tells every mistake at once`() {
    let file = read(
      "groups:\n- name: a\n  intervall: 1m\n  rules:\n  - alert: A\n    for: 5\n  - expr: up\n- rules: []\n")
    #expect(
      file.diagnostics.all.map(\.code) == [
        "unknown-field", "missing-field", "duration-without-unit", "record-or-alert", "missing-field",
      ])
  }
}

@Suite struct `Reading a PrometheusRule` {
  @Test func `takes it as it is`() {
    let file = read(
      """
      apiVersion: monitoring.coreos.com/v1
      kind: PrometheusRule
      metadata: {name: shop, namespace: web, labels: {role: alert-rules}, creationTimestamp: null}
      spec:
        groups:
        - name: a
          partial_response_strategy: warn
          rules: [{alert: A, expr: 1}]
      """)
    #expect(file.diagnostics.all.map(\.code) == ["no-effect"])
    #expect(file.resources.map(\.id.name) == ["file.yaml:a"])
    #expect(file.resources.first?.origin.format == .prometheusRule)
  }

  @Test func `takes a list, and tells groups of one name apart by the object`() {
    let item = { (name: String) in
      "- apiVersion: monitoring.coreos.com/v1\n  kind: PrometheusRule\n  metadata: {name: \(name)}\n"
        + "  spec: {groups: [{name: a}]}\n"
    }
    let file = read("apiVersion: v1\nkind: List\nitems:\n" + item("one") + item("two"))
    #expect(file.diagnostics.isEmpty)
    #expect(file.resources.map(\.id.name) == ["file.yaml:a", "file.yaml:two/a"])
  }

  @Test(arguments: [
    Mistake(
      "1️⃣apiVersion: v1\nkind: PrometheusRule", "unknown-document",
      "a PrometheusRule has the apiVersion 'monitoring.coreos.com/v1', not 'v1'"),
    Mistake(
      "1️⃣apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule", "missing-field", "a PrometheusRule needs 'spec'"),
    Mistake(
      "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: {1️⃣group: []}", "unknown-field",
      "the spec of a PrometheusRule has no field 'group'; did you mean 'groups'?"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/checkout/rules.yaml")
  }
}
