import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

private let hook = "https://oapi.dingtalk.com/robot/send?access_token=4f5e6d7c8b9a"
private let yes = answer(200, #"{"errcode":0,"errmsg":"ok"}"#)
private let secrets = ["hook": hook, "sign": "SECdemo-secret"]

private func channel(
  _ format: DingTalkSpec.Format = .auto, keyword: String? = nil, secret: String? = nil, in context: ChannelContext
) -> DingTalkChannel {
  var spec = DingTalkSpec(pool: EndpointPool([ChannelEndpoint(url: .secret("hook"), signingSecret: secret)]))
  spec.format = format
  spec.keyword = keyword
  return DingTalkChannel(spec, context: context)
}

private func send(
  _ post: Post = SampleMessage.firing.post, _ format: DingTalkSpec.Format = .auto, keyword: String? = nil,
  secret: String? = nil, mentions: [String] = [], language: MessageLanguage = .english,
  answers: Result<HTTPResponse, TransportError>...
) async throws -> (result: Result<Receipt, DeliveryError>, bodies: [JSONValue], requests: [HTTPRequest]) {
  let transport = ScriptedTransport(answers)
  let context = context(language, mentions: mentions, secrets: secrets)
  let channel = channel(format, keyword: keyword, secret: secret, in: context)
  let result = await outcome(of: post, by: channel, over: transport)
  let requests = await transport.requests
  return (result, try requests.map { try JSONValue(parsing: $0.body) }, requests)
}

@Suite struct `A DingTalk robot` {
  @Test func `posts cards worth reading`() async {
    let differences = await goldenDifferences("dingtalk", secrets: secrets, answers: [yes]) {
      channel(secret: "sign", in: $0)
    }
    #expect(differences == [])
  }

  @Test func `posts Markdown where it calls somebody`() async {
    let differences = await goldenDifferences(
      "dingtalk-markdown", secrets: secrets, mentions: ["+8613800000000", "dingtalk:manager7", "bo@example.com"],
      answers: [yes]
    ) { channel(in: $0) }
    #expect(differences == [])
  }

  @Test(arguments: [
    (1_700_000_000_000, "SECdemo-secret", "hMcp9tIC%2Bt4YETtvFK%2BlpdjLr1E%2FovXPdM%2BYDW8K4XM%3D"),
    (1_577_262_236_757, "SEC000000000000000000000", "xOJIB8eNoYWeLy26EMZOlc2RjOJbtPv9HYjm%2BE3uALU%3D"),
  ])
  func `signs as the vendor does`(milliseconds: Int64, key: String, sign: String) {
    let signature = RobotSignature.dingTalk(at: Timestamp(millisecondsSinceEpoch: milliseconds), key: key)
    #expect(signature == "timestamp=\(milliseconds)&sign=" + sign)
  }

  @Test func `stays within 20,000 bytes, whatever the alerts say`() async throws {
    for format in DingTalkSpec.Format.allCases {
      for sample in SampleMessage.allCases {
        let (result, _, requests) = try await send(sample.post, format, language: .chinese, answers: yes)
        #expect((try? result.get()) != nil)
        #expect(requests.allSatisfy { $0.body.count <= 19_000 })
      }
    }
  }

  @Test(arguments: [
    (answer(200, #"{"errcode":-1,"errmsg":"system busy"}"#), DeliveryError.unreachable("answered -1 system busy")),
    (answer(200, #"{"errcode":130101,"errmsg":"send too fast"}"#), .throttled(retryAfter: .seconds(600))),
    (answer(200, #"{"errcode":660026,"errmsg":"send too fast"}"#), .throttled(retryAfter: .seconds(600))),
    (answer(200, #"{"errcode":410100,"errmsg":"speed limit"}"#), .throttled(retryAfter: .seconds(600))),
    (answer(200, #"{"errcode":90030,"errmsg":"quota"}"#), .throttled(retryAfter: .seconds(300))),
    (answer(200, #"{"status":1111,"wait":5,"punish":"deny"}"#), .throttled(retryAfter: .seconds(5))),
    (
      answer(200, #"{"errcode":310000,"errmsg":"keywords not in content, more: [https://ding-doc.dingtalk.com]"}"#),
      .rejected(
        "answered 310000 keywords not in content, more: [https://ding-doc.dingtalk.com]; write one of the robot's "
          + "keywords as 'keyword' of the channel")
    ),
    (
      answer(200, #"{"errcode":310000,"errmsg":"sign not match"}"#),
      .unauthorised("answered 310000 sign not match; the robot wants a signature: add 'secret'")
    ),
    (
      answer(200, #"{"errcode":310000,"errmsg":"ip 203.0.113.7 not in whitelist"}"#),
      .unauthorised(
        "answered 310000 ip 203.0.113.7 not in whitelist; allow this machine's address in the robot's settings")
    ),
    (
      answer(200, #"{"errcode":300001,"errmsg":"token is not exist"}"#),
      .unauthorised("answered 300001 token is not exist; the robot was removed or stopped, or its URL is wrong")
    ),
    (answer(200, #"{"errcode":400013,"errmsg":"group disbanded"}"#), .rejected("answered 400013 group disbanded")),
    (answer(200, #"{"errcode":40035,"errmsg":"missing"}"#), .rejected("answered 40035 missing")),
    (answer(200, "ok"), .unreachable("answered 200 without saying whether it was taken: ok")),
    (answer(403, "no"), .unauthorised("answered 403: no")),
    (answer(503, "", [Label("Retry-After", "30")]), .throttled(retryAfter: .seconds(30))),
    (.failure(.unreachable("no route")), .unreachable("no route")),
  ])
  func `reads the code in the answer`(answer: Result<HTTPResponse, TransportError>, expected: DeliveryError)
    async throws
  {
    #expect(try await send(answers: answer).result == .failure(expected))
  }

  @Test func `sends half as much once to a robot that finds it too large`() async throws {
    let tooLarge = answer(200, #"{"errcode":460101,"errmsg":"message too long"}"#)
    let (result, _, requests) = try await send(SampleMessage.long.post, answers: tooLarge, yes)
    #expect((try? result.get()) != nil)
    #expect(requests.count == 2)
    #expect(requests[1].body.count <= 9500)
  }

  @Test func `signs again with the robot's time, where this machine's is wrong`() async throws {
    let refused = answer(
      200, #"{"errcode":310000,"errmsg":"sign not match"}"#, [Label("Date", "Fri, 20 Nov 2026 10:00:00 GMT")])
    let (result, _, requests) = try await send(secret: "sign", answers: refused, yes)
    #expect((try? result.get()) != nil)
    #expect(requests.map { $0.url.contains("&timestamp=1795161600000&sign=") } == [true, false])
    #expect(requests.last?.url.contains("&timestamp=1795168800000&sign=") ?? false)
  }

  @Test func `keeps in mind what time it is there`() async throws {
    let channel = channel(secret: "sign", in: context(secrets: secrets))
    let refused = answer(
      200, #"{"errcode":310000,"errmsg":"sign not match"}"#, [Label("Date", "Fri, 20 Nov 2026 10:00:00 GMT")])
    _ = await outcome(of: SampleMessage.firing.post, by: channel, over: ScriptedTransport(refused, yes))
    let transport = ScriptedTransport(yes)
    #expect((try? await outcome(of: SampleMessage.firing.post, by: channel, over: transport).get()) != nil)
    #expect(await transport.requests.map { $0.url.contains("&timestamp=1795168800000&sign=") } == [true])
  }

  @Test func `is asked again at once no more than twice a minute`() async {
    let clock = TestClock(now: start)
    let channel = channel(in: context(secrets: secrets, clock: clock))
    let tooLarge = answer(200, #"{"errcode":460101,"errmsg":"message too long"}"#)
    for isTaken in [true, true, false] {
      let transport = ScriptedTransport(tooLarge, yes)
      let result = await outcome(of: SampleMessage.long.post, by: channel, over: transport)
      #expect(((try? result.get()) != nil) == isTaken)
      if !isTaken { #expect(result == .failure(.throttled(retryAfter: .seconds(60)))) }
    }
    clock.advance(by: .seconds(60))
    let again = await outcome(of: SampleMessage.long.post, by: channel, over: ScriptedTransport(tooLarge, yes))
    #expect((try? again.get()) != nil)
  }

  @Test func `calls numbers, ids and everybody, in the text too`() async throws {
    let mentions = ["+8613800000000", "dingtalk:manager_7", "all", "feishu:ou_1", "bo@example.com"]
    for format in [DingTalkSpec.Format.auto, .markdown, .text] {
      let (_, bodies, _) = try await send(SampleMessage.firing.post, format, mentions: mentions, answers: yes)
      #expect(
        bodies[0]["at"] == ["atMobiles": ["13800000000"], "atUserIds": ["manager_7"], "isAtAll": true])
      let text = bodies[0]["markdown"]?["text"]?.string ?? bodies[0]["text"]?["content"]?.string ?? ""
      #expect(text.contains("\n\n@all @13800000000 @manager_7 @bo"))
    }
    let (_, card, _) = try await send(SampleMessage.firing.post, .auto, mentions: ["bo@example.com"], answers: yes)
    #expect(card[0]["msgtype"] == "actionCard")
  }

  @Test func `calls nobody when it is tried`() async throws {
    var post = SampleMessage.firing.post
    post.isTest = true
    let (_, bodies, _) = try await send(post, .markdown, mentions: ["all"], answers: yes)
    #expect(bodies[0]["at"] == ["atMobiles": [], "atUserIds": [], "isAtAll": false])
  }

  @Test func `says which secret is missing, and takes the robot that the post names`() async {
    let result = await outcome(
      of: SampleMessage.firing.post, by: channel(secret: "absent", in: context(secrets: secrets)),
      over: ScriptedTransport(yes))
    #expect(
      result
        == .failure(
          .unreachable("secret 'absent' isn't there for shop; the message is kept until it is, or too old")))
    let pool = EndpointPool(["one", "two"].map { ChannelEndpoint(url: .plain("http://127.0.0.1/" + $0)) })
    let transport = ScriptedTransport(yes)
    var post = SampleMessage.firing.post
    post.endpoint = 1
    _ = await outcome(of: post, by: DingTalkChannel(DingTalkSpec(pool: pool), context: context()), over: transport)
    #expect(await transport.requests.map(\.url) == ["http://127.0.0.1/two"])
  }

  @Test(arguments: [
    ("node_memory<10% [a](b) *x*", #"node\_memory&lt;10% \[a\](b) \*x\*"#),
    ("<font color=red>", "&lt;font color=red&gt;"), ("# h", ##"\# h"##), ("- l", #"\- l"#), ("1. x", #"1\. x"#),
    (#"C:\x `c` ![i](u)"#, ##"C:\\x \`c\` \!\[i\](u)"##), ("&lt; a & b", "&amp;lt; a & b"),
  ])
  func `shows hostile text as text`(text: String, escaped: String) {
    #expect(DingTalkMarkup.escaped(text) == escaped)
  }
}
