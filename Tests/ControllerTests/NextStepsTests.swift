import Model
import StatusAPI
import Testing

@testable import Controller

@Suite struct `What happens next to an alert` {
  private static let now = at(600)
  private static let oncall = ResourceID(.tenant("shop"), .channel, "oncall")

  private static func at(_ seconds: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_790_000_000_000 + seconds * 1000)
  }

  private static func alert(_ state: AlertState, active: Int64 = 300, fired: Int64? = nil) -> Alert {
    let scope = Scope.project(tenant: "shop", project: "checkout")
    return Alert(
      scope: scope, labels: ["alertname": "Down"], annotations: [], state: state, value: 1, activeAt: at(active),
      firedAt: fired.map { at($0) },
      rule: RuleReference(
        group: ResourceID(scope, .ruleGroup, "r.yaml:g"), rule: "Down", provenance: Provenance(file: "r.yaml", line: 1)),
      generatorURL: "")
  }

  private static func group(
    flush: Int64 = 660, told: Bool = true, sent: Int64? = 500, muted: Bool = false,
    hold: NotificationGroupView.Hold? = nil,
    mutedBy: [ResourceID] = [], underWay: Bool = false
  ) -> NextSteps.Group {
    NextSteps.Group(
      nextFlush: at(flush), groupInterval: .seconds(300), repeatInterval: .seconds(3600), isMuted: muted,
      mutedBy: mutedBy, hold: hold,
      channels: [.init(id: oncall, lastSentAt: sent.map { at($0) }, wasTold: told, isUnderWay: underWay)])
  }

  private static func silence(_ state: SilenceView.State, from start: Int64, to end: Int64) -> SilenceView {
    SilenceView(
      id: "shop/work", name: "work", scope: .tenant("shop"), state: state, matchers: [], startsAt: at(start),
      endsAt: at(end), createdBy: "")
  }

  private static let rule = NextSteps.Rule(
    hold: .seconds(400), keepFiringFor: .zero, interval: .seconds(60), lastEvaluationAt: at(590))

  private func told(_ next: NextSteps) -> [String] {
    next.steps.map { step in
      let seconds = step.at.map { String(Self.at(0).duration(to: $0).components.seconds) } ?? "-"
      return "\(seconds) \(step.what.rawValue)"
    }
  }

  @Test func `a pending alert fires at the first evaluation after its hold`() {
    let next = NextSteps(now: Self.now, alert: Self.alert(.pending), rule: Self.rule)
    #expect(told(next) == ["710 fires"])
    #expect(next.steps[0].why == "fires unless the condition ends before (for: 6m40s)")
  }

  @Test func `a firing alert that was told is told again at the flush after the repeat interval`() {
    var next = NextSteps(now: Self.now, alert: Self.alert(.firing, fired: 400), rule: Self.rule)
    next.groups = [Self.group()]
    // Flushes at 660, 960, … : the first later than 500 + 3600.
    #expect(told(next) == ["660 flush", "4260 repeat", "- resolves"])
    #expect(next.steps[1].channel == Self.oncall)
  }

  @Test func `one that wasn't told is told at the next flush`() {
    var next = NextSteps(now: Self.now, alert: Self.alert(.firing, fired: 590), rule: Self.rule)
    next.groups = [Self.group(told: false, sent: nil)]
    #expect(told(next) == ["660 flush", "- resolves"])
    #expect(next.steps[0].why == "its group is looked through and it is told to shop/oncall")
  }

  @Test func `one whose condition ended resolves after keep_firing_for`() {
    var alert = Self.alert(.firing, fired: 400)
    alert.keepFiringSince = Self.at(590)
    var rule = Self.rule
    rule.keepFiringFor = .seconds(300)
    #expect(told(NextSteps(now: Self.now, alert: alert, rule: rule)) == ["890 resolves"])
  }

  @Test func `a silenced one is told after the silence, and one still to come mutes it`() {
    var next = NextSteps(now: Self.now, alert: Self.alert(.firing, fired: 400), rule: Self.rule)
    next.groups = [Self.group(muted: true)]
    next.silences = [
      Self.silence(.active, from: 0, to: 7000), Self.silence(.pending, from: 8000, to: 9000),
      Self.silence(.expired, from: 0, to: 10),
    ]
    #expect(told(next) == ["660 flush", "7000 silence-ends", "8000 silence-begins", "- resolves"])
    #expect(next.steps[0].why.contains("nothing is told of it while it is muted"))
  }

  @Test func `an inhibited one waits for the other alert`() {
    var next = NextSteps(now: Self.now, alert: Self.alert(.firing, fired: 400))
    next.inhibitions = [InhibitionView(rule: ResourceID(.tenant("shop"), .inhibitRule, "quiet"))]
    #expect(told(next) == ["- waits"])
    #expect(
      next.steps[0].why == "told at the first flush after another alert stops firing (inhibit rule 'quiet')")
  }

  @Test func `one muted by a time interval waits for its end`() {
    var next = NextSteps(now: Self.now, alert: Self.alert(.firing, fired: 400))
    next.groups = [Self.group(muted: true, mutedBy: [ResourceID(.tenant("shop"), .timeInterval, "nights")])]
    #expect(told(next) == ["660 flush", "- waits"])
  }

  @Test func `one held back by a cooldown is told when that ends`() {
    var next = NextSteps(now: Self.now, alert: Self.alert(.firing, fired: 400))
    next.groups = [Self.group(flush: 900, told: false, sent: nil, hold: .init(reason: "cooldown", until: Self.at(900)))]
    #expect(told(next) == ["900 hold-ends", "900 flush"])
  }

  @Test func `one that no route takes is told to nobody`() {
    var next = NextSteps(now: Self.now, alert: Self.alert(.firing, fired: 400))
    next.isRouted = false
    #expect(next.steps.map(\.why) == ["no route takes it, so nobody is told"])
  }

  @Test func `a delivery that failed is tried again, unless a later one arrived`() {
    func attempt(_ number: Int, _ outcome: DeliveryRecord.Outcome, next: Int64?) -> DeliveryRecord {
      DeliveryRecord(
        owner: .tenant("shop"), groupKey: "{}:{}", channel: Self.oncall, attempt: number, startedAt: Self.at(580),
        finishedAt: Self.at(581), outcome: outcome, detail: "connection refused",
        nextAttemptAt: next.map { Self.at($0) },
        reason: "first notification", firing: 1, resolved: 0, alerts: [])
    }
    var next = NextSteps(now: Self.now, alert: Self.alert(.firing, fired: 400))
    next.deliveries = [attempt(2, .unreachable, next: 610), attempt(1, .unreachable, next: 590)]
    #expect(told(next) == ["610 retry"])
    #expect(next.steps[0].why == "try 3 to shop/oncall, the one before having failed: connection refused")
    next.deliveries.insert(attempt(3, .delivered, next: nil), at: 0)
    #expect(next.steps.isEmpty)
  }

  @Test func `a resolved one has its end told, or nothing`() {
    var next = NextSteps(now: Self.now, alert: Self.alert(.resolved, fired: 400), rule: Self.rule)
    #expect(next.steps.isEmpty)
    next.groups = [Self.group()]
    #expect(next.steps.map(\.why) == ["its group is looked through and its end is told to shop/oncall"])
  }

  @Test func `one on its way waits for the answer`() {
    var next = NextSteps(now: Self.now, alert: Self.alert(.firing, fired: 590))
    next.groups = [Self.group(told: false, sent: nil, underWay: true)]
    #expect(told(next) == ["660 flush", "- waits"])
  }
}

@Suite struct `The threshold of an expression` {
  @Test(arguments: [
    ("up == 0", "==", 0.0, "up"), ("5 < sum(rate(errors[5m]))", ">", 5, "sum(rate(errors[5m]))"),
    ("(a / b) >= -0.5", ">=", -0.5, "(a / b)"), ("((up > (1)))", ">", 1, "up"),
  ])
  func `is the number that it is compared with`(query: String, comparison: String, limit: Double, side: String) throws {
    #expect(ThresholdView(query) == ThresholdView(comparison: comparison, limit: limit, query: side))
  }

  @Test(arguments: ["up", "up == bool 0", "a > b", "1 > 2", "up == 0 and b > 1", "not PromQL ("])
  func `is not made up`(query: String) {
    #expect(ThresholdView(query) == nil)
  }
}
