import Model
import Specs
import Testing

@Suite struct `Reading teams` {
  @Test func `takes a workflow's webhook, which is always a secret`() throws {
    let spec = try readSpec(.channel, "teams: {url: {secret: workflow}, proxy_url: 'http://127.0.0.1:3128'}")
    guard case .channel(let channel) = spec, case .teams(let teams) = channel.destination else {
      Issue.record("not teams")
      return
    }
    #expect(teams.pool.endpoints == [ChannelEndpoint(url: .secret("workflow"))])
    #expect(teams.pool.http.proxy == "http://127.0.0.1:3128")
  }

  @Test(arguments: [
    Mistake("teams: 1️⃣{timeout: 3s}", "missing-field", "teams needs 'url'"),
    Mistake(
      "teams: {url: 1️⃣'https://prod-1.westeurope.logic.azure.com/workflows/x?sig=y'}", "secret-in-spec",
      "the URL is a credential: whoever reads it can post there"),
    Mistake("teams: {1️⃣webhook_url: x, url: {secret: a}}", "unknown-field", "teams has no field 'webhook_url'"),
    Mistake("teams: {1️⃣summary: x, url: {secret: a}}", "unknown-field", "teams has no field 'summary'"),
    Mistake("teams: {1️⃣text: x, url: {secret: a}}", "unknown-field", "teams has no field 'text'"),
    Mistake("teams: {1️⃣secret: {secret: x}, url: {secret: a}}", "unknown-field", "teams has no field 'secret'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
