import Model
import Specs
import Testing

@Suite struct `Reading a channel of Alertmanager` {
  @Test func `takes the members of a cluster`() throws {
    let spec = try readSpec(
      .channel,
      """
      alertmanager:
        endpoints:
          - url: http://am-1.example.com:9093/alerts
          - url: http://am-2.example.com:9093/alerts
        bearer_token: {secret: am-token}
        timeout: 5s
      """)
    guard case .channel(let channel) = spec, case .alertmanager(let alertmanager) = channel.destination else {
      Issue.record("not an alertmanager")
      return
    }
    #expect(
      alertmanager.pool.endpoints == [
        ChannelEndpoint(url: .plain("http://am-1.example.com:9093/alerts")),
        ChannelEndpoint(url: .plain("http://am-2.example.com:9093/alerts")),
      ])
    #expect(alertmanager.pool.http.bearerToken == "am-token")
    #expect(alertmanager.pool.timeout == .seconds(5))
  }

  @Test(arguments: [
    Mistake("alertmanager: 1️⃣{timeout: 3s}", "missing-field", "alertmanager needs 'url'"),
    Mistake(
      "alertmanager: {url: 'http://am.example.com', 1️⃣secret: {secret: a}}", "unknown-field",
      "alertmanager has no field 'secret'"),
    Mistake(
      "alertmanager: {url: 'http://am.example.com', 1️⃣path_prefix: /x}", "unknown-field",
      "alertmanager has no field 'path_prefix'"),
    Mistake(
      "alertmanager:\n  endpoints:\n    - url: http://am.example.com\n    - 1️⃣url: http://b.example.com\n      secret: {secret: a}",
      "no-effect", "an Alertmanager checks no signatures, so 'secret' does nothing"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/channels.yaml") { document(.channel, $0) }
  }
}
