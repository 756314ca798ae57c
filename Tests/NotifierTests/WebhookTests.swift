import Model
import Notifier
import Specs
import TestKit
import Testing

/// A message with the given alerts.
func message(_ alerts: [Alert], reason: NotificationReason = .first, group: Labels = ["alertname": "HighCPU"])
  -> Message
{
  Message(
    owner: shop, groupKey: "{}:" + group.description, channel: oncall, reason: reason, groupLabels: group,
    alerts: alerts, externalURL: "https://belfry.example", at: at(30))
}

let highCPU = {
  var high = alert(
    ["alertname": "HighCPU", "instance": "a:9100", "severity": "critical"], value: 0.953,
    annotations: [
      Label("description", "for 5 minutes"), Label("runbook_url", "https://runbooks.example/cpu"),
      Label("summary", "CPU above 90%"),
    ], rule: "HighCPU")
  high.generatorURL = "https://prom.example/graph?g0.expr=up&g0.tab=1"
  high.rule.provenance.author = "Ana <ana@example.com>"
  high.rule.provenance.commit = ObjectID("3f2a9c1d3f2a9c1d3f2a9c1d3f2a9c1d3f2a9c1d")
  high.rule.provenance.committedAt = at(-86_400)
  return high
}()

let hostile = alert(
  ["alertname": "HighCPU", "instance": "</script>&\"\\\u{2028}", "severity": "critical", "语言": "中文 🔥"],
  annotations: [Label("empty", ""), Label("summary", "line\nbreak\ttab \u{1}\u{7f} e\u{301}")], rule: "a\r\nBcc: x")

@Suite struct `A webhook's document` {
  @Test func `tells of firing alerts as Alertmanager does`() {
    #expect(goldenDifference(text(message([highCPU])), "webhook-firing.json") == nil)
  }

  @Test func `tells of resolved alerts, fractions of seconds as Go writes them`() {
    let message = message([highCPU.resolved(at: at(90) + .milliseconds(120))], reason: .allResolved)
    #expect(goldenDifference(text(message), "webhook-resolved.json") == nil)
  }

  @Test func `escapes whatever it is given`() {
    #expect(goldenDifference(text(message([highCPU, hostile])), "webhook-hostile.json") == nil)
  }

  @Test func `leaves resolved alerts out first, and counts them`() {
    let other = alert(["alertname": "HighCPU", "instance": "b"])
    let message = message([highCPU, other.resolved(at: at(9))])
    let body = String(decoding: WebhookPayload.body(of: message, maxAlerts: 1), as: UTF8.self)
    #expect(body.contains(#""status":"firing","alerts":[{"status":"firing""#))
    #expect(body.hasSuffix(#""truncatedAlerts":1}"# + "\n"))
    #expect(!body.contains("resolved"))
  }

  private func text(_ message: Message) -> String { String(decoding: WebhookPayload.body(of: message), as: UTF8.self) }
}

@Suite struct `A webhook` {
  func send(
    _ answer: Result<HTTPResponse, TransportError>, _ change: (inout WebhookSpec) -> Void = { _ in },
    secrets: [String: String] = [:]
  ) async -> (Result<Receipt, DeliveryError>, [HTTPRequest]) {
    let transport = ScriptedTransport(answer)
    var spec = WebhookSpec(pool: pool("https://hooks.example/x"))
    change(&spec)
    let channel = WebhookChannel(spec, context: context(secrets: secrets))
    let result = await outcome(of: Post([message([highCPU])]), by: channel, over: transport)
    return (result, await transport.requests)
  }

