import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

private let secrets = ["token": "twilio-auth-token", "id": "LTAI5tExampleKeyId", "key": "aliyun-key-secret"]

private func twilio(to: [String] = ["+8613800000000"], maxParts: Int = 3) -> SMSSpec {
  var spec = SMSSpec(
    provider: .twilio(
      .init(accountSID: "ACxxxxxxxx", username: "ACxxxxxxxx", password: "token", sender: .from("+15005550006"))), to: to
  )
  spec.maxParts = maxParts
  return spec
}

private func aliyun(to: [String] = ["+8613800000000"]) -> SMSSpec {
  var account = SMSSpec.Aliyun(
    accessKeyID: "id", accessKeySecret: "key", signName: "告警平台", templateCode: "SMS_123456789")
  account.parameters = [
    .init("name", .alert), .init("level", .severity), .init("state", .state), .init("what", .summary),
    .init("count", .count), .init("scope", .scope), .init("time", .time), .init("title", .title),
  ]
  return SMSSpec(provider: .aliyun(account), to: to)
}

private func send(
  _ spec: SMSSpec, _ answers: Result<HTTPResponse, TransportError>...
) async -> (result: Result<Receipt, DeliveryError>, requests: [HTTPRequest]) {
  let transport = ScriptedTransport(answers)
  let channel = SMSChannel(spec, context: context(secrets: secrets))
  let result = await outcome(of: SampleMessage.firing.post, by: channel, over: transport)
  return (result, await transport.requests)
}

/// The text of a form's field.
private func field(_ name: String, of request: HTTPRequest?) -> String {
  let form = String(decoding: request?.body ?? [], as: UTF8.self)
  let value = form.split(separator: "&").first { $0.hasPrefix(name + "=") }?.dropFirst(name.count + 1) ?? ""
  var bytes: [UInt8] = []
  var rest = value.utf8[...]
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "%"), let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
      bytes.append(code)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

@Suite struct `The length of a text message` {
  @Test(arguments: [
    ("", 0, 1), ("[FIRING:2] HighCPU prod", 25, 1), ("【告警】生产集群 CPU 使用率 95%", 20, 1),
    (String(repeating: "a", count: 160), 160, 1), (String(repeating: "a", count: 161), 161, 2),
    (String(repeating: "a", count: 306), 306, 2), (String(repeating: "a", count: 307), 307, 3),
    (String(repeating: "告", count: 70), 70, 1), (String(repeating: "告", count: 71), 71, 2),
    (String(repeating: "告", count: 135), 135, 3), (String(repeating: "🔥", count: 35), 70, 1),
    (String(repeating: "🔥", count: 66), 132, 2), (String(repeating: "🔥", count: 67), 134, 3),
    (String(repeating: "€", count: 80), 160, 1), (String(repeating: "€", count: 152), 304, 2),
    (String(repeating: "€", count: 153), 306, 3),
  ])
  func `is counted as carriers do`(text: String, units: Int, parts: Int) {
    #expect(SMSLength.units(of: text) == units)
    #expect(SMSLength.parts(of: text) == parts)
  }

  @Test(arguments: 1...4)
  func `is cut to what was agreed, and no shorter`(parts: Int) {
    for unit in ["a", "告", "🔥", "€", "👨‍👩‍👧", "a告"] {
      let cut = SMSLength.cut(String(repeating: unit, count: 2000), parts: parts)
      #expect(SMSLength.parts(of: cut) == parts)
      #expect(cut.hasSuffix("...") || cut.hasSuffix("…"))
      #expect(SMSLength.parts(of: unit + cut) == parts + 1)
    }
    #expect(SMSLength.cut("short", parts: parts) == "short")
  }
}

