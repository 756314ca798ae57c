import JSON
import Model
import Reconciler
import TestKit
import Testing

@testable import Controller

@Suite struct `The report of a shadow` {
  private static let api = Scope.project(tenant: "shop", project: "api")
  private static let group = ResourceID(api, .ruleGroup, "rules.yaml:g")
  private static let start = DiffScene.now

  private static func alert(_ rule: String, _ instance: String) -> Alert {
    Alert(
      scope: api,
      labels: Labels([
        Label("alertname", rule), Label("instance", instance), Label("tenant", "shop"), Label("project", "api"),
      ]), annotations: [], state: .firing, value: 1, activeAt: start, firedAt: start,
      rule: RuleReference(group: group, rule: rule, provenance: Provenance(file: "", line: 1)), generatorURL: "")
  }

  private static func span(_ active: Int, _ fired: Int?, _ ended: Int?) -> AlertTimeline.Span {
    AlertTimeline.Span(
      activeAt: start + .seconds(active), firedAt: fired.map { start + .seconds($0) },
      endedAt: ended.map { start + .seconds($0) })
  }

  /// Something of every sort.
  private static func report() -> ShadowReport {
    let rules = "tenants/shop/api/rules.yaml"
    var scene = DiffScene()
    scene.before[rules] = DiffScene.rules(("Down", "up == 0", ""), ("Lag", "lag > 1", ""))
    scene.before["tenants/shop/web/rules.yaml"] = DiffScene.rules(("WebDown", "web == 0", ""))
    scene.change[rules] = DiffScene.rules(("Down", "up == 0 or x", ""), ("Lag", "lag > 2", ""), ("New", "new", ""))
    scene.change["tenants/shop/web/rules.yaml"] = "groups: 5\n"
    let reconciler = scene.reconciler
    let plan = reconciler.plan(for: Revision(ref: "feature", commit: DiffScene.commit), at: start)
    let groups = ShadowGroups(PlanSides(plan, of: reconciler), .changed)
    var findings = ShadowFindings(start: start, end: start + .seconds(600), wasInterrupted: true)
    (findings.evaluations, findings.looks, findings.failedLooks) = (10, 39, 1)
    findings.takeRules(
      [
        .init(group: group, rule: "Down"): record(10, 1, "the data source gave no answer in time"),
        .init(group: group, rule: "Lag"): record(10, 10, "the data source gave no answer in time"),
      ], groups)
    let verdicts = ShadowAlert.Verdict.allCases
    findings.alerts = verdicts.enumerated().map { index, verdict in
      ShadowAlert(
        verdict: verdict, alert: alert("Down", "i\(index)\n"),
        branch: verdict == .onlyLive ? [] : [span(0, 60, 120), span(180, nil, nil)],
        live: verdict == .onlyBranch ? [] : [span(0, verdict == .firedInBranchOnly ? nil : 60, nil)])
    }
    for entry in findings.alerts { findings.names[entry.alert.fingerprint] = entry.alert.labels }
    findings.movedTo = Revision(ref: "main", commit: DiffScene.commit)
    findings.tellings = tellings(findings.alerts[0].alert, findings.alerts[1].alert)
    return ShadowReport(
      branch: "feature", live: "main", address: "http://belfry.test", groups: groups, plan: plan, hasWork: true,
      findings: findings)
  }

  private static func record(_ evaluations: Int, _ failures: Int, _ words: String) -> ShadowRecorder.RuleRecord {
    .init(
      evaluations: evaluations, failures: failures, duration: .milliseconds(400), longest: .milliseconds(250),
      lastFailure: words)
  }

  private static func tellings(_ one: Alert, _ other: Alert) -> ShadowTellings {
    func telling(_ alert: Alert, _ outcome: DeliveryRecord.Outcome, firing: Bool) -> ShadowTelling {
      ShadowTelling(
        key: .init(
          owner: .tenant("shop"), channel: ResourceID(.tenant("shop"), .channel, "oncall"), alert: alert.fingerprint,
          isFiring: firing), at: start + .seconds(90), outcome: outcome, reason: "first notification")
    }
    return ShadowTellings(
      branch: [telling(one, .delivered, firing: true)], live: [telling(other, .rejected, firing: false)], assumed: [],
      waitingBranch: [], waitingLive: [])
  }

  @Test func `text and JSON are as recorded`() {
    let report = Self.report()
    let difference = [
      goldenDifference(ShadowText(report: report).text, "shadow.txt"),
      goldenDifference(
        String(decoding: ShadowDocument.json(report).bytes(pretty: true), as: UTF8.self) + "\n", "shadow.json"),
    ].compactMap(\.self)
    #expect(difference.isEmpty, "\(difference.joined(separator: "\n"))")
  }

  @Test func `errors outweigh differences, and a controller that is gone outweighs both`() {
    let report = Self.report()
    #expect(report.exit(detailed: true) == .unsound)
    var gone = report.findings
    gone.trouble = CommandFailure(.unreachable, "gone")
    func made(_ findings: ShadowFindings, _ plan: Plan) -> ShadowReport {
      ShadowReport(
        branch: "", live: "", address: "", groups: report.groups, plan: plan, hasWork: true, findings: findings)
    }
    #expect(made(gone, report.plan).exit(detailed: false) == .unreachable)
    let sound = Plan(revision: report.plan.revision, scopes: [])
    #expect(made(report.findings, sound).exit(detailed: true) == .changes)
    #expect(made(report.findings, sound).exit(detailed: false) == .done)
  }
}
