import Evaluator
import Model
import PromQL
import Specs
import Synchronization

/// A sink that remembers what it is given, and refuses it while a test says so.
final class ScriptedStore: SampleSink {
  struct Written: Hashable, Sendable {
    var labels: Labels
    /// `nil` for a staleness marker.
    var value: Double?
    var at: Timestamp
  }

  private struct State {
    var written: [Written] = []
    var failure: SampleWriteError?
    var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var written: [Written] { state.withLock(\.written) }

  /// What was written since the last look.
  func take() -> [Written] {
    state.withLock { state in
      defer { state.written = [] }
      return state.written
    }
  }

  func fail(_ failure: SampleWriteError?) {
    state.withLock { $0.failure = failure }
  }

  /// Waits until so many samples were written since the last look.
  func waitForSamples(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        guard state.written.count < count else { return true }
        state.observers.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  func write(_ samples: [QuerySample], at instant: Timestamp) async throws(SampleWriteError) {
    let (failure, observers) = state.withLock { state in
      if state.failure == nil {
        state.written += samples.map {
          Written(labels: $0.labels, value: $0.value.isStalenessMarker ? nil : $0.value, at: instant)
        }
      }
      defer { state.observers.removeAll { $0.count <= state.written.count } }
      return (state.failure, state.observers.filter { $0.count <= state.written.count })
    }
    for observer in observers { observer.continuation.resume() }
    if let failure { throw failure }
  }
}

/// What a test expects a sink to have.
func written(_ labels: Labels, _ value: Double?, at instant: Timestamp) -> ScriptedStore.Written {
  ScriptedStore.Written(labels: labels, value: value, at: instant)
}

/// Evaluates groups instant by instant, without a runner: each rule's samples are what a test gives for its expression.
struct Timeline {
  var state = EvaluatorState()
  let store = ScriptedStore()
  var source: EvaluatorSource

  init(recording: DataSourceSpec.Recording = .evaluate, writesAlerts: Bool = false) {
    source = EvaluatorSource(
      id: ResourceID(.platform, .dataSource, "main"), source: ScriptedSource(), isDefault: true,
      recording: recording, writesAlerts: writesAlerts, sink: store)
  }

  /// Puts groups and removes others, all of one scope.
  mutating func apply(
    _ definitions: GroupDefinition..., removing: [ResourceID] = [], at now: Timestamp
  ) async -> [ScriptedStore.Written] {
    let scope = definitions.first?.context.scope ?? removing.first?.scope ?? .platform
    _ = state.apply(
      EvaluatorChange(groups: [.init(scope, put: definitions, remove: removing)], putSources: [source]), at: now)
    return await flush()
  }

  /// Evaluates what is due, and gives what was written; a rule without answer fails.
  mutating func evaluate(_ answers: [String: [QuerySample]], at now: Timestamp) async -> [ScriptedStore.Written] {
    for due in state.takeDue(at: now) {
      guard let turn = state.turn(due) else { continue }
      for index in turn.definition.spec.rules.indices where turn.includes(index) {
        let samples = answers[turn.definition.spec.rules[index].expression.text]
        let answer = RuleAnswer(
          index: index, result: samples.map { .success(QueryAnswer(samples: $0)) } ?? .failure(.query(.timedOut)),
          duration: .zero, sourceURL: "",
          destination: turn.definition.spec.rules[index].purpose == .record || source.writesAlerts
            ? RuleDestination(source: source.id, sink: store) : nil)
        let report = state.commit([answer], for: due, took: .zero, isComplete: true)
        for write in report?.writes ?? [] { try? await write.sink.write(write.samples, at: write.at) }
      }
      state.finish(due)
    }
    return await flush()
  }

  private mutating func flush() async -> [ScriptedStore.Written] {
    for write in state.takeLastWords() { try? await write.sink.write(write.samples, at: write.at) }
    return store.take()
  }
}
