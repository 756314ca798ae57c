import Crypto
import Hummingbird
import HummingbirdTesting
import Model
import StatusAPI
import TestKit

/// A server with an issuer and a clock of the tests, asked as often as one likes.
struct SignedIn {
  var source = ScriptedSource()
  var tokens: [ReadToken] = []
  var listed: (@Sendable () -> [ReadToken])?
  var keys: ScriptedKeys?
  var policy = TokenPolicy(issuer: TestIssuer.name, audience: TestIssuer.audience)
  var clock = TestClock(now: World.now)
  var externalURL: String?
  var seal = SessionSeal(key: Array(repeating: 7, count: 32))

  /// With every key of the issuer.
  init(_ policy: TokenPolicy? = nil) throws {
    if let policy { self.policy = policy }
    keys = try ScriptedKeys(TestIssuer.published())
  }

  /// Asks one server all of it, in order.
  func send(_ requests: [(path: String, headers: HTTPFields)]) async throws -> [Answer] {
    let verifier = keys.map { TokenVerifier(policy, keys: $0) }
    let server = StatusServer(
      host: "0.0.0.0", port: 0, source: source, tokens: tokens, version: VersionView(version: "0.9.0", commit: "41d0"),
      signIn: SignIn(listedTokens: listed, verifier: verifier, seal: seal, clock: clock), externalURL: externalURL)
    return try await server.application.test(.router) { client in
      var answers: [Answer] = []
      for request in requests {
        let answer = try await client.execute(uri: request.path, method: .get, headers: request.headers) { response in
          Answer(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
        }
        answers.append(answer)
      }
      return answers
    }
  }

  func send(_ path: String, _ headers: HTTPFields = [:]) async throws -> Answer {
    try await send([(path, headers)])[0]
  }

  /// Asks for the status with a token.
  func status(_ token: String) async throws -> Answer {
    try await send("/api/v1/status", [.authorization: "Bearer " + token])
  }
}
