import Hummingbird
import JSON
import Model
import StatusAPI
import TestKit
import Testing

@Suite struct `A browser's session` {
  static func asking() throws -> SignedIn {
    var asking = try SignedIn()
    asking.tokens = [
      try ReadToken(sha256: `Who may read`.digest("of everything")),
      try ReadToken(parsing: "shop=" + `Who may read`.digest("of shop") + "@shop"),
    ]
    return asking
  }

  /// The cookie's value as a browser sends it back.
  static func cookie(_ answer: Answer) -> String {
    String(answer.headers[.setCookie]?.prefix { $0 != ";" } ?? "")
  }

  @Test func `begins with a token in the header, and reads as that token does`() async throws {
    let asking = try Self.asking()
    for (token, length) in [("of shop", "43200"), (try TestIssuer.token(), "360")] {
      let begun = try await asking.send("/session", [.authorization: "Bearer " + token])
      #expect(begun.status == 204 && begun.text.isEmpty)
      let header = begun.headers[.setCookie] ?? ""
      #expect(header.hasSuffix("; Path=/; Max-Age=\(length); HttpOnly; SameSite=Strict"), "\(header)")
      #expect(!header.contains(token) && header.hasPrefix("belfry_session="))
      let answer = try await asking.send("/api/v1/status", [.cookie: "theme=dark; " + Self.cookie(begun)])
      #expect(answer.status == 200 && !answer.text.contains("billing"))
    }
  }

  @Test func `lies below the prefix, and travels by HTTPS alone where that is spoken`() async throws {
    var asking = try Self.asking()
    asking.externalURL = "https://example.com/belfry"
    let header: HTTPFields = [.authorization: "Bearer of shop"]
    let answer = try await asking.send("/belfry/session", header)
    #expect(
      answer.headers[.setCookie]?.hasSuffix("; Path=/belfry/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure") == true
    )
    asking.externalURL = nil
    var forwarded = header
    forwarded[try #require(HTTPFields.Element.Name("X-Forwarded-Proto"))] = "https"
    #expect(try await asking.send("/session", forwarded).headers[.setCookie]?.hasSuffix("; Secure") == true)
  }

  @Test func `ends when it is asked to, and by itself`() async throws {
    let asking = try Self.asking()
    let ended = try await asking.send("/session?end")
    #expect(ended.status == 204)
    #expect(ended.headers[.setCookie] == "belfry_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")
    let begun = try await asking.send("/session", [.authorization: "Bearer of shop"])
    asking.clock.advance(by: .seconds(43_199))
    #expect(try await asking.send("/api/v1/status", [.cookie: Self.cookie(begun)]).status == 200)
    asking.clock.advance(by: .seconds(1))
    let late = try await asking.send("/api/v1/status", [.cookie: Self.cookie(begun)])
    #expect(late.status == 401)
    #expect(try late.errorMessage == "the session has ended; sign in again")
  }

  @Test func `ends with the token`() async throws {
    var asking = try Self.asking()
    let begun = try await asking.send("/session", [.authorization: "Bearer of shop"])
    asking.tokens.removeLast()
    #expect(try await asking.send("/api/v1/status", [.cookie: Self.cookie(begun)]).status == 401)
  }

  @Test(arguments: ["", "Bearer", "Bearer wrong", "Basic YW5hOm9mIGV2ZXJ5dGhpbmc="])
  func `does not begin otherwise`(header: String) async throws {
    let answer = try await Self.asking().send("/session", header.isEmpty ? [:] : [.authorization: header])
    #expect(answer.status == 401 && answer.headers[.setCookie] == nil)
  }

  @Test func `does not begin with a session`() async throws {
    let asking = try Self.asking()
    let begun = try await asking.send("/session", [.authorization: "Bearer of shop"])
    #expect(try await asking.send("/session", [.cookie: Self.cookie(begun)]).status == 401)
  }

