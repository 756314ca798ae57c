import TestKit

/// git's own http-backend behind a small https server of `localhost`, with a certificate from an authority of its own.
///
/// It serves all temporary folders by their paths from the root. `/locked/…` asks for the token `right`, `/forbidden/…`
/// refuses everybody, `/moved/…` redirects, and `/elsewhere/…` redirects to another host.
struct WebServer: Sendable {
  private let server: Server
  /// The PEM file of the authority that vouches for the server at ``securePort``.
  let authority: String

  var securePort: Int { server.ports[0] }
  /// Here the certificate is from another authority.
  var strangerPort: Int { server.ports[1] }
  /// Here nothing older than TLS 1.3 is spoken.
  var modernPort: Int { server.ports[2] }
  var plainPort: Int { server.ports[3] }
  /// Here connections are taken, and nothing is ever said.
  var silentPort: Int { server.ports[4] }

  private static let starting = Task {
    let folder = try TemporaryFolder().path
    try await runTool(["sh", "-c", GitWebScripts.certificates, "sh", folder])
    let server = try Server(["python3", "-c", GitWebScripts.server, TemporaryFolder.root, folder])
    guard server.ports.count == 5 else { throw ToolFailure(description: "the web server didn't start") }
    return WebServer(server: server, authority: folder + "/ca.pem")
  }

  /// The server, started on first use; it goes with the process.
  static func shared() async throws -> WebServer { try await starting.value }
}
