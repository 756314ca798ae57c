import Diagnostics
import Model
import Notifier
import Specs
import Synchronization
import TestKit
import Testing

/// Texts that are planted in every place of a spec that holds a secret. Nothing of them may ever be told.
private enum Planted {
  static let token = "Pl4ntedT0kenQwertz"
  static let password = "Pl4nted P4ss/w&rd+Yxcvbn"
  static let path = "Pl4ntedP4thAsdfgh"
  static let query = "Pl4ntedQu3ryJklmno"
  static let signing = "Pl4ntedS1gningUiopue"
  static let header = "Pl4ntedH3aderVbnmxy"

  static let all = [token, password, path, query, signing, header]

  /// By the names under which specs ask for them.
  static let secrets = [
    "url": "https://hooks.example.com/services/T00/\(path)/send?access_token=\(query)&key=\(query)\n",
    "sign": "whsec_" + signing.utf8.base64, "text-sign": signing, "token": token + "\n",
    "telegram-token": "123456:" + token, "password": password, "header": header,
  ]
}

/// At least one spec for each kind, with a secret wherever one may stand.
private func specs(of kind: ChannelKind) -> [String] {
  let pool = """
      url: {secret: url}
      headers: {X-Team: shop}
    """
  let basic = "  basic_auth: {username: ana, password: {secret: password}}\n"
  let bearer = "  bearer_token: {secret: token}\n"
  func plain(_ host: String) -> String { "'https://\(host)/base?api_token=\(Planted.query)'" }
  return switch kind {
  case .console: ["console: {}"]
  case .webhook:
    [
      "webhook:\n" + pool + "\n" + basic + "  signature: {scheme: standard, secret: {secret: sign}}",
      "webhook:\n  url: \(plain("a.example.com"))\n  signature: {scheme: github, secret: {secret: text-sign}}\n"
        + "  headers: {X-Api-Key: {secret: header}}\n" + bearer,
      "webhook:\n  url: {secret: url}\n  method: GET\n  parameters: {who: '{{ .Status }}'}\n" + bearer,
      "webhook:\n  url: {secret: url}\n  body: '{{ (index .Alerts 99).Status }}'",
    ]
  case .email:
    [
      """
      email:
        to: [ana@example.com]
        from: belfry@example.com
        smarthost: smtp.example.com:587
        auth_username: ana
        auth_password: {secret: password}
      """
    ]
  case .feishu: ["feishu:\n  url: {secret: url}\n  secret: {secret: text-sign}"]
  case .dingtalk: ["dingtalk:\n  url: {secret: url}\n  secret: {secret: text-sign}"]
  case .wecom: ["wecom:\n  url: {secret: url}"]
  case .slack: ["slack:\n  url: {secret: url}", "slack:\n  token: {secret: token}\n  channel: C024BE91L"]
  case .teams: ["teams:\n  url: {secret: url}"]
  case .telegram: ["telegram:\n  token: {secret: telegram-token}\n  chat_id: -100123"]
  case .discord: ["discord:\n  url: {secret: url}\n  update: true"]
  case .mattermost: ["mattermost:\n  url: {secret: url}"]
  case .ntfy:
    [
      "ntfy:\n  url: https://ntfy.example.com\n  topic: {secret: header}\n" + bearer,
      "ntfy:\n  url: https://ntfy.example.com\n  topic: {secret: header}\n" + basic,
    ]
  case .pagerduty:
    [
      "pagerduty:\n  routing_key: {secret: token}",
      "pagerduty:\n  routing_key: {secret: token}\n  api_url: \(plain("pd.example.com"))",
      "pagerduty:\n  routing_key: {secret: token}\n  api_url: {secret: url}",
    ]
  case .opsgenie:
    [
      "opsgenie:\n  api_key: {secret: token}\n  update_alerts: true",
      "opsgenie:\n  api_key: {secret: token}\n  api_url: {secret: url}",
    ]
  case .sms:
    [
      """
      sms:
        to: ['+8613800000000']
        twilio: {account_sid: AC00000000000000000000000000000000, auth_token: {secret: token}, from: '+15005550006'}
      """,
      """
      sms:
        to: ['+8613800000000']
        aliyun: {access_key_id: {secret: header}, access_key_secret: {secret: token}, sign_name: a, template_code: SMS_1}
      """,
    ]
  case .alertmanager:
    [
      "alertmanager:\n  url: {secret: url}\n" + basic,
      "alertmanager:\n  endpoints: [{url: {secret: url}}, {url: \(plain("am.example.com"))}]\n" + bearer,
    ]
  }
}

