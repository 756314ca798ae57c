import Foundation
import Glibc
import Synchronization
import TestKit

/// A program that was started; what it prints goes to files.
final class Subprocess: Sendable {
  /// The process's number.
  let number: Int32
  private let files: String
  private let end: End

  private final class End: Sendable {
    let state = Mutex<(code: Int32?, waiting: [CheckedContinuation<Int32, Never>])>((nil, []))

    func came(_ code: Int32) {
      let waiting = state.withLock { state in
        state.code = code
        defer { state.waiting = [] }
        return state.waiting
      }
      for continuation in waiting { continuation.resume(returning: code) }
    }
  }

  /// Starts a program in a folder; `files` is the beginning of the names of the files for what it prints.
  init(
    _ program: String, _ arguments: [String], in place: String, environment: [String: String], files: String
  ) throws {
    self.files = files
    let end = End()
    self.end = end
    let number = try Self.spawn(
      [program] + arguments, in: place, environment: Self.surroundings(environment), files: files)
    self.number = number
    startThread {
      var status: Int32 = 0
      while waitpid(number, &status, 0) < 0, errno == EINTR {}
      let signal = status & 0x7f
      end.came(signal == 0 ? (status >> 8) & 0xff : -signal)
    }
  }

  private static func surroundings(_ more: [String: String]) -> [String: String] {
    let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BELFRY_") }
    let ours = [
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ana",
      "GIT_AUTHOR_EMAIL": "ana@example.com", "GIT_COMMITTER_NAME": "Ana", "GIT_COMMITTER_EMAIL": "ana@example.com",
      "SWIFT_BACKTRACE": "enable=no",
    ]
    return inherited.merging(ours) { $1 }.merging(more) { $1 }
  }

  private static func spawn(
    _ arguments: [String], in place: String, environment: [String: String], files: String
  ) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, files + ".out", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, files + ".err", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let arguments = ["/usr/bin/env", "-C", place] + arguments
    var words = arguments.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0.key + "=" + $0.value) } + [nil]
    defer { for word in words + variables { free(word) } }
    var number: Int32 = 0
    let code = posix_spawn(&number, arguments[0], &actions, nil, &words, &variables)
    guard code == 0 else {
      throw NotSeen(description: "\(arguments[0]) can't be started: \(String(cString: strerror(code)))")
    }
    return number
  }

  /// Waits for the end: the exit code, or, negative, the signal that ended it.
  func ended() async -> Int32 {
    await withCheckedContinuation { continuation in
      let code = end.state.withLock { state in
        if state.code == nil { state.waiting.append(continuation) }
        return state.code
      }
      if let code { continuation.resume(returning: code) }
    }
  }

  var isRunning: Bool { end.state.withLock { $0.code == nil } }
  var output: String { text(".out") }
  var errors: String { text(".err") }

  private func text(_ ending: String) -> String {
    FileManager.default.contents(atPath: files + ending).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  func signal(_ signal: Int32) {
    if isRunning { _ = Glibc.kill(number, signal) }
  }

  func kill() { signal(SIGKILL) }
}
