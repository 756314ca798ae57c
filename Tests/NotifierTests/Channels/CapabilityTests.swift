import Diagnostics
import Foundation
import Model
import Notifier
import Specs
import TestKit
import Testing

/// What each kind of channel does, found out by sending: the table of `docs/channels.md`.
@Suite struct `What channels can do` {
  /// The simplest spec of each kind, and an id of somebody there where the kind has ids.
  private static func sample(_ kind: ChannelKind) -> (spec: String, person: String?) {
    switch kind {
    case .console: ("console: {}", nil)
    case .webhook: ("webhook: {url: {secret: url}}", nil)
    case .email: ("email: {to: ana@example.com, from: b@example.com, smarthost: 'smtp.example.com:587'}", nil)
    case .feishu: ("feishu: {url: {secret: url}}", "ou_1a2b")
    case .dingtalk: ("dingtalk: {url: {secret: url}}", "manager7")
    case .wecom: ("wecom: {url: {secret: url}}", "zhangsan")
    case .slack: ("slack: {token: {secret: token}, channel: C024BE91L}", "U024BE7LH")
    case .teams: ("teams: {url: {secret: url}}", "8c0a1a67-50ce-4114-bb6c-da9c5dbcf6ca")
    case .telegram: ("telegram: {token: {secret: telegram}, chat_id: -100123}", "ana_oncall")
    case .discord: ("discord: {url: {secret: discord}, update: true}", "80351110224678912")
    case .mattermost: ("mattermost: {url: {secret: url}}", "ana")
    case .ntfy: ("ntfy: {url: 'https://ntfy.example.com', topic: alerts}", nil)
    case .pagerduty: ("pagerduty: {routing_key: {secret: token}}", nil)
    case .opsgenie: ("opsgenie: {api_key: {secret: token}}", nil)
    case .sms:
      (
        """
        sms: {to: ['+8613800000000'], twilio: {account_sid: AC00000000000000000000000000000000, auth_token: {secret: token}, from: '+15005550006'}}
        """, nil
      )
    case .alertmanager: ("alertmanager: {url: {secret: url}}", nil)
    }
  }

  private static let secrets = [
    "url": "https://hooks.example.com/services/T00/B00/x?key=y", "token": "0123456789abcdef0123456789abcdef",
    "discord": "https://discord.com/api/webhooks/1199876543210987654/abc",
    "telegram": "123456:abcdefghijklmnopqrstuvwxyz",
  ]

  /// Yes, in the words of every vendor.
  private static let consents = [
    answer(
      200,
      #"{"ok":true,"code":0,"StatusCode":0,"errcode":0,"errmsg":"ok","status":"success","ts":"1.2","channel":"C1","#
        + #""result":{"message_id":7,"chat":{"id":-100123}},"id":"9","sid":"SM1"}"#),
    answer(200, "ok"), answer(202, ""), answer(202, #"{"status":"success","result":"Request will be processed"}"#),
    answer(201, #"{"sid":"SM1","status":"queued"}"#),
  ]

  private func channel(_ kind: ChannelKind, mentions: [Mention] = []) throws -> any Channel {
    let document =
      "apiVersion: belfry/v1\nkind: Channel\nmetadata: {name: oncall}\nspec:\n  " + Self.sample(kind).spec + "\n"
    let file = SpecFile.parse(path: "tenants/shop/channels.yaml", bytes: Array(document.utf8), options: SpecOptions())
    guard case .channel(let spec)? = file.resources.first?.spec else {
      throw Unreadable(findings: file.diagnostics.all.map(\.message))
    }
    let style = MessageStyle(mentions: mentions)
    return Channels(
      secrets: ScriptedSecrets(secrets: Self.secrets), clock: TestClock(now: start),
      nonce: { "0123456789abcdef0123456789abcdef" }
    ).channel(oncall, spec, style: style)
  }

  private struct Unreadable: Error { let findings: [String] }

  /// What was sent and what became of it, when the other side consents.
  private func send(
    _ sample: SampleMessage, _ kind: ChannelKind, mentions: [Mention] = []
  ) async throws -> (bodies: [[UInt8]], receipt: Receipt)? {
    for consent in Self.consents {
      let transport = ScriptedTransport(consent)
      guard
        case .success(let receipt) = await outcome(
          of: sample.post, by: try channel(kind, mentions: mentions), over: transport)
      else { continue }
      return (await transport.requests.map(\.body) + transport.mails.map(\.message), receipt)
    }
    return nil
  }

  private func row(_ kind: ChannelKind) async throws -> String {
    var sent: [SampleMessage: (bodies: [[UInt8]], receipt: Receipt)] = [:]
    for sample in SampleMessage.allCases where sample != .digest || kind.mergesGroups {
      sent[sample] = try await send(sample, kind)
    }
    let refusal = await outcome(
      of: SampleMessage.firing.post, by: try channel(kind), over: ScriptedTransport(answer(429, "slow down")))
    var waits = false
    if case .failure(.throttled) = refusal { waits = true }
    let largest = sent.values.flatMap(\.bodies).map(\.count).max() ?? 0
    let called = try await called(by: kind)
    func mark(_ holds: Bool) -> String { holds ? "yes" : "–" }
    let cells = [
      "[`\(kind.rawValue)`](channels/\(kind.rawValue).md)", mark(sent[.firing] != nil), mark(sent[.resolved] != nil),
      kind.mergesGroups ? mark(sent[.digest] != nil) : "–", mark(sent[.firing]?.receipt.handle != nil), mark(waits),
      called.isEmpty ? "–" : called.joined(separator: ", "),
      mark(sent[.hostile] != nil && sent[.long] != nil && sent[.many] != nil),
      kind == .console ? "–" : Self.size(largest),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// Whom a mention calls: for whom something else is sent than the name as text.
  private func called(by kind: ChannelKind) async throws -> [String] {
    var candidates = [("all", "all"), ("mobile", "13800000000"), ("e-mail", "ana@example.com")]
    if let person = Self.sample(kind).person { candidates.append(("id", kind.rawValue + ":" + person)) }
    let plain = try await send(.firing, kind)?.bodies
    var called: [String] = []
    for (name, text) in candidates {
      let mention = Mention(ofMessage: text)
      let shown = if case .id(_, let id) = mention { id } else { text }
      let sent = try await send(.firing, kind, mentions: [mention])?.bodies
      if sent != plain, sent != (try await send(.firing, kind, mentions: [.text(shown)])?.bodies) {
        called.append(name)
      }
    }
    return called
  }

  /// Whole kilobytes, rounded up.
  private static func size(_ bytes: Int) -> String { bytes < 1000 ? "\(bytes) B" : "\((bytes + 999) / 1000) kB" }

  @Test(arguments: ChannelKind.allCases)
  func `stand in the table of docs as found`(kind: ChannelKind) async throws {
    let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/channels.md")
    let page = try String(contentsOf: docs, encoding: .utf8)
    let row = try await row(kind)
    #expect(page.contains(row), "\(row)")
  }
}
