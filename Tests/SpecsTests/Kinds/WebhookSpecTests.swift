import Diagnostics
import Model
import Specs
import Testing

@Suite struct `Reading a webhook` {
  private struct NotOne: Error {}

  private func webhook(_ text: String) throws -> WebhookSpec {
    guard case .channel(let channel) = try readSpec(.channel, text), case .webhook(let spec) = channel.destination
    else { throw NotOne() }
    return spec
  }

  @Test func `is a POST of Alertmanager's document unless told otherwise`() throws {
    let spec = try webhook("webhook: {url: 'https://hooks.example.com/x'}")
    #expect(spec.method == .post && spec.body == nil && spec.signature == nil && spec.parameters == [])
  }

  @Test func `takes all its fields`() throws {
    let spec = try webhook(
      """
      webhook:
        url: https://hooks.example.com/x
        method: PUT
        headers: {X-Team: shop, X-Api-Key: {secret: hook-key}}
        body: '{"text": {{ .CommonLabels.alertname | toJson }}}'
        parameters: {who: '{{ .Receiver }}'}
        signature: {scheme: grafana, secret: {secret: sign}, header: X-Sign, timestamp_header: X-Time}
      """)
    #expect(spec.method == .put)
    #expect(spec.pool.http.headers == [Label("X-Team", "shop")])
    #expect(spec.secretHeaders == [Label("X-Api-Key", "hook-key")])
    #expect(spec.body == #"{"text": {{ .CommonLabels.alertname | toJson }}}"#)
    #expect(spec.parameters == [Label("who", "{{ .Receiver }}")])
    var signature = WebhookSpec.Signature(.grafana, secret: "sign")
    signature.header = "X-Sign"
    signature.timestampHeader = "X-Time"
    #expect(spec.signature == signature)
  }

  @Test func `signs by Standard Webhooks where only a key is given`() throws {
    #expect(
      try webhook("webhook: {url: 'https://a.example.com', secret: {secret: k}}").signature == .init(.standard))
    #expect(
      try webhook("webhook: {url: 'https://a.example.com', signature: {secret: {secret: k}}}").signature
        == .init(.standard, secret: "k"))
    #expect(
      try webhook(
        "webhook: {endpoints: [{url: 'https://a.example.com', secret: {secret: k}}], signature: {scheme: github}}"
      )
      .signature == .init(.github))
  }

  @Test(arguments: [
    Mistake(
      "webhook: {url: {secret: a}, method: 1️⃣post}", "unknown-value", "'post' is not a method; did you mean 'POST'?"),
    Mistake("webhook: {url: {secret: a}, method: 1️⃣HEAD}", "unknown-value", "'HEAD' is not a method"),
    Mistake(
      "webhook: {url: {secret: a}, headers: {1️⃣Host: x}}", "conflicting-fields",
      "the header 'Host' follows from the request"),
    Mistake(
      "webhook: {url: {secret: a}, headers: {1️⃣Content-length: '3'}}", "conflicting-fields",
      "the header 'Content-length' follows from the request"),
    Mistake(
      "webhook: {url: {secret: a}, bearer_token: {secret: b}, headers: {1️⃣Authorization: {secret: c}}}",
      "conflicting-fields", "the header 'Authorization' stands beside 'bearer_token'"),
    Mistake(
      "webhook: {url: {secret: a}, headers: {1️⃣X-A: \"b\\r\\nX-B: c\"}}", "wrong-type",
      "the header 'X-A' holds a character that headers can't have"),
    Mistake(
      "webhook: {url: {secret: a}, headers: {1️⃣\"X-A\\n\": {secret: b}}}", "wrong-type",
      "the header 'X-A…' holds a character that headers can't have"),
    Mistake(
      "webhook: {url: {secret: a}, 1️⃣signature: {scheme: github}}", "missing-field", "a signature needs its key"),
    Mistake(
      "webhook: {url: {secret: a}, signature: {scheme: github, secret: 1️⃣abc}}", "secret-in-spec",
      "a signing key stands in the spec as text"),
    Mistake(
      "webhook: {url: {secret: a}, signature: {scheme: 1️⃣md5, secret: {secret: b}}}", "unknown-value",
      "'md5' is not a scheme of signatures"),
    Mistake(
      "webhook: {url: {secret: a}, signature: {secret: {secret: b}, 1️⃣header: X-A}}", "no-effect",
      "the scheme 'standard' has headers of its own"),
    Mistake(
      "webhook: {url: {secret: a}, signature: {scheme: github, secret: {secret: b}, 1️⃣timestamp_header: X-A}}",
      "no-effect", "only the scheme 'grafana' has a header for the time"),
    Mistake(
      "webhook: {url: {secret: a}, signature: {scheme: github, secret: {secret: b}, header: 1️⃣'X A'}}", "wrong-type",
      "'X A' can't be the name of a header"),
    Mistake(
      "webhook: {url: {secret: a}, 1️⃣max_alerts: 3, body: x}", "no-effect",
      "'max_alerts' limits Alertmanager's document, which isn't sent here"),
    Mistake(
      "webhook: {url: {secret: a}, 1️⃣hmac_config: {}}", "unknown-field", "webhook has no field 'hmac_config'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/channels.yaml") { document(.channel, $0) }
  }

  @Test func `finds mistakes in templates`() {
    let file = read(document(.channel, "webhook:\n  url: {secret: a}\n  body: '{{ .Alerts | nosuch }}'"))
    #expect(file.diagnostics.all.map(\.code) == ["template-syntax"])
  }
}
