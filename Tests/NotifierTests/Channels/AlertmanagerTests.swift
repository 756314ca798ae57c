import Glibc
import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing
import Transport

@Suite struct `Alertmanager` {
  private func send(
    _ post: Post, to urls: [String] = ["http://am.example:9093"], _ answers: Result<HTTPResponse, TransportError>...
  ) async -> (Result<Receipt, DeliveryError>, [[JSONValue]], [HTTPRequest]) {
    let transport = ScriptedTransport(answers)
    let spec = AlertmanagerSpec(pool: EndpointPool(urls.map { ChannelEndpoint(url: .plain($0)) }))
    let channel = AlertmanagerChannel(spec, context: context(clock: TestClock(now: at(60))))
    let result = await outcome(of: post, by: channel, over: transport)
    let requests = await transport.requests
    return (result, requests.map { (try? JSONValue(parsing: $0.body))?.array ?? [] }, requests)
  }

  @Test func `is told what it is told`() async {
    let differences = await goldenDifferences("alertmanager", answers: [answer()]) {
      AlertmanagerChannel(AlertmanagerSpec(pool: pool("http://am.example:9093")), context: $0)
    }
    #expect(differences == [])
  }

  @Test(arguments: [
    ("http://am.example:9093", "http://am.example:9093/api/v2/alerts"),
    ("http://am.example:9093/", "http://am.example:9093/api/v2/alerts"),
    ("https://am.example/team/am/", "https://am.example/team/am/api/v2/alerts"),
    ("https://am.example/team/am/api/v2/alerts", "https://am.example/team/am/api/v2/alerts"),
    ("https://am.example/am?team=shop", "https://am.example/am/api/v2/alerts?team=shop"),
  ])
  func `keeps the path that it is served under`(url: String, asked: String) async {
    #expect(await send(SampleMessage.firing.post, to: [url], answer()).2.map(\.url) == [asked])
  }

  @Test func `takes a firing alert for gone when nobody speaks of it for long`() async {
    var quick = message([highCPU])
    quick.groupInterval = .seconds(10)
    let (_, alerts, _) = await send(Post([quick]), answer())
    #expect(alerts[0][0]["startsAt"] == .string(start.description))
    #expect(alerts[0][0]["endsAt"] == .string(at(60 + 4 * 60).description))
    quick.groupInterval = .seconds(300)
    #expect(await send(Post([quick]), answer()).1[0][0]["endsAt"] == .string(at(60 + 4 * 300).description))
    let (_, resolved, _) = await send(SampleMessage.resolved.post, answer())
    #expect(resolved[0][0]["endsAt"] == .string(at(330).description))
  }

  @Test func `gets many alerts in parts`() async {
    let alerts = (0..<600).map { alert(["alertname": "A", "instance": "\($0)"]) }
    let (result, parts, _) = await send(Post([message(alerts)]), answer())
    #expect(parts.map(\.count) == [256, 256, 88])
    #expect(result == .success(Receipt(detail: "taken")))
  }

