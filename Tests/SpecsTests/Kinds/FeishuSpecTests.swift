import Model
import Specs
import Testing

@Suite struct `Reading a Feishu robot` {
  @Test func `takes one robot, or several with a key of their own`() throws {
    guard
      case .channel(let one) = try readSpec(
        .channel, "feishu: {url: {secret: hook}, secret: {secret: sign}, format: post, keyword: 告警}"),
      case .feishu(let feishu) = one.destination
    else {
      Issue.record("not a robot")
      return
    }
    #expect(feishu.pool.endpoints == [ChannelEndpoint(url: .secret("hook"), signingSecret: "sign")])
    #expect(feishu.format == .post)
    #expect(feishu.keyword == "告警")
    let text = """
      feishu:
        endpoints:
        - {url: {secret: hook-1}, secret: {secret: sign-1}}
        - {url: {secret: hook-2}}
      """
    guard case .channel(let many) = try readSpec(.channel, text), case .feishu(let pool) = many.destination else {
      return
    }
    #expect(pool.format == .card)
    #expect(pool.pool.endpoints.map(\.signingSecret) == ["sign-1", nil])
  }

  @Test func `takes an address of this machine as it is`() throws {
    _ = try readSpec(.channel, "feishu: {url: 'http://127.0.0.1:8080/hook'}")
  }

  @Test(arguments: [
    Mistake("feishu: 1️⃣{format: card}", "missing-field", "feishu needs 'url'"),
    Mistake(
      "feishu: {url: 1️⃣'https://gateway.example.com/hook'}", "secret-in-spec",
      "the URL is a credential: whoever reads it can post there"),
    Mistake(
      "feishu: {endpoints: [{url: 1️⃣'https://gateway.example.com/hook'}]}", "secret-in-spec",
      "the URL is a credential: whoever reads it can post there"),
    Mistake(
      "feishu: {url: {secret: a}, secret: 1️⃣abc}", "secret-in-spec", "a signing key stands in the spec as text"),
    Mistake(
      "feishu: {url: {secret: a}, format: 1️⃣cards}", "unknown-value",
      "'cards' is not a format of feishu; did you mean 'card'?"),
    Mistake(
      "feishu: {url: {secret: a}, 1️⃣fromat: card}", "unknown-field",
      "feishu has no field 'fromat'; did you mean 'format'?"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
