import Evaluator
import Model
import Specs
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Sharing and ending a running evaluator` {
  private let scope = Scope.project(tenant: "shop", project: "checkout")

  @Test func `queries at once stay within the source's limit, and tenants take turns`() async throws {
    let bench = Bench()
    bench.source.hold()
    let tenants = (0..<6).map { Scope.tenant("t\($0)") }
    let groups = tenants.flatMap { scope in
      (0..<5).map { group([rule("Down")], name: "g\($0)", scope: scope) }
    }
    try await bench.running {
      let change = EvaluatorChange(
        groups: tenants.map { scope in .init(scope, put: groups.filter { $0.context.scope == scope }) },
        putSources: bench.sources(concurrency: 3))
      _ = await bench.runner.apply(change)
      await bench.source.waitForQuestions(3)
      bench.source.release()
      await bench.sink.waitForReports(30)
      #expect(bench.source.mostRunning == 3)
      #expect(bench.source.questions.count == 30)
    }
  }

  @Test func `whoever waits for a source that goes is let go`() async throws {
    let bench = Bench()
    bench.source.hold()
    try await bench.running {
      let change = EvaluatorChange(
        groups: [.init(scope, put: (0..<3).map { group([rule("Down")], name: "g\($0)") })],
        putSources: bench.sources(concurrency: 1))
      _ = await bench.runner.apply(change)
      await bench.source.waitForQuestions(1)
      _ = await bench.runner.apply(EvaluatorChange(removeSources: [bench.sourceID]))
      bench.source.release()
      await bench.sink.waitForReports(1)
    }
    #expect(bench.source.questions.count == 1)
  }

  @Test func `cancelling ends the loop while queries wait`() async throws {
    let bench = Bench()
    bench.source.hold()
    try await bench.running {
      let change = EvaluatorChange(
        groups: [.init(scope, put: (0..<20).map { group([rule("Down")], name: "g\($0)") })],
        putSources: bench.sources(concurrency: 1))
      _ = await bench.runner.apply(change)
      await bench.source.waitForQuestions(1)
      bench.source.set("up == 0", .failure(.cancelled))
      bench.source.release()
    }
    #expect(await bench.sink.reports.allSatisfy { $0.transitions.isEmpty })
  }

  @Test func `restored alerts go on`() async throws {
    let bench = Bench()
    bench.source.set("up == 0", .success([sample("a")]))
    let definition = group([rule("Down", hold: .seconds(600))])
    var before = RuleGroupState(definition)
    _ = before.step(rule: 0, .success(QueryAnswer(samples: [sample("a")])), at: at(999_300))
    try await bench.running {
      await bench.runner.restore(before.alerts, lastAliveAt: at(999_400))
      let outcome = await bench.put(definition)
      #expect(outcome.transitions.isEmpty)
      await bench.sink.waitForReports(1)
      let transition = try #require(await bench.sink.transitions.first)
      #expect(transition.from == .pending)
      #expect(transition.alert.activeAt == at(999_300))
      #expect(transition.alert.firedAt == at(1_000_000))
    }
  }

  @Test func `of a large change the first groups are evaluated at once and the others in their slots`() async throws {
    let bench = Bench()
    let groups = (0..<150).map { group([rule("Down")], name: "g\($0)", interval: .seconds(3600)) }
    try await bench.running {
      _ = await bench.runner.apply(
        EvaluatorChange(groups: [.init(scope, put: groups)], putSources: bench.sources()))
      await bench.sink.waitForReports(Schedule.promptLimit)
      await bench.clock.waitForSleepers(1)
      #expect(await bench.sink.reports.count == Schedule.promptLimit)
      let due = groups.map { EvaluationGrid(file: $0.file, group: $0.spec.name, interval: .seconds(3600)) }
        .map { $0.instant(after: at(1_000_000)) }
      #expect(bench.clock.deadlines.first.map { $0 >= (due.min() ?? at(0)) } == true)
    }
  }
}
