import Diagnostics
import Model
import Specs
import Testing

@Suite struct `Reading a Channel` {
  @Test func `takes a webhook with a secret address`() throws {
    let spec = try readSpec(
      .channel,
      """
      webhook:
        url: {secret: oncall-url}
        max_alerts: 20
        timeout: 5s
        basic_auth: {username: ana, password: {secret: hook-password}}
        tls_config: {ca: {secret: ca}, insecure_skip_verify: false}
        headers: {X-Team: shop}
      send_resolved: false
      locale: zh
      timezone: Asia/Shanghai
      """)
    guard case .channel(let channel) = spec, case .webhook(let webhook) = channel.destination else {
      Issue.record("not a webhook")
      return
    }
    #expect(webhook.url == .secret("oncall-url"))
    #expect(webhook.maxAlerts == 20)
    #expect(webhook.timeout == .seconds(5))
    #expect(webhook.http.basicUsername == "ana")
    #expect(webhook.http.basicPassword == "hook-password")
    #expect(webhook.http.ca == "ca")
    #expect(webhook.http.headers == [Label("X-Team", "shop")])
    #expect(!channel.sendResolved)
    #expect(channel.locale == "zh")
    #expect(channel.timezone == "Asia/Shanghai")
  }

  @Test func `takes the console, which has no fields`() throws {
    guard case .channel(let channel) = try readSpec(.channel, "console: {}") else { return }
    #expect(channel.destination == .console)
    #expect(channel.sendResolved)
    guard case .channel(let bare) = try readSpec(.channel, "console:") else { return }
    #expect(bare.destination == .console)
  }

  @Test(arguments: [
    ("smarthost: 'smtp.example.com:587'", MailSubmission.Security.startTLS, "smtp.example.com", 587),
    ("smarthost: 'smtp.example.com:465'", .implicitTLS, "smtp.example.com", 465),
    ("smarthost: 'smtp.example.com:465'\n  force_implicit_tls: false", .startTLS, "smtp.example.com", 465),
    ("smarthost: '[::1]:25'\n  require_tls: false", .none, "::1", 25),
  ])
  func `takes mail in Alertmanager's words`(
    server: String, security: MailSubmission.Security, host: String, port: Int
  ) throws {
    let spec = try readSpec(
      .channel, "email:\n  to: ana@example.com, bo@example.com\n  from: b@example.com\n  " + server)
    guard case .channel(let channel) = spec, case .email(let email) = channel.destination else { return }
    #expect(email.to == ["ana@example.com", "bo@example.com"])
    #expect(email.security == security)
    #expect(email.host == host)
    #expect(email.port == port)
  }

  @Test(arguments: [
    Mistake(
      "1️⃣send_resolved: true", "missing-field", "a Channel needs its destination"),
    Mistake(
      "console: {}\n1️⃣webhook: {url: 'http://127.0.0.1/x'}", "conflicting-fields",
      "a Channel has one destination, this one has 2"),
    Mistake("1️⃣slack: {}", "not-available", "'slack' is not available in this version"),
    Mistake("console: {}\n1️⃣rate_limit: 3", "not-available", "'rate_limit' is not available in this version"),
    Mistake(
      "1️⃣webhok: {}\nconsole: {}", "unknown-field", "a Channel has no field 'webhok'; did you mean 'webhook'?"),
    Mistake(
      "webhook: {url: 1️⃣'ftp://example.com'}", "malformed-url",
      "'ftp://example.com' does not begin with http:// or https://"),
    Mistake("webhook: {url: 1️⃣'https:///path'}", "malformed-url", "'https:///path' names no host"),
    Mistake("webhook: {url: 1️⃣'https://a:99999'}", "malformed-url", "'https://a:99999' has no usable port"),
    Mistake("webhook: {url: 1️⃣'https://ana:pass@example.com'}", "secret-in-spec", "the URL carries a password"),
    Mistake(
      "webhook: {url: 'https://1️⃣hooks.slack.com/services/T0/B0/abc'}", "secret-in-spec",
      "a Slack webhook address stands in the spec"),
    Mistake("webhook: 1️⃣{timeout: 3s}", "missing-field", "webhook needs 'url'"),
    Mistake(
      "webhook: {url: {secret: 1️⃣../other}}", "malformed-name", "'../other' can't be the name of a secret"),
    Mistake(
      "webhook: {url: {secret: a}, bearer_token: 1️⃣abc}", "secret-in-spec", "a token stands in the spec as text"),
    Mistake(
      "webhook: {url: {secret: a}, 1️⃣url_file: /x}", "unknown-field", "webhook has no field 'url_file'"),
    Mistake("console: {}\nsend_resolved: 1️⃣sure", "wrong-type", "'sure' stands where true or false is expected"),
    Mistake(
      "console: {}\nsend_resolved: 1️⃣yes", "ambiguous-boolean",
      "'yes' is true to YAML 1.1 and a text to YAML 1.2; it is read as true"),
    Mistake("console: {}\nlocale: 1️⃣tlh", "unknown-value", "no messages are written in 'tlh'"),
    Mistake("console: {}\ntimezone: 1️⃣Mars/Base", "unknown-zone", "no time zone is named 'Mars/Base'"),
    Mistake("console: 1️⃣[]", "wrong-type", "a list stands where console is expected"),
    Mistake(
      "email: {to: 1️⃣nobody, from: a@example.com, smarthost: 'a:25'}", "malformed-address",
      "'nobody' is not a mail address"),
    Mistake(
      "email: {to: a@example.com, from: a@example.com, smarthost: 1️⃣smtp.example.com}", "malformed-address",
      "'smtp.example.com' is not a host and a port"),
    Mistake(
      """
      email:
        to: [a@example.com]
        from: a@example.com
        smarthost: smtp.example.com:25
        require_tls: false
        1️⃣auth_username: ana
        auth_password: {secret: mail}
      """, "credentials-without-tls", "the login would go to 'smtp.example.com' in clear text"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
