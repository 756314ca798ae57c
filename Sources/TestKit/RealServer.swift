package import Glibc

/// A server's program started for one test, on a free port of loopback, with a directory of its own.
package final class RealServer: Sendable {
  /// What could not be started, written or waited for.
  package struct Failure: Error {
    package let what: String

    package init(what: String) {
      self.what = what
    }
  }

  /// Debian's Prometheus.
  package static let prometheus = "/usr/bin/prometheus"
  /// Debian's VictoriaMetrics.
  package static let victoriaMetrics = "/usr/bin/victoria-metrics"

  /// Whether a program is there to be started.
  package static func isInstalled(_ program: String) -> Bool { access(program, X_OK) == 0 }

  /// `http://127.0.0.1:PORT`, without a slash at the end.
  package let url: String
  private let directory: String
  /// The program's process.
  package let process: pid_t

  /// Starts a program with files of its own; `arguments` are made of the directory and the address to listen on.
  package init(
    _ program: String, files: [String: String] = [:], arguments: (_ directory: String, _ address: String) -> [String]
  ) throws {
    let directory = try Self.makeDirectory()
    let address = "127.0.0.1:\(try Self.freePort())"
    for (name, text) in files { try Self.write(text, to: directory + "/" + name) }
    process = try Self.start([program] + arguments(directory, address))
    self.directory = directory
    url = "http://" + address
  }

  deinit {
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    if let removal = try? Self.start(["/bin/rm", "-rf", directory]) { waitpid(removal, &status, 0) }
  }

  private static func makeDirectory() throws -> String {
    var template = Array("/tmp/real-server-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(what: "no directory") }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw Failure(what: "no file") }
    fputs(text, file)
    fclose(file)
  }

  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isBound else { throw Failure(what: "no port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// The address of a port of loopback.
  package static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  /// Starts a command that says nothing.
  private static func start(_ command: [String]) throws -> pid_t {
    var process: pid_t = 0
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&process, command[0], &actions, nil, arguments, environ) == 0 else {
      throw Failure(what: "could not start")
    }
    return process
  }
}

extension RealServer {
  /// A Prometheus with one rule file that takes remote write; `arguments` come in addition.
  package static func startPrometheus(
    rules: String = "groups: []\n", global: String = "  evaluation_interval: 1m", arguments: [String] = []
  ) throws -> RealServer {
    let files = ["prometheus.yml": "global:\n\(global)\nrule_files: [rules.yml]\n", "rules.yml": rules]
    return try RealServer(Self.prometheus, files: files) { directory, address in
      [
        "--config.file=\(directory)/prometheus.yml", "--storage.tsdb.path=\(directory)/data",
        "--web.listen-address=\(address)", "--log.level=error", "--web.enable-remote-write-receiver",
      ] + arguments
    }
  }

  /// A single-node VictoriaMetrics whose samples can be read as soon as they are written.
  package static func startVictoriaMetrics() throws -> RealServer {
    try RealServer(Self.victoriaMetrics) { directory, address in
      ["-storageDataPath=\(directory)/data", "-httpListenAddr=\(address)", "-search.latencyOffset=0s"]
    }
  }
}