  @Test func `posts to a secret address with its credentials`() async {
    let (result, requests) = await send(
      .success(HTTPResponse(status: 204)),
      {
        $0.pool.endpoints[0].url = .secret("url")
        $0.pool.http.bearerToken = "token"
        $0.pool.http.headers = [Label("X-Team", "shop")]
        $0.pool.http.ca = "ca"
      }, secrets: ["url": "https://hooks.example/secret\n", "token": "t0ken\n"])
    #expect(result == .success(Receipt(detail: "answered 204")))
    #expect(requests.map(\.url) == ["https://hooks.example/secret"])
    #expect(requests.map(\.method) == ["POST"])
    #expect(
      requests[0].headers.dropFirst().map { $0.name + ": " + $0.value } == [
        "Content-Type: application/json", "User-Agent: Belfry", "Authorization: Bearer t0ken", "X-Team: shop",
      ])
    #expect(requests[0].options.caFile == "/secrets/ca")
  }

  @Test func `signs in with user and password`() async {
    let (_, requests) = await send(
      .success(HTTPResponse(status: 200)),
      {
        $0.pool.http.basicUsername = "alert@example.com"
        $0.pool.http.basicPassword = "password"
      }, secrets: ["password": "s3cr3t"])
    #expect(requests[0].headers.contains(Label("Authorization", "Basic YWxlcnRAZXhhbXBsZS5jb206czNjcjN0")))
  }

  @Test func `waits for a secret that isn't there`() async {
    let (result, requests) = await send(
      .success(HTTPResponse(status: 200)), { $0.pool.endpoints[0].url = .secret("url") })
    #expect(
      result
        == .failure(.unreachable("secret 'url' isn't there for shop; the message is kept until it is, or too old")))
    #expect(requests.isEmpty)
  }

  @Test(arguments: [
    (HTTPResponse(status: 302), DeliveryError.rejected("answered 302")),
    (HTTPResponse(status: 404, body: Array("no\r\nsuch hook".utf8)), .rejected("answered 404: no such hook")),
    (HTTPResponse(status: 408), .unreachable("answered 408")),
    (HTTPResponse(status: 429), .throttled(retryAfter: nil)),
    (HTTPResponse(status: 429, headers: [Label("retry-after", "17")]), .throttled(retryAfter: .seconds(17))),
    (
      HTTPResponse(
        status: 429,
        headers: [
          Label("Date", "Fri, 20 Nov 2026 08:00:00 GMT"), Label("Retry-After", "Fri, 20 Nov 2026 08:02:00 GMT"),
        ]), .throttled(retryAfter: .seconds(120))
    ),
    (HTTPResponse(status: 429, headers: [Label("Retry-After", "soon")]), .throttled(retryAfter: nil)),
    (HTTPResponse(status: 500), .unreachable("answered 500")),
    (HTTPResponse(status: 501), .rejected("answered 501")),
    (HTTPResponse(status: 503, headers: [Label("Retry-After", "5")]), .throttled(retryAfter: .seconds(5))),
  ])
  func `takes an answer for what it means`(answer: HTTPResponse, error: DeliveryError) async {
    #expect(await send(.success(answer)).0 == .failure(error))
  }

  @Test(arguments: [
    (TransportError.unreachable("connection refused"), DeliveryError.unreachable("connection refused")),
    (.timedOut(requestWasSent: true), .ambiguous("no answer in time after it was sent")),
    (.timedOut(requestWasSent: false), .unreachable("no connection in time")),
    (.untrusted("self-signed"), .rejected("not trusted: self-signed")),
    (.refusedByPolicy("169.254.169.254"), .rejected("not allowed by the egress policy: 169.254.169.254")),
  ])
  func `takes silence for what it means`(silence: TransportError, error: DeliveryError) async {
    #expect(await send(.failure(silence)).0 == .failure(error))
  }

  // MARK: Another request than the usual

  @Test func `can be told apart when it comes twice`() async {
    let (_, first) = await send(answer(500))
    let (_, second) = await send(answer(500))
    let ids = (first + second).compactMap { $0.headers.header("idempotency-key") }
    #expect(ids.count == 2 && Set(ids).count == 1 && ids[0].utf8.count == 32)
  }

  @Test func `has its own headers in place of the usual, secret ones too`() async {
    let (_, requests) = await send(
      answer(),
      {
        $0.pool.http.headers = [Label("user-agent", "shop/1")]
        $0.secretHeaders = [Label("X-Api-Key", "key")]
      }, secrets: ["key": "s3cr3t\n"])
    let headers = requests[0].headers.dropFirst().map { $0.name + ": " + $0.value }
    #expect(headers == ["Content-Type: application/json", "user-agent: shop/1", "X-Api-Key: s3cr3t"])
  }

  @Test(arguments: WebhookSpec.Method.allCases)
  func `asks as it is told to`(method: WebhookSpec.Method) async {
    let (_, requests) = await send(answer(), { $0.method = method })
    #expect(requests[0].method == method.rawValue)
    #expect(requests[0].body.isEmpty == [.get, .delete].contains(method))
    #expect((requests[0].headers.header("Content-Type") == nil) == requests[0].body.isEmpty)
  }

  @Test func `sends a document of its own`() async throws {
    let (result, requests) = await send(
      answer(),
      {
        $0.body = #"{"what": {{ .CommonLabels.alertname | toJson }}, "state": "{{ .Status }}"}"#
        $0.parameters = [Label("who", "{{ .Receiver }} & {{ .Status }}/ü"), Label("a=b", "1")]
        $0.pool.endpoints[0].url = .plain("https://hooks.example/x?team=shop")
      })
    #expect(result == .success(Receipt(detail: "answered 200")))
    #expect(String(decoding: requests[0].body, as: UTF8.self) == #"{"what": "HighCPU", "state": "firing"}"#)
    #expect(
      requests[0].url
        == "https://hooks.example/x?team=shop&who=oncall%20%26%20firing%2F%C3%BC&a%3Db=1")
  }

  @Test(arguments: [
    #"{"what": {{ .CommonLabels.alertname }}}"#, "{{ template \"nosuch\" . }}", "{{ .Nosuch }}", "{{ if }}",
  ])
  func `sends the usual document where its own is none`(body: String) async throws {
    let (result, requests) = await send(answer(), { $0.body = body })
    let usual = WebhookPayload.body(of: message([highCPU]))
    #expect(requests[0].body == usual)
    let detail = try result.get().detail
    #expect(detail.hasPrefix("answered 200; the usual document was sent, since 'body' "))
    let (refused, _) = await send(answer(400, "what's that?"), { $0.body = body })
    guard case .failure(.rejected(let text)) = refused else {
      Issue.record("\(refused)")
      return
    }
    #expect(text.hasPrefix("answered 400: what's that?; the usual document was sent, since 'body' "))
  }

  @Test func `sends whatever text is no JSON by its type`() async {
    let (_, requests) = await send(
      answer(),
      {
        $0.body = "{{ .Status }}: {{ .CommonAnnotations.summary }}"
        $0.pool.http.headers = [Label("Content-Type", "text/plain; charset=utf-8")]
      })
    #expect(String(decoding: requests[0].body, as: UTF8.self) == "firing: CPU above 90%")
    #expect(requests[0].headers.header("content-type") == "text/plain; charset=utf-8")
  }

  @Test func `marks a test`() async {
    let transport = ScriptedTransport(answer())
    let channel = WebhookChannel(WebhookSpec(pool: pool("https://hooks.example/x")), context: context())
    _ = await outcome(of: Post([message([highCPU])], isTest: true), by: channel, over: transport)
    #expect(await transport.requests[0].headers.contains(Label("X-Belfry-Test", "true")))
  }

  // MARK: Signatures

  private func signed(_ signature: WebhookSpec.Signature, key: String, at seconds: Int64) async -> [Label] {
    let transport = ScriptedTransport(answer())
    var spec = WebhookSpec(pool: pool("https://hooks.example/x"))
    spec.body = #"{"status":"firing"}"#
    spec.signature = signature
    let clock = TestClock(now: Timestamp(millisecondsSinceEpoch: seconds * 1000))
    let channel = WebhookChannel(spec, context: context(secrets: ["key": key], clock: clock))
    _ = await outcome(of: Post([message([highCPU])]), by: channel, over: transport)
    return await transport.requests.first?.headers ?? []
  }

  @Test func `signs as Grafana does`() async {
    var signature = WebhookSpec.Signature(.grafana, secret: "key")
    let plain = "7fd98394c7633dff3c43d5429ad72b920e8723aa2773ae542ef440b120beee95"
    #expect(
      await signed(signature, key: "test-secret", at: 1_700_000_000)
        .contains(Label("X-Grafana-Alerting-Signature", plain)))
    signature.timestampHeader = "X-Time"
    signature.header = "X-Sign"
    let headers = await signed(signature, key: "test-secret", at: 1_700_000_000)
    #expect(
      headers.contains(Label("X-Sign", "de2992434b282a377e558705fff1b25698faeaccbeeb041f7d4643f4ee4ff036")))
    #expect(headers.contains(Label("X-Time", "1700000000")))
  }

  @Test func `signs as GitHub does`() async {
    let plain = "sha256=7fd98394c7633dff3c43d5429ad72b920e8723aa2773ae542ef440b120beee95"
    #expect(
      await signed(.init(.github, secret: "key"), key: "test-secret", at: 0)
        .contains(Label("X-Hub-Signature-256", plain)))
  }

  @Test func `signs by Standard Webhooks`() async throws {
    let key = try #require(WebhookSignature.standardKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    #expect(WebhookSignature.standardKey("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") == key)
    #expect(
      WebhookSignature.standard(
        key: key, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: 1_614_265_330, Array(#"{"test": 2432232314}"#.utf8)) == [
          Label("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), Label("webhook-timestamp", "1614265330"),
          Label("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ])
    let headers = await signed(.init(.standard, secret: "key"), key: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", at: 7)
    #expect(headers.header("webhook-id") == headers.header("Idempotency-Key").map { "msg_" + $0 })
    #expect(headers.header("webhook-timestamp") == "7")
  }

  @Test func `says so when a key is none`() async {
    let (result, requests) = await send(
      answer(), { $0.signature = .init(.standard, secret: "key") }, secrets: ["key": "not base64!"])
    #expect(
      result
        == .failure(.rejected("the secret 'key' is no key of Standard Webhooks, which is 'whsec_' and base64")))
    #expect(requests.isEmpty)
  }
}

extension [Label] {
  fileprivate func header(_ name: String) -> String? {
    first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
