import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `Discord` {
  private static let hook = "https://discord.com/api/webhooks/1199876543210987654/AbCdEfGhIjKlMnOpQrStUvWxYz_0123456789"
  private static let taken = answer(200, #"{"id":"1200000000000000001","content":""}"#)
  private static let people = [
    "all", "discord:80351110224678912", "discord:&165511591545143296", "discord:here", "Bo", "discord:x",
  ]

  private static func spec(_ change: (inout DiscordSpec) -> Void = { _ in }) -> DiscordSpec {
    var spec = DiscordSpec(pool: pool(hook))
    change(&spec)
    return spec
  }

  private static func send(
    _ post: Post, by spec: DiscordSpec = spec(), mentions: [String] = [],
    _ answers: Result<HTTPResponse, TransportError>...
  ) async -> (Result<Receipt, DeliveryError>, [HTTPRequest], [JSONValue]) {
    let transport = ScriptedTransport(answers)
    let channel = DiscordChannel(spec, context: context(mentions: mentions))
    let result = await outcome(of: post, by: channel, over: transport)
    let requests = await transport.requests
    return (result, requests, requests.compactMap { try? JSONValue(parsing: $0.body) })
  }

  private static func followUp(_ handle: String = "1199876543210987654/1200000000000000001") -> Post {
    var message = message([highCPU], reason: .newAlerts)
    message.handle = handle
    return Post([message])
  }

  @Test func `says what happened`() async {
    let differences = await goldenDifferences("discord", mentions: Self.people, answers: [Self.taken]) {
      DiscordChannel(Self.spec { $0.username = "Belfry" }, context: $0)
    }
    #expect(differences == [])
  }

  @Test(arguments: SampleMessage.allCases) func `keeps within what Discord takes`(sample: SampleMessage) async throws {
    let embed = try #require(await Self.send(sample.post, Self.taken).2.first?["embeds"]?[0])
    let title = try #require(embed["title"]?.string)
    let description = try #require(embed["description"]?.string)
    #expect(1...256 ~= title.utf16.count && 1...4096 ~= description.utf16.count)
    #expect(title.utf16.count + description.utf16.count <= 6000)
  }

  @Test func `calls those who are named, and nobody else`() async {
    let body = await Self.send(SampleMessage.firing.post, mentions: Self.people, Self.taken).2.first
    #expect(body?["content"] == "@everyone <@80351110224678912> <@&165511591545143296> @here Bo")
    #expect(body?["allowed_mentions"]?["users"]?.array == ["80351110224678912"])
    #expect(body?["allowed_mentions"]?["roles"]?.array == ["165511591545143296"])
    #expect(body?["allowed_mentions"]?["parse"]?.array == ["everyone"])
    let hostile = await Self.send(SampleMessage.hostile.post, Self.taken).2.first
    #expect(hostile?["allowed_mentions"]?["parse"]?.array == [])
    #expect(hostile?["allowed_mentions"]?["users"]?.array == [])
  }

  @Test func `posts anew unless the spec wants one message for each group`() async {
    let (result, requests, _) = await Self.send(Self.followUp(), Self.taken)
    #expect(requests.map(\.method) == ["POST"])
    #expect(result == .success(Receipt(detail: "answered 200, message 1200000000000000001")))
    let first = await Self.send(SampleMessage.firing.post, by: Self.spec { $0.update = true }, Self.taken).0
    #expect((try? first.get())?.handle == "1199876543210987654/1200000000000000001")
  }

  @Test func `changes the group's message and tells of it in short`() async {
    let spec = Self.spec {
      $0.update = true
      $0.thread = "77"
    }
    let (result, requests, bodies) = await Self.send(Self.followUp(), by: spec, Self.taken)
    #expect(requests.map(\.method) == ["PATCH", "POST"])
    #expect(requests.first?.url == Self.hook + "/messages/1200000000000000001?thread_id=77")
    #expect(requests.last?.url == Self.hook + "?wait=true&thread_id=77")
    #expect(bodies.first?["embeds"]?.array?.count == 1)
    #expect(bodies.last?["embeds"] == nil)
    #expect((try? result.get())?.handle == "1199876543210987654/1200000000000000001")
  }

  @Test func `finds the webhook that wrote the message`() async {
    let other = "https://discord.com/api/webhooks/1199876543210980000/ZyXwVuTsRqPoNmLkJiHgFeDcBa_9876543210"
    let spec = Self.spec {
      $0.update = true
      $0.pool.endpoints.insert(ChannelEndpoint(url: .plain(other)), at: 0)
    }
    let (_, requests, _) = await Self.send(Self.followUp(), by: spec, Self.taken)
    #expect(requests.map { $0.url.hasPrefix(Self.hook) } == [true, true])
    var post = SampleMessage.firing.post
    post.endpoint = 1
    #expect(await Self.send(post, by: spec, Self.taken).1.first?.url == Self.hook + "?wait=true")
  }

  @Test(arguments: ["1/1200000000000000001", "x", "1199876543210987654/a", ""])
  func `leaves alone what another webhook wrote`(handle: String) async {
    let (_, requests, _) = await Self.send(Self.followUp(handle), by: Self.spec { $0.update = true }, Self.taken)
    #expect(requests.map(\.method) == ["POST"])
  }

  @Test func `writes anew where the message is gone`() async {
    let gone = answer(404, #"{"message":"Unknown Message","code":10008}"#)
    let fresh = answer(200, #"{"id":"1200000000000000002"}"#)
    let (result, requests, bodies) = await Self.send(Self.followUp(), by: Self.spec { $0.update = true }, gone, fresh)
    #expect(requests.map(\.method) == ["PATCH", "POST"])
    #expect(bodies.last?["embeds"]?.array?.count == 1)
    #expect((try? result.get())?.handle == "1199876543210987654/1200000000000000002")
  }

  @Test(arguments: [
    (
      answer(429, #"{"message":"You are being rate limited.","retry_after":1.336,"global":false}"#),
      DeliveryError.throttled(retryAfter: .milliseconds(1336))
    ),
    (answer(429, "x", [Label("Retry-After", "5")]), .throttled(retryAfter: .seconds(5))),
    (
      answer(404, #"{"message":"Unknown Webhook","code":10015}"#),
      .unauthorised("answered 404 code 10015: Unknown Webhook; make a new webhook")
    ),
    (
      answer(401, #"{"message":"Invalid Webhook Token","code":50027}"#),
      .unauthorised("answered 401 code 50027: Invalid Webhook Token")
    ),
    (
      answer(400, #"{"code":50035,"message":"Invalid Form Body"}"#),
      .rejected(#"answered 400: {"code":50035,"message":"Invalid Form Body"}"#)
    ),
    (
      answer(404, #"{"message":"Unknown Channel","code":10003}"#),
      .rejected(#"answered 404: {"message":"Unknown Channel","code":10003}"#)
    ),
    (answer(503, "x"), .unreachable("answered 503: x")),
    (.failure(.timedOut(requestWasSent: false)), .unreachable("no connection in time")),
  ])
  func `takes an answer for what it means`(answer: Result<HTTPResponse, TransportError>, error: DeliveryError) async {
    #expect(await Self.send(SampleMessage.firing.post, answer).0 == .failure(error))
  }

  @Test func `takes a 204 without a message as a yes`() async {
    #expect(
      await Self.send(SampleMessage.firing.post, by: Self.spec { $0.update = true }, answer(204)).0
        == .success(Receipt(detail: "answered 204")))
  }

  @Test(arguments: [
    ("||s|| @everyone", "\\|\\|s\\|\\| @\u{200b}everyone"), ("-# small", "\u{200b}-# small"), ("# h", "\u{200b}# h"),
    ("[a](https://x.example)", "[a]\u{200b}(https://x.example)"), ("<t:1>", #"\<t:1>"#), ("<@1>", "\\<@\u{200b}1>"),
    ("node_cpu a__b__c", #"node_cpu a\_\_b\_\_c"#), ("2026-11-20", "2026-11-20"),
  ])
  func `escapes`(text: String, escaped: String) {
    #expect(DiscordMarkup.escaped(text) == escaped)
  }

  @Test(arguments: [("a b", "`a b`"), ("a`b", "`` a`b ``"), ("``\u{301}", "\\`\\`\u{301}")])
  func `shows commands in a fixed font`(text: String, code: String) {
    #expect(DiscordMarkup.code(text) == code)
  }

  @Test func `says which secret is missing`() async {
    let spec = DiscordSpec(pool: EndpointPool([ChannelEndpoint(url: .secret("hook"))]))
    guard case .failure(.unreachable(let text)) = await Self.send(SampleMessage.firing.post, by: spec, Self.taken).0
    else {
      Issue.record("sent without an address")
      return
    }
    #expect(text.hasPrefix("secret 'hook' isn't there"))
  }
}
