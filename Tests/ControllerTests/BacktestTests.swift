import Evaluator
import Model
import PromQL
import Testing

@testable import Controller

@Suite struct `Trying rules over the past` {
  private let rules = "tenants/shop/api/rules.yaml"

  @Test func `firings are counted as computed by hand, for the old rule and the new`() async throws {
    var scene = DiffScene()
    scene.before[rules] = DiffScene.rules(("Slow", "latency > 1", ""))
    scene.change[rules] = DiffScene.rules(("Slow", "latency > 2", "for: 10m, labels: {severity: critical}"))
    // By minutes before now. Old: a holds in [50,59], [20,29] and [0,4]; b in [30,31].
    scene.source.set(range: "latency > 1", ["instance": "a"]) { seconds in
      [50...59, 20...29, 0...4].contains { $0.contains(seconds / 60) }
    }
    scene.source.set(range: "latency > 1", ["instance": "b"]) { (30...31).contains($0 / 60) }
    // New: a holds in [40,59], which fires from 49 to 39, and in [0,4], which is too short.
    scene.source.set(range: "latency > 2", ["instance": "a"]) { seconds in
      [40...59, 0...4].contains { $0.contains(seconds / 60) }
    }
    let report = await scene.report(window: BacktestWindow(length: .seconds(3600), step: nil))
    let outlook = try #require(report.findings?.rules.first)
    let old = try #require(outlook.pastBefore)
    #expect(old.backtest.firings == 4)
    #expect(old.backtest.fired.count == 2)
    // 59 to 49, 29 to 19, 31 to 29, and 4 to 0, where it still fires: 10 + 10 + 2 + 4 minutes.
    #expect(old.backtest.total == .seconds(26 * 60))
    #expect(old.backtest.longest == .seconds(600))
    #expect(old.backtest.firingAtEnd == 1)
    #expect(old.channels.map { "\($0.key.name) \($0.value)" } == ["oncall 4"])
    let new = try #require(outlook.pastAfter)
    #expect(new.backtest.firings == 1)
    #expect(new.backtest.activations == 2)
    #expect(new.backtest.total == .seconds(600))
    #expect(new.backtest.firingAtEnd == 0)
    #expect(new.words == "1 firing of 1 alert, 10m in all, the longest 10m; told: shop oncall 1")
  }

  @Test func `an alert goes on for its keep_firing_for`() async throws {
    var scene = DiffScene()
    scene.change[rules] = DiffScene.rules(("Flaps", "flap > 1", "keep_firing_for: 5m"))
    // Every other minute for twenty minutes.
    scene.source.set(range: "flap > 1", ["instance": "a"]) { $0 / 60 >= 20 && $0 / 60 < 40 && ($0 / 60) % 2 == 0 }
    let report = await scene.report(window: BacktestWindow(length: .seconds(3600), step: nil))
    let past = try #require(report.findings?.rules.first?.pastAfter)
    #expect(past.backtest.firings == 1)
    // From 38 minutes ago to 20; then gone at 19, kept until 14.
    #expect(past.backtest.total == .seconds(24 * 60))
  }

  @Test func `a window has at most so many points, and no query more than a server gives`() {
    let week = BacktestWindow(length: .seconds(7 * 86_400), step: .seconds(15))
    let group = GroupDefinitionFixture.group(interval: .seconds(15))
    let times = week.times(of: group, until: DiffScene.now)
    let parts = BacktestWindow.parts(of: times)
    #expect(parts.count == 5)
    #expect(parts.first?.start == times.start)
    #expect(parts.last?.end == times.end)
    for (one, next) in zip(parts, parts.dropFirst()) { #expect(next.start == one.end + .seconds(15)) }
    #expect(parts.allSatisfy { (($0.end - $0.start).wholeMilliseconds / 15_000) < 10_000 })
    let usual = BacktestWindow(length: .seconds(7 * 86_400), step: nil)
    #expect(usual.times(of: group, until: DiffScene.now).step == .seconds(120))
    #expect(
      usual.times(of: GroupDefinitionFixture.group(interval: .seconds(7)), until: DiffScene.now).step
        == .seconds(105))
    let hour = BacktestWindow(length: .seconds(3600), step: nil)
    #expect(hour.times(of: group, until: DiffScene.now).step == .seconds(15))
  }

  @Test func `a rule that would fail says so`() async throws {
    var scene = DiffScene()
    scene.change[rules] = DiffScene.rules(("Two", "two > 1", "labels: {instance: same}"))
    for name in ["a", "b"] { scene.source.set(range: "two > 1", ["instance": name]) { $0 < 600 } }
    let report = await scene.report(window: BacktestWindow(length: .seconds(3600), step: nil))
    let past = try #require(report.findings?.rules.first?.pastAfter)
    #expect(past.backtest.failures == 10)
    #expect(past.backtest.failure?.contains("same") == true)
  }
}
