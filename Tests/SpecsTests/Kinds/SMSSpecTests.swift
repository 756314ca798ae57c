import Model
import Specs
import Testing

private let twilio =
  "account_sid: ACxxxxxxxx, auth_token: {secret: token}, from: '+15005550006'"
private let aliyun =
  "access_key_id: {secret: id}, access_key_secret: {secret: key}, sign_name: 告警平台, template_code: SMS_1"

@Suite struct `Reading text messages` {
  @Test func `takes Twilio by its account`() throws {
    guard
      case .channel(let channel) = try readSpec(
        .channel, "sms: {to: ['+8613800000000', +4915112345678], max_parts: 2, twilio: {\(twilio)}}"),
      case .sms(let sms) = channel.destination, case .twilio(let account) = sms.provider
    else {
      Issue.record("not Twilio")
      return
    }
    #expect(sms.to == ["+8613800000000", "+4915112345678"])
    #expect(sms.maxParts == 2)
    #expect(account.username == "ACxxxxxxxx")
    #expect(account.password == "token")
    #expect(account.sender == .from("+15005550006"))
    #expect(account.apiURL == "https://api.twilio.com")
  }

  @Test func `takes Twilio by a key and a service`() throws {
    let text = """
      sms:
        to: ['+8613800000000']
        timeout: 5s
        twilio:
          account_sid: ACxxxxxxxx
          api_key: SKyyyy
          api_secret: {secret: key}
          messaging_service_sid: MGzzzz
          api_url: 'http://127.0.0.1:8080/'
      """
    guard case .channel(let channel) = try readSpec(.channel, text), case .sms(let sms) = channel.destination,
      case .twilio(let account) = sms.provider
    else { return }
    #expect(sms.timeout == .seconds(5))
    #expect(account.username == "SKyyyy")
    #expect(account.sender == .messagingService("MGzzzz"))
    #expect(account.apiURL == "http://127.0.0.1:8080")
  }

  @Test func `takes Aliyun with its template's variables`() throws {
    let text = """
      sms:
        to: ['+8613800000000']
        aliyun:
          access_key_id: {secret: id}
          access_key_secret: {secret: key}
          sign_name: 【告警平台】
          template_code: SMS_123456789
          template_params: {name: alert, level: severity}
          param_length: 20
          region: cn-hangzhou
      """
    guard case .channel(let channel) = try readSpec(.channel, text), case .sms(let sms) = channel.destination,
      case .aliyun(let account) = sms.provider
    else { return }
    #expect(account.signName == "告警平台")
    #expect(account.parameters == [.init("name", .alert), .init("level", .severity)])
    #expect(account.parameterLimit == 20)
    #expect(account.regionID == "cn-hangzhou")
    #expect(account.apiURL == "https://dysmsapi.aliyuncs.com")
  }

  @Test(arguments: [
    Mistake("sms: 1️⃣{to: ['+8613800000000']}", "missing-field", "sms needs its provider"),
    Mistake("sms: 1️⃣{twilio: {\(twilio)}}", "missing-field", "sms needs 'to'"),
    Mistake("sms: {to: 1️⃣[], twilio: {\(twilio)}}", "missing-field", "'to' names nobody"),
    Mistake(
      "sms: {to: [1️⃣'13800000000'], twilio: {\(twilio)}}", "malformed-address",
      "'13800000000' is not a phone number in E.164 form"),
    Mistake(
      "sms: {to: ['+8613800000000', 1️⃣'+8613800000000'], twilio: {\(twilio)}}", "duplicate-item",
      "'+8613800000000' is in the list twice"),
    Mistake(
      "sms: {to: ['+8613800000000'], twilio: {\(twilio)}, 1️⃣aliyun: {\(aliyun)}}", "conflicting-fields",
      "'aliyun' stands beside 'twilio'"),
    Mistake(
      "sms: {to: ['+8613800000000'], 1️⃣provider: twilio, twilio: {\(twilio)}}", "unknown-field",
      "sms has no field 'provider'"),
    Mistake(
      "sms: {to: ['+8613800000000'], twilio: {account_sid: 1️⃣'AC/../x', auth_token: {secret: t}, from: Shop}}",
      "malformed-name", "'AC/../x' is not an id that begins with AC"),
    Mistake(
      "sms: {to: ['+8613800000000'], twilio: {account_sid: ACx, auth_token: 1️⃣abc, from: Shop}}", "secret-in-spec",
      "a token stands in the spec as text"),
    Mistake(
      "sms: {to: ['+8613800000000'], twilio: 1️⃣{account_sid: ACx, auth_token: {secret: t}}}", "missing-field",
      "twilio needs 'from'"),
    Mistake(
      "sms: {to: ['+8613800000000'], twilio: {\(twilio), 1️⃣messaging_service_sid: MGx}}", "conflicting-fields",
      "'messaging_service_sid' stands beside 'from'"),
    Mistake(
      "sms: {to: ['+8613800000000'], twilio: {\(twilio), api_url: 1️⃣'http://sms.example.com'}}",
      "credentials-without-tls", "the login would go to 'sms.example.com' in clear text"),
    Mistake(
      "sms: {to: ['+8613800000000'], aliyun: {\(aliyun), template_params: {name: 1️⃣alertname}}}", "unknown-value",
      "'alertname' is not a part of a message"),
    Mistake(
      "sms: {to: ['+8613800000000'], aliyun: {\(aliyun)}, 1️⃣max_parts: 2}", "no-effect",
      "'max_parts' does nothing for Aliyun, whose template decides the length"),
    Mistake(
      "sms: {to: ['+8613800000000'], twilio: {\(twilio)}, max_parts: 1️⃣11}", "out-of-range",
      "11 is out of range; 1 to 10 is accepted"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
