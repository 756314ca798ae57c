import JSON
import Model
import PromQL
import Reconciler
import TestKit
import Testing

@testable import Controller

@Suite struct `What a change means for alerts` {
  private let rules = "tenants/shop/api/rules.yaml"

  /// A firing alert `Down` of the instances a and b, by a rule with these further lines.
  private func scene(_ more: String = "") -> DiffScene {
    var scene = DiffScene()
    scene.before[rules] = DiffScene.rules(("Down", "up == 0", more))
    scene.alert("Down", ["instance": "a"])
    scene.alert("Down", ["instance": "b"])
    return scene
  }

  private func fates(_ report: DiffReport) -> [String] {
    report.shownAlerts.map { alert in
      let labels = alert.former?.labels["instance"] ?? alert.current?.labels["instance"] ?? ""
      return "\(alert.name) \(labels) \(alert.word)" + (alert.routing.map { " " + $0 } ?? "")
    }
  }

  @Test func `a rule that is removed, and one that is switched off, resolve what they fired`() async {
    var scene = scene()
    scene.change[rules] = DiffScene.rules(("Else", "up == 5", ""))
    let removed = await scene.report()
    #expect(fates(removed) == ["Down a resolves", "Down b resolves"])
    #expect(removed.shownAlerts.allSatisfy { $0.fate == .resolves(.ruleRemoved) })
    #expect(scene.source.asked == ["up == 5"])

    scene.change[rules] = """
      apiVersion: belfry/v1
      kind: RuleGroup
      metadata: {name: x}
      spec: {rules: [{alert: Down, expr: 'up == 0', enabled: false}]}
      """
    let disabled = await scene.report()
    #expect(disabled.shownAlerts.map(\.fate) == [.resolves(.ruleDisabled), .resolves(.ruleDisabled)])
  }

  @Test func `a changed expression resolves what it is no longer true for, and fires what it is`() async {
    var scene = scene()
    scene.change[rules] = DiffScene.rules(("Down", "up == 0 or gone == 1", ""))
    scene.source.set("up == 0 or gone == 1", ["instance": "b"], ["instance": "c"])
    let report = await scene.report()
    #expect(fates(report) == ["Down a resolves", "Down c begins"])
    #expect(report.shownAlerts.first?.fate == .resolves(.conditionEnded))
    #expect(report.findings?.consequences.kept.values.map(\.firing) == [1])
    #expect(report.totals.resolve == 1)
    #expect(report.totals.begin == 1)
  }

  @Test func `changed labels are told as old and new, and the alert goes on`() async {
    var scene = scene("labels: {severity: critical}, for: 5m")
    scene.alerts = []
    scene.alert("Down", ["instance": "a", "severity": "critical"])
    scene.source.set("up == 0", ["instance": "a"])
    scene.change[rules] = DiffScene.rules(("Down", "up == 0", "labels: {severity: warning}, for: 5m"))
    let report = await scene.report()
    #expect(fates(report) == ["Down a carried"])
    #expect(report.shownAlerts.first?.labelChanges.map(\.name) == ["severity"])
    #expect(report.shownAlerts.first?.current?.state == .firing)
    #expect(report.totals.losesClock == 0)
    // A rule under another name is told alike, and one whose labels are templates.
    scene.change[rules] = DiffScene.rules(("DownNow", "up == 0", "labels: {severity: critical}"))
    #expect(fates(await scene.report()) == ["Down a relabelled"])
    scene.change[rules] = DiffScene.rules(("Down", "up == 0", "labels: {severity: \"{{ $value }}\"}"))
    let templated = await scene.report()
    #expect(templated.shownAlerts.first?.labelChanges.first?.after == "1")
  }

  @Test func `a longer hold makes an alert pending again, a shorter one fires it`() async {
    var scene = scene("for: 5m")
    scene.source.set("up == 0", ["instance": "a"], ["instance": "b"])
    scene.change[rules] = DiffScene.rules(("Down", "up == 0", "for: 2h"))
    #expect(fates(await scene.report()) == ["Down a pendingAgain", "Down b pendingAgain"])
    scene.alerts = []
    scene.alert("Down", ["instance": "a"], state: .pending, for: .seconds(120))
    scene.source.set("up == 0", ["instance": "a"])
    scene.change[rules] = DiffScene.rules(("Down", "up == 0", "for: 1m"))
    #expect(fates(await scene.report()) == ["Down a fires"])
  }

