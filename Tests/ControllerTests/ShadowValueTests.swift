import Evaluator
import Model
import Notifier
import Reconciler
import Specs
import Testing

@testable import Controller

@Suite struct `The values of a shadow` {
  private static let start = DiffScene.now
  private let api = Scope.project(tenant: "shop", project: "api")
  private let rules = "tenants/shop/api/rules.yaml"

  private static func at(_ seconds: Int) -> Timestamp { start + .seconds(seconds) }

  /// An alert of `instance`, active since a second of the shadow, and firing since another.
  private func alert(_ instance: String, active: Int, fired: Int? = nil, rule: String = "Down") -> Alert {
    Alert(
      scope: api, labels: Labels([Label("alertname", rule), Label("instance", instance)]), annotations: [],
      state: fired == nil ? .pending : .firing, value: 1, activeAt: Self.at(active), firedAt: fired.map(Self.at),
      rule: RuleReference(
        group: ResourceID(api, .ruleGroup, "rules.yaml:g"), rule: rule, provenance: Provenance(file: "", line: 1)),
      generatorURL: "")
  }

  private func resolved(_ alert: Alert, at seconds: Int) -> AlertTransition {
    var ended = alert
    ended.state = .resolved
    return AlertTransition(from: alert.state, alert: ended, reason: .conditionEnded, at: Self.at(seconds))
  }

  // MARK: Timelines

  @Test func `looks and transitions come to the same timeline`() {
    var looked = AlertTimeline([])
    #expect(looked.look([alert("a", active: 10)], at: Self.at(15)).map(\.alert.state) == [.pending])
    #expect(looked.look([alert("a", active: 10, fired: 20)], at: Self.at(30)).map(\.from) == [.pending])
    #expect(looked.look([alert("a", active: 10, fired: 20)], at: Self.at(45)).isEmpty)
    #expect(looked.look([], at: Self.at(60)).map(\.alert.state) == [.resolved])
    #expect(looked.look([], at: Self.at(75)).isEmpty)
    var taken = AlertTimeline([])
    taken.take([
      AlertTransition(from: nil, alert: alert("a", active: 10), reason: .conditionMet, at: Self.at(10)),
      AlertTransition(
        from: .pending, alert: alert("a", active: 10, fired: 20), reason: .heldLongEnough, at: Self.at(20)),
      resolved(alert("a", active: 10, fired: 20), at: 60),
    ])
    let spans = [AlertTimeline.Span(activeAt: Self.at(10), firedAt: Self.at(20), endedAt: Self.at(60))]
    #expect(looked.entries.values.map(\.spans) == [spans])
    #expect(taken.entries.values.map(\.spans) == [spans])
  }

  @Test func `an alert that ended and began between two looks has two lives, and one taken back to pending, too`() {
    var looked = AlertTimeline([alert("a", active: -60, fired: -60)])
    let changed = looked.look([alert("a", active: 20, fired: 20)], at: Self.at(30))
    #expect(changed.map(\.alert.state) == [.resolved, .firing])
    #expect(looked.entries.values.first?.spans.count == 2)
    var taken = AlertTimeline([alert("a", active: -60, fired: -60)])
    taken.take([AlertTransition(from: .firing, alert: alert("a", active: -60), reason: .holdRaised, at: Self.at(5))])
    #expect(taken.entries.values.first?.spans.map(\.firedAt) == [Self.at(-60), nil])
    #expect(taken.entries.values.first?.spans.map(\.endedAt) == [Self.at(5), nil])
  }

  // MARK: Comparing

  private func groups(_ extent: ShadowGroups.Extent = .changed) -> ShadowGroups {
    var scene = DiffScene()
    scene.before[rules] = DiffScene.rules(("Down", "up == 0", ""))
    scene.before["tenants/shop/web/rules.yaml"] = DiffScene.rules(("Web", "web == 0", ""))
    scene.before["tenants/other/rules.yaml"] = DiffScene.rules(("Other", "other == 0", ""))
    scene.change[rules] = DiffScene.rules(("Down", "up == 0 or x", ""))
    return ShadowGroups(sides(scene), extent)
  }

