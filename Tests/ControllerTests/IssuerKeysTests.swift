import Crypto
import Model
import StatusAPI
import Synchronization
import TestKit
import Testing
import Transport

@testable import Controller

/// An issuer on loopback whose documents a test sets.
private final class ScriptedIssuer: Sendable {
  private let answers: Answers
  let server: LoopbackHTTPServer

  private final class Answers: Sendable {
    let byPath = Mutex<[String: LoopbackAnswer]>([:])
  }

  init(keys: [String]) throws {
    let answers = Answers()
    self.answers = answers
    server = try LoopbackHTTPServer { request in
      answers.byPath.withLock { $0[request.path] } ?? LoopbackAnswer(status: 404, body: "")
    }
    discovery("{\"issuer\":\"\(url)\",\"jwks_uri\":\"\(url)/keys\"}")
    publish(keys)
  }

  var url: String { server.url }

  func set(_ path: String, _ answer: LoopbackAnswer) { answers.byPath.withLock { $0[path] = answer } }
  func discovery(_ text: String) { set("/.well-known/openid-configuration", .json(text)) }
  func publish(_ ids: [String]) { set("/keys", .json(Self.keys(ids))) }

  /// How often the keys were asked for.
  var looks: Int { server.requests.filter { $0.path == "/keys" }.count }

  static func keys(_ ids: [String]) -> String {
    let point = P256.Signing.PrivateKey().publicKey.rawRepresentation
    func text(_ bytes: some Sequence<UInt8>) -> String {
      bytes.base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
    let keys = ids.map {
      #"{"kty":"EC","crv":"P-256","kid":"\#($0)","x":"\#(text(point.prefix(32)))","y":"\#(text(point.suffix(32)))"}"#
    }
    return "{\"keys\":[\(keys.joined(separator: ","))]}"
  }
}

@Suite struct `Keys of the issuer of readers` {
  private struct Scene {
    let issuer: ScriptedIssuer
    let clock = TestClock(now: Timestamp(millisecondsSinceEpoch: 1_790_000_000_000))
    let transport: CurlTransport
    let keys: IssuerKeys

    init(
      _ ids: [String] = ["a"], issuer name: String? = nil, keysURL: String? = nil, egress: EgressPolicy = .open
    ) throws {
      issuer = try ScriptedIssuer(keys: ids)
      transport = try CurlTransport(version: "test")
      keys = IssuerKeys(
        OIDCSettings(policy: TokenPolicy(issuer: name ?? issuer.url, audience: "belfry"), keysURL: keysURL),
        transport: transport, egress: egress, clock: clock, log: EventLog(format: .text, clock: clock))
    }

    /// The names of the keys known, `nil` where there are none.
    func ids(for id: String? = nil) async -> [String?]? {
      (try? await keys.keys(for: id))?.keys.map(\.id)
    }

    func end() async {
      issuer.server.stop()
      await transport.shutdown()
    }
  }

