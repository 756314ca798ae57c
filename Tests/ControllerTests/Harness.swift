import Foundation
import JSON
import Synchronization
import TestKit
import Testing

@testable import Controller

/// How many worlds there may be at once: each runs processes, and a machine has few processors.
private let slots = Slots(4)

/// Runs a test in a world of its own, which is gone afterwards, processes included.
func inWorld(
  _ body: (borrowing World) async throws -> Void
) async throws {
  await slots.take()
  do {
    let world = try World()
    defer { world.end() }
    try await body(world)
  } catch {
    slots.give()
    throw error
  }
  slots.give()
}

/// A condition that didn't come true in time, with what the controller logged last.
struct NotSeen: Error, CustomStringConvertible {
  let description: String
}

/// Waits for a condition, asking every 20 milliseconds; an error while asking counts as no.
func eventually(
  _ what: String, within limit: Duration = .seconds(20), log: () -> String = { "" }, _ condition: () async throws -> Bool
) async throws {
  let clock = ContinuousClock()
  let deadline = clock.now + limit
  while clock.now < deadline {
    if (try? await condition()) == true { return }
    try await Task.sleep(for: .milliseconds(20))
  }
  throw NotSeen(description: "not seen within \(limit): \(what)\n" + log())
}

/// A temporary folder with a spec repository, a scripted Prometheus, a webhook receiver and controllers beside them.
final class World {
  let folder: String
  let prometheus: ScriptedPrometheus
  let pages: PageReceiver
  private let processes = Mutex<[Subprocess]>([])

  init() throws {
    let base = FileManager.default.temporaryDirectory.path
    folder = base + "/belfry-e2e-" + UUID().uuidString.prefix(8).lowercased()
    try FileManager.default.createDirectory(atPath: folder + "/secrets", withIntermediateDirectories: true)
    prometheus = try ScriptedPrometheus()
    pages = try PageReceiver()
  }

  /// Ends every process and removes the folder.
  func end() {
    for process in processes.withLock({ $0 }) { process.kill() }
    prometheus.stop()
    pages.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  // MARK: Files

  func path(_ name: String) -> String { folder + "/" + name }

  func write(_ text: String, to name: String) throws {
    let path = path(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  func read(_ name: String) -> String {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  // MARK: Processes

  /// The built `belfry`, which lies beside the test bundle.
  static let belfry: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (own as NSString).deletingLastPathComponent + "/belfry"
  }()

  /// Runs a program to its end.
  @discardableResult
  func run(_ program: String, _ arguments: [String], in place: String? = nil, environment: [String: String] = [:])
    async throws -> Finished
  {
    let process = try start(program, arguments, in: place, environment: environment)
    let code = await process.ended()
    return Finished(code: code, output: process.output, errors: process.errors)
  }

  /// Runs `belfry` to its end.
  func belfry(_ arguments: String..., in place: String? = nil, environment: [String: String] = [:]) async throws
    -> Finished
  {
    try await run(Self.belfry, arguments, in: place, environment: environment)
  }

  func start(
    _ program: String, _ arguments: [String], in place: String? = nil, environment: [String: String] = [:]
  ) throws -> Subprocess {
    let number = processes.withLock { $0.count }
    let process = try Subprocess(
      program, arguments, in: place.map(path) ?? folder, environment: environment, files: path(".process-\(number)"))
    processes.withLock { $0.append(process) }
    return process
  }

  // MARK: Controllers

  /// Starts `belfry run` and waits until its API listens.
  func controller(
    _ arguments: [String] = [], data: String = "data", poll: String = "200ms", repository: String? = nil
  ) async throws -> RunningController {
    let process = try start(Self.belfry, runArguments(arguments, data: data, poll: poll, repository: repository))
    let controller = RunningController(process)
    try await eventually("the API listens", log: { process.errors }) {
      controller.port != nil || !process.isRunning
    }
    guard controller.port != nil else { throw NotSeen(description: "the controller ended: " + process.errors) }
    return controller
  }

  func runArguments(
    _ arguments: [String] = [], data: String = "data", poll: String = "200ms", repository: String? = nil
  ) -> [String] {
    [
      "run", "--repo", repository ?? "file://" + path("alerts.git"), "--data-dir", path(data), "--secrets-dir",
      path("secrets"), "--listen", "127.0.0.1:0", "--poll-interval", poll, "--grace-period", "3s",
    ] + arguments
  }

  /// Starts a controller and waits until it has applied the repository's last commit.
  func syncedController(_ arguments: [String] = [], poll: String = "200ms") async throws -> RunningController {
    let controller = try await controller(arguments, poll: poll)
    try await controller.applies(try await head())
    return controller
  }
}

/// What a program said and how it ended.
struct Finished: Sendable {
  let code: Int32
  let output: String
  let errors: String
}

/// A program that was started; what it prints goes to files.
final class Subprocess: Sendable {
  private let process: Process
  private let files: String
  private let end = Mutex<(code: Int32?, waiting: [CheckedContinuation<Int32, Never>])>((nil, []))

  init(
    _ program: String, _ arguments: [String], in place: String, environment: [String: String], files: String
  ) throws {
    self.files = files
    process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: place)
    var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BELFRY_") }
    inherited.merge(
      [
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ana",
        "GIT_AUTHOR_EMAIL": "ana@example.com", "GIT_COMMITTER_NAME": "Ana", "GIT_COMMITTER_EMAIL": "ana@example.com",
        "SWIFT_BACKTRACE": "enable=no",
      ]) { $1 }
    process.environment = inherited.merging(environment) { $1 }
    for ending in [".out", ".err"] { try Data().write(to: URL(fileURLWithPath: files + ending)) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: files + ".out")
    process.standardError = FileHandle(forWritingAtPath: files + ".err")
    process.terminationHandler = { [weak self] in
      self?.ended(with: $0.terminationReason == .exit ? $0.terminationStatus : -$0.terminationStatus)
    }
    try process.run()
  }

  private func ended(with code: Int32) {
    let waiting = end.withLock { end in
      end.code = code
      defer { end.waiting = [] }
      return end.waiting
    }
    for continuation in waiting { continuation.resume(returning: code) }
  }

  /// The exit code; negative for the signal that ended it.
  func ended() async -> Int32 {
    await withCheckedContinuation { continuation in
      let code = end.withLock { end in
        if end.code == nil { end.waiting.append(continuation) }
        return end.code
      }
      if let code { continuation.resume(returning: code) }
    }
  }

  var isRunning: Bool { end.withLock { $0.code == nil } }
  var number: Int32 { process.processIdentifier }
  var output: String { text(".out") }
  var errors: String { text(".err") }

  private func text(_ ending: String) -> String {
    FileManager.default.contents(atPath: files + ending).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  func signal(_ signal: Int32) {
    if isRunning { _ = Foundation.kill(number, signal) }
  }

  func kill() { signal(SIGKILL) }
}

/// Lets so many go on at once; the others wait in line.
private final class Slots: Sendable {
  private let state: Mutex<(free: Int, waiting: [CheckedContinuation<Void, Never>])>

  init(_ count: Int) {
    state = Mutex((count, []))
  }

  func take() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        if state.free > 0 {
          state.free -= 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  func give() {
    let next = state.withLock { state in
      if state.waiting.isEmpty {
        state.free += 1
        return CheckedContinuation<Void, Never>?.none
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
