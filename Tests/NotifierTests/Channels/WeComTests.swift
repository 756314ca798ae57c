import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

private let hook = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
private let yes = answer(200, #"{"errcode":0,"errmsg":"ok"}"#)
private let secrets = ["hook": hook]

private func channel(_ format: WeComSpec.Format = .auto, in context: ChannelContext) -> WeComChannel {
  var spec = WeComSpec(pool: EndpointPool([ChannelEndpoint(url: .secret("hook"))]))
  spec.format = format
  return WeComChannel(spec, context: context)
}

private func send(
  _ post: Post = SampleMessage.firing.post, _ format: WeComSpec.Format = .auto, mentions: [String] = [],
  language: MessageLanguage = .english, answers: Result<HTTPResponse, TransportError>...
) async throws -> (result: Result<Receipt, DeliveryError>, bodies: [JSONValue], requests: [HTTPRequest]) {
  let transport = ScriptedTransport(answers)
  let channel = channel(format, in: context(language, mentions: mentions, secrets: secrets))
  let result = await outcome(of: post, by: channel, over: transport)
  let requests = await transport.requests
  return (result, try requests.map { try JSONValue(parsing: $0.body) }, requests)
}

@Suite struct `A WeCom robot` {
  @Test func `posts Markdown worth reading`() async {
    let differences = await goldenDifferences(
      "wecom", secrets: secrets, mentions: ["wecom:zhangsan", "bo@example.com"], answers: [yes]
    ) { channel(in: $0) }
    #expect(differences == [])
  }

  @Test func `posts cards, and text`() async {
    let cards = await goldenDifferences("wecom-card", secrets: secrets, answers: [yes]) {
      channel(.templateCard, in: $0)
    }
    #expect(cards == [])
    let texts = await goldenDifferences(
      "wecom-text", secrets: secrets, mentions: ["all", "13800000000"], answers: [yes], [.firing, .hostile, .many]
    ) { channel(in: $0) }
    #expect(texts == [])
  }

  @Test func `stays within the bytes of each kind of message`() async throws {
    for format in WeComSpec.Format.allCases {
      for sample in SampleMessage.allCases {
        for language in MessageLanguage.allCases {
          let (result, bodies, _) = try await send(sample.post, format, language: language, answers: yes)
          #expect((try? result.get()) != nil)
          #expect((bodies[0]["markdown"]?["content"]?.string?.utf8.count ?? 0) <= 4000)
          #expect((bodies[0]["text"]?["content"]?.string?.utf8.count ?? 0) <= 2000)
          let card = bodies[0]["template_card"]
          #expect((card?["horizontal_content_list"]?.array?.count ?? 0) <= 6)
          #expect((card?["main_title"]?["title"]?.string?.unicodeScalars.count ?? 0) <= 26)
          #expect((card?["sub_title_text"]?.string?.unicodeScalars.count ?? 0) <= 112)
        }
      }
    }
  }

  @Test(arguments: [
    (answer(200, #"{"errcode":-1,"errmsg":"busy"}"#), DeliveryError.unreachable("answered -1 busy")),
    (
      answer(200, #"{"errcode":45009,"errmsg":"api freq out of limit"}"#), .throttled(retryAfter: .seconds(60))
    ),
    (
      answer(200, #"{"errcode":93000,"errmsg":"invalid webhook url"}"#),
      .unauthorised("answered 93000 invalid webhook url; the robot was removed, or its URL is wrong")
    ),
    (
      answer(200, #"{"errcode":40008,"errmsg":"invalid message type"}"#),
      .rejected("answered 40008 invalid message type")
    ),
    (answer(200, #"{"errcode":40058,"errmsg":"bad parameter"}"#), .rejected("answered 40058 bad parameter")),
    (answer(200, "{}"), .unreachable("answered 200 without saying whether it was taken: {}")),
    (answer(500, "oops"), .unreachable("answered 500: oops")),
    (.failure(.untrusted("expired")), .rejected("not trusted: expired")),
  ])
  func `reads the code in the answer`(answer: Result<HTTPResponse, TransportError>, expected: DeliveryError)
    async throws
  {
    #expect(try await send(answers: answer).result == .failure(expected))
  }

  @Test func `sends half as much once where the text is too long`() async throws {
    let tooLong = answer(
      200, #"{"errcode":40058,"errmsg":"markdown.content exceed max length 4096. invalid Request Parameter"}"#)
    let alerts = (0..<8).map { number in
      alert(
        ["alertname": "HostDown", "instance": "host-\(number)"],
        annotations: [Label("summary", "\(number) " + String(repeating: "down ", count: 60))])
    }
    let (result, bodies, _) = try await send(Post([message(alerts)]), answers: tooLong, yes)
    #expect((try? result.get()) != nil)
    #expect(bodies.map { ($0["markdown"]?["content"]?.string?.utf8.count ?? 0) <= 2000 } == [false, true])
  }

  @Test func `tells whom the robot could not call`() async throws {
    let partial = answer(200, #"{"errcode":0,"errmsg":"ok","invaliduser":"zhangsan|lisi"}"#)
    #expect(try await send(answers: partial).result.get().detail == "answered 200, nobody called for zhangsan|lisi")
  }

  @Test func `calls ids in Markdown, and numbers and everybody in text`() async throws {
    let (_, ids, _) = try await send(mentions: ["wecom:zhangsan", "slack:U1", "bo@example.com"], answers: yes)
    #expect(ids[0]["msgtype"] == "markdown")
    #expect(ids[0]["markdown"]?["content"]?.string?.hasSuffix("\n\n<@zhangsan> @bo@example.com") ?? false)
    let (_, all, _) = try await send(
      mentions: ["all", "wecom:zhangsan", "+8613800000000", "bo@example.com"], answers: yes)
    #expect(all[0]["msgtype"] == "text")
    #expect(all[0]["text"]?["mentioned_list"] == ["@all", "zhangsan"])
    #expect(all[0]["text"]?["mentioned_mobile_list"] == ["13800000000"])
    #expect(all[0]["text"]?["content"]?.string?.hasSuffix("\n\n@bo@example.com") ?? false)
    let (_, forced, _) = try await send(SampleMessage.firing.post, .markdown, mentions: ["all"], answers: yes)
    #expect(forced[0]["markdown"]?["content"]?.string?.hasSuffix("\n\n@all") ?? false)
  }

  @Test func `says which secret is missing, and takes the robot that the post names`() async {
    let result = await outcome(
      of: SampleMessage.firing.post, by: channel(in: context()), over: ScriptedTransport(yes))
    #expect(
      result
        == .failure(.unreachable("secret 'hook' isn't there for shop; the message is kept until it is, or too old")))
    let pool = EndpointPool(["one", "two"].map { ChannelEndpoint(url: .plain("http://127.0.0.1/" + $0)) })
    let transport = ScriptedTransport(yes)
    var post = SampleMessage.firing.post
    post.endpoint = 1
    _ = await outcome(of: post, by: WeComChannel(WeComSpec(pool: pool), context: context()), over: transport)
    #expect(await transport.requests.map(\.url) == ["http://127.0.0.1/two"])
  }

  @Test(arguments: [
    ("<font color=\"warning\">x</font>", "＜font color=\"warning\">x＜/font>"), ("<@zhangsan>", "＜@zhangsan>"),
    ("**b** `c`", "＊＊b＊＊ ｀c｀"), ("[l](https://evil.example)", "[l]（https://evil.example)"), ("> q", "＞ q"),
    ("# h", "＃ h"), ("a_b [x] (y)", "a_b [x] (y)"),
  ])
  func `shows hostile text as text`(text: String, escaped: String) {
    #expect(WeComMarkup.escaped(text) == escaped)
  }
}
