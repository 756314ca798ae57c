import Model
import Synchronization
import TestKit
import Testing

@testable import StatusAPI

/// Gives events without end, and tells how many it gave when nobody holds it any more.
private final class Endless: Sendable {
  private let given = Mutex<UInt64>(0)
  private let ended: AsyncStream<Int>.Continuation

  init(_ ended: AsyncStream<Int>.Continuation) { self.ended = ended }

  deinit { ended.yield(Int(given.withLock { $0 })) }

  func next() -> StatusEvent {
    let id = given.withLock { count in
      count += 1
      return count
    }
    return `The stream of events`.event(id, .platform, String(repeating: "x", count: 100_000))
  }
}

@Suite(.serialized) struct `A client that does harm` {
  /// Sends bytes to a server, and gives the answer; afterwards a normal request must be answered.
  private func answer(
    to bytes: String, until end: String? = nil, limits: StatusLimits = StatusLimits()
  ) async throws -> String {
    try await Listening(limits: limits) { port async throws in
      let answer = try await RawConnection(port).send(bytes, until: end)
      try await Self.checkHealth(port)
      return answer
    }
  }

  static func checkHealth(_ port: Int) async throws {
    let answer = try await RawConnection(port).send(head("/api/v1/status", "Connection: close"), until: nil)
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer.prefix(200))")
  }

  static let refused: [(name: String, bytes: String, status: Int)] = [
    ("a field too long", head("/", "X-A: " + String(repeating: "a", count: 20_000)), 431),
    (
      "a head too long",
      "GET / HTTP/1.1\r\nHost: localhost\r\n"
        + (0..<60).map { "X-\($0): " + String(repeating: "a", count: 1000) + "\r\n" }.joined() + "\r\n", 431
    ),
    (
      "too many fields",
      "GET / HTTP/1.1\r\nHost: localhost\r\n"
        + (0..<120).map { "X-\($0): a\r\n" }.joined() + "\r\n", 431
    ),
    ("an endless request line", "GET /" + String(repeating: "a", count: 100_000), 431),
    ("a long request line", head("/" + String(repeating: "a", count: 10_000), "Connection: close"), 414),
    ("garbage", "\u{0}\u{1}\u{2}ÿþ\r\n\r\n", 400),
    ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ("no method", "/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    ("a blank in a field's name", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400),
    ("no Host", "GET / HTTP/1.1\r\n\r\n", 400),
    ("two Hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example.com\r\n\r\n", 400),
    ("a length that is none", head("/", "Content-Length: -1"), 400),
    ("two lengths", head("/", "Content-Length: 1", "Content-Length: 2"), 400),
    ("a body", head("/", "Content-Length: 5") + "hello", 413),
    ("a body that never comes", head("/", "Content-Length: 50000000"), 413),
    ("a body in chunks", head("/", "Transfer-Encoding: chunked") + "5\r\nhello\r\n", 413),
    ("a body after permission", head("/", "Content-Length: 5", "Expect: 100-continue"), 413),
    ("another protocol", head("/api/v1/status", "Connection: Upgrade", "Upgrade: websocket"), 200),
    ("a proxy's request", "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    ("a proxy's target", "GET http://localhost/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200),
    ("no target", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 405),
    ("bad UTF-8", head("/%ff%fe", "Connection: close"), 400),
    ("NUL", head("/api/v1/tenants/%00", "Connection: close"), 400),
    ("a way up", head("/api/v1/%2e%2e/status", "Connection: close"), 400),
  ]

  @Test(arguments: refused)
  func `gets one answer, and the connection ends`(name: String, bytes: String, status: Int) async throws {
    var limits = StatusLimits()
    limits.lingering = .milliseconds(50)
    let answer = try await answer(to: bytes, limits: limits)
    #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(name): \(answer.prefix(300))")
    #expect(answer.components(of: "HTTP/1.1 ") == 1, "\(name): \(answer.prefix(600))")
    #expect(answer.lowercased().contains("connection: close\r\n"))
  }

  @Test func `may ask several things at once, and gets them in order`() async throws {
    let requests = head("/version") + head("/livez") + head("/nothing", "Connection: close")
    let answer = try await answer(to: requests)
    #expect(answer.components(of: "HTTP/1.1 200 OK") == 2 && answer.components(of: "HTTP/1.1 404 ") == 1)
    let order = ["\"version\"", "\r\n\r\nok\n", "not-found"]
    #expect(order.compactMap { answer.range(of: $0) } == order.compactMap { answer.range(of: $0) }.sorted())
  }

  @Test func `in HTTP/1.0 gets its answer and the end`() async throws {
    let answer = try await answer(to: "GET /livez HTTP/1.0\r\n\r\n")
    #expect(answer.hasPrefix("HTTP/1.0 200 OK\r\n") && answer.hasSuffix("ok\n"))
  }

  @Test func `gets no body where it asked for none, not even a stream's end`() async throws {
    for path in ["/api/v1/status", "/api/v1/events", "/nothing"] {
      let answer = try await answer(to: "HEAD \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      #expect(answer.hasSuffix("\r\n\r\n") && answer.components(of: "\r\n\r\n") == 1, "\(answer)")
    }
  }

  @Test func `that sends its head slowly is cut off`() async throws {
    var limits = StatusLimits()
    limits.headPatience = .milliseconds(100)
    #expect(try await answer(to: "GET /livez HTTP/1.1\r\nHost: loc", limits: limits) == "")
    #expect(try await answer(to: "", limits: limits) == "")
    // As one in HTTP/0.9 would be.
    #expect(try await answer(to: "GET /\r\n", limits: limits) == "")
    // After an answer too.
    let second = try await answer(to: head("/livez") + "GET /livez HT", limits: limits)
    #expect(second.components(of: "HTTP/1.1 ") == 1)
  }

  @Test func `that stays after its answer is cut off`() async throws {
    var limits = StatusLimits()
    limits.idlePatience = .milliseconds(100)
    #expect(try await answer(to: head("/livez"), limits: limits).hasSuffix("ok\n"))
  }

  @Test func `that never reads its stream is cut off, and costs one event`() async throws {
    let (ends, ended) = AsyncStream.makeStream(of: Int.self)
    let source = ScriptedSource(stream: { _, _ in
      let endless = Endless(ended)
      return AsyncStream(unfolding: { endless.next() })
    })
    var limits = StatusLimits()
    limits.writePatience = .milliseconds(200)
    try await Listening(source: source, limits: limits) { port async throws in
      let connection = try RawConnection(port, receiveBuffer: 4096)
      try await connection.write(head("/api/v1/events"))
      for await count in ends {
        // What the system's buffers took, of an endless source.
        #expect(count < 200)
        break
      }
      try await Self.checkHealth(port)
      connection.close()
    }
  }

  @Test func `that never reads its answer is cut off`() async throws {
    var source = ScriptedSource()
    source.firing = (0..<900).flatMap { _ in World.alerts }
    var limits = StatusLimits()
    limits.writePatience = .milliseconds(200)
    let left = try await Listening(source: source, limits: limits) { port async throws in
      let connection = try RawConnection(port, receiveBuffer: 4096)
      // More answers than the system's buffers take.
      let requests = String(repeating: head("/api/v1/alerts?limit=1000"), count: 40)
      try await connection.write(requests)
      try await Self.checkHealth(port)
      return connection
    }
    // The server has ended though nothing was read.
    left.close()
  }

  @Test func `by the thousand, silent, leaves the rest alone`() async throws {
    allowDescriptors(6000)
    var limits = StatusLimits()
    limits.connections = 2500
    limits.connectionsPerAddress = 2500
    try await Listening(limits: limits) { port async throws in
      let idle = try (0..<2000).map { _ in try RawConnection(port) }
      try await Self.checkHealth(port)
      for connection in idle { connection.close() }
      try await Self.checkHealth(port)
    }
  }

  @Test func `by more than the limit leaves the probes to others`() async throws {
    var limits = StatusLimits()
    limits.connections = 4
    try await Listening(limits: limits) { port async throws in
      var idle: [RawConnection] = []
      for _ in 0..<4 {
        let connection = try RawConnection(port)
        idle.append(connection)
        #expect(try await connection.send(head("/livez"), until: "ok\n", keepsOpen: true).hasPrefix("HTTP/1.1 200 "))
      }
      let probe = try await RawConnection(port).send(head("/readyz"), until: nil)
      #expect(probe.hasPrefix("HTTP/1.1 200 ") && probe.contains("connection: close"))
      let refused = try await RawConnection(port).send(head("/api/v1/status"), until: nil)
      #expect(refused.hasPrefix("HTTP/1.1 503 ") && refused.contains("Retry-After: 10"))
      for connection in idle { connection.close() }
      // The places come back.
      while true {
        let answer = try await RawConnection(port).send(head("/api/v1/status", "Connection: close"), until: nil)
        if answer.hasPrefix("HTTP/1.1 200 ") { break }
      }
    }
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let found = rest.firstRange(of: part) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }

  fileprivate func range(of part: String) -> Index? { firstRange(of: part)?.lowerBound }
}
