import Crypto
import Hummingbird
import HummingbirdTesting
import JSON
import Model
import StatusAPI
import TestKit
import Testing

@Suite struct `Who may read` {
  static func digest(_ token: String) -> String {
    SHA256.hash(data: Array(token.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count < 2 ? "0" + digits : digits
    }.joined()
  }

  static func asking(_ source: ScriptedSource = ScriptedSource(), host: String = "0.0.0.0") throws -> Asking {
    Asking(
      source: source, host: host,
      tokens: [
        try ReadToken(sha256: digest("of everything"), name: "ana"),
        try ReadToken(parsing: "shop=" + digest("of shop") + "@shop"),
      ])
  }

  static let everything: HTTPFields = [.authorization: "Bearer of everything"]
  static let shop: HTTPFields = [.authorization: "bearer of shop"]

  static let paths =
    DocumentTests.documents.map(\.path) + ["/", "/metrics", "/nothing"]

  typealias DocumentTests = `Documents of the API`

  @Test(arguments: paths)
  func `is asked for everywhere but at the probes`(path: String) async throws {
    for host in ["0.0.0.0", "127.0.0.1"] {
      let asking = try Self.asking(host: host)
      let none = try await asking.send(path)
      #expect(none.status == 401 && none.headers[.wwwAuthenticate]?.contains("realm=\"belfry\"") == true)
      let wrong = try await asking.send(path, headers: [.authorization: "Bearer something else"])
      #expect(wrong.status == 401)
      let right = try await asking.send(path, headers: Self.everything)
      #expect(right.status == (path == "/nothing" ? 404 : 200))
    }
    #expect(try await Asking(host: "192.0.2.1").send(path).status == 401)
  }

  @Test(arguments: [
    "", "Bearer", "Bearer ", "Basic", "Basic !!!", "Basic b2Y=", "Digest of everything", "of everything",
  ])
  func `is not told by a header that carries no token`(header: String) async throws {
    #expect(try await Self.asking().send("/api/v1/status", headers: [.authorization: header]).status == 401)
  }

  @Test func `is asked of a browser by name and password, the token being the password`() async throws {
    let asking = try Self.asking()
    #expect(try await asking.send("/").headers[.wwwAuthenticate]?.hasPrefix("Basic") == true)
    #expect(try await asking.send("/api/v1/status").headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
    // ana:of everything
    let answer = try await asking.send("/", headers: [.authorization: "Basic YW5hOm9mIGV2ZXJ5dGhpbmc="])
    #expect(answer.status == 200)
  }

  /// What a reader of `shop` gets; a source that forgets to look at the reader must not change it.
  static let forShop: [(path: String, status: Int)] = [
    ("/api/v1/status", 200), ("/api/v1/platform", 404), ("/api/v1/tenants", 200), ("/api/v1/tenants/shop", 200),
    ("/api/v1/tenants/billing", 404), ("/api/v1/tenants/billing/projects/x", 404),
    ("/api/v1/tenants/shop/projects/checkout", 200), ("/api/v1/resources", 200),
    ("/api/v1/resource?id=" + World.channel(.tenant("billing")).opaque, 404),
    ("/api/v1/resource?id=" + World.channel(.platform).opaque, 404),
    ("/api/v1/resource?id=" + World.channel(.tenant("shop")).opaque, 200), ("/api/v1/alerts", 200),
    ("/api/v1/alerts?tenant=billing", 200), ("/api/v1/revisions/9f2c000", 200), ("/api/v1/history", 200),
    ("/api/v1/deliveries", 200), ("/api/v1/groups", 200), ("/api/v1/audit", 200), ("/api/v1/rules", 200),
    ("/api/v1/channels", 200), ("/api/v1/stats", 200), ("/api/v1/changes", 200), ("/", 200), ("/metrics", 200),
  ]

  @Test(arguments: forShop, [false, true])
  func `sees its tenants and nothing else`(ask: (path: String, status: Int), careless: Bool) async throws {
    let answer = try await Self.asking(ScriptedSource(isCareless: careless)).send(ask.path, headers: Self.shop)
    #expect(answer.status == ask.status)
    if answer.status == 200 {
      #expect(!answer.text.contains("billing") && !answer.text.contains("Billing"))
      #expect(!answer.text.contains("BelfryChannelFailing"))
      #expect(!answer.text.contains("\"platform\":{") && !answer.text.contains(#""scope":"platform""#))
    }
  }

  @Test func `is asked for nowhere at what the login page is drawn with`() async throws {
    #expect(try await Self.asking().send("/assets/style.css").status == 200)
  }

  @Test func `gets the series of its tenants alone`() async throws {
    let asking = try Self.asking()
    #expect(try await asking.send("/metrics", headers: Self.everything).text.contains("belfry_up_seconds 42.5"))
    let answer = try await asking.send("/metrics", headers: Self.shop)
    #expect(answer.text.contains("tenant=\"shop\"") && !answer.text.contains("belfry_up_seconds"))
    #expect(!answer.text.contains("belfry_sync_duration_seconds") && !answer.text.contains("tenant=\"x\""))
  }

  @Test func `gets the same words for what is hidden and what is not there`() async throws {
    let asking = try Self.asking()
    let hidden = try await asking.send("/api/v1/tenants/billing", headers: Self.shop)
    let missing = try await asking.send("/api/v1/tenants/nobody", headers: Self.shop)
    #expect(hidden.text.split(separator: "billing").joined() == missing.text.split(separator: "nobody").joined())
    let billing = World.alerts.first { $0.alert.scope == .tenant("billing") }?.alert.fingerprint.description ?? ""
    #expect(try await asking.send("/api/v1/alerts/" + billing, headers: Self.shop).status == 404)
    #expect(try await asking.send("/api/v1/alerts/" + billing, headers: Self.everything).status == 200)
  }

  @Test func `counts only what it sees`() async throws {
    let json = try await Self.asking().send("/api/v1/status", headers: Self.shop).json
    #expect(json["counts"]?["tenants"]?.int == 1)
    #expect(json["alerts"]?["firing"]?.int == 2)
  }

  @Test func `has another entity tag than a reader of everything`() async throws {
    let server = StatusServer(
      host: "0.0.0.0", port: 0, source: ScriptedSource(), tokens: try Self.asking().tokens,
      version: VersionView(version: "0.9.0"))
    try await server.application.test(.router) { client in
      let all = try await client.execute(uri: "/api/v1/status", method: .get, headers: Self.everything)
      let shop = try await client.execute(uri: "/api/v1/status", method: .get, headers: Self.shop)
      #expect(all.headers[.eTag] != shop.headers[.eTag])
    }
  }

  @Test func `is nobody away from loopback while no token is set up`() async throws {
    let answer = try await Asking(host: "::").send("/api/v1/status")
    #expect(answer.status == 401)
    #expect(
      try answer.errorMessage
        == "this address asks for a token, and no token is set up; start with --token-sha256, or listen on 127.0.0.1")
  }
}

@Suite struct `Tokens` {
  @Test(arguments: ["", "xyz", "00", String(repeating: "g", count: 64), String(repeating: "0", count: 65), "ana="])
  func `are known by 64 hexadecimal digits`(text: String) {
    #expect(throws: ReadTokenError.self) { try ReadToken(parsing: text) }
  }

  @Test func `may have a name and tenants`() throws {
    let digits = String(repeating: "0aF", count: 21) + "0"
    #expect(try ReadToken(parsing: digits).visibility == .all)
    let token = try ReadToken(parsing: "grafana=" + digits + "@shop+billing")
    #expect(token.name == "grafana" && token.visibility == .tenants(["shop", "billing"]))
    let several = try ReadToken.list(parsing: digits + ",shop=" + digits + "@shop")
    #expect(several.map(\.name) == ["", "shop"])
    #expect(try ReadToken.list(parsing: "").isEmpty)
    #expect(throws: ReadTokenError.noTenants) { try ReadToken(parsing: digits + "@") }
  }

  @Test func `are not repeated in what is said about them`() {
    do throws(ReadTokenError) {
      _ = try ReadToken(parsing: "my-secret")
    } catch {
      #expect(!error.description.contains("my-secret"))
    }
  }
}