@Suite struct `Text messages by Twilio` {
  private let yes = answer(201, #"{"sid":"SM1234","status":"queued","error_code":null}"#)

  @Test func `say what matters in a few words`() async {
    let differences = await goldenDifferences("sms-twilio", secrets: secrets, answers: [yes]) {
      SMSChannel(twilio(), context: $0)
    }
    #expect(differences == [])
  }

  @Test func `cost no more parts than agreed`() async {
    for sample in SampleMessage.allCases {
      for language in MessageLanguage.allCases {
        for parts in [1, 3] {
          let transport = ScriptedTransport(yes)
          let channel = SMSChannel(twilio(maxParts: parts), context: context(language, secrets: secrets))
          _ = await outcome(of: sample.post, by: channel, over: transport)
          #expect(SMSLength.parts(of: field("Body", of: await transport.requests.first)) <= parts)
        }
      }
    }
  }

  @Test func `log in by account or by key, from a number or a service`() async {
    var spec = twilio()
    let (_, plain) = await send(spec, yes)
    #expect(plain[0].url == "https://api.twilio.com/2010-04-01/Accounts/ACxxxxxxxx/Messages.json")
    #expect(plain[0].headers.contains(Label("Authorization", "Basic " + "ACxxxxxxxx:twilio-auth-token".utf8.base64)))
    #expect(String(decoding: plain[0].body, as: UTF8.self).hasPrefix("To=%2B8613800000000&From=%2B15005550006&Body="))
    var account = SMSSpec.Twilio(
      accountSID: "ACxxxxxxxx", username: "SKkey", password: "token", sender: .messagingService("MGservice"))
    account.apiURL = "http://127.0.0.1:8080"
    spec.provider = .twilio(account)
    let (_, keyed) = await send(spec, yes)
    #expect(keyed[0].url == "http://127.0.0.1:8080/2010-04-01/Accounts/ACxxxxxxxx/Messages.json")
    #expect(keyed[0].headers.contains(Label("Authorization", "Basic " + "SKkey:twilio-auth-token".utf8.base64)))
    #expect(field("MessagingServiceSid", of: keyed[0]) == "MGservice")
    #expect(field("From", of: keyed[0]) == "")
  }

  @Test func `are tried again for those who may yet have them, and for nobody else`() async throws {
    let clock = TestClock(now: start)
    let channel = SMSChannel(
      twilio(to: ["+8613800000000", "+4915112345678", "+14155550100"]), context: context(secrets: secrets, clock: clock)
    )
    let bad = answer(400, #"{"code":21614,"message":"no mobile"}"#)
    let first = ScriptedTransport(yes, answer(503, "busy"), bad)
    #expect(
      await outcome(of: SampleMessage.firing.post, by: channel, over: first)
        == .failure(
          .unreachable(
            "accepted for 1 of 3 numbers; +49****5678: answered 503: busy; +14****0100: answered 21614 no mobile")))
    let second = ScriptedTransport(answer(429, #"{"code":20429,"message":"Too Many Requests"}"#))
    #expect(
      await outcome(of: SampleMessage.firing.post, by: channel, over: second) == .failure(.throttled(retryAfter: nil)))
    #expect(await second.requests.map { field("To", of: $0) } == ["+4915112345678"])
    let third = ScriptedTransport(yes)
    #expect(
      try await outcome(of: SampleMessage.firing.post, by: channel, over: third).get().detail
        == "accepted for 2 of 3 numbers as SM1234, SM1234; +14****0100: answered 21614 no mobile")
    #expect(await third.requests.map { field("To", of: $0) } == ["+4915112345678"])
    // It is done: what comes now is asked anew.
    let fourth = ScriptedTransport(yes)
    _ = await outcome(of: SampleMessage.firing.post, by: channel, over: fourth)
    #expect(await fourth.requests.count == 3)
  }

  @Test func `that may have arrived are tried again once, and the others as long as it takes`() async throws {
    let channel = SMSChannel(
      twilio(to: ["+8613800000000", "+4915112345678"]), context: context(secrets: secrets))
    let lost: Result<HTTPResponse, TransportError> = .failure(.timedOut(requestWasSent: true))
    var asked: [String] = []
    for answers in [[lost, answer(503)], [lost, answer(503)], [answer(503)], [yes]] {
      let transport = ScriptedTransport(answers)
      let result = await outcome(of: SampleMessage.firing.post, by: channel, over: transport)
      asked += await transport.requests.map { String(field("To", of: $0).suffix(1)) }
      if answers.count == 1, answers[0] == yes {
        #expect(
          try result.get().detail
            == "accepted for 1 of 2 numbers as SM1234; +86****0000: no answer in time after it was sent")
      } else if case .failure(.unreachable) = result {
      } else {
        Issue.record("\(result)")
      }
    }
    #expect(asked == ["0", "8", "0", "8", "8", "8"])
  }