private func parse(_ text: String) throws -> ChannelSpec {
  let lines = text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
  let document = "apiVersion: belfry/v1\nkind: Channel\nmetadata: {name: oncall}\nspec:\n" + lines + "\n"
  let file = SpecFile.parse(path: "tenants/shop/channels.yaml", bytes: Array(document.utf8), options: SpecOptions())
  #expect(file.diagnostics.all.map { $0.message } == [], "\(text)")
  guard case .channel(let spec) = try #require(file.resources.first).spec else { throw NoChannel() }
  return spec
}

private struct NoChannel: Error {}

/// A destination that says everything that it was told, in one of many ways.
private struct Echo: HTTPTransport, MailTransport {
  enum Way: CaseIterable {
    case unreachable, untrusted, unsendable, brokenOff
    case plainText, json, percent, lowerPercent, base64, html
    case refusedJSON, acceptedJSON
  }

  let way: Way
  let status: Int
  /// How much stands before the echo, so that it is cut at different places.
  let padding: Int

  private func echo(_ texts: [String]) -> String {
    let text = String(repeating: "x", count: padding) + " " + texts.joined(separator: " ")
    return switch way {
    case .percent: texts.map(\.percent).joined(separator: " ")
    case .lowerPercent: texts.map { $0.percent.lowercased(escapesOf: $0) }.joined(separator: " ")
    case .base64: texts.map { Array($0.utf8).base64 }.joined(separator: " ")
    case .html: text.replacing("&", with: "&amp;").replacing("+", with: "+")
    default: text
    }
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let body = String(decoding: request.body, as: UTF8.self)
    let secrets = request.headers.map { $0.name + ": " + $0.value }
    // The parts in turn first, since only the beginning of an answer is told.
    let parts = [request.url] + secrets.reversed() + [body]
    let first = padding % parts.count
    let told = echo(Array(parts[first...] + parts[..<first]))
    switch way {
    case .unreachable: throw .unreachable("can't reach " + told)
    case .untrusted: throw .untrusted("who is " + told)
    case .unsendable: throw .unsendable("odd: " + told)
    case .brokenOff: throw .brokenOff("after " + told)
    case .plainText, .percent, .lowerPercent, .base64, .html: return answer(told)
    case .json, .refusedJSON, .acceptedJSON: return answer(jsonBody(told))
    }
  }

  func submit(_ mail: MailSubmission) async throws(MailError) -> String {
    let password = mail.password?.reveal() ?? ""
    let login = "\0" + (mail.username ?? "") + "\0" + password
    let told = echo(
      padding % 2 == 0
        ? ["AUTH PLAIN " + Array(login.utf8).base64, password] : [password, Array(password.utf8).base64])
    switch way {
    case .unreachable, .untrusted, .unsendable, .brokenOff: throw .transport(.unreachable(told))
    case .acceptedJSON: return told
    default: throw .refused(code: status == 200 ? 451 : 535, told)
    }
  }

