import HummingbirdTesting
import Model
import StatusAPI
import TestKit
import Testing

/// A server that listens on loopback.
struct Listening {
  var source = ScriptedSource()
  var tokens: [ReadToken] = []
  var limits = StatusLimits()
  var clock: (any WallClock)?

  /// Runs it while `body` is given its port; then it is shut down gracefully, and has ended when this returns.
  func callAsFunction<Value: Sendable>(_ body: @escaping @Sendable (Int) async throws -> Value) async throws -> Value {
    let server = StatusServer(
      host: "127.0.0.1", port: 0, source: source, tokens: tokens, version: VersionView(version: "0.9.0"),
      limits: limits, clock: clock)
    return try await server.application.test(.live) { client in
      try await body(try #require(client.port))
    }
  }
}

/// The head of a request for `path`.
func head(_ path: String, _ fields: String...) -> String {
  "GET \(path) HTTP/1.1\r\nHost: localhost\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
}