  @Test func `that some have are given up for the others in time to count as taken`() async throws {
    let clock = TestClock(now: start)
    let channel = SMSChannel(
      twilio(to: ["+8613800000000", "+4915112345678"]), context: context(secrets: secrets, clock: clock))
    let first = ScriptedTransport(yes, answer(503, "busy"))
    #expect((try? await outcome(of: SampleMessage.firing.post, by: channel, over: first).get()) == nil)
    clock.advance(by: .seconds(150))
    let second = ScriptedTransport(answer(503, "busy"))
    #expect(
      try await outcome(of: SampleMessage.firing.post, by: channel, over: second).get().detail
        == "accepted for 1 of 2 numbers as SM1234; +49****5678: answered 503: busy")
  }

  @Test(arguments: [
    (
      answer(401, #"{"code":20003,"message":"Authenticate","status":401}"#),
      DeliveryError.unauthorised("answered 20003 Authenticate")
    ),
    (answer(429, #"{"code":20429,"message":"Too Many Requests"}"#), .throttled(retryAfter: nil)),
    (
      answer(400, #"{"code":21211,"message":"The 'To' number +8613800000000 is not valid"}"#),
      .rejected("+86****0000: answered 21211 The 'To' number +86****0000 is not valid")
    ),
    (
      answer(400, #"{"code":21610,"message":"unsubscribed"}"#),
      .rejected("+86****0000: answered 21610 unsubscribed; its owner answered STOP")
    ),
    (
      answer(400, #"{"code":21606,"message":"From is not yours"}"#),
      .unauthorised("answered 21606 From is not yours; check 'from' of the channel")
    ),
    (answer(400, #"{"code":21611,"message":"queue"}"#), .throttled(retryAfter: .seconds(300))),
    (answer(503, "down"), .unreachable("+86****0000: answered 503: down")),
    (answer(404, "nothing"), .rejected("+86****0000: answered 404: nothing")),
    (.failure(.timedOut(requestWasSent: true)), .ambiguous("+86****0000: no answer in time after it was sent")),
  ])
  func `read Twilio's code`(answer: Result<HTTPResponse, TransportError>, expected: DeliveryError) async {
    #expect(await send(twilio(), answer).result == .failure(expected))
  }

  @Test func `go on to the next number, and tell who has none`() async throws {
    let bad = answer(400, #"{"code":21614,"message":"not a mobile number"}"#)
    let (result, requests) = await send(
      twilio(to: ["+8613800000000", "+4915112345678", "+14155550100"]), yes, bad, yes)
    #expect(
      try result.get().detail
        == "accepted for 2 of 3 numbers as SM1234, SM1234; +49****5678: answered 21614 not a mobile number")
    #expect(requests.map { field("To", of: $0) } == ["+8613800000000", "+4915112345678", "+14155550100"])
  }

  @Test func `are tried again only where nobody has them and somebody may get them`() async {
    let bad = answer(400, #"{"code":21614,"message":"no mobile"}"#)
    let numbers = ["+8613800000000", "+4915112345678"]
    #expect(
      await send(twilio(to: numbers), bad).result
        == .failure(.rejected("+86****0000: answered 21614 no mobile; +49****5678: answered 21614 no mobile")))
    #expect(
      await send(twilio(to: numbers), bad, answer(500, "x")).result
        == .failure(.unreachable("+86****0000: answered 21614 no mobile; +49****5678: answered 500: x")))
    let (refused, requests) = await send(twilio(to: numbers), answer(401, #"{"code":20003,"message":"no"}"#))
    #expect(refused == .failure(.unauthorised("answered 20003 no")))
    #expect(requests.count == 1)
  }

  @Test(arguments: [
    "token of +8613800000000", "To=%2B8613800000000", String(repeating: "x", count: 177) + "13800000000",
  ])
  func `never tell the number`(words: String) async {
    for body in [#"{"code":20001,"message":""# + words + #""}"#, words] {
      guard case .failure(let error) = await send(twilio(), answer(400, body)).result else {
        Issue.record("taken")
        return
      }
      #expect(!error.description.contains("13800"))
    }
  }

  @Test func `say which secret is missing`() async {
    let result = await outcome(
      of: SampleMessage.firing.post, by: SMSChannel(twilio(), context: context()), over: ScriptedTransport(yes))
    #expect(
      result
        == .failure(.unreachable("secret 'token' isn't there for shop; the message is kept until it is, or too old")))
  }
}

@Suite struct `Text messages by Aliyun` {
  private let yes = answer(200, #"{"Code":"OK","Message":"OK","BizId":"900619746936498440^0","RequestId":"F655"}"#)

  @Test func `fill the template's variables`() async {
    let differences = await goldenDifferences("sms-aliyun", secrets: secrets, answers: [yes]) {
      SMSChannel(aliyun(), context: $0)
    }
    #expect(differences == [])
  }

  @Test func `are signed as the vendor does`() {
    let vendor = AliyunCall(
      host: "ecs.cn-shanghai.aliyuncs.com", action: "RunInstances", version: "2014-05-26",
      query: [
        Label("RegionId", "cn-shanghai"), Label("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
      ],
      time: CivilTime(year: 2023, month: 10, day: 26, hour: 10, minute: 22, second: 32).instant(),
      nonce: "3156853299f313e23d1673dc12e1703d")
    #expect(vendor.canonicalHash == "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259")
    #expect(
      vendor.signature(key: "YourAccessKeySecret")
        == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")
    let ours = AliyunCall(
      host: "dysmsapi.aliyuncs.com", action: "SendSms", version: "2017-05-25",
      query: [
        Label("TemplateParam", #"{"name":"HighCPU","level":"critical"}"#), Label("PhoneNumbers", "13800000000"),
        Label("SignName", "告警平台"), Label("TemplateCode", "SMS_123456789"),
      ],
      time: CivilTime(year: 2024, month: 1, day: 1).instant(), nonce: "3156853299f313e23d1673dc12e1703d")
    #expect(ours.canonicalHash == "72530df977ab8d1aabe42ced09f1acb1cabb0bee45b98b13fd66be69df8e96f8")
    #expect(ours.signature(key: "testSecret") == "d747bac9339adb4f7f99ade85f7429f96b55ce71b4eefe0c6074f6dd7cafffb8")
  }

  @Test(arguments: [
    (
      answer(200, #"{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"触发分钟级流控Permits:1"}"#),
      DeliveryError.throttled(retryAfter: .seconds(60))
    ),
    (
      answer(200, #"{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"触发天级流控Permits:10"}"#),
      .rejected("+86****0000: answered isv.BUSINESS_LIMIT_CONTROL 触发天级流控Permits:10")
    ),
    (
      answer(200, #"{"Code":"isv.MOBILE_NUMBER_ILLEGAL","Message":"13800000000 invalid"}"#),
      .rejected("+86****0000: answered isv.MOBILE_NUMBER_ILLEGAL 138****0000 invalid")
    ),
    (
      answer(200, #"{"Code":"isv.AMOUNT_NOT_ENOUGH","Message":"余额不足"}"#),
      .unauthorised("answered isv.AMOUNT_NOT_ENOUGH 余额不足")
    ),
    (
      answer(200, #"{"Code":"isp.SYSTEM_ERROR","Message":"x"}"#),
      .unreachable("+86****0000: answered isp.SYSTEM_ERROR x")
    ),
    (answer(429, #"{"Code":"Throttling.User","Message":"x"}"#), .throttled(retryAfter: nil)),
    (answer(400, #"{"Code":"Throttling","Message":"x"}"#), .throttled(retryAfter: nil)),
    (
      answer(404, #"{"Code":"InvalidAccessKeyId.NotFound","Message":"Specified access key is not found."}"#),
      .unauthorised("answered InvalidAccessKeyId.NotFound Specified access key is not found.")
    ),
    (answer(502, "bad"), .unreachable("+86****0000: answered 502: bad")),
    (answer(200, "{}"), .unreachable("+86****0000: answered 200 without saying whether it was taken: {}")),
  ])
  func `read Aliyun's code`(answer: Result<HTTPResponse, TransportError>, expected: DeliveryError) async {
    #expect(await send(aliyun(), answer).result == .failure(expected))
  }

  @Test func `are signed again with Aliyun's time, once`() async throws {
    let expired = answer(
      400, #"{"Code":"InvalidTimeStamp.Expired","Message":"expired"}"#, [Label("Date", "Fri, 20 Nov 2026 10:00:00 GMT")]
    )
    let (result, requests) = await send(aliyun(), expired, yes)
    #expect(try result.get().detail == "accepted as 900619746936498440^0")
    #expect(
      requests.map { $0.headers.first { $0.name == "x-acs-date" }?.value }
        == ["2026-11-20T08:00:00Z", "2026-11-20T10:00:00Z"])
    let (again, tries) = await send(aliyun(), expired)
    #expect(
      again == .failure(.unauthorised("answered InvalidTimeStamp.Expired expired; check this machine's clock")))
    #expect(tries.count == 2)
  }

  @Test func `name foreign numbers with their country`() async {
    let (_, requests) = await send(aliyun(to: ["+8613800000000", "+85251234567"]), yes)
    #expect(requests.map { $0.url.contains("PhoneNumbers=13800000000&") } == [true, false])
    #expect(requests.last?.url.contains("PhoneNumbers=85251234567&") ?? false)
  }

  @Test func `never tell the number that the vendor was given`() async throws {
    let echo = #"{"Code":"isv.MOBILE_NUMBER_ILLEGAL","Message":"8613800000000 or 13800000000"}"#
    #expect(
      await send(aliyun(), answer(400, echo)).result
        == .failure(
          .rejected("+86****0000: answered isv.MOBILE_NUMBER_ILLEGAL +86****0000 or 138****0000")))
  }
}
