import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `ntfy` {
  private static let taken = answer(200, #"{"id":"hwQ2YpKdmg","time":1700000000,"event":"message","topic":"shop"}"#)

  private static func spec(_ change: (inout NtfySpec) -> Void = { _ in }) -> NtfySpec {
    var spec = NtfySpec(pool: pool("https://ntfy.example.com"), topic: .plain("shop-alerts"))
    change(&spec)
    return spec
  }

  private static func send(
    _ post: Post, by spec: NtfySpec = spec(), secrets: [String: String] = [:],
    _ answer: Result<HTTPResponse, TransportError> = taken
  ) async -> (Result<Receipt, DeliveryError>, [HTTPRequest], JSONValue?) {
    let transport = ScriptedTransport(answer)
    let channel = NtfyChannel(spec, context: context(mentions: ["Bo", "slack:U1"], secrets: secrets))
    let result = await outcome(of: post, by: channel, over: transport)
    let requests = await transport.requests
    return (result, requests, requests.first.flatMap { try? JSONValue(parsing: $0.body) })
  }

  @Test func `says what happened`() async {
    let differences = await goldenDifferences("ntfy", answers: [Self.taken]) {
      NtfyChannel(Self.spec { $0.tags = ["shop"] }, context: $0)
    }
    #expect(differences == [])
  }

  @Test(arguments: SampleMessage.allCases) func `keeps within what ntfy takes`(sample: SampleMessage) async throws {
    let body = try #require(await Self.send(sample.post).2)
    #expect(1...4096 ~= (body["message"]?.string ?? "").utf8.count)
    #expect((body["actions"]?.array?.count ?? 0) <= 3)
  }

  @Test(arguments: [("critical", 5), ("error", 4), ("warning", 4), ("info", 3), ("", 4)])
  func `rings as loud as the severity asks`(severity: String, priority: Int) async {
    let labels: Labels = severity.isEmpty ? ["alertname": "A"] : ["alertname": "A", "severity": severity]
    let firing = alert(labels)
    #expect(await Self.send(Post([message([firing])])).2?["priority"]?.int == priority)
    #expect(await Self.send(Post([message([firing.resolved(at: at(9))])])).2?["priority"]?.int == 2)
  }

  @Test func `puts no text of an alert into a header`() async throws {
    let request = try #require(await Self.send(SampleMessage.hostile.post).1.first)
    #expect(request.url == "https://ntfy.example.com")
    #expect(request.headers.map(\.name) == ["Content-Type", "User-Agent"])
  }

  @Test func `logs in by a token`() async {
    let spec = Self.spec { $0.pool.http.bearerToken = "token" }
    let request = await Self.send(SampleMessage.firing.post, by: spec, secrets: ["token": "tk_abc"]).1.first
    #expect(request?.headers.contains(Label("Authorization", "Bearer tk_abc")) == true)
  }

  @Test func `takes a topic that is a secret`() async {
    let spec = Self.spec { $0.topic = .secret("topic") }
    let (_, _, body) = await Self.send(SampleMessage.firing.post, by: spec, secrets: ["topic": "hard-to-guess-42"])
    #expect(body?["topic"] == "hard-to-guess-42")
    guard case .failure(.unreachable) = await Self.send(SampleMessage.firing.post, by: spec).0 else {
      Issue.record("sent without a topic")
      return
    }
  }

  @Test(arguments: [
    (
      answer(429, #"{"code":42901,"http":429,"error":"limit reached: too many requests"}"#),
      DeliveryError.throttled(retryAfter: nil)
    ),
    (answer(429, "", [Label("Retry-After", "60")]), .throttled(retryAfter: .seconds(60))),
    (
      answer(403, #"{"code":40301,"http":403,"error":"forbidden"}"#),
      .unauthorised("answered 403 code 40301: forbidden; the topic needs a login, or is reserved for others")
    ),
    (
      answer(401, #"{"code":40101,"http":401,"error":"unauthorized"}"#),
      .unauthorised("answered 401 code 40101: unauthorized; the topic needs a login, or is reserved for others")
    ),
    (
      answer(413, #"{"code":41301,"http":413,"error":"attachment too large"}"#),
      .rejected("answered 413 code 41301: attachment too large")
    ),
    (answer(507, "x"), .unreachable("answered 507: x")), (answer(408, "x"), .unreachable("answered 408: x")),
    (answer(200, "<html>"), .ambiguous("answered 200 with something that is not ntfy's: <html>")),
    (.failure(.refusedByPolicy("private")), .rejected("not allowed by the egress policy: private")),
  ])
  func `takes an answer for what it means`(answer: Result<HTTPResponse, TransportError>, error: DeliveryError) async {
    #expect(await Self.send(SampleMessage.firing.post, answer).0 == .failure(error))
  }

  @Test func `says what ntfy called the message`() async {
    #expect(
      await Self.send(SampleMessage.firing.post).0 == .success(Receipt(detail: "answered 200, message hwQ2YpKdmg")))
  }
}
