import Model
import PromQL
import RemoteWrite
import Synchronization
import TestKit
import Testing

/// A server that answers each request as a test told it to, and reads what it was sent.
final class ScriptedReceiver: HTTPTransport {
  private struct State {
    var outcomes: [Result<HTTPResponse, TransportError>] = []
    var isHeld = false
    var held: [CheckedContinuation<Void, Never>] = []
    var requests: [HTTPRequest] = []
    var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  /// Answers the next requests so; all later ones succeed.
  func answer(_ outcomes: Result<HTTPResponse, TransportError>...) {
    state.withLock { $0.outcomes = outcomes }
  }

  func hold() {
    state.withLock { $0.isHeld = true }
  }

  func release() {
    let held = state.withLock { state in
      state.isHeld = false
      defer { state.held = [] }
      return state.held
    }
    for waiting in held { waiting.resume() }
  }

  /// The values of each request.
  var received: [[Double]] {
    state.withLock(\.requests).map { request in
      let message = Snappy.uncompressed(request.body, limit: 1 << 20) ?? []
      return ((try? WireDecoder.series(message)) ?? []).flatMap(\.samples).map { Double(bitPattern: $0.bits) }
    }
  }

  func waitForRequests(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        guard state.requests.count < count else { return true }
        state.observers.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let observers = state.withLock { state in
      state.requests.append(request)
      defer { state.observers.removeAll { $0.count <= state.requests.count } }
      return state.observers.filter { $0.count <= state.requests.count }
    }
    for observer in observers { observer.continuation.resume() }
    await withCheckedContinuation { continuation in
      let isHeld = state.withLock { state in
        if state.isHeld { state.held.append(continuation) }
        return state.isHeld
      }
      if !isHeld { continuation.resume() }
    }
    let outcome = state.withLock { $0.outcomes.isEmpty ? nil : $0.outcomes.removeFirst() }
    return try outcome?.get() ?? HTTPResponse(status: 204)
  }
}

@Suite(.timeLimit(.minutes(1))) struct `Writing to a server` {
  private let clock = TestClock(now: at(1000))
  private let receiver = ScriptedReceiver()
  private let writer: RemoteWriter

  init() {
    writer = RemoteWriter(transport: receiver, clock: clock, jitter: { 1 }) { () throws(TransportError) in
      RemoteWriteTarget(url: "http://prom.example.com/api/v1/write")
    }
  }

  /// Runs the writer while `body` runs.
  private func running(_ body: () async throws -> Void) async throws {
    try await withThrowingDiscardingTaskGroup { tasks in
      tasks.addTask { await writer.run() }
      try await body()
      tasks.cancelAll()
    }
  }

  @Test func `a write returns when the server has the samples`() async throws {
    try await running {
      try await writer.write(samples(1, 2), at: at(1000))
      #expect(receiver.received == [[1, 2]])
      try await writer.write(samples(3), at: at(1000))
      #expect(receiver.received == [[1, 2], [3]])
      #expect(await writer.status.sent == 3)
    }
  }

  @Test func `what comes during a request goes along with the next`() async throws {
    receiver.hold()
    try await running {
      async let first: Void = writer.write(samples(1), at: at(1000))
      await receiver.waitForRequests(1)
      await writer.enqueue(samples(2), at: at(1000))
      await writer.enqueue(samples(3), at: at(1001))
      async let last: Void = writer.write(samples(4), at: at(1002))
      while await writer.status.pending < 4 { await Task.yield() }
      receiver.release()
      _ = try await (first, last)
      #expect(receiver.received == [[1], [2, 3, 4]])
    }
  }

  @Test func `a slow server is not waited for for ever`() async throws {
    receiver.hold()
    try await running {
      async let write: Void = writer.write(samples(1), at: at(1000))
      await clock.waitForSleeper(until: at(1002))
      clock.advance(by: .seconds(2))
      var failure: (any Error)?
      do { try await write } catch { failure = error }
      #expect(failure as? RemoteWriteError == .late("the server is slow"))
      // Nor once more by the next.
      await #expect(throws: RemoteWriteError.late("the server is slow")) {
        try await writer.write(samples(2), at: at(1001))
      }
      receiver.release()
      while await writer.status.pending > 0 { await Task.yield() }
      try await writer.write(samples(3), at: at(1002))
      #expect(await writer.status.sent == 3)
    }
  }

