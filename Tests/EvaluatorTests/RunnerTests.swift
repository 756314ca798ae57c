import Evaluator
import Model
import Specs
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Running the evaluator` {
  private let scope = Scope.project(tenant: "shop", project: "checkout")

  @Test func `a rule is live at once and then evaluated on its grid`() async throws {
    let bench = Bench()
    bench.source.set("up == 0", .success([sample("a")]))
    let definition = group([rule("Down", hold: .seconds(60))], interval: .seconds(15))
    let grid = EvaluationGrid(file: definition.file, group: "g", interval: .seconds(15))
    try await bench.running {
      await bench.clock.waitForSleepers(1)
      _ = await bench.put(definition)
      await bench.sink.waitForReports(1)
      for count in 0..<5 {
        await bench.tick(to: grid.instant(after: at(1_000_000)) + .seconds(15 * count))
        await bench.sink.waitForReports(count + 2)
      }
      let reports = await bench.sink.reports
      let first = grid.instant(after: at(1_000_000))
      #expect(reports.map(\.at) == [at(1_000_000)] + (0..<5).map { first + .seconds(15 * $0) })
      let transitions = reports.flatMap(\.transitions)
      #expect(transitions.map(\.alert.state) == [.pending, .firing])
      #expect(transitions.last?.at == first + .seconds(60))
      #expect(bench.source.questions.map(\.at) == reports.map(\.at))
      #expect(await bench.runner.counters.groupEvaluations == 6)
      let group = try #require(await bench.runner.group(definition.id))
      #expect(group.alerts.map(\.state) == [.firing])
      #expect(group.rules[0].health == .ok)
    }
  }

  @Test func `the offset moves the query and not the state`() async throws {
    let bench = Bench()
    bench.source.set("up == 0", .success([sample("a")]))
    try await bench.running {
      _ = await bench.put(group([rule("Down")], offset: .seconds(30)))
      await bench.sink.waitForReports(1)
      #expect(bench.source.questions.map(\.at) == [at(999_970)])
      #expect(await bench.sink.transitions.map(\.at) == [at(1_000_000)])
    }
  }

  @Test func `recording and disabled rules are not evaluated`() async throws {
    let bench = Bench()
    var recording = rule("job:up", "sum(up)")
    recording.purpose = .record
    var disabled = rule("Off", "off")
    disabled.enabled = false
    try await bench.running {
      _ = await bench.put(group([recording, disabled, rule("Down", "down")]))
      await bench.sink.waitForReports(1)
      #expect(bench.source.questions.map(\.expression) == ["down"])
      #expect(await bench.sink.reports.first?.outcomes.map(\.index) == [2])
      let rules = await bench.runner.groups[0].rules
      #expect(rules.map(\.treatment) == [.external, .disabled, .evaluated])
    }
  }

  @Test func `a failing source fails the rule, shows in health and recovers`() async throws {
    let bench = Bench()
    bench.source.set("up == 0", .failure(.unreachable("connection refused")))
    try await bench.running {
      await bench.clock.waitForSleepers(1)
      let definition = group([rule("Down")], interval: .seconds(15))
      _ = await bench.put(definition)
      await bench.sink.waitForReports(1)
      #expect(await bench.sink.reports[0].outcomes[0].failure == .query(.unreachable("connection refused")))
      guard case .failing(_, 1, _) = await bench.runner.sources[0].health.condition else {
        Issue.record("the source counts as well")
        return
      }
      #expect(await bench.runner.conditions.map(\.trouble) == [.dataSourceDown(bench.sourceID)])
      bench.source.set("up == 0", .success([]))
      let grid = EvaluationGrid(file: definition.file, group: "g", interval: .seconds(15))
      await bench.tick(to: grid.instant(after: at(1_000_000)))
      await bench.sink.waitForReports(2)
      #expect(await bench.runner.sources[0].health.condition == .answering)
      #expect(await bench.runner.conditions.isEmpty)
    }
  }

  @Test func `a rule that fails by itself is told once for its group`() async throws {
    let bench = Bench()
    bench.source.set("a", .failure(.rejected("parse error")))
    bench.source.set("b", .failure(.wrongType("matrix")))
    let definition = group([rule("A", "a"), rule("B", "b")])
    try await bench.running {
      _ = await bench.put(definition)
      await bench.sink.waitForReports(1)
      let conditions = await bench.runner.conditions
      #expect(conditions.map(\.trouble) == [.ruleFailing(definition.id)])
      #expect(conditions[0].detail == "'A' (and 1 more): the data source refused the query: parse error")
      #expect(await bench.runner.sources[0].health.condition == .answering)
    }
  }

  @Test func `sources are named upwards, and a missing one is told`() async throws {
    let bench = Bench()
    var named = rule("Named")
    named.dataSource = "other"
    try await bench.running {
      _ = await bench.put(group([named]))
      await bench.sink.waitForReports(1)
      let failure = await bench.sink.reports[0].outcomes[0].failure
      #expect(failure?.description == "no data source is named 'other'")
    }
  }

  @Test func `a group removed in the middle of its evaluation does not report`() async throws {
    let bench = Bench()
    bench.source.set("up == 0", .success([sample("a")]))
    bench.source.hold()
    let definition = group([rule("Down"), rule("Second", "second")])
    try await bench.running {
      _ = await bench.put(definition)
      await bench.source.waitForQuestions(1)
      let outcome = await bench.runner.apply(EvaluatorChange(groups: [.init(scope, remove: [definition.id])]))
      #expect(outcome.transitions.isEmpty)
      bench.source.release()
      _ = await bench.put(group([rule("Other", "other")], name: "other"))
      await bench.sink.waitForReports(1)
      #expect(await bench.sink.reports.map(\.group.name) == ["rules.yaml:other"])
      #expect(bench.source.questions.map(\.expression) == ["up == 0", "other"])
    }
  }

  @Test func `a change waits for the reports of what it replaces`() async throws {
    let bench = Bench()
    bench.source.set("up == 0", .success([sample("a")]))
    await bench.sink.hold()
    let definition = group([rule("Down")])
    try await bench.running {
      _ = await bench.put(definition)
      await bench.sink.waitForReports(1)
      async let outcome = bench.runner.apply(EvaluatorChange(groups: [.init(scope, remove: [definition.id])]))
      while await bench.runner.group(definition.id) != nil { await Task.yield() }
      await bench.sink.release()
      #expect(await outcome.transitions.map(\.from) == [.firing])
    }
  }

  @Test func `a slow group's first findings are reported before its last rule answers`() async throws {
    let bench = Bench()
    bench.source.set("up == 0", .success([sample("a")]))
    bench.source.hold()
    try await bench.running {
      _ = await bench.put(group([rule("First"), rule("Second", "second")]))
      await bench.source.waitForQuestions(1)
      bench.clock.advance(by: .seconds(2))
      bench.source.release()
      await bench.sink.waitForReports(2)
      let reports = await bench.sink.reports
      #expect(reports.map(\.isComplete) == [false, true])
      #expect(reports.map { $0.outcomes.map(\.rule) } == [["First"], ["Second"]])
      #expect(reports.map(\.transitions.count) == [1, 0])
    }
  }

  @Test func `an evaluation that takes too long makes the next ticks pass, and that is told`() async throws {
    let bench = Bench()
    bench.source.hold()
    let definition = group([rule("Down")], interval: .seconds(15))
    try await bench.running {
      _ = await bench.put(definition)
      await bench.source.waitForQuestions(1)
      bench.clock.advance(by: .seconds(100))
      bench.source.release()
      await bench.sink.waitForReports(2)
      let reports = await bench.sink.reports
      let grid = EvaluationGrid(file: definition.file, group: "g", interval: .seconds(15))
      #expect(reports.map(\.at) == [at(1_000_000), grid.instant(notAfter: at(1_000_100))])
      let missed = Int((reports[1].at - grid.instant(after: at(1_000_000))) / .seconds(15))
      #expect(await bench.runner.counters.missedTicks == missed)
      #expect(await bench.runner.conditions.map(\.trouble) == [.ticksMissed(scope)])
    }
  }
}
