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

/// Answers with what it is given, and keeps what it was asked.
actor ScriptedTransport: HTTPTransport, MailTransport {
  private let answer: Result<HTTPResponse, TransportError>
  private let mailAnswer: Result<String, MailError>
  private(set) var requests: [HTTPRequest] = []
  private(set) var mails: [MailSubmission] = []

  init(_ answer: Result<HTTPResponse, TransportError>, mail: Result<String, MailError> = .success("queued")) {
    self.answer = answer
    mailAnswer = mail
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    requests.append(request)
    return try answer.get()
  }

  func submit(_ mail: MailSubmission) async throws(MailError) -> String {
    mails.append(mail)
    return try mailAnswer.get()
  }
}

/// Secrets in memory.
struct ScriptedSecrets: SecretResolver {
  var secrets: [String: String] = [:]

  func secret(_ name: String, for scope: Scope) throws(SecretError) -> Secret {
    guard let text = secrets[name] else { throw .missing(name: name, scope: scope) }
    return Secret(text)
  }

  func file(_ name: String, for scope: Scope) throws(SecretError) -> String { "/secrets/" + name }
}

@Suite struct `A webhook` {
  func send(
    _ answer: Result<HTTPResponse, TransportError>, _ change: (inout WebhookSpec) -> Void = { _ in },
    secrets: [String: String] = [:]
  ) async -> (Result<Receipt, DeliveryError>, [HTTPRequest]) {
    let transport = ScriptedTransport(answer)
    var spec = WebhookSpec(url: .plain("https://hooks.example/x"))
    change(&spec)
    let channel = WebhookChannel(
      id: oncall, spec: spec, secrets: ScriptedSecrets(secrets: secrets), transport: transport)
    let result: Result<Receipt, DeliveryError>
    do throws(DeliveryError) {
      result = .success(try await channel.send(message([highCPU])))
    } catch {
      result = .failure(error)
    }
    return (result, await transport.requests)
  }

  @Test func `posts to a secret address with its credentials`() async {
    let (result, requests) = await send(
      .success(HTTPResponse(status: 204)),
      {
        $0.url = .secret("url")
        $0.http.bearerToken = "token"
        $0.http.headers = [Label("X-Team", "shop")]
        $0.http.ca = "ca"
      }, secrets: ["url": "https://hooks.example/secret\n", "token": "t0ken\n"])
    #expect(result == .success(Receipt(detail: "answered 204")))
    #expect(requests.map(\.url) == ["https://hooks.example/secret"])
    #expect(requests.map(\.method) == ["POST"])
    #expect(
      requests[0].headers.map { $0.name + ": " + $0.value } == [
        "Content-Type: application/json", "User-Agent: Belfry", "Authorization: Bearer t0ken", "X-Team: shop",
      ])
    #expect(requests[0].options.caFile == "/secrets/ca")
  }

  @Test func `signs in with user and password`() async {
    let (_, requests) = await send(
      .success(HTTPResponse(status: 200)),
      {
        $0.http.basicUsername = "alert@example.com"
        $0.http.basicPassword = "password"
      }, secrets: ["password": "s3cr3t"])
    #expect(requests[0].headers.contains(Label("Authorization", "Basic YWxlcnRAZXhhbXBsZS5jb206czNjcjN0")))
  }

  @Test func `waits for a secret that isn't there`() async {
    let (result, requests) = await send(.success(HTTPResponse(status: 200)), { $0.url = .secret("url") })
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
}
