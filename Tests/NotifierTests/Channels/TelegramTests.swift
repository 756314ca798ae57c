import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `Telegram` {
  private static let token = "123456789:AAEhBOweik9ai2o01NbPqRsTuVwXyZ12345"
  private static let taken = answer(200, #"{"ok":true,"result":{"message_id":42,"chat":{"id":-1001234567890}}}"#)

  private static func spec(_ change: (inout TelegramSpec) -> Void = { _ in }) -> TelegramSpec {
    var spec = TelegramSpec(pool: pool("https://api.telegram.org"), token: "bot", chat: "-1001234567890")
    change(&spec)
    return spec
  }

  private static func send(
    _ post: Post, by spec: TelegramSpec = spec(), mentions: [String] = [], token: String? = token,
    _ answers: Result<HTTPResponse, TransportError>...
  ) async -> (Result<Receipt, DeliveryError>, [HTTPRequest], [JSONValue]) {
    let transport = ScriptedTransport(answers)
    let secrets = token.map { ["bot": $0] } ?? [:]
    let channel = TelegramChannel(spec, context: context(mentions: mentions, secrets: secrets))
    let result = await outcome(of: post, by: channel, over: transport)
    let requests = await transport.requests
    return (result, requests, requests.compactMap { try? JSONValue(parsing: $0.body) })
  }

  private static func followUp(_ handle: String = "-1001234567890/42") -> Post {
    var message = message([highCPU], reason: .newAlerts)
    message.handle = handle
    return Post([message])
  }

  private static func refused(_ description: String, _ more: String = "") -> Result<HTTPResponse, TransportError> {
    answer(400, #"{"ok":false,"error_code":400,"description":"Bad Request: \#(description)"\#(more)}"#)
  }

  @Test func `says what happened`() async {
    let differences = await goldenDifferences(
      "telegram", secrets: ["bot": Self.token], mentions: ["all", "telegram:ana_ops", "telegram:987654321", "Bo <b>"],
      answers: [Self.taken]
    ) { TelegramChannel(Self.spec(), context: $0) }
    #expect(differences == [])
  }

  @Test(arguments: SampleMessage.allCases) func `keeps within what Telegram takes`(sample: SampleMessage) async throws {
    let bodies = await Self.send(sample.post, Self.taken).2
    let text = try #require(bodies.first?["text"]?.string)
    #expect(TelegramMarkup.units(in: text) <= 3900)
  }

  @Test func `remembers where the message stands`() async {
    let (result, requests, bodies) = await Self.send(
      SampleMessage.firing.post, by: Self.spec { $0.topic = 7 }, Self.taken)
    #expect(result == .success(Receipt(detail: "answered ok, message 42", handle: "-1001234567890/42")))
    #expect(requests.map(\.url) == ["https://api.telegram.org/bot\(Self.token)/sendMessage"])
    #expect(bodies.first?["chat_id"]?.int == -1_001_234_567_890)
    #expect(bodies.first?["message_thread_id"]?.int == 7)
    #expect(bodies.first?["disable_notification"]?.bool == false)
  }

  @Test func `answers the group's first message`() async {
    let newer = answer(200, #"{"ok":true,"result":{"message_id":43,"chat":{"id":-1001234567890}}}"#)
    let (result, _, bodies) = await Self.send(Self.followUp(), newer)
    #expect(bodies.count == 1)
    #expect(bodies.first?["reply_parameters"]?["message_id"]?.int == 42)
    #expect(bodies.first?["reply_parameters"]?["allow_sending_without_reply"]?.bool == true)
    #expect(result == .success(Receipt(detail: "answered ok, message 43", handle: "-1001234567890/42")))
  }

  @Test func `changes it where the spec says so, and answers in short`() async {
    let (result, requests, bodies) = await Self.send(Self.followUp(), by: Self.spec { $0.update = true }, Self.taken)
    #expect(requests.compactMap { $0.url.split(separator: "/").last } == ["editMessageText", "sendMessage"])
    #expect(bodies.first?["message_id"]?.int == 42)
    #expect(
      bodies.last?["text"]?.string == "<b>[FIRING:1] critical HighCPU: CPU above 90%</b>\nshop · new alerts added")
    #expect((try? result.get())?.handle == "-1001234567890/42")
  }

  @Test func `writes anew where it is gone, and is content where nothing changed`() async {
    let spec = Self.spec { $0.update = true }
    let newer = answer(200, #"{"ok":true,"result":{"message_id":50,"chat":{"id":-1001234567890}}}"#)
    let gone = await Self.send(Self.followUp(), by: spec, Self.refused("message to edit not found"), newer)
    #expect((try? gone.0.get())?.handle == "-1001234567890/50")
    #expect(gone.2.last?["reply_parameters"] == nil)
    let same = await Self.send(Self.followUp(), by: spec, Self.refused("message is not modified: x"), newer)
    #expect((try? same.0.get())?.handle == "-1001234567890/42")
  }

  @Test(arguments: ["-5/42", "x/42", "42", ""])
  func `leaves alone what stands in another chat`(handle: String) async {
    let (_, _, bodies) = await Self.send(Self.followUp(handle), by: Self.spec { $0.update = true }, Self.taken)
    #expect(bodies.count == 1)
    #expect(bodies.first?["reply_parameters"] == nil)
  }

  @Test func `sends plain text where Telegram can't read the markup`() async {
    let (result, _, bodies) = await Self.send(
      SampleMessage.firing.post, Self.refused("can't parse entities: Unsupported start tag"), Self.taken)
    #expect(bodies.map { $0["parse_mode"]?.string } == ["HTML", nil])
    #expect(bodies.last?["text"]?.string?.hasPrefix("[FIRING:1] critical HighCPU") == true)
    #expect(
      result
        == .success(
          Receipt(
            detail: "answered ok, message 42; as plain text, since Telegram could not read its markup",
            handle: "-1001234567890/42")))
  }

  @Test func `follows a chat that became a supergroup, and a topic that is gone`() async {
    let moved = await Self.send(
      SampleMessage.firing.post, by: Self.spec { $0.chat = "-5" },
      Self.refused(
        "group chat was upgraded to a supergroup chat", #","parameters":{"migrate_to_chat_id":-1001234567890}"#),
      Self.taken)
    #expect(moved.2.compactMap { $0["chat_id"]?.int } == [-5, -1_001_234_567_890])
    #expect((try? moved.0.get())?.detail.hasSuffix("write chat_id: -1001234567890") == true)
    let topic = await Self.send(
      SampleMessage.firing.post, by: Self.spec { $0.topic = 9 }, Self.refused("message thread not found"), Self.taken)
    #expect(topic.2.map { $0["message_thread_id"]?.int } == [9, nil])
    #expect((try? topic.0.get()) != nil)
  }

  @Test func `makes no sound for what is only information`() async {
    let info = Post([message([alert(["alertname": "A", "severity": "info"])])])
    #expect(await Self.send(info, Self.taken).2.first?["disable_notification"]?.bool == true)
    let loud = Self.spec { $0.isSilent = false }
    #expect(await Self.send(info, by: loud, Self.taken).2.first?["disable_notification"]?.bool == false)
  }

  @Test(arguments: [
    (
      answer(429, #"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":13}}"#),
      DeliveryError.throttled(retryAfter: .seconds(13))
    ),
    (Telegram.refused("chat not found"), .rejected("answered 400: Bad Request: chat not found")),
    (
      answer(401, #"{"ok":false,"error_code":401,"description":"Unauthorized"}"#),
      .unauthorised("answered 401: Unauthorized; Telegram knows no bot of this token")
    ),
    (
      answer(404, #"{"ok":false,"error_code":404,"description":"Not Found"}"#),
      .unauthorised("answered 404: Not Found; Telegram knows no bot of this token")
    ),
    (
      answer(403, #"{"ok":false,"description":"Forbidden: bot was kicked from the group chat"}"#),
      .unauthorised(
        "answered 403: Forbidden: bot was kicked from the group chat; the bot has to be a member of the chat")
    ),
    (answer(502, "x"), .unreachable("answered 502: x")),
    (answer(200, "<html>"), .ambiguous("answered 200 with something that is not Telegram's: <html>")),
    (.failure(.unreachable("refused")), .unreachable("refused")),
  ])
  func `takes an answer for what it means`(answer: Result<HTTPResponse, TransportError>, error: DeliveryError) async {
    #expect(await Self.send(SampleMessage.firing.post, answer).0 == .failure(error))
  }

  @Test func `refuses a secret that isn't a token, and says when it is missing`() async {
    let odd = await Self.send(SampleMessage.firing.post, token: "../x?y", Self.taken)
    #expect(odd.1.isEmpty)
    #expect(odd.0 == .failure(.unauthorised("secret 'bot' is not the token of a bot, such as 123456:ABC…")))
    guard case .failure(.unreachable) = await Self.send(SampleMessage.firing.post, token: nil, Self.taken).0 else {
      Issue.record("sent without a token")
      return
    }
  }

  @Test(arguments: [
    ("@all <b>", "@\u{200b}all &lt;b&gt;"), ("ana@example.com", "ana@example.com"), ("a & 'b'", "a &amp; &#39;b&#39;"),
  ])
  func `escapes`(text: String, escaped: String) {
    #expect(TelegramMarkup.escaped(text) == escaped)
  }
}
