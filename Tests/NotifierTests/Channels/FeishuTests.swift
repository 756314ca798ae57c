import JSON
import Model
import Notifier
import Specs
import Templates
import TestKit
import Testing

private let hook = "https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
private let yes = answer(200, #"{"code":0,"msg":"success","data":{}}"#)

private func channel(
  _ format: FeishuSpec.Format = .card, keyword: String? = nil, secret: String? = nil, in context: ChannelContext
) -> FeishuChannel {
  var spec = FeishuSpec(pool: EndpointPool([ChannelEndpoint(url: .secret("hook"), signingSecret: secret)]))
  spec.format = format
  spec.keyword = keyword
  return FeishuChannel(spec, context: context)
}

private let secrets = ["hook": hook, "sign": "demo-secret"]

/// The outcome of one message, and what was asked.
private func send(
  _ post: Post = SampleMessage.firing.post, _ format: FeishuSpec.Format = .card, keyword: String? = nil,
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

@Suite struct `A Feishu robot` {
  @Test func `posts cards worth reading`() async {
    let differences = await goldenDifferences(
      "feishu", secrets: secrets, mentions: ["feishu:ou_1a2b", "all", "ana@example.com"], answers: [yes]
    ) { channel(secret: "sign", in: $0) }
    #expect(differences == [])
  }

  @Test func `posts cards of the older version to older clients`() async {
    let differences = await goldenDifferences(
      "feishu-v1", secrets: secrets, answers: [yes], [.firing, .many, .hostile]
    ) { channel(.cardV1, in: $0) }
    #expect(differences == [])
  }

  @Test func `posts rich text, and plain text`() async {
    let post = await goldenDifferences(
      "feishu-post", secrets: secrets, mentions: ["feishu:ou_1a2b"], answers: [yes], [.firing, .hostile]
    ) { channel(.post, in: $0) }
    #expect(post == [])
    let text = await goldenDifferences(
      "feishu-text", secrets: secrets, mentions: ["feishu:ou_1a2b", "all"], answers: [yes], [.firing, .hostile]
    ) { channel(.text, in: $0) }
    #expect(text == [])
  }

  @Test(arguments: [
    (1_700_000_000, "demo-secret", "mYHw2R2SOm8Rw/sne3lQdmz4sOfntKR+1P/8RKKTwmA="),
    (1_599_360_473, "demo", "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="),
    (1_700_000_000, "SECtest", "G7XpBpG8NgG02fJOAhX6FRAObIljmFoxVReo8I62pEk="),
    (1_599_360_473, "SECxxx-示例", "MBTHt5Q0v09m/D1nLgCTU01i9dziE4v0CQpih2IfXYU="),
  ])
  func `signs as the vendor does`(seconds: Int64, key: String, sign: String) {
    let signature = RobotSignature.feishu(at: Timestamp(millisecondsSinceEpoch: seconds * 1000), key: key)
    #expect(signature.timestamp == String(seconds))
    #expect(signature.sign == sign)
  }

  @Test func `stays within 20 KB, whatever the alerts say`() async throws {
    for format in FeishuSpec.Format.allCases {
      for sample in SampleMessage.allCases {
        let (result, _, requests) = try await send(sample.post, format, language: .chinese, answers: yes)
        #expect((try? result.get()) != nil)
        #expect(requests.allSatisfy { $0.body.count <= 19_000 })
      }
    }
  }

  @Test(arguments: [
    (answer(200, #"{"StatusCode":0,"StatusMessage":"success"}"#), nil as DeliveryError?),
    (answer(200, #"{"code":9499,"msg":"Bad Request"}"#), .rejected("answered 9499 Bad Request")),
    (answer(400, #"{"code":19002,"msg":"params error"}"#), .rejected("answered 19002 params error")),
    (answer(200, #"{"code":11232,"msg":"frequency limited psm[x]"}"#), .throttled(retryAfter: nil)),
    (
      answer(200, #"{"code":19001,"msg":"access token invalid"}"#),
      .unauthorised("answered 19001 access token invalid; the robot was removed, or its URL is wrong")
    ),
    (
      answer(200, #"{"code":19022,"msg":"Ip Not Allowed"}"#),
      .unauthorised("answered 19022 Ip Not Allowed; allow this machine's address in the robot's settings")
    ),
    (
      answer(200, #"{"code":19024,"msg":"Key Words Not Found"}"#),
      .rejected("answered 19024 Key Words Not Found; write one of the robot's keywords as 'keyword' of the channel")
    ),
    (answer(429, "", [Label("Retry-After", "7")]), .throttled(retryAfter: .seconds(7))),
    (answer(502, "bad gateway"), .unreachable("answered 502: bad gateway")),
    (answer(404, "nothing"), .rejected("answered 404: nothing")),
    (
      answer(200, "<html>log in</html>"),
      .unreachable("answered 200 without saying whether it was taken: <html>log in</html>")
    ),
    (.failure(.timedOut(requestWasSent: true)), .ambiguous("no answer in time after it was sent")),
  ])
  func `reads the code in the answer`(answer: Result<HTTPResponse, TransportError>, expected: DeliveryError?)
    async throws
  {
    let (result, _, _) = try await send(answers: answer)
    switch result {
    case .success: #expect(expected == nil)
    case .failure(let error): #expect(error == expected)
    }
  }

  @Test func `sends half as much once to a robot that finds it too large`() async throws {
    let tooLarge = answer(200, #"{"code":19036,"msg":"body too large"}"#)
    let (result, _, requests) = try await send(SampleMessage.long.post, answers: tooLarge, yes)
    #expect(try result.get().detail == "answered 200")
    #expect(requests.count == 2)
    #expect(requests[1].body.count <= 9500)
    let (again, _, tries) = try await send(answers: tooLarge)
    #expect(again == .failure(.rejected("answered 19036 body too large")))
    #expect(tries.count == 2)
  }

  @Test func `sends rich text to a robot that can't read the card`() async throws {
    let (result, bodies, _) = try await send(answers: answer(200, #"{"code":200621,"msg":"parse card json err"}"#), yes)
    #expect((try? result.get()) != nil)
    #expect(bodies.map { $0["msg_type"] } == ["interactive", "post"])
  }

  @Test func `signs again with the robot's time, where this machine's is wrong`() async throws {
    let refused = answer(
      200, #"{"code":19021,"msg":"sign match fail"}"#, [Label("Date", "Fri, 20 Nov 2026 10:00:00 GMT")])
    let (result, bodies, _) = try await send(secret: "sign", answers: refused, yes)
    #expect((try? result.get()) != nil)
    #expect(bodies.map { $0["timestamp"] } == ["1795161600", "1795168800"])
    let same = answer(200, #"{"code":19021,"msg":"sign match fail"}"#, [Label("Date", "Fri, 20 Nov 2026 08:00:00 GMT")])
    let (wrong, _, requests) = try await send(secret: "sign", answers: same)
    #expect(
      wrong
        == .failure(
          .unauthorised("answered 19021 sign match fail; check 'secret' and this machine's clock")))
    #expect(requests.count == 1)
    let (bare, _, _) = try await send(answers: same)
    #expect(
      bare == .failure(.unauthorised("answered 19021 sign match fail; the robot wants a signature: add 'secret'")))
  }

  @Test func `adds a keyword where the title has none`() async throws {
    let (_, bodies, _) = try await send(keyword: "告警", answers: yes)
    #expect(
      bodies[0]["card"]?["header"]?["title"]?["content"] == "[FIRING:1] critical HighCPU: CPU above 90% 告警")
    let (_, chinese, _) = try await send(keyword: "告警", language: .chinese, answers: yes)
    #expect(chinese[0]["card"]?["header"]?["title"]?["content"] == "[告警中：1] 严重 HighCPU：CPU above 90%")
  }

  @Test func `calls ids and everybody, and names the rest`() async throws {
    let mentions = ["feishu:ou_1a2b", "all", "13800000000", "bo@example.com", "slack:U1", "feishu:x></at><at id=all"]
    let (_, bodies, _) = try await send(mentions: mentions, answers: yes)
    #expect(
      bodies[0]["card"]?["body"]?["elements"]?.array?.last?["content"]
        == "<at id=ou_1a2b></at> <at id=all></at> @13800000000 @bo@example.com @x&#62;&#60;/at&#62;&#60;at id=all")
  }

  @Test func `posts a template's text as it is, and says what is only a try`() async throws {
    var style = context(secrets: secrets).style
    style.templates.text = try Template(parsing: "<at id=all></at> **{{ len .Alerts }}**")
    let made = ChannelContext(
      id: oncall, style: style, secrets: ScriptedSecrets(secrets: secrets), clock: TestClock(now: start)
    ) { "0" }
    let transport = ScriptedTransport(yes)
    var post = SampleMessage.firing.post
    post.isTest = true
    _ = await outcome(of: post, by: channel(in: made), over: transport)
    let card = try JSONValue(parsing: try #require(await transport.requests.first).body)["card"]
    #expect(card?["header"]?["title"]?["content"]?.string?.hasPrefix("[TEST]") ?? false)
    #expect(
      card?["body"]?["elements"]?.array?.map { $0["content"] } == [
        "This is a test of the channel. Nothing is wrong.", "<at id=all></at> **1**",
      ])
  }

  @Test func `says which secret is missing`() async {
    let transport = ScriptedTransport(yes)
    let result = await outcome(
      of: SampleMessage.firing.post, by: channel(secret: "absent", in: context(secrets: secrets)), over: transport)
    #expect(
      result
        == .failure(
          .unreachable("secret 'absent' isn't there for shop; the message is kept until it is, or too old")))
    #expect(await transport.requests.isEmpty)
  }

  @Test func `takes the robot that the post names`() async {
    let pool = EndpointPool(["one", "two"].map { ChannelEndpoint(url: .plain("http://127.0.0.1/" + $0)) })
    let transport = ScriptedTransport(yes)
    var post = SampleMessage.firing.post
    for endpoint in [1, 0, 3] {
      post.endpoint = endpoint
      _ = await outcome(of: post, by: FeishuChannel(FeishuSpec(pool: pool), context: context()), over: transport)
    }
    #expect(
      await transport.requests.map(\.url) == ["http://127.0.0.1/two", "http://127.0.0.1/one", "http://127.0.0.1/two"])
  }

  @Test(arguments: [
    ("node_memory<10% [a](b) *x*", "node&#95;memory&#60;10% &#91;a&#93;&#40;b&#41; &#42;x&#42;"),
    ("<at id=all></at>", "&#60;at id=all&#62;&#60;/at&#62;"), ("- a-b --- c", "&#45; a-b &#45;&#45;&#45; c"),
    ("# h", "&#35; h"), ("1. x", "1&#46; x"), ("v1.2 10. x", "v1.2 10. x"), (":DONE: a:9100", "&#58;DONE: a:9100"),
    ("&lt;b&#62; a & b", "&#38;lt;b&#38;#62; a & b"), ("$x$ `c` ~s~", "&#36;x&#36; &#96;c&#96; &sim;s&sim;"),
  ])
  func `shows hostile text as text`(text: String, escaped: String) {
    #expect(FeishuMarkup.escaped(text) == escaped)
  }
}