  @Test func `are found by discovery, and kept`() async throws {
    let scene = try Scene()
    for _ in 0..<5 { #expect(await scene.ids(for: "a") == ["a"]) }
    #expect(scene.issuer.looks == 1)
    await scene.end()
  }

  @Test func `are looked up again for a new name, at most every ten seconds`() async throws {
    let scene = try Scene()
    #expect(await scene.ids(for: "a") == ["a"])
    scene.issuer.publish(["a", "b"])
    for index in 0..<50 { #expect(await scene.ids(for: "unheard-of-\(index)") == ["a"]) }
    #expect(scene.issuer.looks == 1)
    scene.clock.advance(by: .seconds(10))
    #expect(await scene.ids(for: "b") == ["a", "b"])
    for index in 0..<50 { #expect(await scene.ids(for: "unheard-of-\(index)") == ["a", "b"]) }
    #expect(scene.issuer.looks == 2)
    await scene.end()
  }

  @Test func `are asked for once by many at a time`() async throws {
    let scene = try Scene()
    var held = LoopbackAnswer.json(ScriptedIssuer.keys(["a"]))
    held.delivery = .held
    scene.issuer.set("/keys", held)
    let found = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<100 { group.addTask { await scene.ids(for: "a") == ["a"] } }
      await scene.issuer.server.waitForRequests(2)
      scene.issuer.server.release()
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(found == 100 && scene.issuer.looks == 1)
    await scene.end()
  }

  @Test func `stay for a day while the issuer is down, and no longer`() async throws {
    let scene = try Scene()
    #expect(await scene.ids(for: "a") == ["a"])
    scene.issuer.set("/keys", LoopbackAnswer(status: 500, body: ""))
    scene.clock.advance(by: .seconds(24 * 3600 - 1))
    #expect(await scene.ids(for: "b") == ["a"])
    #expect(await scene.keys.counters.failed == 1)
    scene.clock.advance(by: .seconds(1))
    #expect(await scene.ids(for: "a") == nil)
    scene.clock.advance(by: .seconds(10))
    scene.issuer.publish(["a"])
    #expect(await scene.ids(for: "b") == ["a"])
    await scene.end()
  }

  @Test func `are refreshed without a token asking`() async throws {
    let scene = try Scene()
    let running = Task { await scene.keys.run() }
    await scene.issuer.server.waitForRequests(2)
    await scene.clock.waitForSleepers(1)
    scene.issuer.publish(["b"])
    scene.clock.advance(by: .seconds(600))
    await scene.issuer.server.waitForRequests(4)
    await scene.clock.waitForSleepers(1)
    #expect(await scene.ids() == ["b"])
    running.cancel()
    await running.value
    await scene.end()
  }

  /// What an issuer may answer that gives no keys.
  static let answers: [(path: String, answer: LoopbackAnswer)] = [
    ("/.well-known/openid-configuration", LoopbackAnswer(status: 500, body: "")),
    ("/.well-known/openid-configuration", .json("no json")), ("/.well-known/openid-configuration", .json("{}")),
    (
      "/.well-known/openid-configuration",
      .json(#"{"issuer":"https://evil.example","jwks_uri":"https://evil.example/keys"}"#)
    ),
    (
      "/.well-known/openid-configuration",
      LoopbackAnswer(status: 302, headers: [Label("Location", "https://evil.example/")], body: "")
    ),
    ("/keys", .json("{\"keys\":[]}")), ("/keys", .json("[")),
    ("/keys", .json("{\"keys\":[" + String(repeating: "{},", count: 3_500_000) + "{}]}")),
    ("/keys", LoopbackAnswer(status: 301, headers: [Label("Location", "/other")], body: "")),
  ]

  @Test(arguments: answers.indices)
  func `are none in what isn't an answer`(index: Int) async throws {
    let scene = try Scene()
    scene.issuer.set(Self.answers[index].path, Self.answers[index].answer)
    #expect(await scene.ids(for: "a") == nil)
    #expect(await scene.keys.counters.failed == 1)
    await scene.end()
  }

  @Test func `are not fetched from where the document of a secure issuer says http`() async throws {
    let scene = try Scene()
    scene.issuer.discovery("{\"issuer\":\"\(scene.issuer.url)\",\"jwks_uri\":\"http://192.0.2.1/keys\"}")
    #expect(await scene.ids(for: "a") == nil)
    await scene.end()
  }

  @Test func `are not fetched against the egress policy`() async throws {
    let scene = try Scene(egress: EgressPolicy(denyLoopback: true))
    #expect(await scene.ids(for: "a") == nil)
    #expect(scene.issuer.server.requests.isEmpty)
    await scene.end()
  }

  @Test func `need no discovery where their address is set`() async throws {
    let other = try ScriptedIssuer(keys: ["c"])
    let scene = try Scene(issuer: "https://id.example.com", keysURL: other.url + "/keys")
    #expect(await scene.ids(for: "c") == ["c"])
    #expect(scene.issuer.server.requests.isEmpty)
    other.server.stop()
    await scene.end()
  }
}
