import Glibc

/// A program that is run to its end, from as many tests at once as like.
///
/// Foundation's `Process` isn't used: its bookkeeping crashed a run in which many tests started programs together.
package enum Program {
  /// What came of it.
  package struct Outcome: Sendable {
    /// The exit code, or, negative, the signal that ended it.
    package let code: Int32
    /// What it printed to its standard output.
    package let output: [UInt8]
    /// What it printed to its standard error.
    package let errors: [UInt8]

    package var text: String { String(decoding: output, as: UTF8.self) }
    package var complaint: String { String(decoding: errors, as: UTF8.self) }
  }

  /// Why it can't be run.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Runs the program at a path, found by `PATH` where that has no slash, with nothing to read. `environment` has
  /// `NAME=value`; `nil` is this process's own.
  package static func run(
    _ path: String, _ arguments: [String], environment: [String]? = nil
  ) throws(Failure) -> Outcome {
    let (output, errors) = (nameless(), nameless())
    defer { for file in [output, errors] where file >= 0 { close(file) } }
    guard output >= 0, errors >= 0 else { throw failure(path, errno) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    var variables = (environment ?? []).map { strdup($0) } + [nil]
    defer { for word in words + variables { free(word) } }
    var number: pid_t = 0
    let code =
      environment == nil
      ? posix_spawnp(&number, path, &actions, nil, &words, environ)
      : posix_spawnp(&number, path, &actions, nil, &words, &variables)
    guard code == 0 else { throw failure(path, code) }
    var status: Int32 = 0
    while waitpid(number, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    return Outcome(
      code: signal == 0 ? (status >> 8) & 0xff : -signal, output: bytes(of: output), errors: bytes(of: errors))
  }

  /// A file that has no name any more, and that no other child inherits; -1 where there can be none.
  private static func nameless() -> Int32 {
    var path = Array("/tmp/program-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    guard file >= 0 else { return -1 }
    unlink(path)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    return file
  }

  private static func bytes(of file: Int32) -> [UInt8] {
    let size = max(0, Int(lseek(file, 0, SEEK_END)))
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let read = pread(file, buffer.baseAddress?.advanced(by: count), size - count, off_t(count))
        guard read > 0 else { return }
        count += read
      }
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> Failure {
    Failure(description: "\(path) can't be started: \(String(cString: strerror(code)))")
  }
}
