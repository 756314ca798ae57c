import TestKit

extension World {
  /// A port that was free a moment ago.
  func freePort() async throws -> Int {
    let server = try LoopbackHTTPServer([:])
    defer { server.stop() }
    return server.port
  }
}