  @Test func `a file that moves, annotations and formatting leave alerts alone and ask nothing`() async {
    var scene = scene()
    scene.change[rules] = .some(nil)
    scene.change["tenants/shop/api/moved.yaml"] = DiffScene.rules(("Down", "up   ==   0", "annotations: {summary: x}"))
    let report = await scene.report()
    #expect(report.plan.counts.move == 1)
    #expect(report.shownAlerts.isEmpty)
    #expect(report.findings?.consequences.kept.first?.value == .init(firing: 2, pending: 0))
    #expect(scene.source.asked.isEmpty)
    #expect(
      DiffText(report: report, isSummary: false).text.contains("kept: 2 firing of moved.yaml:g; moved from rules"))
    scene.change = [rules: "# a comment\n" + (scene.before[rules] ?? "")]
    let formatted = await scene.report()
    #expect(formatted.hasNoEffect)
    #expect(DiffText(report: formatted, isSummary: false).text.contains("no effective change"))
  }

  @Test func `a route, a silence and an inhibition move alerts of rules that nobody touched`() async {
    var scene = scene()
    let tenant = scene.before["tenants/shop/tenant.yaml"] ?? ""
    scene.change["tenants/shop/tenant.yaml"] = tenant.replacing(
      "channel: oncall", with: "channel: oncall\n  routes: [{channel: night, matchers: ['instance=\"a\"']}]")
    let routed = await scene.report()
    #expect(fates(routed) == ["Down a kept rerouted"])
    #expect(routed.findings?.consequences.matrix.sortedMoves.map(\.alerts) == [1])
    #expect(scene.source.asked.isEmpty)

    scene.change["tenants/shop/tenant.yaml"] = tenant.replacing(
      "---\n" + DiffScene.route("channel: oncall"), with: "")
    #expect(fates(await scene.report()) == ["Down a kept unrouted", "Down b kept unrouted"])

    scene.change = [
      "tenants/shop/api/silence.yaml": """
      apiVersion: belfry/v1
      kind: Silence
      metadata: {name: quiet}
      spec: {matchers: ['instance="b"'], duration: 1h, comment: work}
      """
    ]
    let silenced = await scene.report()
    #expect(fates(silenced) == ["Down b kept silenced"])
    #expect(silenced.shownAlerts.first?.after?.causes.map(\.name) == ["quiet"])
    #expect(silenced.totals.toNobody == 1)

    scene.change = [
      "tenants/shop/api/inhibit.yaml": """
      apiVersion: belfry/v1
      kind: InhibitRule
      metadata: {name: a-over-b}
      spec: {source_matchers: ['instance="a"'], target_matchers: ['instance="b"'], equal: []}
      """
    ]
    #expect(fates(await scene.report()) == ["Down b kept inhibited"])
  }

  @Test func `an alert is told again when its silence goes, or what inhibits it ends`() async {
    var scene = scene()
    let silence = """
      apiVersion: belfry/v1
      kind: Silence
      metadata: {name: quiet}
      spec: {matchers: ['instance="b"'], duration: 3h, comment: work}
      """
    scene.before["tenants/shop/api/silence.yaml"] = silence
    scene.silenceStarts[ResourceID(.project(tenant: "shop", project: "api"), .silence, "quiet")] =
      DiffScene.now - .seconds(600)
    scene.change["tenants/shop/api/silence.yaml"] = .some(nil)
    let report = await scene.report()
    #expect(fates(report) == ["Down b kept told"])
    #expect(report.totals.toldAgain == 1)
  }

  @Test func `a source that can't be reached is a gap, and no zero`() async {
    var scene = scene()
    scene.source.fail(.unreachable("connection refused"))
    scene.change[rules] = DiffScene.rules(("Down", "up == 0 or gone == 1", ""))
    let report = await scene.report(window: BacktestWindow(length: .seconds(3600), step: nil))
    #expect(fates(report) == ["Down a unknown", "Down b unknown"])
    #expect(report.findings?.gaps.contains { $0.message.contains("connection refused") } == true)
    #expect(report.findings?.rules.first?.now == nil)
    #expect(report.findings?.rules.first?.pastAfter == nil)
    let text = DiffText(report: report, isSummary: false).text
    #expect(text.contains("not known: Down: the data source can't be reached"))
    #expect(text.contains("not known what it would have now"))
  }

  @Test func `a source that the change brings gets no secrets, and an embedded one isn't asked`() async {
    var scene = scene()
    scene.change["platform/sources.yaml"] = """
      apiVersion: belfry/v1
      kind: DataSource
      metadata: {name: main}
      spec: {prometheus: {url: 'http://elsewhere.test', bearer_token: {secret: t}}, default: true}
      """
    let report = await scene.report()
    #expect(scene.source.asked.isEmpty)
    #expect(report.findings?.gaps.first?.message.contains("given to live sources only") == true)
    scene.change["platform/sources.yaml"] = """
      apiVersion: belfry/v1
      kind: DataSource
      metadata: {name: main}
      spec: {embedded: {}, default: true}
      """
    let embedded = await scene.report()
    #expect(embedded.findings?.gaps.first?.message.contains("keeps its samples in the controller") == true)
  }

  @Test func `what a guard stops is told with what would have gone`() async {
    var scene = DiffScene()
    let many = (1...12).map { (name: "R\($0)", expression: "up == \($0)", more: "") }
    scene.before[rules] =
      "groups:\n- name: g\n  rules:\n"
      + many.map { "  - {alert: \($0.name), expr: '\($0.expression)'}\n" }.joined()
    scene.alert("R3", ["instance": "a"])
    scene.change[rules] = .some(nil)
    let report = await scene.report()
    let loss = report.guarded[.project(tenant: "shop", project: "api")]
    #expect(loss?.steps.map(\.id.name) == ["rules.yaml:g"])
    #expect(loss?.firing == 1)
    #expect(report.shownAlerts.isEmpty)
    #expect(DiffText(report: report, isSummary: false).text.contains("would go without the guard (1 firing"))
  }

  @Test func `addresses are shown without what may be secret, and their change is told all the same`() async {
    var scene = DiffScene()
    let old = "http://source.test?team=abc"
    scene.before["platform/sources.yaml"] = scene.before["platform/sources.yaml"]?.replacing(
      "http://source.test", with: old)
    scene.change["platform/sources.yaml"] = scene.before["platform/sources.yaml"]?.replacing("abc", with: "xyz")
    let report = await scene.report()
    let texts = [
      DiffText(report: report, isSummary: false).text, DiffDocument.json(report).text,
      DiffMarkdown(report: report, marker: "m", isSummary: false).text,
    ]
    for text in texts {
      #expect(!text.contains("abc") && !text.contains("xyz"), "\(text)")
      #expect(text.contains("it differs in what isn't shown"))
    }
  }

  @Test func `work follows the change: of 10,000 rules with an alert each, the one that changed is asked`() async {
    var scene = DiffScene()
    for file in 0..<100 {
      let many = (0..<100).map { "  - {alert: R\(file)x\($0), expr: 'm\(file)x\($0) > 1'}\n" }
      scene.before["tenants/shop/api/f\(file).yaml"] = "groups:\n- name: g\n  rules:\n" + many.joined()
      for rule in 0..<100 { scene.alert("R\(file)x\(rule)", ["instance": "a"], group: "f\(file).yaml:g") }
    }
    scene.change["tenants/shop/api/f7.yaml"] = scene.before["tenants/shop/api/f7.yaml"]?.replacing(
      "m7x7 > 1", with: "m7x7 > 2")
    let report = await scene.report()
    #expect(scene.source.asked == ["m7x7 > 2"])
    #expect(fates(report) == ["R7x7 a resolves"])
    #expect(report.findings?.consequences.kept.values.map(\.firing) == [99])
  }
}
