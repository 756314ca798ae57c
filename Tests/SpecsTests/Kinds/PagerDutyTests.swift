import Model
import Specs
import Testing

@Suite struct `Reading a channel of PagerDuty` {
  private func pagerduty(_ text: String) throws -> PagerDutySpec {
    guard case .channel(let channel) = try readSpec(.channel, text), case .pagerduty(let spec) = channel.destination
    else { throw NotOne() }
    return spec
  }

  private struct NotOne: Error {}

  @Test func `takes a key, and nothing else is needed`() throws {
    let spec = try pagerduty("pagerduty: {routing_key: {secret: pd-key}}")
    #expect(spec.routingKey == "pd-key")
    #expect(spec.pool.endpoints == [ChannelEndpoint(url: .plain("https://events.pagerduty.com/v2/enqueue"))])
    #expect(spec.pool.timeout == .seconds(10))
  }

  @Test func `takes all its fields`() throws {
    let spec = try pagerduty(
      """
      pagerduty:
        routing_key: {secret: pd-key}
        api_url: https://events.eu.pagerduty.com
        details: {team: checkout, floor: 3}
        timeout: 5s
        tls_config: {ca: {secret: ca}}
        proxy_url: http://proxy.example.com:3128
        headers: {X-Team: shop}
      """)
    #expect(spec.pool.endpoints == [ChannelEndpoint(url: .plain("https://events.eu.pagerduty.com"))])
    #expect(spec.details == [Label("floor", "3"), Label("team", "checkout")])
    #expect(spec.pool.timeout == .seconds(5))
    #expect(spec.pool.http.ca == "ca")
    #expect(spec.pool.http.proxy == "http://proxy.example.com:3128")
    #expect(spec.pool.http.headers == [Label("X-Team", "shop")])
  }

  @Test(arguments: [
    Mistake("pagerduty: 1️⃣{timeout: 3s}", "missing-field", "pagerduty needs 'routing_key'"),
    Mistake(
      "pagerduty: {routing_key: 1️⃣R0000000}", "secret-in-spec", "a routing key stands in the spec as text"),
    Mistake(
      "pagerduty: {routing_key: {secret: a}, 1️⃣service_key: {secret: b}}", "unknown-field",
      "pagerduty has no field 'service_key'"),
    Mistake(
      "pagerduty: {routing_key: {secret: a}, 1️⃣severity: critical}", "unknown-field",
      "pagerduty has no field 'severity'"),
    Mistake(
      "pagerduty: {routing_key: {secret: a}, 1️⃣bearer_token: {secret: b}}", "unknown-field",
      "pagerduty has no field 'bearer_token'"),
    Mistake(
      "pagerduty: {routing_key: {secret: a}, api_url: 1️⃣events.example.com}", "malformed-url",
      "'events.example.com' does not begin with http:// or https://"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/channels.yaml") { document(.channel, $0) }
  }
}
