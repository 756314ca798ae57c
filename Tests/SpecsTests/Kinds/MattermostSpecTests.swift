import Model
import Specs
import Testing

@Suite struct `Reading mattermost` {
  @Test func `takes a webhook with another channel, name and picture`() throws {
    let spec = try readSpec(
      .channel,
      "mattermost: {url: {secret: hook}, channel: ops, username: Belfry, icon_url: 'https://example.com/b.png', "
        + "priority: true}"
    )
    guard case .channel(let channel) = spec, case .mattermost(let mattermost) = channel.destination else {
      Issue.record("not mattermost")
      return
    }
    #expect(mattermost.pool.endpoints == [ChannelEndpoint(url: .secret("hook"))])
    #expect(mattermost.channel == "ops")
    #expect(mattermost.username == "Belfry")
    #expect(mattermost.iconURL == "https://example.com/b.png")
    #expect(mattermost.priority)
  }

  @Test func `tells every field to digests and diffs`() throws {
    let fields = ["", ", channel: a", ", username: a", ", icon_url: 'http://127.0.0.1/a'", ", priority: true"]
    #expect(Set(try fields.map { try digest("mattermost: {url: {secret: hook}\($0)}") }).count == fields.count)
  }

  @Test(arguments: [
    Mistake("mattermost: 1️⃣{channel: a}", "missing-field", "mattermost needs 'url'"),
    Mistake(
      "mattermost: {url: 1️⃣'https://chat.example.com/hooks/abc'}", "secret-in-spec",
      "the URL is a credential: whoever reads it can post there"),
    Mistake(
      "mattermost: {url: {secret: a}, priority: 1️⃣urgent}", "wrong-type",
      "'urgent' stands where true or false is expected"),
    Mistake("mattermost: {url: {secret: a}, 1️⃣text: x}", "unknown-field", "mattermost has no field 'text'"),
    Mistake(
      "mattermost: {url: {secret: a}, 1️⃣attachments: []}", "unknown-field", "mattermost has no field 'attachments'"),
    Mistake(
      "mattermost: {url: {secret: a}, 1️⃣webhook_url: x}", "unknown-field", "mattermost has no field 'webhook_url'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
