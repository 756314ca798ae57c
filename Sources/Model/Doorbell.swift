import Synchronization

/// Wakes one waiting task; a ring that nobody hears is kept for the next who waits.
package final class Doorbell: Sendable {
  private enum State {
    case silent
    case rung
    case awaited(CheckedContinuation<Void, Never>)
  }

  private let state = Mutex(State.silent)

  package init() {}

  /// Wakes who waits, or the next who will.
  package func ring() {
    let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
      if case .awaited(let waiter) = state {
        state = .silent
        return waiter
      }
      state = .rung
      return nil
    }
    waiter?.resume()
  }

  /// Returns at the next ring, or when the task is cancelled.
  package func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if case .rung = state {
            state = .silent
            return true
          }
          if Task.isCancelled { return true }
          state = .awaited(continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
        guard case .awaited(let waiter) = state else { return nil }
        state = .silent
        return waiter
      }
      waiter?.resume()
    }
  }

  /// Returns at the next ring, at `instant`, or when the task is cancelled.
  package func wait(until instant: Timestamp, on clock: any WallClock) async {
    await withDiscardingTaskGroup { tasks in
      tasks.addTask {
        // A sleep that is cut short rings for nobody: the next wait would end at once.
        do { try await clock.sleep(until: instant, tolerance: nil) } catch { return }
        self.ring()
      }
      await wait()
      tasks.cancelAll()
    }
  }
}