  private func answer(_ text: String) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: [Label("Content-Type", "application/json"), Label("X-Request-Id", text)],
      body: Array(text.utf8))
  }

  /// In every member that a vendor has words or ids in.
  private func jsonBody(_ told: String) -> String {
    let text =
      "\""
      + told.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
      .replacing("/", with: "\\/") + "\""
    let words = [
      "msg", "errmsg", "message", "error", "description", "errorMessage", "Message", "requestId", "RequestId", "id",
      "ts", "channel", "sid", "BizId", "dedup_key", "detail", "StatusMessage", "warning",
    ]
    let isYes = way == .acceptedJSON
    let codes =
      isYes
      ? #""code":0,"StatusCode":0,"errcode":0,"ok":true,"status":"success","Code":"OK","result":{"message_id":7}"#
      : #""code":19001,"StatusCode":19001,"errcode":310000,"ok":false,"status":\#(text),"Code":\#(text)"#
    return "{" + codes + "," + words.map { "\"\($0)\":" + text }.joined(separator: ",") + ",\"errors\":[\(text)]}"
  }
}

extension String {
  fileprivate var percent: String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in utf8 {
      let isPlain = UnicodeScalar(byte).properties.isAlphabetic && byte < 0x80 || 0x30...0x39 ~= byte
      bytes += isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Only the escapes in lower case.
  fileprivate func lowercased(escapesOf text: String) -> String {
    text.utf8.map { byte in
      let one = String(decoding: [byte], as: UTF8.self).percent
      return one.utf8.count > 1 ? one.lowercased() : one
    }.joined()
  }
}

/// What of the planted texts, or of a part long enough to help, stands in `text`.
private func leaks(in text: String) -> [String] {
  let bytes = Array(text.utf8)
  return windows(of: bytes).enumerated().filter { plantedWindows.contains($0.element) }.map {
    String(decoding: bytes[$0.offset..<$0.offset + 8], as: UTF8.self)
  }
}

/// Eight bytes of a planted text, in any form.
private let plantedWindows = {
  var found: Set<UInt64> = []
  for secret in Planted.all {
    for form in [secret, secret.percent, secret.percent.lowercased()] + forms(of: secret) {
      found.formUnion(windows(of: Array(form.utf8)))
    }
  }
  return found
}()

/// Every eight bytes in a row, as a number.
private func windows(of bytes: [UInt8]) -> [UInt64] {
  var bits: UInt64 = 0
  var found: [UInt64] = []
  for (index, byte) in bytes.enumerated() {
    bits = bits << 8 | UInt64(byte)
    if index >= 7 { found.append(bits) }
  }
  return found
}

/// In base64, wherever the text stood in what was encoded.
private func forms(of secret: String) -> [String] {
  (0..<3).map { shift in
    let bytes = [UInt8](repeating: 0x41, count: shift) + Array(secret.utf8)
    return String(bytes.base64.dropFirst([0, 2, 3][shift]).prefix { $0 != "=" }.dropLast(2))
  }
}

/// One secret, which is replaced while messages are under way.
private final class ChangingSecrets: SecretResolver {
  let token = Mutex("")

  func secret(_ name: String, for scope: Scope) throws(SecretError) -> Secret { Secret(token.withLock { $0 }) }
  func file(_ name: String, for scope: Scope) throws(SecretError) -> String { name }
}

@Suite struct `No secret is told` {
  private static let resolvers = ScriptedSecrets(secrets: Planted.secrets)

  private func channels(_ kind: ChannelKind) throws -> [any Channel] {
    let channels = Channels(
      secrets: Self.resolvers, clock: TestClock(now: start), nonce: { "0123456789abcdef0123456789abcdef" })
    return try specs(of: kind).map { channels.channel(oncall, try parse($0), style: MessageStyle()) }
  }

