import Evaluator
import Model
import TestKit

/// A runner under a clock of its own, with one scripted source that everybody uses.
struct Bench {
  let clock = TestClock(now: at(1_000_000))
  let source = ScriptedSource()
  let sink = RecordingSink()
  let runner: EvaluatorRunner

  init() {
    runner = EvaluatorRunner(clock: clock, sink: sink)
  }

  var sourceID: ResourceID { ResourceID(.platform, .dataSource, "main") }

  func sources(concurrency: Int = 8) -> [EvaluatorSource] {
    [EvaluatorSource(id: sourceID, source: source, concurrency: concurrency, isDefault: true)]
  }

  func put(_ definitions: GroupDefinition...) async -> EvaluatorChangeOutcome {
    let byScope = Dictionary(grouping: definitions, by: \.context.scope)
    return await runner.apply(
      EvaluatorChange(groups: byScope.map { .init($0.key, put: $0.value) }, putSources: sources()))
  }

  /// Runs the loop while `body` runs.
  func running(_ body: () async throws -> Void) async throws {
    try await withThrowingDiscardingTaskGroup { tasks in
      tasks.addTask { await runner.run() }
      try await body()
      tasks.cancelAll()
    }
  }

  /// Moves the clock to `instant` once the loop sleeps until then.
  func tick(to instant: Timestamp) async {
    await clock.waitForSleeper(until: instant)
    clock.advance(to: instant)
  }
}
