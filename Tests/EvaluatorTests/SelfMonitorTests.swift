import Evaluator
import Model
import Testing

@Suite struct `Watching Belfry itself` {
  private let source = ResourceID(.tenant("shop"), .dataSource, "main")
  private func down(_ second: Int) -> Condition {
    Condition(.dataSourceDown(source), since: at(second), detail: "no answer")
  }

  /// The alerts, their severities, and for how many seconds a trouble must last.
  @Test(arguments: [
    (Trouble.scopeHeld(.tenant("shop")), "BelfryScopeHeld", "warning", 900),
    (.dataSourceDown(ResourceID(.platform, .dataSource, "main")), "BelfryDataSourceDown", "critical", 120),
    (.ruleFailing(ResourceID(.platform, .ruleGroup, "g")), "BelfryRuleFailing", "warning", 600),
    (.channelFailing(ResourceID(.platform, .channel, "c")), "BelfryChannelFailing", "critical", 300),
    (.ledgerFailing, "BelfryLedgerFailing", "critical", 60),
    (.ticksMissed(.platform), "BelfryTicksMissed", "warning", 300),
  ])
  func `each trouble has its alert`(trouble: Trouble, name: String, severity: String, hold: Int) {
    #expect(trouble.alert.name == name)
    #expect(trouble.alert.severity == severity)
    #expect(trouble.alert.hold.beforeFiring == .seconds(hold))
    var monitor = SelfMonitor()
    let condition = Condition(trouble, since: at(0), detail: "d")
    #expect(monitor.step([condition], at: at(hold - 1)).map(\.alert.state) == [.pending])
    #expect(monitor.step([condition], at: at(hold)).map(\.alert.state) == [.firing])
    #expect(monitor.step([condition], at: at(hold + 1)).isEmpty)
  }

  @Test func `an alert belongs to the scope concerned and says what is wrong`() throws {
    var monitor = SelfMonitor()
    let transitions = monitor.step([down(0)], at: at(0))
    let alert = try #require(transitions.first?.alert)
    #expect(alert.scope == .tenant("shop"))
    #expect(
      alert.labels == [
        "alertname": "BelfryDataSourceDown", "data_source": "main", "severity": "critical", "tenant": "shop",
      ])
    #expect(
      alert.annotations == [
        Label("description", "no answer"),
        Label("summary", "data source 'main' does not answer; rules on it see nothing"),
      ])
  }

  @Test func `it resolves when the trouble is over, and a short one never fires`() {
    var monitor = SelfMonitor()
    _ = monitor.step([down(0)], at: at(0))
    #expect(monitor.step([], at: at(60)).map(\.from) == [.pending])
    _ = monitor.step([down(100)], at: at(100))
    _ = monitor.step([down(100)], at: at(300))
    let ended = monitor.step([], at: at(310))
    #expect(ended.map(\.from) == [.firing])
    #expect(ended.map(\.alert.resolvedAt) == [at(310)])
    #expect(ended.map(\.alert.firedAt) == [at(300)])
    #expect(monitor.alerts.isEmpty)
  }

  @Test func `built-in alerts of the ledger are not the rules'`() {
    var monitor = SelfMonitor()
    _ = monitor.step([Condition(.ledgerFailing, since: at(0), detail: "d")], at: at(0))
    var state = EvaluatorState()
    state.restore(monitor.alerts)
    #expect(state.endUnclaimedAlerts(at: at(1)).isEmpty)
  }

  @Test func `what fired before a restart goes on`() {
    var before = SelfMonitor()
    _ = before.step([down(0)], at: at(0))
    _ = before.step([down(0)], at: at(130))
    var after = SelfMonitor()
    after.restore(before.alerts)
    #expect(after.alerts.map(\.firedAt) == [at(130)])
    #expect(after.step([down(200)], at: at(210)).isEmpty)
    #expect(after.step([], at: at(220)).map(\.alert.state) == [.resolved])
  }
}
