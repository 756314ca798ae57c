import Model
import Synchronization

/// A clock that stands until a test moves it.
final class ManualClock: WallClock {
  private struct Sleeper {
    var deadline: Timestamp
    var waking: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now: Timestamp
    var sleepers: [Int: Sleeper] = [:]
    var cancelled: Set<Int> = []
    var nextID = 0
  }

  private let state: Mutex<State>

  init(_ now: Timestamp) {
    state = Mutex(State(now: now))
  }

  var now: Timestamp { state.withLock { $0.now } }

  var minimumResolution: Duration { .milliseconds(1) }

  func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waking in
        let outcome: Result<Void, CancellationError>? = state.withLock { state in
          if state.cancelled.contains(id) { return .failure(CancellationError()) }
          if deadline <= state.now { return .success(()) }
          state.sleepers[id] = Sleeper(deadline: deadline, waking: waking)
          return nil
        }
        if let outcome { waking.resume(with: outcome) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        state.cancelled.insert(id)
        return state.sleepers.removeValue(forKey: id)
      }
      sleeper?.waking.resume(throwing: CancellationError())
    }
  }

  /// Moves on, waking those whose time has come.
  func advance(by interval: Duration) {
    let woken = state.withLock { state in
      state.now = state.now.advanced(by: interval)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values
    }
    for sleeper in woken { sleeper.waking.resume() }
  }

  /// Waits until so many sleep.
  func waitForSleepers(_ count: Int) async {
    while state.withLock({ $0.sleepers.count }) < count { await Task.yield() }
  }
}
