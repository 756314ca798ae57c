import Glibc
import Model

/// Runs a ``FetchRequest`` in a process of its own, because the library can neither be given a deadline nor be stopped.
///
/// The process gets the request, secrets included, on its standard input; its arguments and environment hold none.
package struct FetchChild: Sendable {
  /// The program; the executable of this process, as a rule.
  package let executable: String
  /// What makes it call ``serveFetchRequest(input:output:)``.
  package let arguments: [String]

  package init(executable: String, arguments: [String]) {
    self.executable = executable
    self.arguments = arguments
  }

  /// Runs the request; the process is killed at the deadline and when the caller's task is cancelled.
  package func run(_ request: FetchRequest, deadline: Duration) async -> FetchOutcome {
    let child = ChildProcess(executable: executable, arguments: arguments, environment: Self.environment(request))
    let result = await child.run(input: request.wireBytes, deadline: deadline)
    switch result.end {
    case .timedOut: return .failed(.timedOut(remote: request.remote.url.description, after: deadline))
    case .cancelled: return .failed(.cancelled)
    case .notStarted(let code):
      return .failed(.childFailed(detail: "'\(executable)' can't be started: \(String(cString: strerror(code)))"))
    case .exited, .signalled:
      if let outcome = FetchOutcome(wire: result.output) { return outcome }
      return .failed(.childFailed(detail: Self.explanation(result)))
    }
  }

  /// Nothing of this process's environment but where its libraries are: no `GIT_…`, no proxy, no home.
  private static func environment(_ request: FetchRequest) -> [String: String] {
    var environment = ["HOME": "/nonexistent", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
    for name in ["LD_LIBRARY_PATH", "TMPDIR"] {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    if case .sshAgent(let socket) = request.remote.credentials { environment["SSH_AUTH_SOCK"] = socket }
    return environment
  }

  private static func explanation(_ result: ChildProcess.Result) -> String {
    let end =
      switch result.end {
      case .signalled(let signal): "it was ended by signal \(signal)"
      case .exited(let code): "it ended with status \(code)"
      case .timedOut, .cancelled, .notStarted: "it was ended"
      }
    let said = String(decoding: result.complaint, as: UTF8.self).onOneLine
    return said.isEmpty ? end : end + ", saying '\(said)'"
  }
}
