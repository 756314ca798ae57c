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
  _ what: String, within limit: Duration = .seconds(20), log: () -> String = { "" },
  _ condition: () async throws -> Bool
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
