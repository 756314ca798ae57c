@testable import Git
import Glibc
import Synchronization

/// What is installed here.
enum Installed {
  static let git = has("git")
  static let python = has("python3")
  static let openssl = has("openssl")
  static let sshd = access("/usr/sbin/sshd", X_OK) == 0 && has("ssh-keygen")

  private static func has(_ name: String) -> Bool { path(of: name) != nil }

  /// Where a program is, by the search path.
  static func path(of name: String) -> String? {
    guard let path = getenv("PATH") else { return nil }
    return String(cString: path).split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}

/// A program that a test needed and that ended badly.
struct ToolFailure: Error, CustomStringConvertible {
  var description: String
}

/// Runs a program, its standard input a file, and gives what it printed, without the last line's end.
@discardableResult
func runTool(_ command: [String], input: String = "/dev/null", _ additions: [String: String] = [:]) async throws
  -> String
{
  guard let name = command.first, let executable = name.hasPrefix("/") ? name : Installed.path(of: name) else {
    throw ToolFailure(description: "no program \(command)")
  }
  var environment = [
    "PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin", "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C.UTF-8",
    "GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@example.com",
    "GIT_COMMITTER_NAME": "Ben", "GIT_COMMITTER_EMAIL": "ben@example.com",
  ]
  environment.merge(additions) { $1 }
  let process = ChildProcess(
    executable: "/bin/sh", arguments: ["-c", #"exec "$@" <"$0""#, input, executable] + command.dropFirst(),
    environment: environment
  )
  let result = await process.run(input: [], deadline: .seconds(120), outputLimit: 64 << 20)
  guard result.end == .exited(0) else {
    throw ToolFailure(description: "\(command): \(result.end) \(String(decoding: result.complaint, as: UTF8.self))")
  }
  let text = String(decoding: result.output, as: UTF8.self)
  return text.hasSuffix("\n") ? String(text.dropLast()) : text
}

/// A new folder, which goes when the tests' process ends.
struct TemporaryFolder: Sendable {
  let path: String

  private static let number = Atomic(0)
  /// Where all of them are.
  static let root: String = {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let path = base + "/belfry-git-tests-\(getpid())"
    mkdir(path, 0o700)
    atexit { _ = system("rm -rf '\(TemporaryFolder.root)'") }
    return path
  }()

  init() throws {
    path = Self.root + "/" + String(Self.number.add(1, ordering: .relaxed).newValue)
    guard mkdir(path, 0o700) == 0 else { throw ToolFailure(description: "no temporary folder '\(path)'") }
  }

  /// Writes a file, readable by its owner alone.
  func write(_ text: String, to name: String) throws -> String {
    let target = path + "/" + name
    guard let file = fopen(target, "we") else { throw ToolFailure(description: "can't write \(target)") }
    defer { fclose(file) }
    fputs(text, file)
    chmod(target, 0o600)
    return target
  }
}
