import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `Mattermost` {
  private static let hook = "https://chat.example.com/hooks/9x7k3jq5b7gkzfq1m8w4yoyr6c"
  private static let people = ["all", "mattermost:ana", "mattermost:here", "Bo *b*", "mattermost:a b", "slack:U1"]

  private static func spec(_ change: (inout MattermostSpec) -> Void = { _ in }) -> MattermostSpec {
    var spec = MattermostSpec(pool: pool(hook))
    change(&spec)
    return spec
  }

  private static func send(
    _ post: Post, by spec: MattermostSpec = spec(), mentions: [String] = [],
    _ answer: Result<HTTPResponse, TransportError> = answer(200, "ok")
  ) async -> (Result<Receipt, DeliveryError>, [HTTPRequest], JSONValue?) {
    let transport = ScriptedTransport(answer)
    let channel = MattermostChannel(spec, context: context(mentions: mentions))
    let result = await outcome(of: post, by: channel, over: transport)
    let requests = await transport.requests
    return (result, requests, requests.first.flatMap { try? JSONValue(parsing: $0.body) })
  }

  @Test func `says what happened`() async {
    let differences = await goldenDifferences("mattermost", mentions: Self.people, answers: [answer(200, "ok")]) {
      MattermostChannel(Self.spec(), context: $0)
    }
    #expect(differences == [])
  }

  @Test(arguments: SampleMessage.allCases)
  func `keeps within what Mattermost takes`(sample: SampleMessage) async throws {
    let body = try #require(await Self.send(sample.post).2)
    let text = try #require(body["attachments"]?[0]?["text"]?.string)
    #expect(1...12_000 ~= text.utf16.count)
  }

  @Test func `writes where and as whom the spec says, with a priority`() async {
    let spec = Self.spec {
      $0.channel = "ops"
      $0.username = "Belfry"
      $0.iconURL = "https://example.com/b.png"
      $0.priority = true
    }
    let body = await Self.send(SampleMessage.firing.post, by: spec).2
    #expect(body?["channel"] == "ops")
    #expect(body?["username"] == "Belfry")
    #expect(body?["icon_url"] == "https://example.com/b.png")
    #expect(body?["priority"]?["priority"] == "urgent")
    #expect(await Self.send(SampleMessage.resolved.post, by: spec).2?["priority"] == nil)
    #expect(await Self.send(SampleMessage.firing.post).2?["priority"] == nil)
  }

  @Test func `names people and everybody`() async {
    let text = await Self.send(SampleMessage.firing.post, mentions: Self.people).2?["text"]?.string ?? ""
    #expect(text.split(separator: "\n").last == #"@channel @ana @here Bo \*b\*"#)
  }

  @Test(arguments: [
    (
      answer(400, #"{"id":"web.incoming_webhook.invalid.app_error","message":"Invalid webhook.","status_code":400}"#),
      DeliveryError.unauthorised("answered 400: Invalid webhook.; make a new webhook")
    ),
    (
      answer(
        404,
        #"{"id":"web.incoming_webhook.channel.app_error","message":"Couldn't find the channel.","status_code":404}"#),
      .rejected("answered 404: Couldn't find the channel.")
    ),
    (
      answer(403, #"{"id":"web.incoming_webhook.channel_locked.app_error","message":"locked"}"#),
      .unauthorised("answered 403: locked")
    ),
    (answer(429, "", [Label("X-RateLimit-Reset", "3")]), .throttled(retryAfter: .seconds(3))),
    (answer(429, "", [Label("Retry-After", "4")]), .throttled(retryAfter: .seconds(4))),
    (answer(500, "x"), .unreachable("answered 500: x")), (answer(501), .rejected("answered 501")),
    (answer(200, "<html>"), .ambiguous("answered 200 with something other than 'ok': <html>")),
    (.failure(.untrusted("expired")), .rejected("not trusted: expired")),
  ])
  func `takes an answer for what it means`(answer: Result<HTTPResponse, TransportError>, error: DeliveryError) async {
    #expect(await Self.send(SampleMessage.firing.post, answer).0 == .failure(error))
  }

  @Test(arguments: [
    ("@channel *a*", "@\u{200b}channel \\*a\\*"), ("- a", "\u{200b}- a"), ("1. a", "\u{200b}1. a"),
    ("请@all", "请@\u{200b}all"), ("ana@example.com", "ana@example.com"), ("a-b 1.5", "a-b 1.5"),
    ("# h ~town ![i](u)", "\u{200b}# h \\~town ![i]\u{200b}(u)"), ("===", "\u{200b}==="),
    ("&lt;b&gt;", "&amp;lt;b&amp;gt;"), ("`c` |t|", #"\`c\` \|t\|"#),
  ])
  func `escapes`(text: String, escaped: String) {
    #expect(MattermostMarkup.escaped(text) == escaped)
  }

  @Test func `uses the endpoint that it is told to, and says which secret is missing`() async {
    let spec = Self.spec { $0.pool.endpoints.append(ChannelEndpoint(url: .secret("second"))) }
    var post = SampleMessage.firing.post
    post.endpoint = 1
    guard case .failure(.unreachable(let text)) = await Self.send(post, by: spec).0 else {
      Issue.record("sent without an address")
      return
    }
    #expect(text.hasPrefix("secret 'second' isn't there"))
  }
}