  @Test(arguments: ChannelKind.allCases)
  func `whatever the destination says`(kind: ChannelKind) async throws {
    for channel in try channels(kind) {
      for way in Echo.Way.allCases {
        for status in [200, 401, 500] {
          for padding in [0, 1, 2, 3, 7, 177] {
            let echo = Echo(way: way, status: status, padding: padding)
            for sample in [padding % 2 == 0 ? SampleMessage.firing : .resolved] {
              var post = sample.post
              if padding % 2 == 1 { post.messages[0].handle = "C024BE91L/1712.3" }
              post.isTest = padding == 7
              var outlet = Outlet(http: echo, mail: echo) { _ in }
              let texts: [String]
              do throws(DeliveryError) {
                let receipt = try await channel.send(post, through: &outlet)
                texts = [receipt.detail, receipt.handle ?? ""]
              } catch {
                texts = [error.description, "\(error)", String(reflecting: error)]
              }
              for text in texts {
                let found = leaks(in: text)
                #expect(found == [], "\(kind) \(way) \(status) \(padding): \(text)")
                if !found.isEmpty { return }
              }
            }
          }
        }
      }
    }
  }

  /// A webhook whose answer repeats `text`, as it is told.
  private func told(_ text: String, by channel: any Channel) async -> String {
    let result = await outcome(
      of: SampleMessage.firing.post, by: channel, over: ScriptedTransport(answer(404, text)))
    guard case .failure(let error) = result else { return "taken" }
    return error.description
  }

  @Test func `whichever of the last three it was`() async throws {
    let changing = ChangingSecrets()
    let channels = Channels(secrets: changing, clock: TestClock(now: start), nonce: { "" })
    let channel = channels.channel(oncall, try parse(specs(of: .pagerduty)[0]), style: MessageStyle())
    for number in 1...3 {
      changing.token.withLock { $0 = "Rotated-\(number)-Qwertz" }
      let all = (1...number).map { "Rotated-\($0)-Qwertz" }.joined(separator: " ")
      #expect(!(await told(all, by: channel)).contains("Qwertz"))
    }
  }

  @Test func `and what isn't secret stays readable`() async throws {
    let channel = try #require(try channels(.webhook).first)
    let transport = ScriptedTransport(
      answer(404, "no robot is named 'send' under /services; see https://hooks.example.com"))
    #expect(
      await outcome(of: SampleMessage.firing.post, by: channel, over: transport)
        == .failure(
          .rejected("answered 404: no robot is named 'send' under /services; see https://hooks.example.com")))
  }

  @Test func `and what is hidden is seen to be`() async throws {
    let channel = try #require(try channels(.pagerduty).first)
    let transport = ScriptedTransport(answer(404, "no key \(Planted.token) here"))
    #expect(
      await outcome(of: SampleMessage.firing.post, by: channel, over: transport)
        == .failure(.rejected("answered 404: no key ‹redacted› here")))
  }
}

@Suite struct `No label becomes a header` {
  @Test(arguments: ChannelKind.allCases)
  func `whatever it holds`(kind: ChannelKind) async throws {
    let channels = Channels(
      secrets: ScriptedSecrets(secrets: Planted.secrets), clock: TestClock(now: start),
      nonce: { "0123456789abcdef0123456789abcdef" })
    for text in specs(of: kind) {
      let channel = channels.channel(oncall, try parse(text), style: MessageStyle())
      let transport = ScriptedTransport(answer(200, #"{"ok":true,"code":0,"errcode":0}"#))
      for sample in [SampleMessage.hostile, .many, .long, .digest] {
        _ = await outcome(of: sample.post, by: channel, over: transport)
      }
      for request in await transport.requests {
        let texts = [request.url, request.method] + request.headers.flatMap { [$0.name, $0.value] }
        for text in texts { #expect(!text.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "\(kind): \(text)") }
        #expect(request.headers.allSatisfy { $0.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } })
        #expect(!request.headers.contains { $0.name.lowercased() == "bcc" })
      }
      for mail in await transport.mails {
        let text = String(decoding: mail.message, as: UTF8.self)
        let head = text.utf8.split(separator: 13, omittingEmptySubsequences: false).map {
          String(decoding: $0, as: UTF8.self)
        }
        #expect(!head.contains { $0.lowercased().hasPrefix("\nbcc:") })
      }
    }
  }
}
