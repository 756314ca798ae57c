import Hummingbird
import HummingbirdTesting
import JSON
import Model
import Synchronization
import TestKit
import Testing

@testable import Webhook

/// Takes note of what arrives.
final class Recorder: WebhookReceiver {
  let taken = Mutex<[Webhook]>([])
  let refusals = Mutex<[WebhookRefusal]>([])

  private let known: WebhookSecrets

  init() throws { known = try Sample.secrets() }

  func secrets() async -> WebhookSecrets { known }

  func receive(_ webhook: Webhook, at now: Timestamp) async -> WebhookDisposition {
    taken.withLock { $0.append(webhook) }
    switch webhook.content {
    case .push: return .looking
    case .ping(let isSigned): return .ping(isSigned: isSigned)
    case .other(let event): return .otherEvent(event)
    }
  }

  func refused(_ refusal: WebhookRefusal, from provider: WebhookProvider?, at now: Timestamp) async {
    refusals.withLock { $0.append(refusal) }
  }
}

/// Real time, for connections.
struct RealClock: WallClock {
  private static let start = ContinuousClock.now
  var now: Timestamp { Sample.now + (ContinuousClock.now - Self.start) }
  var minimumResolution: Duration { .milliseconds(1) }
  func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
    try await Task.sleep(for: max(.zero, deadline - now))
  }
}

