import Hummingbird
import HummingbirdTesting
import StatusAPI
import Testing

@Suite struct `A listening server` {
  private func server(port: Int = 0, onBound: @escaping @Sendable (Int) async -> Void) -> StatusServer {
    StatusServer(
      host: "127.0.0.1", port: port, source: ScriptedSource(), tokens: [], version: VersionView(version: "0.9.0"),
      externalURL: "https://alerts.example.com/", limits: patient, onBound: onBound)
  }

  /// For tests on a busy machine.
  private var patient: StatusLimits {
    var limits = StatusLimits()
    limits.headPatience = .seconds(600)
    return limits
  }

  /// Runs a server while `body` is given its port; it has ended when this returns.
  private func listening(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      let server = server { continuation.yield($0) }
      group.addTask { try await server.run() }
      for await port in ports {
        try await body(port)
        break
      }
      group.cancelAll()
    }
  }

  private func get(_ port: Int, _ path: String, host: String?) async throws -> Int {
    try await TestClient.withClient(host: "127.0.0.1", port: port) { client in
      try await client.execute(.init(path, method: .get, authority: host)).status.code
    }
  }

  @Test func `tells its port and answers there`() async throws {
    try await listening { port async throws in
      #expect(port > 0)
      #expect(try await self.get(port, "/livez", host: "127.0.0.1") == 200)
      #expect(try await self.get(port, "/", host: "localhost:\(port)") == 200)
    }
  }

  @Test func `answers only names of this machine and its external one`() async throws {
    try await listening { port async throws in
      for host in ["localhost", "LOCALHOST.:1", "127.0.0.1:80", "127.9.9.9", "[::1]:8080", "alerts.example.com"] {
        #expect(try await self.get(port, "/api/v1/status", host: host) == 200, "\(host)")
      }
      for host in [
        "evil.example.com", "127.0.0.1.example.com", "alerts.example.com.evil.example", "127.0.0.256", "0.0.0.0",
      ] {
        #expect(try await self.get(port, "/api/v1/status", host: host) == 421, "\(host)")
      }
    }
  }

  @Test func `says what to do about an address in use`() async throws {
    try await listening { port async throws in
      await #expect(throws: ListenError.addressInUse("127.0.0.1:\(port)")) {
        try await self.server(port: port, onBound: { _ in }).run()
      }
      #expect(
        ListenError.addressInUse("127.0.0.1:\(port)").description
          == "address 127.0.0.1:\(port) is in use; stop what listens there, or choose another with --listen")
    }
  }

  @Test func `refuses headers beyond its limits`() async throws {
    try await listening { port async throws in
      let status = try await TestClient.withClient(host: "127.0.0.1", port: port) { client in
        try await client.execute(
          .init(
            "/livez", method: .get, authority: "localhost", headers: [.userAgent: String(repeating: "a", count: 40_000)]
          )
        ).status.code
      }
      #expect(status == 431)
    }
  }

  @Test func `says so when an address is another machine's`() async throws {
    let server = StatusServer(
      host: "192.0.2.1", port: 0, source: ScriptedSource(), tokens: [], version: VersionView(version: "0.9.0"))
    await #expect(throws: ListenError.addressNotHere("192.0.2.1:0")) { try await server.run() }
  }

  @Test func `ends gracefully though an idle connection stays open`() async throws {
    let server = server { _ in }
    let idle = try await server.application.test(.live) { client in
      let idle = TestClient(host: "localhost", port: try #require(client.port))
      idle.connect()
      let answer = try await idle.execute(.init("/livez", method: .get, authority: "localhost"))
      #expect(answer.status.code == 200)
      return idle
    }
    try? await idle.shutdown()
  }
}