  @Test func `is refused for a token that no cookie holds`() async throws {
    let asking = try Self.asking()
    for (length, status) in [(1500, 204), (3000, 400)] {
      let claims = TestIssuer.claims(["filler": .string(String(repeating: "x", count: length))])
      let answer = try await asking.send("/session", [.authorization: "Bearer " + TestIssuer.token(claims: claims)])
      #expect(answer.status == status)
      #expect((answer.headers[.setCookie] ?? "").utf8.count < 4096 + 100)
      if status == 400 { #expect(try answer.errorMessage?.contains("a browser keeps at most") == true) }
    }
  }

  @Test func `of another server, or changed on its way, is none`() async throws {
    let asking = try Self.asking()
    let begun = Self.cookie(try await asking.send("/session", [.authorization: "Bearer of everything"]))
    var other = asking
    other.seal = SessionSeal(key: Array(repeating: 8, count: 32))
    #expect(try await other.send("/api/v1/status", [.cookie: begun]).status == 401)
    var random = SplitMix64(seed: 7)
    for _ in 0..<64 {
      var bytes = Array(begun.utf8)
      let place = Int.random(in: 15..<bytes.count - 1, using: &random)
      bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      let changed = String(decoding: bytes, as: UTF8.self)
      #expect(try await asking.send("/api/v1/status", [.cookie: changed]).status == 401)
    }
    for value in ["", "x", String(repeating: "A", count: 5000), "belfry_session", "%00"] {
      #expect(try await asking.send("/api/v1/status", [.cookie: "belfry_session=" + value]).status == 401)
    }
  }

  @Test func `gives way to the header`() async throws {
    let asking = try Self.asking()
    let begun = Self.cookie(try await asking.send("/session", [.authorization: "Bearer of everything"]))
    let answer = try await asking.send("/api/v1/status", [.cookie: begun, .authorization: "Bearer of shop"])
    #expect(answer.status == 200 && !answer.text.contains("billing"))
    #expect(try await asking.send("/api/v1/status", [.cookie: begun, .authorization: "Bearer wrong"]).status == 401)
  }

  @Test func `is not needed where everybody may read`() async throws {
    let answer = try await Asking().send("/session", headers: [.authorization: "Bearer anything"])
    #expect(answer.status == 204 && answer.headers[.setCookie] == nil)
  }
}

@Suite struct `The way to the login page` {
  static let html: HTTPFields = [.accept: "text/html,application/xhtml+xml,*/*;q=0.8"]

  @Test(arguments: [("/", "login"), ("/?lang=zh", "login?next=%3Flang%3Dzh")])
  func `is taken by browsers at pages, and leads back`(path: String, location: String) async throws {
    let answer = try await `A browser's session`.asking().send(path, Self.html)
    #expect(answer.status == 303 && answer.headers[.location] == location)
  }

  @Test func `is not taken by others, nor at documents`() async throws {
    let asking = try `A browser's session`.asking()
    #expect(try await asking.send("/").status == 401)
    #expect(try await asking.send("/", [.accept: "*/*"]).status == 401)
    #expect(try await asking.send("/api/v1/status", Self.html).status == 401)
    var basic = Self.html
    basic[.authorization] = "Basic d3Jvbmc6d3Jvbmc="
    let refused = try await asking.send("/", basic)
    #expect(refused.status == 401 && refused.headers[.wwwAuthenticate]?.hasPrefix("Basic") == true)
  }

  @Test(arguments: ["", "alerts", "alerts?tenant=shop&q=a%20b", "tenants/shop/projects/api", "?lang=zh", "a#b"])
  func `leads back to a page of this server`(next: String) {
    #expect(ReturnPath(next)?.text == next)
  }

  @Test(arguments: [
    "/", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example",
    "javascript:alert(1)", "data:text/html,x", "..", "../x", "a/../../x", "%2e%2e/x", ".%2E/x", "./x", "a//b", " a",
    "a\nb", "a\tb", "\u{e9}", String(repeating: "a", count: 2049),
  ])
  func `leads nowhere else`(next: String) {
    #expect(ReturnPath(next) == nil)
  }
}
