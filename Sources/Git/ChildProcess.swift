import CLibgit2
import Dispatch
import Glibc
import Synchronization

/// A program run once: bytes in, bytes out, ended at a deadline or when the caller is cancelled.
struct ChildProcess: Sendable {
  let executable: String
  let arguments: [String]
  let environment: [String: String]

  /// How the program ended.
  enum End: Hashable, Sendable {
    case exited(Int32)
    /// By a signal that this process didn't send.
    case signalled(Int32)
    case timedOut
    case cancelled
    /// It couldn't be started; the system's error number.
    case notStarted(Int32)
  }

  /// What the program said, and how it ended.
  struct Result: Sendable {
    var end: End
    var output: [UInt8] = []
    /// The last of what it wrote to standard error.
    var complaint: [UInt8] = []
  }

  /// Runs the program, with `input` on its standard input, which stays open until it ends.
  ///
  /// The wait has a thread of its own. The program and what it started are killed at the deadline, on cancellation,
  /// and when more than `outputLimit` bytes came.
  func run(input: [UInt8], deadline: Duration, outputLimit: Int = 1 << 20) async -> Result {
    let control = ChildControl()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "belfry.git.child").async {
          continuation.resume(returning: runBlocking(control, input, deadline, outputLimit))
        }
      }
    } onCancel: {
      control.cancel()
    }
  }

  private func runBlocking(_ control: ChildControl, _ input: [UInt8], _ deadline: Duration, _ limit: Int) -> Result {
    let end = ContinuousClock.now + deadline
    var pipes = ChildPipes()
    defer { pipes.close() }
    let code = pipes.open()
    guard code == 0 else { return Result(end: .notStarted(code)) }
    if let failure = control.start({ spawn(&$0, pipes) }) { return Result(end: failure) }
    pipes.closeChildEnds()
    pipes.send(input)
    var result = Result(end: .timedOut)
    while control.ended == nil {
      let remaining = end - ContinuousClock.now
      guard remaining > .zero, result.output.count <= limit else { break }
      pipes.receive(&result, within: min(remaining, .milliseconds(100)))
      control.reap(blocking: false)
    }
    guard control.ended != nil else {
      control.kill()
      control.reap(blocking: true)
      if result.output.count > limit { result.end = .signalled(SIGKILL) }
      if control.isCancelled { result.end = .cancelled }
      return result
    }
    pipes.drain(&result)
    result.end = control.isCancelled ? .cancelled : control.ended ?? .timedOut
    return result
  }

  /// Starts the program in a process group of its own, with no file of ours but the three pipes.
  private func spawn(_ pid: inout pid_t, _ pipes: ChildPipes) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (target, source) in pipes.childEnds { posix_spawn_file_actions_adddup2(&actions, source, target) }
    belfry_git_spawn_close_from(&actions, 3)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
    )
    return withCStringArray([executable] + arguments) { arguments in
      withCStringArray(environment.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value }) { environment in
        posix_spawn(&pid, executable, &actions, &attributes, arguments, environment)
      }
    }
  }
}

/// Calls `body` with C copies of `texts`, ended by a null.
private func withCStringArray<Result>(
  _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var copies = texts.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  copies.append(nil)
  return copies.withUnsafeBufferPointer { buffer in
    // Never empty: the null is always there.
    guard let base = buffer.baseAddress else { preconditionFailure("an array with a null has a first element") }
    return body(base)
  }
}
