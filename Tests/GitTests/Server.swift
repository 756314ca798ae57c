@testable import Git
import Glibc

/// A server that a test started: it has printed its ports, and ends when its input is closed.
final class Server: Sendable {
  let ports: [Int]
  private let process: pid_t
  private let pipes: ChildPipes

  /// Starts `command`, whose first line of output is its ports.
  init(_ command: [String]) throws {
    guard let name = command.first, let executable = name.hasPrefix("/") ? name : Installed.path(of: name) else {
      throw ToolFailure(description: "no program \(command)")
    }
    var pipes = ChildPipes()
    guard pipes.open() == 0 else { throw ToolFailure(description: "no pipes") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, source) in pipes.childEnds where target < 2 {
      posix_spawn_file_actions_adddup2(&actions, source, target)
    }
    var arguments: [UnsafeMutablePointer<CChar>?] = ([executable] + command.dropFirst()).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    guard posix_spawn(&process, executable, &actions, nil, &arguments, environ) == 0 else {
      throw ToolFailure(description: "'\(executable)' doesn't start")
    }
    self.process = process
    pipes.closeChildEnds()
    var result = ChildProcess.Result(end: .timedOut)
    for _ in 0..<200 where !result.output.contains(10) { pipes.receive(&result, within: .milliseconds(100)) }
    let line = String(decoding: result.output.prefix { $0 != 10 }, as: UTF8.self)
    ports = line.split(separator: " ").compactMap { Int($0) }
    self.pipes = pipes
  }

  /// Ends the server.
  deinit {
    var pipes = pipes
    pipes.close()
    kill(process, SIGTERM)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }
}
