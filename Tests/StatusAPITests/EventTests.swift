import Hummingbird
import JSON
import Model
import Synchronization
import TestKit
import Testing

@testable import StatusAPI

@Suite struct `The stream of events` {
  static func event(_ id: UInt64, _ scope: Scope = .tenant("shop"), _ data: String = "{}") -> StatusEvent {
    StatusEvent(id: id, kind: .alert, at: World.now, scope: scope, data: Array(data.utf8))
  }

  /// A source of these events, whose stream then stays open or ends.
  static func source(_ events: [StatusEvent], ends: Bool = false) -> ScriptedSource {
    ScriptedSource(stream: { _, _ in
      AsyncStream { continuation in
        for event in events { continuation.yield(event) }
        if ends { continuation.finish() }
      }
    })
  }

  @Test func `is written as browsers read it`() async throws {
    let events = [Self.event(35), Self.event(36, .tenant("shop"), #"{"state":"firing"}"#)]
    let answer = try await Asking(source: Self.source(events, ends: true)).send("/api/v1/events")
    #expect(answer.status == 200)
    #expect(answer.headers[.contentType] == "text/event-stream")
    #expect(answer.headers[.cacheControl] == "no-store")
    #expect(answer.headers.contains { $0.name.canonicalName == "x-accel-buffering" && $0.value == "no" })
    let process = answer.text.split(separator: "id: ").dropFirst().first?.prefix { $0 != "-" } ?? ""
    #expect(
      answer.text == """
        retry: 3000

        id: \(process)-z
        event: alert
        data: {}

        id: \(process)-10
        event: alert
        data: {"state":"firing"}

        : goodbye


        """)
  }

  @Test func `gives data with line breaks line by line`() {
    let frame = EventFrame.bytes(of: Self.event(1, .platform, "a\nb\r\n"), process: 2)
    #expect(String(buffer: frame) == "id: 2-1\nevent: alert\ndata: a\ndata: b\ndata: \ndata: \n\n")
  }

  @Test func `has only what the reader may see, and asked for`() async throws {
    let events = [Self.event(1, .platform), Self.event(2, .tenant("billing")), Self.event(3), Self.event(4, World.checkout)]
    func ids(_ query: String, _ token: HTTPFields) async throws -> [String] {
      var asking = try `Who may read`.asking()
      asking.source = Self.source(events, ends: true)
      let answer = try await asking.send("/api/v1/events" + query, headers: token)
      return answer.text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.split(separator: "-")[1]) }
    }
    #expect(try await ids("", `Who may read`.everything) == ["1", "2", "3", "4"])
    #expect(try await ids("", `Who may read`.shop) == ["3", "4"])
    #expect(try await ids("?tenant=billing", `Who may read`.everything) == ["2"])
    let hidden = try await `Who may read`.asking().send("/api/v1/events?tenant=billing", headers: `Who may read`.shop)
    #expect(hidden.status == 404)
  }

  @Test func `goes on where a reader was, and says so where it can't`() async throws {
    let asked = Mutex<[UInt64?]>([])
    let source = ScriptedSource(stream: { last, _ in
      asked.withLock { $0.append(last) }
      return AsyncStream { continuation in
        continuation.yield(Self.event((last ?? 0) + 1))
        continuation.finish()
      }
    })
    try await Listening(source: source) { port in
      func stream(_ path: String, _ fields: String...) async throws -> String {
        let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
        return try await RawConnection(port).send(request, until: "goodbye")
      }
      let first = try await stream("/api/v1/events")
      let id = try #require(first.split(separator: "id: ").dropFirst().first?.prefix { $0 != "\n" })
      #expect(try await stream("/api/v1/events", "Last-Event-ID: \(id)").contains("-2\n"))
      #expect(try await stream("/api/v1/events?last=\(id)").contains("-2\n"))
      let lost = try await stream("/api/v1/events?last=1-7")
      #expect(lost.contains("event: status\ndata: {\"lost\":true}\n\n"))
      let wrong = try await RawConnection(port).send(head("/api/v1/events", "Last-Event-ID: x"), until: "}}")
      #expect(wrong.contains("400") && wrong.contains("'Last-Event-ID' is 'x'"))
    }
    #expect(asked.withLock { $0 } == [nil, 1, 1, nil])
  }

  @Test func `shows signs of life while nothing happens`() async throws {
    let clock = TestClock(now: World.now)
    try await Listening(source: Self.source([]), clock: clock) { port in
      let connection = try RawConnection(port)
      _ = try await connection.send(head("/api/v1/events"), until: "retry: 3000\n\n", keepsOpen: true)
      for _ in 0..<3 {
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(15))
        #expect(try await connection.read(until: "\n\n").contains(": still here\n\n"))
      }
      connection.close()
    }
  }

  @Test func `ends at once when the server stops`() async throws {
    let left = try await Listening(source: Self.source([])) { port in
      let connection = try RawConnection(port)
      _ = try await connection.send(head("/api/v1/events"), until: "retry: 3000\n\n", keepsOpen: true)
      return connection
    }
    // The server has ended, though its reader never went.
    #expect(try await left.read(until: nil).contains(": goodbye"))
    left.close()
  }

  @Test func `is let go of when its reader goes`() async throws {
    let (ends, ended) = AsyncStream.makeStream(of: Void.self)
    let source = ScriptedSource(stream: { _, _ in
      AsyncStream { continuation in continuation.onTermination = { _ in ended.yield() } }
    })
    try await Listening(source: source) { port in
      let connection = try RawConnection(port)
      _ = try await connection.send(head("/api/v1/events"), until: "retry: 3000\n\n", keepsOpen: true)
      connection.close()
      // Without an event and without a heartbeat.
      for await _ in ends { break }
    }
  }

  @Test func `is open so many times and no more`() async throws {
    var limits = StatusLimits()
    limits.streams = 2
    limits.streamsPerReader = 1
    let tokens = try `Who may read`.asking().tokens
    try await Listening(source: Self.source([]), tokens: tokens, limits: limits) { port in
      func open(_ token: String) async throws -> (RawConnection, String) {
        let connection = try RawConnection(port)
        let answer = try await connection.send(
          head("/api/v1/events", "Authorization: Bearer \(token)"), until: "\r\n\r\n", keepsOpen: true)
        return (connection, answer)
      }
      let (first, answer) = try await open("of everything")
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
      let (second, refused) = try await open("of everything")
      #expect(refused.hasPrefix("HTTP/1.1 429 ") && refused.lowercased().contains("retry-after: 30\r\n"))
      let (third, other) = try await open("of shop")
      #expect(other.hasPrefix("HTTP/1.1 200 "))
      for connection in [first, second, third] { connection.close() }
      // The places come back.
      while true {
        let (again, answer) = try await open("of everything")
        again.close()
        if answer.hasPrefix("HTTP/1.1 200 ") { break }
      }
    }
  }
}
