import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `PagerDuty` {
  private static let key = "R0123456789abcdefR0123456789abcd"
  private static let taken = answer(
    202, #"{"status":"success","message":"Event processed","dedup_key":"x"}"#)

  private func send(
    _ post: Post, _ answers: Result<HTTPResponse, TransportError>...,
    change: (inout PagerDutySpec) -> Void = { _ in }
  ) async -> (Result<Receipt, DeliveryError>, [JSONValue], [HTTPRequest]) {
    let transport = ScriptedTransport(answers)
    var spec = PagerDutySpec(routingKey: "key")
    change(&spec)
    let channel = PagerDutyChannel(spec, context: context(secrets: ["key": Self.key + "\n"]))
    let result = await outcome(of: post, by: channel, over: transport)
    let requests = await transport.requests
    return (result, requests.compactMap { try? JSONValue(parsing: $0.body) }, requests)
  }

  @Test func `says what it says`() async {
    let differences = await goldenDifferences(
      "pagerduty", secrets: ["key": Self.key], answers: [Self.taken]
    ) { PagerDutyChannel(PagerDutySpec(routingKey: "key"), context: $0) }
    #expect(differences == [])
  }

  @Test func `is told of a group and its end under one key`() async {
    let (firing, first, requests) = await send(SampleMessage.firing.post, Self.taken)
    let (resolved, second, _) = await send(SampleMessage.resolved.post, Self.taken)
    #expect(firing == .success(Receipt(detail: "answered 202: success: Event processed")))
    #expect(resolved == firing)
    #expect(requests.map(\.url) == ["https://events.pagerduty.com/v2/enqueue"])
    #expect(first[0]["event_action"] == "trigger" && second[0]["event_action"] == "resolve")
    #expect(first[0]["routing_key"] == .string(Self.key))
    #expect(first[0]["dedup_key"] == second[0]["dedup_key"])
    #expect(first[0]["dedup_key"]?.string?.utf8.count == 64)
  }

  @Test func `triggers as long as one alert fires`() async {
    let other = alert(["alertname": "HighCPU", "instance": "b", "severity": "info"])
    let (_, events, _) = await send(
      Post([message([highCPU, other.resolved(at: at(60))], reason: .someResolved)]), Self.taken)
    #expect(events[0]["event_action"] == "trigger")
    #expect(events[0]["payload"]?["severity"] == "critical")
    #expect(events[0]["payload"]?["custom_details"]?["num_resolved"] == "1")
  }

  @Test(arguments: [
    ("critical", "critical"), ("p1", "error"), ("warning", "warning"), ("info", "info"), ("odd", "error"),
  ])
  func `takes the level of the label`(severity: String, level: String) async {
    let (_, events, _) = await send(
      Post([message([alert(["alertname": "A", "severity": severity])])]), Self.taken)
    #expect(events[0]["payload"]?["severity"] == .string(level))
  }

  @Test func `tells each group of a digest by itself`() async {
    let (_, events, _) = await send(SampleMessage.digest.post, Self.taken)
    #expect(events.map { $0["event_action"] } == ["trigger", "trigger", "resolve"])
    #expect(events[0]["dedup_key"] != events[1]["dedup_key"])
    #expect(events[1]["payload"]?["class"] == "HostDown")
    #expect(events[1]["payload"]?["summary"]?.string?.contains("HostDown") == true)
    #expect(events[0]["payload"]?["custom_details"]?["num_firing"] == "1")
  }

  @Test func `is sent no more than it takes`() async {
    let alerts = (0..<300).map { number in
      alert(
        ["alertname": "A", "instance": String(repeating: "i\(number)", count: 2000), "severity": "critical"],
        annotations: [Label("summary", String(repeating: "\u{1}🔥\(number)", count: 3000))])
    }
    let (result, events, requests) = await send(Post([message(alerts)]), Self.taken)
    #expect((try? result.get()) != nil)
    #expect(requests[0].body.count <= 512_000)
    #expect(events[0]["payload"]?["summary"]?.string.map { $0.unicodeScalars.count <= 1024 } == true)
  }

  @Test func `is sent only links that it takes, and the others as text`() async {
    var high = highCPU
    high.generatorURL = "http://prom.internal/graph"
    let (_, events, _) = await send(Post([message([high])]), Self.taken)
    let links = events[0]["links"]?.array?.compactMap { $0["href"]?.string } ?? []
    #expect(links == ["https://belfry.example", "https://runbooks.example/cpu"])
    #expect(events[0]["payload"]?["custom_details"]?["Graph"] == "http://prom.internal/graph")
  }

  @Test func `hears of a test as of a change, which calls nobody`() async {
    let (_, events, requests) = await send(Post([message([highCPU])], isTest: true), Self.taken) {
      $0.pool.endpoints[0].url = .plain("https://events.eu.pagerduty.com/")
    }
    #expect(requests[0].url == "https://events.eu.pagerduty.com/v2/change/enqueue")
    #expect(events[0]["event_action"] == nil && events[0]["dedup_key"] == nil)
    #expect(events[0]["payload"]?["severity"] == nil)
    #expect(events[0]["payload"]?["summary"]?.string?.hasPrefix("[TEST]") == true)
  }

  @Test(arguments: [
    (
      answer(
        400, #"{"status":"invalid event","message":"Event object is invalid","errors":["'severity' is invalid"]}"#),
      DeliveryError.rejected("answered 400: invalid event: Event object is invalid: 'severity' is invalid")
    ),
    (
      answer(
        400, #"{"status":"invalid event","message":"Event object is invalid","errors":["'routing_key' is invalid"]}"#),
      .unauthorised("answered 400: invalid event: Event object is invalid: 'routing_key' is invalid")
    ),
    (answer(200, #"{"status":"invalid key"}"#), .rejected("answered 200: invalid key")),
    (answer(403), .unauthorised("answered 403")),
    (answer(429), .throttled(retryAfter: .seconds(60))),
    (answer(429, "", [Label("Retry-After", "7")]), .throttled(retryAfter: .seconds(7))),
    (answer(500, "no"), .unreachable("answered 500: no")),
    (.failure(.timedOut(requestWasSent: true)), .unreachable("no answer in time after it was sent")),
  ])
  func `takes an answer for what it means`(
    answer: Result<HTTPResponse, TransportError>, error: DeliveryError
  ) async {
    #expect(await send(SampleMessage.firing.post, answer).0 == .failure(error))
  }

  @Test func `knows groups of different owners apart`() {
    var other = message([highCPU])
    other.owner = .tenant("bank")
    #expect(other.deduplicationKey != message([highCPU]).deduplicationKey)
    #expect(message([highCPU]).deduplicationKey == message([hostile], reason: .repeated).deduplicationKey)
  }

  @Test func `is told the spec's own details`() async {
    let (_, events, _) = await send(SampleMessage.firing.post, Self.taken) { $0.details = [Label("team", "shop")] }
    #expect(events[0]["payload"]?["custom_details"]?["team"] == "shop")
  }
}
