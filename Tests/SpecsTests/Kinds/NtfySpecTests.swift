import Model
import Specs
import Testing

@Suite struct `Reading ntfy` {
  private func ntfy(_ fields: String) throws -> NtfySpec? {
    guard case .channel(let channel) = try readSpec(.channel, "ntfy: {\(fields)}"),
      case .ntfy(let ntfy) = channel.destination
    else { return nil }
    return ntfy
  }

  @Test func `takes a server that is written out, a topic and tags`() throws {
    let spec = try #require(
      try ntfy("url: 'https://ntfy.example.com/', topic: shop-alerts, tags: [shop, skull], bearer_token: {secret: t}"))
    #expect(spec.pool.endpoints == [ChannelEndpoint(url: .plain("https://ntfy.example.com/"))])
    #expect(spec.topic == .plain("shop-alerts"))
    #expect(spec.tags == ["shop", "skull"])
    #expect(spec.pool.http.bearerToken == "t")
  }

  @Test func `takes a topic that nobody may know`() throws {
    #expect(try ntfy("url: 'https://ntfy.sh', topic: {secret: topic}")?.topic == .secret("topic"))
  }

  @Test func `tells every field to digests and diffs`() throws {
    let fields = ["topic: a", "topic: b", "topic: {secret: a}", "topic: a, tags: [x]", "topic: a, tags: [y]"]
    #expect(Set(try fields.map { try digest("ntfy: {url: 'https://ntfy.sh', \($0)}") }).count == fields.count)
  }

  @Test(arguments: [
    Mistake("ntfy: 1️⃣{url: 'https://ntfy.sh'}", "missing-field", "ntfy needs 'topic'"),
    Mistake("ntfy: 1️⃣{topic: a}", "missing-field", "ntfy needs 'url'"),
    Mistake(
      "ntfy: {url: 1️⃣'https://ntfy.sh/shop', topic: shop}", "malformed-url",
      "ntfy's address has no path: the topic stands in 'topic'"),
    Mistake("ntfy: {url: 'https://ntfy.sh', topic: 1️⃣a/b}", "malformed-name", "'a/b' can't be a topic of ntfy"),
    Mistake(
      "ntfy: {url: 'https://ntfy.sh', topic: a, tags: [1️⃣'a,b']}", "malformed-name", "'a,b' can't be a tag of ntfy"),
    Mistake(
      "ntfy: {url: 'https://ntfy.sh', topic: a, 1️⃣priority: 5}", "unknown-field",
      "ntfy has no field 'priority'"),
    Mistake(
      "ntfy: {url: 'https://ntfy.sh', topic: a, 1️⃣http_config: {}}", "unknown-field", "ntfy has no field 'http_config'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
