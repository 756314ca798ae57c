import Evaluator
import Model
import PromQL
import Specs
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Running rules that write` {
  private let scope = Scope.project(tenant: "shop", project: "checkout")
  private let bench = Bench()
  private let store = ScriptedStore()

  private func source(_ change: (inout EvaluatorSource) -> Void = { _ in }) -> EvaluatorSource {
    var source = EvaluatorSource(
      id: bench.sourceID, source: bench.source, isDefault: true, recording: .evaluate, sink: store)
    change(&source)
    return source
  }

  private func put(_ rules: Rule..., source: EvaluatorSource? = nil) async {
    _ = await bench.runner.apply(
      EvaluatorChange(groups: [.init(scope, put: [group(rules)])], putSources: [source ?? self.source()]))
  }

  private func waitForComplete(_ count: Int = 1) async -> [EvaluationReport] {
    var reports = 0
    while true {
      let all = await bench.sink.reports
      if all.count(where: \.isComplete) >= count { return all }
      reports = all.count
      await bench.sink.waitForReports(reports + 1)
    }
  }

  @Test func `samples are written before the next rule asks`() async throws {
    bench.source.set("a", .success([sample("x", 5)]))
    try await bench.running {
      bench.source.hold()
      await put(record("r", "a"), rule("Down", "r > 1"), record("s", "b"), rule("Last", "last"))
      await bench.source.waitForQuestions(1)
      #expect(store.written.isEmpty)
      bench.source.release()
      let reports = await waitForComplete()
      #expect(bench.source.questions.map(\.expression) == ["a", "r > 1", "b", "last"])
      #expect(store.written == [written(["__name__": "r", "instance": "x"], 5, at: at(1_000_000))])
      #expect(reports.flatMap { $0.outcomes.map(\.rule) } == ["r", "Down", "s", "Last"])
      #expect(reports.map(\.isComplete) == [false, false, true])
      #expect(await bench.runner.counters.writtenSamples == 1)
    }
  }

  @Test func `a write that fails degrades the rule and nothing else`() async throws {
    bench.source.set("a", .success([sample("x", 5)]))
    bench.source.set("up == 0", .success([sample("x")]))
    store.fail(.late("connection refused"))
    try await bench.running {
      await put(record("r", "a"), rule("Down"))
      let reports = await waitForComplete()
      #expect(reports.flatMap(\.transitions).map(\.alert.state) == [.firing])
      var group = await bench.runner.groups[0]
      let words = "its samples are held until they can be written: connection refused"
      #expect(group.rules.map(\.failure) == [words, nil])
      #expect(await bench.runner.conditions.map(\.trouble) == [.ruleFailing(group.id)])
      store.fail(nil)
      let next = EvaluationGrid(file: "rules.yaml", group: "g", interval: .seconds(60)).instant(after: at(1_000_000))
      await bench.tick(to: next)
      _ = await waitForComplete(2)
      group = await bench.runner.groups[0]
      #expect(group.rules.map(\.health) == [.ok, .ok])
      #expect(await bench.runner.counters.failedWrites == 1)
    }
  }

  @Test func `a failure that lasts began when it began`() async throws {
    bench.source.set("a", .success([sample("x", 5)]))
    store.fail(.lost("out of order"))
    try await bench.running {
      await put(record("r", "a"))
      _ = await waitForComplete()
      let next = EvaluationGrid(file: "rules.yaml", group: "g", interval: .seconds(60)).instant(after: at(1_000_000))
      await bench.tick(to: next)
      _ = await waitForComplete(2)
      await bench.clock.waitForSleeper(until: next + .seconds(60))
      let health = await bench.runner.groups[0].rules[0].health
      #expect(health == .failing(.write(.lost("out of order")), since: at(1_000_000)))
    }
  }

  @Test func `a source without a place for samples says what it lacks`() async throws {
    try await bench.running {
      let poor = source { ($0.sink, $0.writesAlerts) = (nil, true) }
      await put(record("r", "a"), rule("Down"), source: poor)
      let reports = await waitForComplete()
      let failures = reports.flatMap(\.outcomes).map { $0.failure?.description }
      #expect(
        failures == [
          "data source 'main' has no place for the samples of rules; give it a 'remote_write', or leave recording rules "
            + "to the server with 'recording: external'", nil,
        ])
      #expect(bench.source.questions.map(\.expression) == ["up == 0"])
    }
  }

  @Test func `a removed group's series end`() async throws {
    bench.source.set("a", .success([sample("x", 5)]))
    try await bench.running {
      await put(record("r", "a"))
      await store.waitForSamples(1)
      let id = await bench.runner.groups[0].id
      await bench.clock.waitForSleepers(1)
      bench.clock.advance(by: .seconds(10))
      _ = await bench.runner.apply(EvaluatorChange(groups: [.init(scope, remove: [id])]))
      await store.waitForSamples(2)
      #expect(store.written.last == written(["__name__": "r", "instance": "x"], nil, at: at(1_000_009)))
    }
  }

  @Test func `series end where they were written before`() async throws {
    bench.source.set("a", .success([sample("x", 5)]))
    let other = ScriptedStore()
    try await bench.running {
      await put(record("r", "a"))
      await store.waitForSamples(1)
      var moved = record("r", "a")
      moved.dataSource = "other"
      await bench.clock.waitForSleepers(1)
      bench.clock.advance(by: .seconds(10))
      let source = EvaluatorSource(
        id: ResourceID(.platform, .dataSource, "other"), source: bench.source, recording: .evaluate, sink: other)
      await put(moved, source: source)
      await other.waitForSamples(1)
      await store.waitForSamples(2)
      #expect(other.written.map(\.value) == [5])
      #expect(store.written.map(\.value) == [5, nil])
    }
  }

  // MARK: - Shared sources

  @Test func `a shared source is asked for the tenant's own series, and written to as such`() async throws {
    let bound = #"sum(up{tenant="shop"}) / sum(up{job="a",tenant="shop"})"#
    bench.source.set(bound, .success([QuerySample(["tenant": "other", "i": "x"], 5)]))
    try await bench.running {
      await put(
        record("r", #"sum(up) / sum(up{job="a"})"#, labels: [Label("tenant", "other")]),
        source: source { $0.tenantLabel = "tenant" })
      _ = await waitForComplete()
      #expect(bench.source.questions.map(\.expression) == [bound])
      await store.waitForSamples(1)
      #expect(store.written.map(\.labels) == [["__name__": "r", "i": "x", "tenant": "shop"]])
      let next = EvaluationGrid(file: "rules.yaml", group: "g", interval: .seconds(60)).instant(after: at(1_000_000))
      await bench.tick(to: next)
      _ = await waitForComplete(2)
      #expect(bench.source.questions.map(\.expression) == [bound, bound])
    }
  }

  @Test func `an expression that asks for another tenant fails with the reason`() async throws {
    try await bench.running {
      await put(rule("Down", #"up{tenant="other"}"#), source: source { $0.tenantLabel = "tenant" })
      let failure = await waitForComplete().first?.outcomes.first?.failure
      guard case .notIsolated("main", let words) = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
      #expect(words.contains(#"'tenant="other"'"#))
      #expect(bench.source.questions.isEmpty)
    }
  }

  @Test func `the platform's own rules see everybody`() async throws {
    let platform = group([rule("Down", "up == 0")], scope: .platform)
    try await bench.running {
      let shared = source { $0.tenantLabel = "tenant" }
      _ = await bench.runner.apply(
        EvaluatorChange(groups: [.init(.platform, put: [platform])], putSources: [shared]))
      _ = await waitForComplete()
      #expect(bench.source.questions.map(\.expression) == ["up == 0"])
    }
  }
}
