import Evaluator
import Model
import PromQL
import Specs
import Synchronization

/// A source that answers each expression as a test told it to.
final class ScriptedSource: SampleSource {
  struct Question: Hashable, Sendable {
    var expression: String
    var at: Timestamp
  }

  private struct State {
    var answers: [String: Result<[QuerySample], QueryError>] = [:]
    var isHeld = false
    var held: [CheckedContinuation<Void, Never>] = []
    var questions: [Question] = []
    var running = 0
    var mostRunning = 0
    var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var questions: [Question] { state.withLock { $0.questions } }
  var mostRunning: Int { state.withLock { $0.mostRunning } }

  func set(_ expression: String, _ answer: Result<[QuerySample], QueryError>) {
    state.withLock { $0.answers[expression] = answer }
  }

  /// Lets questions wait until ``release()``.
  func hold() {
    state.withLock { $0.isHeld = true }
  }

  func release() {
    let held = state.withLock { state in
      state.isHeld = false
      defer { state.held = [] }
      return state.held
    }
    for waiting in held { waiting.resume() }
  }

  /// Waits until so many questions were asked in all.
  func waitForQuestions(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        guard state.questions.count < count else { return true }
        state.observers.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  func query(
    _ expression: String, at instant: Timestamp, timeout: Duration
  ) async throws(QueryError) -> QueryAnswer {
    let observers = state.withLock { state in
      state.questions.append(Question(expression: expression, at: instant))
      state.running += 1
      state.mostRunning = max(state.mostRunning, state.running)
      let observers = state.observers.filter { $0.count <= state.questions.count }
      state.observers.removeAll { $0.count <= state.questions.count }
      return observers.map(\.continuation)
    }
    for observer in observers { observer.resume() }
    await withCheckedContinuation { continuation in
      let isHeld = state.withLock { state in
        if state.isHeld { state.held.append(continuation) }
        return state.isHeld
      }
      if !isHeld { continuation.resume() }
    }
    return try state.withLock { state in
      state.running -= 1
      return state.answers[expression] ?? .success([])
    }.map { QueryAnswer(samples: $0) }.get()
  }

  func queryValue(
    _ expression: String, _ times: QueryTimes, timeout: Duration
  ) async throws(QueryError) -> ValueAnswer {
    ValueAnswer(.vector(try await query(expression, at: times.start, timeout: timeout).samples))
  }
}

/// A sink that remembers what it is told.
actor RecordingSink: EvaluationSink {
  private(set) var reports: [EvaluationReport] = []
  private var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  private var isHeld = false
  private var held: [CheckedContinuation<Void, Never>] = []

  var transitions: [AlertTransition] { reports.flatMap(\.transitions) }

  func evaluated(_ report: EvaluationReport) async {
    reports.append(report)
    let count = reports.count
    for observer in observers where observer.count <= count { observer.continuation.resume() }
    observers.removeAll { $0.count <= count }
    if isHeld { await withCheckedContinuation { held.append($0) } }
  }

  func hold() {
    isHeld = true
  }

  func release() {
    isHeld = false
    for waiting in held { waiting.resume() }
    held = []
  }

  func waitForReports(_ count: Int) async {
    guard reports.count < count else { return }
    await withCheckedContinuation { observers.append((count, $0)) }
  }
}

/// A rule for tests.
func rule(
  _ name: String, _ expression: String = "up == 0", hold: Duration = .zero, keep: Duration = .zero,
  labels: [Label] = [], annotations: [Label] = []
) -> Rule {
  var rule = Rule(.alert, name: name, expression: Expression(expression))
  rule.hold = hold
  rule.keepFiringFor = keep
  rule.labels = labels
  rule.annotations = annotations
  return rule
}

/// A recording rule for tests.
func record(_ name: String, _ expression: String = "sum(up)", labels: [Label] = []) -> Rule {
  var rule = Rule(.record, name: name, expression: Expression(expression))
  rule.labels = labels
  return rule
}

/// A group for tests, in `shop/checkout` unless told otherwise.
func group(
  _ rules: [Rule], name: String = "g", scope: Scope = .project(tenant: "shop", project: "checkout"),
  file: String = "rules.yaml", interval: Duration? = .seconds(60), limit: Int = 0, labels: [Label] = [],
  offset: Duration? = nil, context: RuleContext? = nil
) -> GroupDefinition {
  var spec = RuleGroupSpec(name: name, rules: rules)
  spec.interval = interval
  spec.limit = limit
  spec.labels = labels
  spec.queryOffset = offset
  let places = rules.indices.map { Provenance(file: file, line: $0 + 1) }
  return GroupDefinition(
    id: ResourceID(scope, .ruleGroup, file + ":" + name), spec: spec, context: context ?? RuleContext(scope: scope),
    file: file, provenance: places)
}

/// The instant so many seconds after the epoch.
func at(_ seconds: Int) -> Timestamp { Timestamp(millisecondsSinceEpoch: Int64(seconds) * 1000) }

/// `{instance="…"}` with a value.
func sample(_ instance: String, _ value: Double = 1) -> QuerySample {
  QuerySample(["__name__": "up", "instance": instance], value)
}
