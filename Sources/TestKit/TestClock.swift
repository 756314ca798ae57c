package import Model
import Synchronization

/// A clock that stands still until a test moves it.
///
/// A test waits until the code under test sleeps, then moves time: nothing is raced and nothing is slept for.
package final class TestClock: WallClock {
  private struct Sleeper {
    var id: UInt64
    var deadline: Timestamp
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now: Timestamp
    var nextID: UInt64 = 0
    var sleepers: [Sleeper] = []
    /// Sleeps that were cancelled before they had begun to wait.
    var cancelled: Set<UInt64> = []
    var observers: [(isSatisfied: @Sendable ([Timestamp]) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state: Mutex<State>

  package init(now: Timestamp = .epoch) {
    state = Mutex(State(now: now))
  }

  package var now: Timestamp { state.withLock { $0.now } }

  package var minimumResolution: Duration { .milliseconds(1) }

  /// Waits until the clock was moved to `deadline`, or throws `CancellationError` when the task is cancelled.
  package func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { begin(Sleeper(id: id, deadline: deadline, continuation: $0)) }
    } onCancel: {
      cancel(id)
    }
  }

  /// Waits until at least `count` sleeps wait for the clock.
  package func waitForSleepers(_ count: Int) async {
    await wait { $0.count >= count }
  }

  /// Waits until a sleep waits for exactly this instant.
  package func waitForSleeper(until deadline: Timestamp) async {
    await wait { $0.contains(deadline) }
  }

  private func wait(_ isSatisfied: @escaping @Sendable ([Timestamp]) -> Bool) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        guard !isSatisfied(state.sleepers.map(\.deadline)) else { return true }
        state.observers.append((isSatisfied, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  /// Moves the clock forwards and wakes whoever slept until then, the earliest first.
  package func advance(by duration: Duration) {
    advance(to: now + duration)
  }

  /// Moves the clock to `instant` and wakes whoever slept until then, the earliest first.
  package func advance(to instant: Timestamp) {
    let woken = state.withLock { state in
      state.now = max(state.now, instant)
      let woken = state.sleepers.filter { $0.deadline <= state.now }
      state.sleepers.removeAll { $0.deadline <= state.now }
      return woken.sorted { ($0.deadline, $0.id) < ($1.deadline, $1.id) }
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }

  /// The instants that sleeps wait for, in order.
  package var deadlines: [Timestamp] { state.withLock { $0.sleepers.map(\.deadline).sorted() } }

  private func begin(_ sleeper: Sleeper) {
    typealias Observers = [CheckedContinuation<Void, Never>]
    let (outcome, observers) = state.withLock { state -> (Result<Void, any Error>?, Observers) in
      if state.cancelled.remove(sleeper.id) != nil { return (.failure(CancellationError()), []) }
      if sleeper.deadline <= state.now { return (.success(()), []) }
      state.sleepers.append(sleeper)
      let deadlines = state.sleepers.map(\.deadline)
      let satisfied = state.observers.filter { $0.isSatisfied(deadlines) }
      state.observers.removeAll { $0.isSatisfied(deadlines) }
      return (nil, satisfied.map(\.continuation))
    }
    if let outcome { sleeper.continuation.resume(with: outcome) }
    for observer in observers { observer.resume() }
  }

  private func cancel(_ id: UInt64) {
    let sleeper = state.withLock { state -> Sleeper? in
      guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
        state.cancelled.insert(id)
        return nil
      }
      return state.sleepers.remove(at: index)
    }
    sleeper?.continuation.resume(throwing: CancellationError())
  }
}
