import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `Opsgenie` {
  private static let taken = answer(
    202, #"{"result":"Request will be processed","took":0.1,"requestId":"43a29c5c-3dbf-4fa4-9c26-f4f71023e120"}"#)

  private func send(
    _ post: Post, _ answers: Result<HTTPResponse, TransportError>..., change: (inout OpsgenieSpec) -> Void = { _ in }
  ) async -> (Result<Receipt, DeliveryError>, [JSONValue], [HTTPRequest]) {
    let transport = ScriptedTransport(answers)
    var spec = OpsgenieSpec(apiKey: "key")
    change(&spec)
    let channel = OpsgenieChannel(spec, context: context(secrets: ["key": "0a1b2c3d-secret"]))
    let result = await outcome(of: post, by: channel, over: transport)
    let requests = await transport.requests
    return (result, requests.compactMap { try? JSONValue(parsing: $0.body) }, requests)
  }

  @Test func `says what it says`() async {
    var spec = OpsgenieSpec(apiKey: "key")
    spec.responders = [.init(.team, .name, "payments"), .init(.user, .username, "ana@example.com")]
    spec.tags = ["shop"]
    let differences = await goldenDifferences(
      "opsgenie", secrets: ["key": "0a1b2c3d-secret"], answers: [Self.taken]
    ) { OpsgenieChannel(spec, context: $0) }
    #expect(differences == [])
  }

  @Test func `makes an alert and closes it by its alias`() async throws {
    let (result, alerts, first) = await send(SampleMessage.firing.post, Self.taken)
    let (_, _, second) = await send(SampleMessage.resolved.post, Self.taken)
    #expect(
      result == .success(Receipt(detail: "answered 202, request 43a29c5c-3dbf-4fa4-9c26-f4f71023e120")))
    #expect(first.map(\.url) == ["https://api.opsgenie.com/v2/alerts"])
    #expect(first[0].headers.contains(Label("Authorization", "GenieKey 0a1b2c3d-secret")))
    let alias = try #require(alerts[0]["alias"]?.string)
    #expect(second.map(\.url) == ["https://api.opsgenie.com/v2/alerts/\(alias)/close?identifierType=alias"])
    #expect(alerts[0]["priority"] == "P1")
  }

  @Test func `speaks to Jira Service Management at its base`() async {
    let (_, _, requests) = await send(SampleMessage.firing.post, Self.taken) {
      $0.pool.endpoints[0].url = .plain("https://api.atlassian.com/jsm/ops/integration/")
    }
    #expect(requests.map(\.url) == ["https://api.atlassian.com/jsm/ops/integration/v2/alerts"])
  }

  @Test(arguments: [("critical", "P1"), ("high", "P2"), ("warning", "P3"), ("info", "P5"), ("odd", "P2")])
  func `takes the priority from the label`(severity: String, priority: String) async {
    let (_, alerts, _) = await send(
      Post([message([alert(["alertname": "A", "severity": severity])])]), Self.taken)
    #expect(alerts[0]["priority"] == .string(priority))
  }

  @Test func `brings an open alert up to date where it is to`() async {
    let post = Post([message([highCPU], reason: .newAlerts)])
    let (result, bodies, requests) = await send(post, Self.taken, answer(404, "gone"), Self.taken) {
      $0.updatesAlerts = true
    }
    #expect(requests.map(\.method) == ["POST", "PUT", "PUT"])
    #expect(requests[1].url.hasSuffix("/message?identifierType=alias"))
    #expect(requests[2].url.hasSuffix("/description?identifierType=alias"))
    #expect(bodies[1]["message"] == bodies[0]["message"] && bodies[2]["description"] == bodies[0]["description"])
    #expect(
      result
        == .success(
          Receipt(
            detail: "answered 202, request 43a29c5c-3dbf-4fa4-9c26-f4f71023e120; "
              + "its message was not updated: answered 404: gone")))
    #expect(await send(post, Self.taken).2.count == 1)
  }

  @Test(arguments: SampleMessage.allCases)
  func `keeps within the API's limits`(sample: SampleMessage) async {
    let (_, bodies, _) = await send(sample.post, Self.taken)
    for body in bodies where body["message"] != nil {
      #expect(body["message"]?.string.map { (1...130).contains($0.unicodeScalars.count) } == true)
      #expect(body["description"]?.string.map { $0.utf16.count <= 15_000 } == true)
      let details = body["details"]?.members ?? []
      #expect(details.reduce(0) { $0 + $1.name.count + ($1.value.string ?? "").count } <= 8000)
    }
  }

  @Test func `makes no alert of a test`() async {
    let (result, _, requests) = await send(Post([message([highCPU])], isTest: true), Self.taken)
    #expect(
      requests.map(\.url) == ["https://api.opsgenie.com/v2/alerts/belfry-channel-test/close?identifierType=alias"])
    #expect((try? result.get()) != nil)
  }

  @Test(arguments: [
    (
      answer(401, #"{"message":"Key format is not valid!"}"#),
      DeliveryError.unauthorised(#"answered 401: {"message":"Key format is not valid!"}"#)
    ),
    (
      answer(422, #"{"message":"Request body is not processable."}"#),
      .rejected(#"answered 422: {"message":"Request body is not processable."}"#)
    ),
    (answer(429, "", [Label("X-RateLimit-Period-In-Sec", "30")]), .throttled(retryAfter: .seconds(30))),
    (answer(429), .throttled(retryAfter: .seconds(60))),
    (answer(503), .unreachable("answered 503")),
    (.failure(.brokenOff("reset")), .unreachable("broke off before the answer was whole: reset")),
  ])
  func `takes an answer for what it means`(
    answer: Result<HTTPResponse, TransportError>, error: DeliveryError
  ) async {
    #expect(await send(SampleMessage.firing.post, answer).0 == .failure(error))
  }
}
