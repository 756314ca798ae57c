import Hummingbird
import JSON
import Model
import NIOCore
import TestKit
import Testing

@testable import StatusAPI

@Suite struct `Limits` {
  static let now = World.now

  @Test func `let a burst through, and then what time allows`() {
    var limit = RateLimit(perSecond: 2, burst: 3)
    let key = ReaderKey.token(1)
    for _ in 0..<3 { #expect(limit.take(for: key, at: Self.now) == nil) }
    #expect(limit.take(for: key, at: Self.now) == .milliseconds(500))
    #expect(limit.take(for: .token(2), at: Self.now) == nil)
    #expect(limit.take(for: key, at: Self.now + .milliseconds(500)) == nil)
    #expect(limit.take(for: key, at: Self.now + .milliseconds(500)) != nil)
    for _ in 0..<3 { #expect(limit.take(for: key, at: Self.now + .seconds(60)) == nil) }
    #expect(limit.take(for: key, at: Self.now + .seconds(60)) != nil)
  }

  @Test func `hold no reader back for ever when the clock is set back`() {
    var limit = RateLimit(perSecond: 1, burst: 1)
    #expect(limit.take(for: .token(1), at: Self.now) == nil)
    #expect(limit.take(for: .token(1), at: Self.now - .seconds(3600)) != nil)
    #expect(limit.take(for: .token(1), at: Self.now - .seconds(3599)) == nil)
  }

  @Test func `remember a bounded number of readers, and those who ask most`() {
    var limit = RateLimit(perSecond: 1, burst: 2)
    for index in 0..<20_000 {
      _ = limit.take(for: .address(.v4(UInt32(index))), at: Self.now + .milliseconds(Int64(index)))
      #expect(limit.count <= RateLimit.capacity)
    }
    var off = RateLimit(perSecond: 0, burst: 1)
    for _ in 0..<100 { #expect(off.take(for: .token(1), at: Self.now) == nil) }
    #expect(off.count == 0)
  }

  @Test func `are for each reader, and not for probes`() async throws {
    let clock = TestClock(now: Self.now)
    var limits = StatusLimits()
    limits.requestsPerSecond = 1
    limits.burst = 3
    let tokens = try `Who may read`.asking().tokens
    try await Listening(tokens: tokens, limits: limits, clock: clock) { port async throws in
      func status(_ path: String, _ token: String) async throws -> String {
        let answer = try await RawConnection(port).send(
          head(path, "Authorization: Bearer \(token)", "Connection: close"), until: nil)
        return String(answer.dropFirst(9).prefix(3)) + (answer.contains("Retry-After: 1\r\n") ? " retry" : "")
      }
      for _ in 0..<3 { #expect(try await status("/version", "of everything") == "200") }
      #expect(try await status("/version", "of everything") == "429 retry")
      #expect(try await status("/version", "of shop") == "200")
      for _ in 0..<5 { #expect(try await status("/livez", "of everything") == "200") }
      // Guesses are counted by address, whatever they are.
      for guess in 0..<3 { #expect(try await status("/version", "\(guess)") == "401") }
      #expect(try await status("/version", "another") == "429 retry")
      #expect(try await status("/version", "of shop") == "200")
      clock.advance(by: .seconds(1))
      #expect(try await status("/version", "of everything") == "200")
    }
  }

  @Test func `count connections by address, and a few more for probes`() {
    let connections = Connections(limit: 3, limitPerAddress: 2)
    let (one, other) = (RemoteAddress.v4(1), RemoteAddress.v4(2))
    #expect([one, one, one].map(connections.admit) == [.regular, .regular, .spare])
    #expect([other, other].map(connections.admit) == [.regular, .spare])
    connections.leave(.regular, from: one)
    #expect(connections.admit(other) == .regular)
    for _ in 2..<Connections.spares { #expect(connections.admit(one) == .spare) }
    #expect(connections.admit(one) == .refused)
    connections.leave(.spare, from: one)
    #expect(connections.admit(one) == .spare)
  }

  @Test func `take one network of IPv6 for one client`() throws {
    func address(_ text: String) throws -> RemoteAddress {
      RemoteAddress(try SocketAddress(ipAddress: text, port: 80))
    }
    #expect(try address("2001:db8:1:2::1") == address("2001:db8:1:2:ffff::9"))
    #expect(try address("2001:db8:1:2::1") != address("2001:db8:1:3::1"))
    #expect(try address("::ffff:192.0.2.7") == address("192.0.2.7"))
    #expect(try address("192.0.2.7") == .v4(0xc000_0207))
    #expect(RemoteAddress(nil) == .unknown)
  }

  @Test func `end a connection that doesn't get on`() {
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    func seconds(_ deadline: ConnectionDeadline) -> Int64? {
      deadline.instant.map { ($0 - start).nanoseconds / 1_000_000_000 }
    }
    func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }
    var deadline = ConnectionDeadline(StatusLimits(), at: start)
    #expect(seconds(deadline) == 10)
    // Bytes of a head don't move it: ten seconds from the first are the most.
    deadline.received(at: at(4))
    deadline.received(at: at(9))
    #expect(seconds(deadline) == 10)
    deadline.beganAnswering()
    #expect(seconds(deadline) == nil)
    deadline.wrote(at: at(20))
    deadline.wrote(at: at(21))
    #expect(seconds(deadline) == 50)
    deadline.wasTaken(at: at(40))
    #expect(seconds(deadline) == 70)
    deadline.endedAnswering(at: at(41))
    deadline.wasTaken(at: at(42))
    #expect(seconds(deadline) == 101)
    deadline.received(at: at(60))
    deadline.received(at: at(69))
    #expect(seconds(deadline) == 70)
    deadline.beganClosing(at: at(65))
    deadline.beganClosing(at: at(66))
    #expect(seconds(deadline) == 67)
  }
}

@Suite struct `Errors` {
  @Test(arguments: [
    ("application/problem+json", true), ("application/json, Application/Problem+JSON;q=0.9", true),
    ("application/problem+json;q=0", false), ("application/json", false), ("*/*", false),
  ])
  func `are problem documents for who asks for them`(accept: String, isProblem: Bool) async throws {
    let answer = try await Asking().send("/api/v1/alerts?limit=0", headers: [.accept: accept])
    #expect(answer.status == 400)
    if isProblem {
      #expect(answer.headers[.contentType] == "application/problem+json")
      #expect(
        answer.text
          == #"{"type":"about:blank","title":"Bad Request","status":400,"detail":"'limit' is '0'; accepted: 1 to 1000","code":"bad-request"}"#
      )
    } else {
      #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
      #expect(try answer.errorCode == "bad-request")
    }
  }

  @Test(arguments: [
    "/..", "/api/v1/..", "/api/../metrics", "/%2e%2e/metrics", "/.%2E", "/api/v1/./status", "/a%00b", "/%0d%0aX: y",
    "/%7f", "/%c0%ae", "/api/v1/alerts/%",
  ])
  func `tell of paths that are none`(path: String) async throws {
    #expect(try await Asking().send(path).status == 400)
  }

  @Test func `let scripts and pictures of pages through, and nothing of documents`() async throws {
    let page = try await Asking().send("/").headers
    #expect(page[.contentSecurityPolicy]?.contains("script-src 'self'; style-src 'self'; img-src 'self' data:") == true)
    #expect(page.contains { $0.name.canonicalName == "permissions-policy" })
    let document = try await Asking().send("/api/v1/status").headers
    #expect(
      document[.contentSecurityPolicy]
        == "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    #expect(document[.strictTransportSecurity] == nil)
  }
}
