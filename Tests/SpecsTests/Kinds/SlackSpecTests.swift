import Model
import Specs
import Testing

@Suite struct `Reading slack` {
  private func slack(_ yaml: String) throws -> SlackSpec? {
    guard case .channel(let channel) = try readSpec(.channel, yaml), case .slack(let spec) = channel.destination else {
      return nil
    }
    return spec
  }

  @Test func `takes webhooks, which are always secrets`() throws {
    let spec = try #require(
      try slack("slack:\n  endpoints:\n  - url: {secret: one}\n  - url: {secret: two}\n  timeout: 5s"))
    #expect(spec.pool.endpoints.map(\.url) == [.secret("one"), .secret("two")])
    #expect(spec.pool.timeout == .seconds(5))
    #expect(spec.bot == nil)
    #expect(try slack("slack: {url: 'http://127.0.0.1:1/x'}")?.pool.endpoints.count == 1)
  }

  @Test func `takes a bot, which keeps its messages up to date unless told otherwise`() throws {
    let spec = try #require(try slack("slack: {token: {secret: bot}, channel: C0123456789}"))
    #expect(spec.bot?.token == "bot")
    #expect(spec.bot?.channel == "C0123456789")
    #expect(spec.bot?.update == true)
    #expect(spec.bot?.thread == .all)
    #expect(spec.pool.endpoints == [ChannelEndpoint(url: .plain("https://slack.com/api"))])
  }

  @Test(arguments: [
    ("update: false", false, SlackSpec.Thread.never), ("update: false, thread: resolves", false, .resolves),
    ("thread: never", true, .never), ("update: true, thread: resolves", true, .resolves),
  ])
  func `takes what becomes of the group's message`(fields: String, updates: Bool, thread: SlackSpec.Thread) throws {
    let spec = try #require(
      try slack("slack: {token: {secret: bot}, channel: '#alerts', api_url: 'http://127.0.0.1:9/api/', \(fields)}"))
    #expect(spec.bot?.update == updates)
    #expect(spec.bot?.thread == thread)
    #expect(spec.bot?.channel == "#alerts")
    #expect(spec.pool.endpoints.first?.url == .plain("http://127.0.0.1:9/api"))
  }

  @Test func `tells every field to digests and diffs`() throws {
    let texts = [
      "{token: {secret: bot}, channel: C0123456789}", "{token: {secret: other}, channel: C0123456789}",
      "{token: {secret: bot}, channel: C0123456780}", "{token: {secret: bot}, channel: C0123456789, update: false}",
      "{token: {secret: bot}, channel: C0123456789, thread: never}",
      "{token: {secret: bot}, channel: C0123456789, api_url: 'http://127.0.0.1:1'}", "{url: {secret: bot}}",
    ]
    #expect(Set(try texts.map { try digest("slack: " + $0) }).count == texts.count)
  }

  @Test(arguments: [
    Mistake(
      "slack: 1️⃣{timeout: 3s}", "missing-field", "slack needs 'url' of a webhook, or 'token' and 'channel' of a bot"),
    Mistake(
      "slack: {1️⃣api_url: 'https://example.com/x'}", "missing-field",
      "slack needs 'url' of a webhook, or 'token' and 'channel' of a bot"),
    Mistake(
      "slack: {url: 1️⃣'https://example.com/hook'}", "secret-in-spec",
      "the URL is a credential: whoever reads it can post there"),
    Mistake(
      "slack: {url: {secret: a}, 1️⃣channel: '#ops'}", "conflicting-fields",
      "'channel' is for a bot, and this is a webhook"),
    Mistake(
      "slack: {url: {secret: a}, 1️⃣update: true}", "conflicting-fields", "'update' is for a bot, and this is a webhook"),
    Mistake(
      "slack: {url: {secret: a}, 1️⃣token: {secret: b}, channel: C0123456789}", "conflicting-fields",
      "'token' stands beside 'url'"),
    Mistake("slack: 1️⃣{token: {secret: b}}", "missing-field", "slack needs 'channel'"),
    Mistake("slack: {token: 1️⃣xyz, channel: ops}", "secret-in-spec", "a token stands in the spec as text"),
    Mistake("slack: {token: {secret: b}, channel: 1️⃣'@ana'}", "malformed-name", "'@ana' is not a channel of Slack"),
    Mistake(
      "slack: {token: {secret: b}, channel: ops, thread: 1️⃣some}", "unknown-value", "'some' is not a use of threads"),
    Mistake(
      "slack: {token: {secret: b}, channel: ops, 1️⃣bearer_token: {secret: c}}", "conflicting-fields",
      "'bearer_token' stands beside 'token'"),
    Mistake("slack: {url: {secret: a}, 1️⃣http_config: {}}", "unknown-field", "slack has no field 'http_config'"),
    Mistake(
      "slack: {url: {secret: a}, 1️⃣send_resolved: true}", "unknown-field",
      "slack has no field 'send_resolved'"),
    Mistake("slack: {url: {secret: a}, 1️⃣title: x}", "unknown-field", "slack has no field 'title'"),
    Mistake("slack: {url: {secret: a}, 1️⃣text: x}", "unknown-field", "slack has no field 'text'"),
    Mistake("slack: {url: {secret: a}, 1️⃣bot_token: x}", "unknown-field", "slack has no field 'bot_token'"),
    Mistake("slack: {url: {secret: a}, 1️⃣secret: {secret: x}}", "unknown-field", "slack has no field 'secret'"),
    Mistake(
      "slack: {1️⃣endpoints: [{url: {secret: a}, secret: {secret: x}}]}", "no-effect",
      "slack checks no signatures, so 'secret' does nothing"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}

/// The digest of a channel's spec.
func digest(_ yaml: String) throws -> UInt64 {
  let file = read(document(.channel, yaml), at: usualPath(.channel))
  return try #require(file.resources.first).digest
}
