import Glibc
import Synchronization

/// Whether a child runs, and the right to end it: shared by the thread that waits and the task that may be cancelled.
final class ChildControl: Sendable {
  private struct State {
    /// Zero until the child runs, and again once its id may belong to somebody else.
    var pid: pid_t = 0
    var isCancelled = false
    var ended: ChildProcess.End?
  }

  private let state = Mutex(State())

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// How the child ended; `nil` while it runs.
  var ended: ChildProcess.End? { state.withLock { $0.ended } }

  /// Starts the child unless the caller was cancelled already; says why it doesn't run.
  func start(_ spawn: (inout pid_t) -> Int32) -> ChildProcess.End? {
    state.withLock { state in
      guard !state.isCancelled else { return .cancelled }
      var pid: pid_t = 0
      let code = spawn(&pid)
      guard code == 0 else { return .notStarted(code) }
      state.pid = pid
      return nil
    }
  }

  /// Ends the child, now or as soon as it would start.
  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      Self.kill(state.pid)
    }
  }

  /// Ends the child and everything in its process group.
  func kill() {
    state.withLock { Self.kill($0.pid) }
  }

  private static func kill(_ pid: pid_t) {
    if pid > 0 { _ = Glibc.kill(-pid, SIGKILL) }
  }

  /// Takes note of the child's end, so that the system forgets it.
  func reap(blocking: Bool) {
    state.withLock { state in
      guard state.pid > 0, state.ended == nil else { return }
      var status: Int32 = 0
      var reaped: pid_t
      repeat { reaped = waitpid(state.pid, &status, blocking ? 0 : WNOHANG) } while reaped < 0 && errno == EINTR
      guard reaped != 0 else { return }
      // What the child has started must not outlive it.
      Self.kill(state.pid)
      state.pid = 0
      let signal = status & 0x7f
      state.ended = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }
  }
}
