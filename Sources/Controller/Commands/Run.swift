import ArgumentParser
import Dispatch
import Git
import Glibc
import Logging
import Model
import ServiceLifecycle
import Transport
import UnixSignals

/// `belfry run`: the controller.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follow a repository of specs: evaluate, notify, record, report.",
    discussion: """
      Each setting is also a variable (BELFRY_POLL_INTERVAL) and a key of --config (poll_interval). SIGTERM ends in
      order, SIGHUP looks at the repository and the certificate now.

      Example: belfry run --repo https://git.example.com/acme/alerts.git --secrets-dir /etc/belfry/secrets
      """)

  @OptionGroup var options: RunOptions
  @Flag(help: "Fetch, apply, evaluate each group once, send nothing, and exit.")
  var once = false

  func run() async throws {
    let settings = try options.settings()
    signal(SIGPIPE, SIG_IGN)
    raiseDescriptorLimit()
    let log = EventLog(format: settings.logFormat, clock: SystemClock())
    LoggingSystem.bootstrap { log.handler($0) }
    let controller = try await Controller(
      settings: settings, clock: SystemClock(), child: .ownBinary, console: { Console.result($0) })
    if once {
      try await controller.runOnce()
      return
    }
    let hangUps = Signals.hangUps()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        let service = ControllerService(controller: controller)
        let services = ServiceGroup(
          configuration: .init(
            services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "services") { log.handler($0) }))
        try await services.run()
      }
      group.addTask {
        for await _ in hangUps {
          controller.sync.look(.signal)
          await controller.certificate?.look()
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}

/// Lets the process open as many files and connections as the system allows it; at first that is often 1024.
private func raiseDescriptorLimit() {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
  limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 1 << 16))
  _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

/// The controller as a service, so that signals reach it.
private struct ControllerService: Service {
  let controller: Controller

  func run() async throws {
    try await controller.run()
  }
}

/// Signals as sequences.
enum Signals {
  /// One element for each SIGHUP.
  static func hangUps() -> AsyncStream<Void> {
    signal(SIGHUP, SIG_IGN)
    return AsyncStream { continuation in
      let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.activate()
      continuation.onTermination = { [held = HeldSource(source)] _ in held.cancel() }
    }
  }
}

extension FetchChild {
  /// This program, called with the hidden verb that serves one fetch.
  static var ownBinary: FetchChild {
    var path = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    let name =
      length > 0
      ? String(decoding: path[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      : CommandLine.arguments.first ?? "belfry"
    return FetchChild(executable: name, arguments: ["git-fetch"])
  }
}

/// `belfry git-fetch`, hidden: the child process that fetches; see ``FetchChild``.
struct GitFetch: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "git-fetch", shouldDisplay: false)

  func run() throws {
    let status = serveFetchRequest()
    guard status == 0 else { throw ExitCode(status) }
  }
}
