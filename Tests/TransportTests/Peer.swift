import Glibc
import Synchronization
import TestKit

/// A process that a test talks to: a script that prints a line when it is ready and ends when its input does.
final class Peer: Sendable {
  private struct State {
    var lines: [String] = []
    var hasEnded = false
    var waiters: [(index: Int, continuation: CheckedContinuation<String?, Never>)] = []
  }

  /// What is missing for a peer, in words.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private static let spawning = Mutex(())
  private let input: Int32
  private let state: SharedState

  private final class SharedState: Sendable {
    let value = Mutex(State())
  }

  /// Starts `command`, found on the path.
  init(_ command: [String]) throws {
    let (input, output, process) = try Self.spawning.withLock { _ in try Self.spawn(command) }
    self.input = input
    let state = SharedState()
    self.state = state
    startThread {
      Self.read(output, into: state)
      close(output)
      var status: Int32 = 0
      waitpid(process, &status, 0)
    }
  }

  deinit {
    close(input)
  }

  /// Everything printed up to now.
  var lines: [String] { state.value.withLock { $0.lines } }

  /// The line of this number, counted from 0; waits for it.
  func line(_ index: Int) async throws -> String {
    let line = await withCheckedContinuation { continuation in
      let known = state.value.withLock { state -> String?? in
        if index < state.lines.count { return state.lines[index] }
        if state.hasEnded { return .some(nil) }
        state.waiters.append((index, continuation))
        return nil
      }
      if let known { continuation.resume(returning: known) }
    }
    guard let line else { throw Failure(description: "the peer ended before line \(index): \(lines)") }
    return line
  }

  /// The port a peer prints in its first line.
  func port() async throws -> Int {
    let line = try await line(0)
    guard let port = Int(line) else { throw Failure(description: "no port: \(line)") }
    return port
  }

  private static func spawn(_ command: [String]) throws -> (input: Int32, output: Int32, process: pid_t) {
    var toChild: [Int32] = [-1, -1]
    var fromChild: [Int32] = [-1, -1]
    pipe(&toChild)
    pipe(&fromChild)
    for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer {
      close(toChild[0])
      close(fromChild[1])
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    let outcome = posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
    guard outcome == 0 else { throw Failure(description: "'\(command[0])' doesn't start") }
    return (toChild[1], fromChild[0], process)
  }

  private static func read(_ descriptor: Int32, into state: SharedState) {
    var buffer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      buffer += chunk[..<count]
      while let end = buffer.firstIndex(of: 10) {
        let line = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeSubrange(...end)
        state.value.withLock { $0.lines.append(line) }
      }
      answer(state)
    }
    state.value.withLock { $0.hasEnded = true }
    answer(state)
  }

  private static func answer(_ state: SharedState) {
    state.value.withLock { state in
      state.waiters.removeAll { waiter in
        let isKnown = waiter.index < state.lines.count
        guard isKnown || state.hasEnded else { return false }
        waiter.continuation.resume(returning: isKnown ? state.lines[waiter.index] : nil)
        return true
      }
    }
  }
}

/// What is installed here.
enum Installed {
  static let openssl = isOnPath("openssl")
  static let python = isOnPath("python3")
  static let node = isOnPath("node")
  static let aiosmtpd = python && system("python3 -c 'import aiosmtpd' 2>/dev/null") == 0

  private static func isOnPath(_ name: String) -> Bool {
    guard let path = getenv("PATH") else { return false }
    return String(cString: path).split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }
}