  @Test func `isn't told what it would refuse, and that is said`() async {
    let odd = alert(
      ["alertname": "A", "语言": "中文", "a.b": "1", "_x9": "y", "empty": ""],
      annotations: [Label("empty", ""), Label("run-book", "x"), Label("summary", "s")])
    let nameless = alert(["语": "x"])
    let (result, alerts, _) = await send(Post([message([odd, nameless])]), answer())
    #expect(alerts[0].count == 1)
    #expect(alerts[0][0]["labels"] == ["_x9": "y", "alertname": "A"])
    #expect(alerts[0][0]["annotations"] == ["summary": "s"])
    #expect(
      result
        == .success(
          Receipt(
            detail: "taken; left out names that Alertmanager may refuse: a.b, run-book, 语, 语言; "
              + "left out 1 alerts without labels")))
    #expect(
      await send(Post([message([nameless])]), answer()).0
        == .failure(.rejected("no alert has a label that Alertmanager takes")))
  }

  private static let members = ["http://u:p@am-1.example:9093/x", "http://am-2.example:9093"]

  @Test func `has taken it when one member has`() async {
    let (result, _, requests) = await send(
      SampleMessage.firing.post, to: Self.members, .failure(.unreachable("no connection")), answer())
    #expect(requests.count == 2)
    #expect(
      result
        == .success(Receipt(detail: "taken by 1 of 2; http://am-1.example:9093/… failed: no connection")))
    #expect(
      await send(SampleMessage.firing.post, to: Self.members, answer(), answer()).0
        == .success(Receipt(detail: "taken by 2 of 2")))
  }

  @Test(arguments: [
    (answer(400, "bad"), answer(503), "unreachable"), (answer(400, "bad"), answer(401), "rejected"),
    (answer(401), answer(403), "unauthorised"), (answer(429), answer(400), "throttled"),
    (.failure(.timedOut(requestWasSent: true)), answer(400), "unreachable"),
  ])
  func `has refused it when all members have`(
    first: Result<HTTPResponse, TransportError>, second: Result<HTTPResponse, TransportError>, error: String
  ) async {
    let (result, _, _) = await send(SampleMessage.firing.post, to: Self.members, first, second)
    guard case .failure(let failure) = result else {
      Issue.record("\(result)")
      return
    }
    #expect("\(Mirror(reflecting: failure).children.first?.label ?? "")" == error)
  }

  @Test(arguments: [
    (answer(400, #""bad request""#), DeliveryError.rejected(#"answered 400: "bad request""#)),
    (answer(500, "no"), .unreachable("answered 500: no")), (answer(302), .rejected("answered 302")),
  ])
  func `alone, speaks for itself`(answer: Result<HTTPResponse, TransportError>, error: DeliveryError) async {
    #expect(await send(SampleMessage.firing.post, answer).0 == .failure(error))
  }

  @Test func `is only asked by a test whether it listens`() async {
    let (result, alerts, _) = await send(Post([message([highCPU])], isTest: true), answer())
    #expect(result == .success(Receipt(detail: "taken")))
    #expect(alerts == [[]])
  }
}

/// Debian's Alertmanager.
private let program = "/usr/bin/prometheus-alertmanager"

@Suite(
  .enabled(if: RealServer.isInstalled(program), "needs prometheus-alertmanager"), .timeLimit(.minutes(2)), .serialized)
struct `Real Alertmanagers` {
  /// Starts one whose notifications go to `hook`, beside a member of its cluster.
  private func startMember(hook: LoopbackHTTPServer, peer: String? = nil) async throws -> RealServer {
    let config = """
      route:
        {receiver: hook, group_by: [alertname], group_wait: 100ms, group_interval: 5s, repeat_interval: 1h}
      receivers: [{name: hook, webhook_configs: [{url: '\(hook.url)/', send_resolved: true}]}]
      """
    let server = try RealServer(program, files: ["am.yml": config]) { directory, address in
      [
        "--config.file=\(directory)/am.yml", "--storage.path=\(directory)/data", "--web.listen-address=\(address)",
        "--cluster.listen-address=127.0.0.1:0", "--cluster.gossip-interval=20ms", "--cluster.peer-timeout=2s",
        "--cluster.settle-timeout=1s", "--cluster.pushpull-interval=200ms", "--log.level=error",
      ] + (peer.map { ["--cluster.peer=" + $0] } ?? [])
    }
    try await eventually { try await status(of: server)?["cluster"]?["status"] == "ready" }
    return server
  }

  private let transport: CurlTransport

  init() throws {
    transport = try CurlTransport(version: "test")
  }

  private func eventually(_ isSo: () async throws -> Bool) async throws {
    while try await !isSo() { try await ContinuousClock().sleep(for: .milliseconds(20)) }
  }

  private func get(_ url: String) async -> String? {
    (try? await transport.send(HTTPRequest(url: url))).map { String(decoding: $0.body, as: UTF8.self) }
  }

  private func status(of server: RealServer) async throws -> JSONValue? {
    await get(server.url + "/api/v2/status").flatMap { try? JSONValue(parsing: $0) }
  }

  private func alerts(of server: RealServer) async -> [JSONValue] {
    await get(server.url + "/api/v2/alerts").flatMap { try? JSONValue(parsing: $0) }?.array ?? []
  }

  /// How often it has asked its log whether there is something to tell: each time that it went through a group.
  private func queries(of server: RealServer) async -> Double {
    let name = "alertmanager_nflog_queries_total "
    let line = await get(server.url + "/metrics")?.split(separator: "\n").first { $0.hasPrefix(name) }
    return line.flatMap { Double($0.dropFirst(name.utf8.count)) } ?? 0
  }

  /// The machine's time, by which an Alertmanager judges.
  private var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// One Belfry's channel to these Alertmanagers tells them of `alerts`.
  private func send(_ alerts: [Alert], to servers: [RealServer], path: String = "") async -> Result<
    Receipt, DeliveryError
  > {
    let spec = AlertmanagerSpec(pool: EndpointPool(servers.map { ChannelEndpoint(url: .plain($0.url + path)) }))
    let channel = AlertmanagerChannel(spec, context: context(clock: TestClock(now: now)))
    var outlet = Outlet(http: transport, mail: transport) { _ in }
    do throws(DeliveryError) {
      return .success(try await channel.send(Post([message(alerts)]), through: &outlet))
    } catch {
      return .failure(error)
    }
  }

  private func firing(_ instance: String) -> Alert {
    alert(
      ["alertname": "HighCPU", "instance": instance, "语言": "中文"], firedAt: now - .seconds(30),
      annotations: [Label("summary", "CPU above 90% <&> \"中文\"")])
  }

  @Test func `take alerts, take them again, and hear of their end`() async throws {
    let hook = try LoopbackHTTPServer { _ in .init() }
    let server = try await startMember(hook: hook)
    #expect(await send([], to: [server]) == .success(Receipt(detail: "taken")))
    let (one, two) = (firing("a"), firing("b"))
    for _ in 0..<3 { #expect((try? await send([one, two], to: [server]).get()) != nil) }
    let alerts = await alerts(of: server)
    #expect(alerts.count == 2)
    #expect(Set(alerts.map { $0["startsAt"] }) == [.string(one.firedAt?.description ?? "")])
    #expect(alerts.allSatisfy { $0["annotations"]?["summary"] == "CPU above 90% <&> \"中文\"" })
    #expect(alerts.allSatisfy { $0["labels"]?.members?.count == 2 })
    #expect((try? await send([two, one.resolved(at: now)], to: [server]).get()) != nil)
    #expect(await self.alerts(of: server).map { $0["labels"]?["instance"] } == ["b"])
    #expect(
      await send([two], to: [server], path: "/nowhere") == .failure(.rejected("answered 404: 404 page not found")))
  }

  @Test func `that are a cluster notify once, whichever of two senders goes on`() async throws {
    let hook = try LoopbackHTTPServer { _ in .init() }
    let first = try await startMember(hook: hook)
    let address = try #require(try await status(of: first)?["cluster"]?["peers"]?[0]?["address"]?.string)
    let second = try await startMember(hook: hook, peer: address)
    try await eventually {
      for server in [first, second] {
        guard try await status(of: server)?["cluster"]?["peers"]?.array?.count == 2 else { return false }
      }
      return true
    }
    let alert = firing("a")
    // Two senders, each to both members: four posts of one alert.
    for _ in 0..<2 { #expect(await send([alert], to: [first, second]).isSuccess) }
    // Both members have gone through their group, and one of them has told.
    try await eventually {
      let counts = [await queries(of: first), await queries(of: second)]
      return counts.allSatisfy { $0 >= 1 }
    }
    #expect(hook.requests.count == 1)
    // One of the senders is gone; the other goes on telling, and tells of the end.
    #expect(await send([alert], to: [first, second]).isSuccess)
    #expect(await send([alert.resolved(at: now)], to: [first, second]).isSuccess)
    let before = [await queries(of: first), await queries(of: second)]
    await hook.waitForRequests(2)
    // Both members have gone through the group since.
    try await eventually {
      let after = [await queries(of: first), await queries(of: second)]
      return after[0] > before[0] && after[1] > before[1]
    }
    let told = hook.requests.compactMap { try? JSONValue(parsing: $0.body)["status"]?.string }
    #expect(told == ["firing", "resolved"])
  }
}

extension Result {
  fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
