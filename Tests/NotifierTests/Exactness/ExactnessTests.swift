import Model
import Notifier
import TestKit
import Testing
import Transport

@Suite struct `Belfry beside Alertmanager` {
  /// How far apart in time the same message may come, in milliseconds.
  static let tolerance = 750
  /// Steps that come later than this make a run worthless: they may fall on the other side of a flush.
  static let patience = 100

  @Test func `tells what is written down, exactly to the millisecond`() throws {
    var text = """
      # The same history for Belfry and Alertmanager

      Written by the test `Belfry beside Alertmanager`, which plays each history to Belfry under a virtual clock (the
      times below), and in real time to Belfry and to Debian's Alertmanager 0.25. See docs/alertmanager.md.


      """
    text += try Scenario.all.map { $0.listing(try $0.virtualSequence()) }.joined(separator: "\n")
    #expect(goldenDifference(text, "exactness.md") == nil)
  }

  @Test func `names every scenario once`() {
    #expect(Set(Scenario.all.map(\.name)).count == Scenario.all.count)
  }

  @Test(.enabled("needs Debian's prometheus-alertmanager") { RealServer.isInstalled(RealAlertmanager.program) })
  func `tells the same in real time, and so does Alertmanager`() async throws {
    let threads = OwnThreads(2)
    let clock = PacedClock()
    let stage = RealRun.Stage(clock: clock, hooks: try HookServer(), http: try CurlTransport(version: "test"))
    // Twice as slow, where the machine was too busy.
    var left = Scenario.all
    for (round, factor) in [1, 2, 2, 3].enumerated() where !left.isEmpty {
      let scenarios = left
      let runs = try await withTaskExecutorPreference(threads) {
        try await Self.runs(scenarios.map { $0.slowed(by: factor) }, prefix: "round-\(round)", on: stage)
      }
      left = []
      for (run, scenario) in zip(runs, scenarios) {
        let differences = try Self.differences(run)
        if differences.isEmpty { continue }
        // How late Alertmanager's own process was can't be seen; what is really different is so each time.
        let isOnlyItsOwn = !differences.contains { $0.contains("Belfry under the virtual clock") }
        if isOnlyItsOwn || run.lateness > Self.patience, round < 3 {
          left.append(scenario)
        } else {
          Issue.record("\(scenario.name) (steps up to \(run.lateness) ms late)\n\(differences.joined(separator: "\n"))")
        }
      }
    }
    clock.stop()
    threads.stop()
  }

  /// Plays all at once.
  private static func runs(_ scenarios: [Scenario], prefix: String, on stage: RealRun.Stage) async throws -> [RealRun] {
    try await withThrowingTaskGroup(of: (Int, RealRun).self) { group in
      for (number, scenario) in scenarios.enumerated() {
        group.addTask { (number, try await RealRun(scenario, id: "\(prefix)-\(number)", on: stage)) }
      }
      var runs: [(Int, RealRun)] = []
      for try await run in group { runs.append(run) }
      return runs.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private static func differences(_ run: RealRun) throws -> [String] {
    let expected = try run.scenario.virtualSequence()
    let tolerance = tolerance + run.scenario.slack + run.lateness
    let pairs = [
      ("Belfry under the virtual clock | in real time", expected, run.belfry),
      (
        "expected of Alertmanager | Alertmanager", run.scenario.difference?.sequence ?? expected, run.alertmanager
      ),
    ]
    return pairs.compactMap { title, expected, actual in
      let comparison = Comparison(expected: expected, actual: actual, tolerance: tolerance)
      return comparison.isEqual ? nil : title + "\n" + comparison.listing
    }
  }
}