@Suite(.timeLimit(.minutes(1))) struct `The webhook listener` {
  let recorder: Recorder

  init() throws { recorder = try Recorder() }

  /// On a busy machine everything is slow; who is tested is not cut off for that.
  private static let patient: WebhookServer.Limits = {
    var limits = WebhookServer.Limits()
    limits.patience = .seconds(300)
    limits.bodyPatience = .seconds(300)
    return limits
  }()

  private func listening(
    _ limits: WebhookServer.Limits = Self.patient, _ body: @escaping @Sendable (Int) async throws -> Void
  ) async throws {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let server = WebhookServer(
      host: "127.0.0.1", port: 0, receiver: recorder, clock: RealClock(), limits: limits
    ) { continuation.yield($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      for await port in ports {
        try await body(port)
        break
      }
      group.cancelAll()
    }
  }

  private static let headers: [(String, String)] = [
    ("Host", "x"), ("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "d1"), ("Content-Type", "application/json"),
  ]

  private static func message(
    _ body: String, method: String = "POST", path: String = "/hook", length: Int? = nil, signature: String? = nil
  ) -> String {
    let fields =
      headers + [
        ("X-Hub-Signature-256", "sha256=" + (signature ?? Sample.hmac(body))),
        ("Content-Length", "\(length ?? body.utf8.count)"),
      ]
    return "\(method) \(path) HTTP/1.1\r\n" + fields.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n" + body
  }

  @Test func `answers 202 for a push, 200 for a ping, and says why not`() async throws {
    try await listening { port async throws in
      let cases: [(String, Int)] = [
        (Self.message(Sample.push), 202), (Self.message(Sample.push, path: "/hook?x=1"), 202),
        (Self.message("{}", signature: String(repeating: "0", count: 64)), 401), (Self.message("{"), 400),
        (Self.message(Sample.push, path: "/"), 404), (Self.message(Sample.push, path: "/hook/"), 404),
        (Self.message("", method: "GET"), 405), (Self.message(Sample.push, method: "PUT"), 405),
        (Self.message(Sample.push).replacing("X-GitHub-Event: push", with: "X-GitHub-Event: ping"), 200),
        (Self.message(Sample.push).replacing("X-GitHub-Event: push", with: "X-GitHub-Event: issues"), 202),
        (Self.message(Sample.push).replacing("X-GitHub-Event: push\r\n", with: ""), 400),
      ]
      for (message, status) in cases {
        let answer = try await RawConnection(port).send(message, until: "}")
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(message)\n\(answer)")
        #expect(answer.contains("Content-Type: application/json"))
      }
      let taken = self.recorder.taken.withLock { $0 }
      #expect(taken.count { $0.content == .push([`Webhooks by forge`.main]) } == 2)
    }
  }

  @Test func `refuses a body of 100 MB by its announced length, before a byte of it`() async throws {
    try await listening { port async throws in
      let head = Self.message("", length: 100 << 20, signature: Sample.hmac("x"))
      let answer = try await RawConnection(port).send(head, until: "}")
      #expect(answer.hasPrefix("HTTP/1.1 413 "))
      #expect(answer.contains("Connection: close"))
      #expect(self.recorder.refusals.withLock { $0 } == [.tooLarge(limit: 3 << 20)])
    }
  }

  @Test func `reads no more than the limit of a body that tells no length`() async throws {
    var limits = Self.patient
    limits.body = 1000
    try await listening(limits) { port async throws in
      let head =
        "POST /hook HTTP/1.1\r\n" + Self.headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        + "Transfer-Encoding: chunked\r\n\r\n"
      let chunk = "100\r\n" + String(repeating: "a", count: 256) + "\r\n"
      let answer = try await RawConnection(port).send(head + String(repeating: chunk, count: 5), until: "}")
      #expect(answer.hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test func `takes a body of just the limit, and none of a byte more`() async throws {
    try await listening { port async throws in
      let frame = #"{"ref": "refs/heads/main", "x": ""}"#
      for (size, status) in [(3 << 20, 202), (3 << 20 + 1, 413)] {
        let body = frame.replacing(
          #""x": """#, with: #""x": ""# + String(repeating: "y", count: size - frame.utf8.count) + #"""#)
        #expect(body.utf8.count == size)
        let answer = try await RawConnection(port).send(Self.message(body), until: "}")
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(200))")
      }
    }
  }

  @Test func `cuts off who sends headers or body too slowly`() async throws {
    // Half a head, and nothing more: the connection ends without an answer.
    var limits = Self.patient
    limits.patience = .milliseconds(200)
    try await listening(limits) { port async throws in
      let silent = try await RawConnection(port).send("POST /hook HTTP/1.1\r\nHost: x\r\n", until: nil)
      #expect(silent.isEmpty)
    }
    // A head, and a body that never ends.
    limits = Self.patient
    limits.bodyPatience = .milliseconds(200)
    try await listening(limits) { port async throws in
      let slow = try await RawConnection(port).send(Self.message("{", length: 1000), until: nil)
      #expect(slow.hasPrefix("HTTP/1.1 408 "))
      #expect(self.recorder.refusals.withLock { $0 } == [.tooSlow])
    }
  }

  @Test func `refuses headers beyond its limits`() async throws {
    try await listening { port async throws in
      let long = Self.message(Sample.push).replacing(
        "Host: x", with: "Host: x\r\nX-Long: " + String(repeating: "a", count: 20_000))
      #expect(try await RawConnection(port).send(long, until: "\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
      let many = Self.message(Sample.push).replacing(
        "Host: x", with: "Host: x\r\n" + String(repeating: "X-Many: 1\r\n", count: 200) + "X-Last: 1")
      #expect(try await RawConnection(port).send(many, until: "\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
    }
  }

  @Test func `serves others while one connection hangs, and keeps one open for several`() async throws {
    try await listening { port async throws in
      let hanging = try RawConnection(port)
      try await hanging.write("POST /hook HTTP/1.1\r\n")
      let kept = try RawConnection(port)
      for _ in 0..<3 {
        #expect(try await kept.send(Self.message(Sample.push), until: "}", keepsOpen: true).hasPrefix("HTTP/1.1 202 "))
      }
      hanging.close()
      kept.close()
    }
  }

  @Test func `says what to do about an address in use`() async throws {
    try await listening { port async throws in
      let second = WebhookServer(host: "127.0.0.1", port: port, receiver: self.recorder, clock: RealClock())
      let error = await #expect(throws: WebhookListenError.self) { try await second.run() }
      #expect(error?.description.contains("--webhook-listen") == true)
    }
  }
}
