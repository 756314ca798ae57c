import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `Slack` {
  private static let hook = "https://hooks.slack.com/services/T00000000/B00000000/abcdEFGH1234"
  private static let token = "xoxb-1234567890-abcdef"
  private static let taken = answer(200, #"{"ok":true,"channel":"C0123456789","ts":"1700000000.000100"}"#)
  private static let people = [
    "all", "slack:U024BE7LH", "slack:S0614TZR7", "slack:here", "ana@example.com", "feishu:ou_1", "slack:<x>",
  ]

  private static func bot(_ change: (inout SlackSpec.Bot) -> Void = { _ in }) -> SlackSpec {
    var bot = SlackSpec.Bot(token: "bot", channel: "C0123456789")
    change(&bot)
    return SlackSpec(pool: pool("https://slack.com/api"), bot: bot)
  }

  private static func send(
    _ post: Post, _ spec: SlackSpec, mentions: [String] = [], _ answers: Result<HTTPResponse, TransportError>...
  ) async -> (Result<Receipt, DeliveryError>, [HTTPRequest]) {
    let transport = ScriptedTransport(answers)
    let channel = SlackChannel(spec, context: context(mentions: mentions, secrets: ["bot": token]))
    return (await outcome(of: post, by: channel, over: transport), await transport.requests)
  }

  /// The sample with what the group's last message is called.
  private static func followUp(_ reason: NotificationReason, _ handle: String = "C0123456789/1700000000.000100") -> Post
  {
    var message = message([reason == .allResolved ? highCPU.resolved(at: at(330)) : highCPU], reason: reason)
    message.handle = handle
    return Post([message])
  }

  private static func json(_ request: HTTPRequest?) -> JSONValue? {
    request.flatMap { try? JSONValue(parsing: $0.body) }
  }

  @Test func `says what happened, by a webhook`() async {
    let differences = await goldenDifferences("slack", mentions: Self.people, answers: [answer(200, "ok")]) {
      SlackChannel(SlackSpec(pool: pool(Self.hook)), context: $0)
    }
    #expect(differences == [])
  }

  @Test func `says what happened, as a bot`() async {
    let differences = await goldenDifferences(
      "slack-bot", secrets: ["bot": Self.token], answers: [Self.taken], [.firing, .resolved, .digest]
    ) { SlackChannel(Self.bot(), context: $0) }
    #expect(differences == [])
  }

  @Test(arguments: SampleMessage.allCases) func `keeps within what Slack takes`(sample: SampleMessage) async throws {
    let (_, requests) = await Self.send(sample.post, SlackSpec(pool: pool(Self.hook)), answer(200, "ok"))
    let blocks = try #require(Self.json(requests.first)?["attachments"]?[0]?["blocks"]?.array)
    let texts = blocks.compactMap { $0["text"]?["text"]?.string ?? $0["elements"]?[0]?["text"]?.string }
    #expect(blocks.count <= 50 && texts.count == blocks.count)
    #expect(texts.allSatisfy { 1...3000 ~= $0.utf16.count })
    #expect(texts.reduce(0) { $0 + $1.utf16.count } <= 12_000)
  }

  // MARK: The group's message

  @Test func `remembers where a bot's message stands`() async {
    let (result, requests) = await Self.send(SampleMessage.firing.post, Self.bot(), Self.taken)
    #expect(result == .success(Receipt(detail: "answered ok", handle: "C0123456789/1700000000.000100")))
    #expect(requests.map(\.url) == ["https://slack.com/api/chat.postMessage"])
    #expect(requests.first?.headers.contains(Label("Authorization", "Bearer " + Self.token)) == true)
  }

  @Test(arguments: [
    (NotificationReason.newAlerts, Bool?.some(true)), (.repeated, true), (.allResolved, Bool?.none),
    (.someResolved, Bool?.none),
  ])
  func `changes the group's message and tells of it in its thread`(
    reason: NotificationReason, isShownInChannel: Bool?
  ) async {
    let (result, requests) = await Self.send(Self.followUp(reason), Self.bot(), Self.taken)
    #expect(requests.map { $0.url.split(separator: "/").last } == ["chat.update", "chat.postMessage"])
    #expect(Self.json(requests.first)?["ts"] == "1700000000.000100")
    #expect(Self.json(requests.first)?["channel"] == "C0123456789")
    #expect(Self.json(requests.last)?["thread_ts"] == "1700000000.000100")
    #expect(Self.json(requests.last)?["reply_broadcast"]?.bool == isShownInChannel)
    #expect(Self.json(requests.last)?["attachments"] == nil)
    #expect((try? result.get())?.handle == "C0123456789/1700000000.000100")
  }

  @Test(arguments: [
    (true, SlackSpec.Thread.never, NotificationReason.newAlerts, ["chat.update"]),
    (true, .resolves, .newAlerts, ["chat.update"]),
    (true, .resolves, .allResolved, ["chat.update", "chat.postMessage"]),
    (false, .never, .newAlerts, ["chat.postMessage"]),
    (false, .all, .newAlerts, ["chat.postMessage"]),
  ])
  func `does with it what the spec says`(
    update: Bool, thread: SlackSpec.Thread, reason: NotificationReason, calls: [String]
  ) async {
    let spec = Self.bot {
      $0.update = update
      $0.thread = thread
    }
    let (_, requests) = await Self.send(Self.followUp(reason), spec, Self.taken)
    #expect(requests.compactMap { $0.url.split(separator: "/").last.map(String.init) } == calls)
    #expect((Self.json(requests.last)?["thread_ts"] != nil) == (calls.count == 2 || (!update && thread == .all)))
  }

  @Test(arguments: ["message_not_found", "cant_update_message", "edit_window_closed"])
  func `writes anew where the message can't be changed`(code: String) async {
    let fresh = answer(200, #"{"ok":true,"channel":"C0123456789","ts":"1700000099.000200"}"#)
    let (result, requests) = await Self.send(
      Self.followUp(.newAlerts), Self.bot(), answer(200, #"{"ok":false,"error":"\#(code)"}"#), fresh)
    #expect(requests.compactMap { $0.url.split(separator: "/").last } == ["chat.update", "chat.postMessage"])
    #expect(Self.json(requests.last)?["thread_ts"] == nil)
    #expect((try? result.get())?.handle == "C0123456789/1700000099.000200")
  }

  @Test func `writes anew where the thread is gone`() async {
    let (result, requests) = await Self.send(
      Self.followUp(.newAlerts), Self.bot { $0.update = false },
      answer(200, #"{"ok":false,"error":"thread_not_found"}"#),
      Self.taken)
    #expect(requests.count == 2)
    #expect(Self.json(requests.last)?["thread_ts"] == nil)
    #expect((try? result.get())?.handle == "C0123456789/1700000000.000100")
  }

  @Test(arguments: ["C9999999999/1.2", "nonsense", "C0123456789/", ""])
  func `leaves alone what isn't the group's message in this channel`(handle: String) async {
    let (_, requests) = await Self.send(Self.followUp(.repeated, handle), Self.bot(), Self.taken)
    #expect(requests.compactMap { $0.url.split(separator: "/").last } == ["chat.postMessage"])
    #expect(Self.json(requests.first)?["thread_ts"] == nil)
  }

  @Test func `changes nothing for a digest or a test`() async {
    var digest = SampleMessage.digest.post
    for index in digest.messages.indices { digest.messages[index].handle = "C0123456789/1.2" }
    var test = Self.followUp(.first)
    test.isTest = true
    for post in [digest, test] {
      let (result, requests) = await Self.send(post, Self.bot(), Self.taken)
      #expect(requests.count == 1)
      #expect(result == .success(Receipt(detail: "answered ok")))
    }
  }

  // MARK: Answers

  @Test(arguments: [
    ("invalid_auth", DeliveryError.unauthorised("refused: invalid_auth")),
    ("token_revoked", .unauthorised("refused: token_revoked")),
    ("missing_scope", .unauthorised("refused: missing_scope; the app needs the scope chat:write")),
    ("ratelimited", .throttled(retryAfter: .seconds(9))),
    ("internal_error", .unreachable("failed: internal_error")),
    ("not_in_channel", .rejected("refused: not_in_channel; invite the app into the channel")),
    ("is_archived", .rejected("refused: is_archived")), ("msg_too_long", .rejected("refused: msg_too_long")),
    ("invalid_blocks", .rejected("refused: invalid_blocks")), ("never_heard", .rejected("refused: never_heard")),
  ])
  func `takes a refusal of the Web API for what it means`(code: String, error: DeliveryError) async {
    let answer = answer(200, #"{"ok":false,"error":"\#(code)"}"#, [Label("Retry-After", "9")])
    #expect(await Self.send(SampleMessage.firing.post, Self.bot(), answer).0 == .failure(error))
  }

  @Test(arguments: [
    (answer(429, "", [Label("Retry-After", "30")]), DeliveryError.throttled(retryAfter: .seconds(30))),
    (answer(500, "oops"), .unreachable("answered 500: oops")),
    (answer(200, "<html>"), .ambiguous("answered 200 with something that is not Slack's: <html>")),
    (.failure(.timedOut(requestWasSent: true)), .ambiguous("no answer in time after it was sent")),
  ])
  func `takes an answer to a bot for what it means`(
    answer: Result<HTTPResponse, TransportError>, error: DeliveryError
  ) async {
    #expect(await Self.send(SampleMessage.firing.post, Self.bot(), answer).0 == .failure(error))
  }

  @Test(arguments: [
    (answer(403, "invalid_token"), DeliveryError.unauthorised("answered 403: invalid_token; make a new webhook")),
    (answer(404, "no_service"), .unauthorised("answered 404: no_service; make a new webhook")),
    (answer(404, "channel_not_found"), .rejected("answered 404: channel_not_found")),
    (answer(410, "channel_is_archived"), .rejected("answered 410: channel_is_archived")),
    (answer(400, "invalid_payload"), .rejected("answered 400: invalid_payload")),
    (answer(403, "action_prohibited"), .unauthorised("answered 403: action_prohibited")),
    (answer(500, "rollup_error"), .unreachable("answered 500: rollup_error")),
    (answer(429, "", [Label("Retry-After", "1")]), .throttled(retryAfter: .seconds(1))),
    (answer(200, "<html>"), .ambiguous("answered 200 with something other than 'ok': <html>")),
  ])
  func `takes an answer to a webhook for what it means`(
    answer: Result<HTTPResponse, TransportError>, error: DeliveryError
  ) async {
    let spec = SlackSpec(pool: pool(Self.hook))
    #expect(await Self.send(SampleMessage.firing.post, spec, answer).0 == .failure(error))
  }

  // MARK: Texts

  @Test func `names people, groups and everybody`() async {
    let (_, requests) = await Self.send(
      SampleMessage.firing.post, SlackSpec(pool: pool(Self.hook)), mentions: Self.people, answer(200, "ok"))
    let text = Self.json(requests.first)?["text"]?.string ?? ""
    #expect(text.split(separator: "\n").last == "<!channel> <@U024BE7LH> <!subteam^S0614TZR7> <!here> ana@example.com")
  }

  @Test(arguments: [
    ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"), ("node_name", "node_name"),
    ("_x_", "\u{200b}_\u{200b}x\u{200b}_\u{200b}"), ("> quoted", "\u{200b}&gt; quoted"),
    ("<\u{301}", "&lt;\u{301}"), ("a*b", "a\u{200b}*\u{200b}b"),
  ])
  func `escapes`(text: String, escaped: String) {
    #expect(Array(SlackMarkup.escaped(text).utf8) == Array(escaped.utf8))
  }

  @Test func `keeps links whole`() {
    #expect(
      SlackMarkup.link("a|b>", "https://example.com/?a=1&b=2|<x>")
        == "<https://example.com/?a=1&amp;b=2%7C%3Cx%3E|a|b&gt;>")
    #expect(SlackMarkup.link("a", "javascript:x") == "a: javascript:x")
  }

  @Test func `uses the endpoint that it is told to, and says which secret is missing`() async {
    var spec = SlackSpec(pool: pool(Self.hook))
    spec.pool.endpoints.append(ChannelEndpoint(url: .secret("second")))
    var post = SampleMessage.firing.post
    post.endpoint = 1
    let (result, requests) = await Self.send(post, spec, answer(200, "ok"))
    #expect(requests.isEmpty)
    #expect(
      result
        == .failure(.unreachable("secret 'second' isn't there for shop; the message is kept until it is, or too old")))
    post.endpoint = 2
    #expect(await Self.send(post, spec, answer(200, "ok")).1.map(\.url) == [Self.hook])
  }
}
