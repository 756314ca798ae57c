import Model
import Specs
import Testing

@Suite struct `Reading discord` {
  @Test func `takes a webhook with a name, a picture and a thread`() throws {
    let spec = try readSpec(
      .channel,
      """
      discord:
        url: {secret: hook}
        username: Belfry
        avatar_url: https://example.com/bell.png
        thread_id: '1199876543210987654'
        update: true
      """)
    guard case .channel(let channel) = spec, case .discord(let discord) = channel.destination else {
      Issue.record("not discord")
      return
    }
    #expect(discord.pool.endpoints == [ChannelEndpoint(url: .secret("hook"))])
    #expect(discord.username == "Belfry")
    #expect(discord.avatarURL == "https://example.com/bell.png")
    #expect(discord.thread == "1199876543210987654")
    #expect(discord.update)
  }

  @Test func `tells every field to digests and diffs`() throws {
    let fields = [
      "", ", username: a", ", username: b", ", avatar_url: 'http://127.0.0.1/a'", ", thread_id: 5", ", update: true",
      ", headers: {A: b}",
    ]
    #expect(Set(try fields.map { try digest("discord: {url: {secret: hook}\($0)}") }).count == fields.count)
  }

  @Test(arguments: [
    Mistake("discord: 1️⃣{username: a}", "missing-field", "discord needs 'url'"),
    Mistake(
      "discord: {url: 1️⃣'https://discord.example.com/api/hook/1'}", "secret-in-spec",
      "the URL is a credential: whoever reads it can post there"),
    Mistake(
      "discord: {url: {secret: a}, thread_id: 1️⃣general}", "malformed-name", "'general' is not the id of a thread"),
    Mistake(
      "discord: {endpoints: [{url: {secret: a}}, {url: {secret: b}}], 1️⃣thread_id: 5}", "conflicting-fields",
      "a thread is in one channel, and 'endpoints' has several addresses"),
    Mistake(
      "discord: {url: {secret: a}, username: 1️⃣\"a\\nb\"}", "wrong-type",
      "a user name holds a line break or a control character"),
    Mistake("discord: {url: {secret: a}, 1️⃣webhook_url: x}", "unknown-field", "discord has no field 'webhook_url'"),
    Mistake("discord: {url: {secret: a}, 1️⃣content: x}", "unknown-field", "discord has no field 'content'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
