import Model
import Specs
import Testing

@Suite struct `Reading a channel of Opsgenie` {
  private struct NotOne: Error {}

  private func opsgenie(_ text: String) throws -> OpsgenieSpec {
    guard case .channel(let channel) = try readSpec(.channel, text), case .opsgenie(let spec) = channel.destination
    else { throw NotOne() }
    return spec
  }

  @Test func `takes a key, and nothing else is needed`() throws {
    let spec = try opsgenie("opsgenie: {api_key: {secret: og-key}}")
    #expect(spec.apiKey == "og-key")
    #expect(spec.pool.endpoints == [ChannelEndpoint(url: .plain("https://api.opsgenie.com"))])
    #expect(spec.responders == [] && spec.tags == [] && !spec.updatesAlerts)
  }

  @Test func `takes all its fields`() throws {
    let spec = try opsgenie(
      """
      opsgenie:
        api_key: {secret: og-key}
        api_url: https://api.atlassian.com/jsm/ops/integration
        responders:
          - {type: team, name: payments}
          - {type: user, username: ana@example.com}
          - {type: schedule, id: 4513b7ea}
        tags: [shop, checkout]
        update_alerts: true
        timeout: 5s
      """)
    #expect(
      spec.responders == [
        .init(.team, .name, "payments"), .init(.user, .username, "ana@example.com"),
        .init(.schedule, .id, "4513b7ea"),
      ])
    #expect(spec.tags == ["shop", "checkout"])
    #expect(spec.updatesAlerts)
    #expect(spec.pool.timeout == .seconds(5))
  }

  @Test(arguments: [
    Mistake("opsgenie: 1️⃣{tags: [a]}", "missing-field", "opsgenie needs 'api_key'"),
    Mistake("opsgenie: {api_key: 1️⃣abc}", "secret-in-spec", "an API key stands in the spec as text"),
    Mistake(
      "opsgenie: {api_key: {secret: a}, 1️⃣priority: P1}", "unknown-field", "opsgenie has no field 'priority'"),
    Mistake(
      "opsgenie: {api_key: {secret: a}, responders: [{type: 1️⃣group, name: b}]}", "unknown-value",
      "'group' is not a type of responder"),
    Mistake(
      "opsgenie: {api_key: {secret: a}, responders: [1️⃣{type: team}]}", "missing-field", "a responder needs a name"),
    Mistake(
      "opsgenie: {api_key: {secret: a}, responders: [{type: team, name: b, 1️⃣id: c}]}", "conflicting-fields",
      "'name' and 'id' name the same responder"),
    Mistake(
      "opsgenie: {api_key: {secret: a}, responders: [{type: user, 1️⃣name: Ana}]}", "conflicting-fields",
      "a user is named by 'username' or 'id'"),
    Mistake(
      "opsgenie: {api_key: {secret: a}, responders: [{type: team, 1️⃣username: ana@example.com}]}",
      "conflicting-fields", "only a user has a username"),
    Mistake(
      "opsgenie: {api_key: {secret: a}, tags: 1️⃣[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u]}",
      "out-of-range", "21 tags; an alert has at most 20"),
    Mistake(
      "opsgenie: {api_key: {secret: a}, tags: [1️⃣aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeef]}",
      "out-of-range", "a tag has at most 50 characters"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/channels.yaml") { document(.channel, $0) }
  }
}
