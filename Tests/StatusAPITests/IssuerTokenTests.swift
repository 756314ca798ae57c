import Crypto
import CryptoExtras
import Hummingbird
import HummingbirdTesting
import JSON
import Model
import StatusAPI
import TestKit
import Testing

@Suite struct `Tokens of an issuer` {
  typealias Claims = [String: JSONValue?]

  @Test(arguments: TestIssuer.algorithms)
  func `are verified by each algorithm with a public key`(algorithm: String) async throws {
    let answer = try await SignedIn().status(TestIssuer.token(algorithm))
    #expect(answer.status == 200, "\(answer.text)")
    #expect(answer.text.contains("shop") && !answer.text.contains("billing"))
  }

  /// A header, and what is said of it.
  static let headers: [(header: String, says: String)] = [
    (#"{"alg":"none","kid":"p256"}"#, "algorithm is not accepted"),
    (#"{"alg":"None","kid":"p256"}"#, "algorithm is not accepted"),
    (#"{"alg":"HS256","kid":"p256"}"#, "algorithm is not accepted"),
    (#"{"alg":"es256","kid":"p256"}"#, "algorithm is not accepted"),
    (#"{"alg":["ES256"],"kid":"p256"}"#, "algorithm is not accepted"),
    (#"{"kid":"p256"}"#, "algorithm is not accepted"),
    (#"{"alg":"ES256","kid":"unheard-of"}"#, "no key of the name"),
    (#"{"alg":"ES256","kid":"p384"}"#, "does not fit the token's algorithm"),
    (#"{"alg":"ES256","kid":"rsa"}"#, "does not fit the token's algorithm"),
    (#"{"alg":"ES256","kid":17}"#, "'kid' of the token's header"),
    (#"{"alg":"ES256","kid":"p256","crit":["exp"]}"#, "'crit'"),
    (#"{"alg":"ES256","kid":"p256","crit":[]}"#, "'crit'"),
    (#"{"alg":"ES256","kid":"p256","typ":"logout+jwt"}"#, "'typ'"),
    (#"{"alg":"ES256","kid":"p256","typ":1}"#, "'typ' of the token's header"),
    (#"{"alg":"RS256","alg":"ES256","kid":"p256"}"#, "header has a member twice"),
    (#"{"alg":"ES256","kid":"p256","jwk":{"kty":"EC","kty":"EC"}}"#, "header has a member twice"),
    (#"{"alg":"ES256","kid":"p256""#, "header is not a JSON object"),
    ("[]", "header is not a JSON object"), ("17", "header is not a JSON object"),
  ]

  @Test(arguments: headers)
  func `are refused for what their header says`(header: String, says: String) async throws {
    let answer = try await SignedIn().status(TestIssuer.token(header: header))
    #expect(answer.status == 401)
    #expect(try answer.errorMessage?.contains(says) == true, "\(answer.text)")
  }

  @Test(arguments: ["jwt", "JWT", "at+jwt", "application/at+JWT"])
  func `may say which of two kinds they are`(type: String) async throws {
    let header = #"{"alg":"ES256","kid":"p256","typ":""# + type + "\"}"
    #expect(try await SignedIn().status(TestIssuer.token(header: header)).status == 200)
  }

  static let now = World.now.millisecondsSinceEpoch / 1000

  /// A claim that isn't there, which is not one that is `null`.
  static let gone: JSONValue? = Optional.none

  /// Changes of claims, and what is said of them; `nil` for nothing, since they are accepted.
  static let changes: [(claims: Claims, says: String?)] = [
    (["iss": "https://id.example.com/realms/acme/"], "not of the issuer https://id.example.com/realms/acme"),
    (["iss": gone], "not of the issuer"), (["iss": ["https://id.example.com/realms/acme"]], "not of the issuer"),
    (["aud": "grafana"], "not meant for the audience 'belfry'"), (["aud": gone], "not meant for"),
    (["aud": ["grafana", "belfry"]], nil), (["aud": []], "not meant for"), (["aud": [["belfry"]]], "not meant for"),
    (["exp": gone], "no end ('exp')"), (["exp": "soon"], "'exp' of the token's claims"),
    (["exp": .integer(now - 60)], "the token ended at 2026-11-20T09:59:07"), (["exp": .integer(now - 59)], nil),
    (["exp": .number(1e300)], nil), (["exp": .number(-1e300)], "the token ended at"),
    (["exp": .number(Double(now) + 0.5)], nil),
    (["nbf": .integer(now + 60)], nil), (["nbf": .integer(now + 61)], "not valid before 2026-11-20T10:01:08"),
    (["nbf": "now"], "'nbf' of the token's claims"),
    (["iat": .integer(now + 60)], nil), (["iat": .integer(now + 61)], "issued at 2026-11-20T10:01:08"),
    (["iat": gone], nil), (["sub": gone], nil),
    (["sub": gone, "email": gone], "names no user"), (["sub": "", "email": ""], "names no user"),
    (["email_verified": gone], nil), (["azp": "some-client"], nil), (["groups": "shop-team"], nil),
  ]

  @Test(arguments: changes)
  func `are judged by their claims`(change: (claims: Claims, says: String?)) async throws {
    let answer = try await SignedIn().status(TestIssuer.token(claims: TestIssuer.claims(change.claims)))
    #expect(answer.status == (change.says == nil ? 200 : 401), "\(answer.text)")
    if let says = change.says {
      #expect(try answer.errorMessage?.contains(says) == true, "\(answer.text)")
      #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
    }
  }

  @Test func `are refused where a claim stands twice, however deep`() async throws {
    for text in [
      #"{"iss":"x","#, #"{"aud":"grafana","#, #"{"realm_access":{"roles":[],"roles":["sre"]},"#,
      #"{"list":[{"a":1,"a":2}],"#,
    ] {
      let answer = try await SignedIn().status(TestIssuer.token(claims: text + TestIssuer.claims().dropFirst()))
      #expect(answer.status == 401)
      #expect(try answer.errorMessage == "the token's claims has a member twice")
    }
  }

  @Test func `of another's signature are refused, and so is anything changed after signing`() async throws {
    let foreign = try await SignedIn().status(TestIssuer.token(by: TestIssuer.stranger))
    #expect(try foreign.errorMessage == "the token's signature is not the issuer's")
    for algorithm in TestIssuer.algorithms {
      let parts = try TestIssuer.token(algorithm).split(separator: ".").map(String.init)
      let claims = TestIssuer.base64URL(TestIssuer.claims(["groups": ["sre"]]).utf8)
      for forged in [
        [parts[0], claims, parts[2]], [parts[0], parts[1], ""], [parts[0], parts[1], String(parts[2].dropLast(4))],
        [parts[0], parts[1], TestIssuer.base64URL([UInt8](repeating: 0, count: 64))],
        [parts[0], parts[1], TestIssuer.base64URL([UInt8](repeating: 0, count: 256))],
      ] {
        let answer = try await SignedIn().status(forged.joined(separator: "."))
        #expect(answer.status == 401, "\(algorithm): \(answer.text)")
      }
    }
  }

  @Test func `signed with the public key taken for a secret are refused`() async throws {
    let pem = try #require(TestIssuer.rsa).publicKey.pemRepresentation
    for secret in [Array(pem.utf8), Array(try TestIssuer.rsaKey().utf8)] {
      for algorithm in ["HS256", "RS256"] {
        let signed =
          TestIssuer.base64URL("{\"alg\":\"\(algorithm)\",\"kid\":\"rsa\"}".utf8) + "."
          + TestIssuer.base64URL(TestIssuer.claims().utf8)
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: secret))
        let answer = try await SignedIn().status(signed + "." + TestIssuer.base64URL(code))
        #expect(answer.status == 401)
      }
    }
  }

  static let malformed = [
    "", ".", "..", "...", "a.b", "a.b.c.d", "eyJ.eyJ.eyJ", "e30.e30.", "e30.e30.!!", "=.=.=", "e30=.e30=.e30=",
    "\u{e9}.\u{e9}.\u{e9}", String(repeating: "a", count: 17_000),
    String(repeating: ".", count: 16_000), String(repeating: "W1tb", count: 3_000) + ".e30.e30",
    TestIssuer.base64URL(String(repeating: "{\"a\":", count: 2_000).utf8) + ".e30.e30",
    TestIssuer.base64URL([0xff, 0xfe]) + ".e30.e30",
  ]

  @Test(arguments: malformed)
  func `that are none are refused in words without them`(token: String) async throws {
    let answer = try await SignedIn().status(token)
    #expect(answer.status == 401)
    #expect(token.count < 4 || !answer.text.contains(token.prefix(40)))
  }

  @Test func `are never repeated in an answer`() async throws {
    let marker = "zz-marker-zz"
    for header in [
      "{\"alg\":\"\(marker)\"}", "{\"alg\":\"ES256\",\"kid\":\"\(marker)\"}",
      "{\"alg\":\"ES256\",\"kid\":\"p256\",\"typ\":\"\(marker)\"}",
    ] {
      let answer = try await SignedIn().status(TestIssuer.token(header: header))
      #expect(answer.status == 401 && !answer.text.contains(marker))
    }
    for name in ["iss", "aud", "exp", "nbf", "iat"] {
      let claims = TestIssuer.claims([name: .string(marker)])
      let answer = try await SignedIn().status(TestIssuer.token(claims: claims))
      #expect(answer.status == 401 && !answer.text.contains(marker))
    }
  }

  @Test func `need a name for their key where the issuer has several that fit`() async throws {
    let header = #"{"alg":"ES256"}"#
    #expect(try await SignedIn().status(TestIssuer.token(header: header)).status == 200)
    var twice = try SignedIn()
    let second = TestIssuer.elliptic("P-256", TestIssuer.stranger.publicKey.rawRepresentation, id: "second")
    let first = TestIssuer.elliptic("P-256", TestIssuer.p256.publicKey.rawRepresentation, id: "p256")
    twice.keys = try ScriptedKeys("{\"keys\":[\(second),\(first)]}")
    let answer = try await twice.status(TestIssuer.token(header: header))
    #expect(try answer.errorMessage?.contains("names no key") == true)
    #expect(try await twice.status(TestIssuer.token()).status == 200)
  }

  @Test func `are not verified while the issuer's keys aren't known, and tokens of the settings are`() async throws {
    var asking = try SignedIn()
    asking.tokens = [try ReadToken(sha256: `Who may read`.digest("static"))]
    try asking.keys?.set(nil)
    let answer = try await asking.status(TestIssuer.token())
    #expect(answer.status == 503)
    #expect(try answer.errorMessage?.contains("not known right now") == true)
    #expect(try await asking.status("static").status == 200)
  }

  @Test func `verified once are remembered until they end, or their key is withdrawn`() async throws {
    let asking = try SignedIn()
    let verifier = TokenVerifier(asking.policy, keys: try #require(asking.keys), limit: 4)
    let server = StatusServer(
      host: "0.0.0.0", port: 0, source: asking.source, tokens: [], version: VersionView(version: "0.9.0"),
      signIn: SignIn(verifier: verifier, clock: asking.clock))
    let token = try TestIssuer.token()
    try await server.application.test(.router) { client in
      func status() async throws -> Int {
        try await client.execute(
          uri: "/api/v1/status", method: .get, headers: [.authorization: "Bearer " + token]
        ) { $0.status.code }
      }
      #expect(try await status() == 200)
      // The claims aren't read again, so a clock put back before 'iat' makes no difference.
      asking.clock.advance(by: .seconds(359))
      #expect(try await status() == 200)
      let first = TestIssuer.elliptic("P-384", TestIssuer.p384.publicKey.rawRepresentation, id: "p256")
      try asking.keys?.set("{\"keys\":[\(first)]}")
      #expect(try await status() == 401)
      try asking.keys?.set(try TestIssuer.published())
      #expect(try await status() == 200)
      asking.clock.advance(by: .seconds(1))
      #expect(try await status() == 401)
    }
  }

  /// Who is named by which claims.
  static let names: [(policy: (groups: String, user: String?), claims: Claims, tenants: Set<String>?)] = [
    (("groups", nil), ["groups": []], ["shop"]),
    (("groups", nil), ["email_verified": false, "groups": []], nil),
    (("groups", nil), ["email_verified": "false", "groups": [], "sub": "ben@example.com"], ["billing"]),
    (("groups", "email"), ["email_verified": false, "groups": []], nil),
    (("groups", "preferred_username"), ["preferred_username": "ben@example.com", "groups": []], ["billing"]),
    (("groups", "preferred_username"), ["groups": []], nil),
    (("groups", "profile.mail"), ["profile": .object([.init("mail", "ben@example.com")]), "groups": []], ["billing"]),
    (("groups", "sub"), ["groups": ["shop-team", "other"]], ["shop"]),
    (("groups", "sub"), ["groups": ["Shop-Team"]], nil), (("groups", "sub"), ["groups": [17, nil, ["sre"]]], nil),
    (("groups", "sub"), ["groups": .object([.init("sre", true)])], nil),
    (("realm_access.roles", "sub"), ["realm_access": .object([.init("roles", ["sre"])])], []),
    (("https://example.com/groups", "sub"), ["https://example.com/groups": ["sre"]], []),
    (("groups", nil), ["email": "ben@example.com", "groups": ["shop-team"]], ["billing", "shop"]),
  ]

  @Test(arguments: names.indices)
  func `name users and groups as the settings say`(index: Int) async throws {
    let (names, claims, tenants) = Self.names[index]
    let asking = try SignedIn(
      TokenPolicy(
        issuer: TestIssuer.name, audience: TestIssuer.audience, groupsClaim: names.groups, usernameClaim: names.user))
    let answer = try await asking.status(TestIssuer.token(claims: TestIssuer.claims(claims)))
    guard let tenants else { return #expect(answer.status == 403 || answer.status == 401, "\(answer.text)") }
    #expect(answer.status == 200, "\(answer.text)")
    let seen = Set(try answer.json["tenants"]?.array?.compactMap { $0["name"]?.string } ?? [])
    #expect(seen == (tenants.isEmpty ? ["shop", "billing"] : tenants))
  }

  @Test func `that no binding names are told so, and nothing else`() async throws {
    let claims = TestIssuer.claims(["email": "cora@example.com", "groups": ["dev", "ops"]])
    let answer = try await SignedIn().status(TestIssuer.token(claims: claims))
    #expect(answer.status == 403)
    #expect(
      try answer.errorMessage
        == "signed in as 'cora@example.com', but no RoleBinding names you or your groups: 'dev', 'ops'")
  }
}

@Suite struct `Keys of an issuer` {
  @Test func `that are junk are passed over`() throws {
    let good = TestIssuer.elliptic("P-256", TestIssuer.p256.publicKey.rawRepresentation, id: "good")
    let junk = [
      "17", "null", "[]", "{}", #"{"kty":"oct","k":"c2VjcmV0","kid":"good"}"#, #"{"kty":"EC","crv":"P-256"}"#,
      #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, #"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}"#,
      #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, try TestIssuer.rsaKey(more: #","use":"enc""#),
      try TestIssuer.rsaKey(more: #","key_ops":["sign"]"#), try TestIssuer.rsaKey(more: #","alg":"HS256""#),
      try TestIssuer.rsaKey(more: #","alg":"ES256""#), try TestIssuer.rsaKey(more: #","kid":17"#),
      #"{"kty":"OKP","crv":"X25519","x":"AA"}"#, #"{"kty":"RSA","n":""# + String(repeating: "A", count: 4000) + "\"}",
    ]
    let set = try JSONWebKeySet(parsing: Array("{\"keys\":[\((junk + [good]).joined(separator: ","))]}".utf8))
    #expect(set.keys.map(\.id) == ["good"] && set.skipped == junk.count)
  }

  @Test(arguments: [
    "", "{", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[]}"#, #"{"keys":[{"kty":"oct","k":"AA"}]}"#,
    String(repeating: "[", count: 100_000),
  ])
  func `are not there in a text that has none`(text: String) {
    #expect(throws: JSONWebKeySet.Unreadable.self) { try JSONWebKeySet(parsing: Array(text.utf8)) }
  }

  @Test func `are a hundred at most`() throws {
    let keys = (0..<500).map {
      TestIssuer.elliptic("P-256", TestIssuer.p256.publicKey.rawRepresentation, id: "key-\($0)")
    }
    #expect(try JSONWebKeySet(parsing: Array("{\"keys\":[\(keys.joined(separator: ","))]}".utf8)).keys.count == 100)
  }

  @Test func `off their curve verify nothing`() async throws {
    var asking = try SignedIn()
    let point = [UInt8](repeating: 1, count: 64)
    asking.keys = try ScriptedKeys("{\"keys\":[\(TestIssuer.elliptic("P-256", point, id: "p256"))]}")
    let answer = try await asking.status(TestIssuer.token())
    #expect(try answer.errorMessage == "the token's signature is not the issuer's")
  }
}