  @Test func `while a server is down nobody waits, and everything arrives afterwards`() async throws {
    receiver.answer(.failure(.unreachable("connection refused")))
    try await running {
      let late = RemoteWriteError.late("connection refused")
      await #expect(throws: late) { try await writer.write(samples(1), at: at(1000)) }
      await #expect(throws: late) { try await writer.write(samples(2), at: at(1000)) }
      #expect(await writer.status.pending == 2)
      #expect(await writer.status.failingSince == at(1000))
      await clock.waitForSleeper(until: at(1000) + .milliseconds(500))
      clock.advance(by: .milliseconds(500))
      await receiver.waitForRequests(3)
      #expect(receiver.received == [[1], [1], [2]])
      while await writer.status.pending > 0 { await Task.yield() }
      #expect(await writer.status.sent == 2)
      #expect(await writer.status.failingSince == nil)
    }
  }

  @Test(arguments: [
    (500, "late"), (503, "late"), (429, "late"), (400, "lost"), (401, "lost"), (404, "lost"), (302, "lost"),
  ])
  func `a status says whether samples are held or lost`(status: Int, expected: String) async throws {
    receiver.answer(.success(HTTPResponse(status: status, body: Array("no\nmore".utf8))))
    try await running {
      var outcome = ""
      do throws(RemoteWriteError) {
        try await writer.write(samples(1), at: at(1000))
      } catch {
        switch error {
        case .late(let words): outcome = "late " + words
        case .lost(let words): outcome = "lost " + words
        }
      }
      #expect(outcome == "\(expected) the server answered with status \(status): no")
      #expect(await writer.status.dropped.refused == (expected == "lost" ? 1 : 0))
    }
  }

  @Test func `a loss in the first of several requests is told`() async throws {
    var settings = RemoteWriteSettings()
    settings.samplesPerSend = 2
    let writer = RemoteWriter(settings, transport: receiver, clock: clock) { () throws(TransportError) in
      RemoteWriteTarget(url: "http://prom.example.com")
    }
    receiver.answer(.success(HTTPResponse(status: 400)))
    try await withThrowingDiscardingTaskGroup { tasks in
      tasks.addTask { await writer.run() }
      await #expect(throws: RemoteWriteError.lost("the server answered with status 400")) {
        try await writer.write(samples(1, 2, 3), at: at(1000))
      }
      #expect(receiver.received == [[1, 2], [3]])
      tasks.cancelAll()
    }
  }

  @Test func `a secret that is missing holds the samples`() async throws {
    let writer = RemoteWriter(transport: receiver, clock: clock) { () throws(TransportError) in
      throw .unsendable("secret 'token' isn't there")
    }
    try await withThrowingDiscardingTaskGroup { tasks in
      tasks.addTask { await writer.run() }
      await #expect(throws: RemoteWriteError.late("secret 'token' isn't there")) {
        try await writer.write(samples(1), at: at(1000))
      }
      tasks.cancelAll()
    }
  }

  @Test func `at the end everything goes that can`() async throws {
    try await running {
      await writer.enqueue(samples(1, 2), at: at(1000))
      let status = await writer.drain(within: .seconds(5))
      #expect(status.sent == 2)
      #expect(status.dropped.total == 0)
      await #expect(throws: RemoteWriteError.lost("the writer has ended")) {
        try await writer.write(samples(3), at: at(1000))
      }
      #expect(await writer.status.dropped.shutdown == 1)
    }
  }

  @Test func `the end comes in time, and what was left is told`() async throws {
    receiver.hold()
    try await running {
      await writer.enqueue(samples(1, 2), at: at(1000))
      async let status = writer.drain(within: .seconds(5))
      await receiver.waitForRequests(1)
      await clock.waitForSleeper(until: at(1005))
      clock.advance(by: .seconds(5))
      #expect(await status.dropped.shutdown == 2)
      receiver.release()
    }
  }
}
