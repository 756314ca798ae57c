import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `Teams` {
  private static let hook =
    "https://prod-1.westeurope.logic.azure.com:443/workflows/0a1b2c3d4e5f60718293a4b5c6d7e8f9/triggers/manual/paths/invoke"
    + "?api-version=2016-06-01&sp=%2Ftriggers&sv=1.0&sig=AbCdEfGhIjKl_12345"

  private static func send(
    _ post: Post, mentions: [String] = [], _ answer: Result<HTTPResponse, TransportError> = answer(202)
  ) async -> (Result<Receipt, DeliveryError>, [HTTPRequest]) {
    let transport = ScriptedTransport(answer)
    let channel = TeamsChannel(TeamsSpec(pool: pool(hook)), context: context(mentions: mentions))
    return (await outcome(of: post, by: channel, over: transport), await transport.requests)
  }

  @Test func `says what happened`() async {
    let differences = await goldenDifferences(
      "teams", mentions: ["all", "ana@example.com", "teams:87d349ed-44d7-43e1-9a83-5f2406dee5bd", "Bo"],
      answers: [answer(202)]
    ) { TeamsChannel(TeamsSpec(pool: pool(Self.hook)), context: $0) }
    #expect(differences == [])
  }

  @Test(arguments: SampleMessage.allCases) func `keeps within what Teams takes`(sample: SampleMessage) async throws {
    let requests = await Self.send(sample.post).1
    #expect(try #require(requests.first).body.count <= 25_000)
  }

  @Test func `names people so that Teams calls them`() async throws {
    let requests = await Self.send(SampleMessage.firing.post, mentions: ["ana@example.com", "teams:<at>", "slack:U1"]).1
    let card = try JSONValue(parsing: try #require(requests.first).body)["attachments"]?[0]?["content"]
    #expect(card?["msteams"]?["entities"]?.array?.count == 1)
    #expect(card?["msteams"]?["entities"]?[0]?["text"] == "<at>ana@example.com</at>")
    #expect(card?["msteams"]?["entities"]?[0]?["mentioned"]?["id"] == "ana@example.com")
    #expect(card?["body"]?[1]?["text"] == "<at>ana@example.com</at>")
  }

  @Test(arguments: [
    (answer(400, "bad"), DeliveryError.rejected("answered 400: bad")),
    (answer(401, "DirectApiAuthorizationRequired"), .unauthorised("answered 401: DirectApiAuthorizationRequired")),
    (answer(404, "gone"), .unauthorised("answered 404: there is no such workflow, or it is turned off; gone")),
    (answer(413), .rejected("answered 413")),
    (answer(429, "", [Label("Retry-After", "20")]), .throttled(retryAfter: .seconds(20))),
    (answer(502, "x"), .unreachable("answered 502: x")),
    (
      answer(
        200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with x"),
      .throttled(retryAfter: nil)
    ),
    (
      answer(200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413"),
      .rejected(
        "answered 200: Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413")
    ),
    (.failure(.brokenOff("reset")), .ambiguous("broke off before the answer was whole: reset")),
  ])
  func `takes an answer for what it means`(answer: Result<HTTPResponse, TransportError>, error: DeliveryError) async {
    #expect(await Self.send(SampleMessage.firing.post, answer).0 == .failure(error))
  }

  @Test(arguments: [(200, "1"), (200, ""), (201, "{}"), (202, "")])
  func `takes these as a yes`(status: Int, body: String) async {
    #expect((try? await Self.send(SampleMessage.firing.post, answer(status, body)).0.get()) != nil)
  }

  @Test(arguments: [
    ("*a* _b_ [c](d)", "\\*a\\* \\_b\\_ [c]\u{200b}(d)"), ("<at>x</at>", "&lt;at>x&lt;/at>"), ("1. a", "\u{200b}1. a"),
    ("{{{DATE(2017-02-14T06:08:00Z)}}", "{\u{200b}{\u{200b}{DATE(2017-02-14T06:08:00Z)}}"), ("中文 🔥", "中文 🔥"),
    ("node_cpu &amp; R&D", "node_cpu &amp;amp; R&D"), ("[a]: http://x.example", "[a]\u{200b}: http://x.example"),
  ])
  func `escapes`(text: String, escaped: String) {
    #expect(TeamsMarkup.escaped(text) == escaped)
  }

  @Test func `says which secret is missing`() async {
    let channel = TeamsChannel(
      TeamsSpec(pool: EndpointPool([ChannelEndpoint(url: .secret("hook"))])), context: context())
    let result = await outcome(of: SampleMessage.firing.post, by: channel, over: ScriptedTransport(answer(202)))
    guard case .failure(.unreachable(let text)) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(text.hasPrefix("secret 'hook' isn't there"))
  }
}