  private func sides(_ scene: DiffScene) -> PlanSides {
    let reconciler = scene.reconciler
    return PlanSides(
      reconciler.plan(for: Revision(ref: "x", commit: DiffScene.commit), at: DiffScene.now), of: reconciler)
  }

  @Test func `groups that differ are evaluated, and those that were asked for`() {
    let (changed, tenant, all) = (groups(), groups(.tenant("shop")), groups(.all))
    #expect([changed, tenant, all].map(\.current.count) == [1, 2, 3])
    #expect([changed, tenant, all].map(\.changedCount) == [1, 1, 1])
    #expect([changed, tenant, all].map(\.totalCount) == [3, 3, 3])
    let web = ResourceID(.project(tenant: "shop", project: "web"), .ruleGroup, "rules.yaml:g")
    #expect(!changed.owns(web) && tenant.owns(web))
    #expect(tenant.changes.former.map(\.scope) == tenant.changes.current.map(\.scope))
  }

  /// Two sides' lives (active, fired, ended) over a shadow of an hour, evaluated every minute and looked at every 15 s.
  @Test(
    arguments: [
      ("the same", [(0, 60, 600)], [(0, 60, 600)], "alike"),
      ("within an interval", [(0, 60, 600)], [(50, 110, 670)], "alike"),
      ("carried", [(-900, -900, nil)], [(-900, -900, nil)], "alike"),
      ("only pending on both", [(0, nil, 60)], [(0, nil, 60)], "alike"),
      ("branch alone", [(0, 60, nil)], [], "onlyBranch"),
      ("live alone", [], [(0, nil, nil)], "onlyLive"),
      ("begins at the end", [(3590, nil, nil)], [], "unsettled"),
      ("fires in the branch", [(0, 60, nil)], [(0, nil, nil)], "firedInBranchOnly"),
      ("fires live", [(0, nil, nil)], [(0, 60, nil)], "firedLiveOnly"),
      ("fires at the end", [(0, 3590, nil)], [(0, nil, nil)], "unsettled"),
      ("fires later", [(0, 60, nil)], [(0, 360, nil)], "otherTimes"),
      ("ends early", [(0, 60, 600)], [(0, 60, nil)], "otherTimes"),
      ("ends at the end", [(0, 60, 3590)], [(0, 60, nil)], "unsettled"),
      ("fires twice", [(0, 60, 600), (1200, 1260, nil)], [(0, 60, 600)], "otherTimes"),
    ] as [(String, [(Int, Int?, Int?)], [(Int, Int?, Int?)], String)])
  func `a verdict follows from both timelines`(
    _ name: String, _ branch: [(Int, Int?, Int?)], _ live: [(Int, Int?, Int?)], _ verdict: String
  ) {
    let comparison = ShadowComparison(groups: groups(), unknown: [], lookEvery: .seconds(15), end: Self.at(3600))
    let found = comparison.alerts(branch: timeline(branch), live: timeline(live))
    #expect(found.map(\.verdict.rawValue) == [verdict], "\(name)")
    let down = ShadowGroups.RuleKey(group: ResourceID(api, .ruleGroup, "rules.yaml:g"), rule: "Down")
    let unasked = ShadowComparison(groups: groups(), unknown: [down], lookEvery: .seconds(15), end: Self.at(3600))
    #expect(
      unasked.alerts(branch: timeline(branch), live: timeline(live)).map(\.verdict) == [.unknown], "\(name)")
  }

  private func timeline(_ lives: [(Int, Int?, Int?)]) -> AlertTimeline {
    var timeline = AlertTimeline([])
    for (active, fired, ended) in lives {
      let alert = alert("a", active: active, fired: fired)
      timeline.take([AlertTransition(from: nil, alert: alert, reason: .conditionMet, at: Self.at(fired ?? active))])
      if let ended { timeline.take([resolved(alert, at: ended)]) }
    }
    return timeline
  }

  @Test func `live alerts of groups that aren't evaluated are nobody's difference`() {
    var other = alert("a", active: 0, fired: 0)
    other.rule.group = ResourceID(.tenant("other"), .ruleGroup, "rules.yaml:g")
    let comparison = ShadowComparison(groups: groups(), unknown: [], lookEvery: .seconds(15), end: Self.at(3600))
    #expect(comparison.alerts(branch: AlertTimeline([]), live: AlertTimeline([other])).isEmpty)
  }

  // MARK: Notifications

  private func telling(
    _ alert: UInt64, _ seconds: Int, _ outcome: DeliveryRecord.Outcome = .delivered, firing: Bool = true
  ) -> ShadowTelling {
    ShadowTelling(key: key(alert, firing: firing), at: Self.at(seconds), outcome: outcome, reason: "")
  }

  private func key(_ alert: UInt64, firing: Bool = true) -> ShadowTelling.Key {
    .init(
      owner: .tenant("shop"), channel: ResourceID(.tenant("shop"), .channel, "oncall"),
      alert: Fingerprint(value: alert), isFiring: firing)
  }

  @Test func `tellings are compared by channel, alert and state, whatever was repeated, held or told before`() {
    let tellings = ShadowTellings(
      branch: [
        telling(1, 5), telling(1, 60), telling(2, 5), telling(3, 5, .observed), telling(6, 9), telling(9, 5),
        telling(10, 5, firing: false), telling(10, 9),
      ],
      live: [
        telling(1, 7), telling(4, 9, firing: false), telling(5, 9), telling(3, 5), telling(7, 9, .rejected),
        telling(8, 10),
      ],
      assumed: [key(5), key(9), key(10)], waitingBranch: [key(8)], waitingLive: [key(6)])
    let differences = tellings.differences.map { "\($0.isBranch ? "branch" : "live") \($0.telling.key.alert.value)" }
    #expect(differences == ["branch 2", "live 3", "branch 10", "live 4", "live 7", "branch 10"])
    #expect(tellings.waiting == 2)
    let row = tellings.channels.values.first
    #expect(row.map { [$0.branch, $0.live, $0.onlyBranch, $0.onlyLive, $0.failedLive] } == [5, 5, 3, 3, 1])
  }

  @Test func `what fires already is not told again, and a channel that the branch adds is told`() {
    var scene = DiffScene()
    scene.before[rules] = DiffScene.rules(("Down", "up == 0", ""))
    scene.alert("Down", ["instance": "a"])
    var live = LiveAlerting()
    live.alerts = scene.alerts
    scene.change[rules] = DiffScene.rules(("Down", "up == 0 or x", ""))
    let quiet = ShadowNotifier(sides(scene), live, of: nil, zones: .utcOnly, at: DiffScene.now)
    #expect(quiet.assumed.map(\.channel.name) == ["oncall"])
    #expect(told(quiet.state).isEmpty)
    let tenant = scene.before["tenants/shop/tenant.yaml"] ?? ""
    scene.change["tenants/shop/tenant.yaml"] = tenant.replacing("channel: oncall", with: "channel: night")
    #expect(
      told(ShadowNotifier(sides(scene), live, of: nil, zones: .utcOnly, at: DiffScene.now).state).contains("night"))
  }

  /// The channels that are told within an hour.
  private func told(_ state: NotifierState) -> Set<String> {
    var state = state
    var channels: Set<String> = []
    for minute in 0..<60 {
      for attempt in state.tick(at: DiffScene.now + .seconds(60 * minute)) {
        channels.insert(attempt.channel.name)
        state.finished(attempt, .success(Receipt(detail: "")), at: DiffScene.now + .seconds(60 * minute))
      }
    }
    return channels
  }
}
