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
    #expect(webhook.pool.endpoints == [ChannelEndpoint(url: .secret("oncall-url"))])
    #expect(webhook.maxAlerts == 20)
    #expect(webhook.pool.timeout == .seconds(5))
    #expect(webhook.pool.http.basicUsername == "ana")
    #expect(webhook.pool.http.basicPassword == "hook-password")
    #expect(webhook.pool.http.ca == "ca")
    #expect(webhook.pool.http.headers == [Label("X-Team", "shop")])
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

  @Test func `takes a template by its name, which is kept as a mention`() throws {
    let file = read(document(.channel, "console: {}\ntemplate: shop.line"))
    let resource = try #require(file.resources.first)
    guard case .channel(let channel) = resource.spec else { return }
    #expect(channel.template.text == "{{ template \"shop.line\" . }}")
    #expect(channel.template.title == nil && channel.template.html == nil)
    #expect(resource.references.map(\.name) == ["shop.line"] && resource.references.map(\.kind) == [.template])
  }

  @Test func `takes templates as texts, and mentions what they call but for the defaults`() throws {
    let file = read(
      document(
        .channel,
        """
        email: {to: ana@example.com, from: b@example.com, smarthost: 'smtp.example.com:587'}
        template:
          title: '{{ template "__subject" . }} {{ template "shop.title" . }}'
          text: '{{ len .Alerts }} in {{ .Belfry.Tenant }}'
          html: '<b>{{ template "shop.html" . }}</b>'
        """))
    #expect(file.diagnostics.all.map(\.message) == [])
    let resource = try #require(file.resources.first)
    guard case .channel(let channel) = resource.spec else { return }
    #expect(channel.template.title?.contains("shop.title") ?? false)
    #expect(channel.template.text == "{{ len .Alerts }} in {{ .Belfry.Tenant }}")
    #expect(channel.template.html == "<b>{{ template \"shop.html\" . }}</b>")
    #expect(resource.references.map(\.name) == ["shop.title", "shop.html"])
  }

  @Test func `takes a rate limit, of a minute where it names no period`() throws {
    guard
      case .channel(let whole) = try readSpec(.channel, "console: {}\nrate_limit: {messages: 20, per: 1h, burst: 5}"),
      case .channel(let short) = try readSpec(.channel, "console: {}\nrate_limit: {messages: 1}")
    else { return }
    #expect(whole.rateLimit == RateLimit(20, per: .seconds(3600), burst: 5))
    #expect(short.rateLimit == RateLimit(1, per: .seconds(60)))
  }

  @Test func `takes mentions as a list or a word, in their order`() throws {
    guard case .channel(let list) = try readSpec(.channel, "console: {}\nmentions: [bo, ana@example.com]"),
      case .channel(let none) = try readSpec(.channel, "console: {}\nmentions: []")
    else { return }
    #expect(list.mentions == ["bo", "ana@example.com"])
    #expect(none.mentions.isEmpty)
  }

  @Test(arguments: [
    Mistake("console: {}\nrate_limit: 1️⃣{per: 1m}", "missing-field", "rate_limit needs 'messages'"),
    Mistake("console: {}\nrate_limit: {messages: 1️⃣0}", "out-of-range", "0 is out of range; 1 to 1000000 is accepted"),
    Mistake(
      "console: {}\nrate_limit: {messages: 3, burst: 1️⃣4}", "out-of-range", "4 is out of range; 1 to 3 is accepted"),
    Mistake(
      "console: {}\nrate_limit: {messages: 3, per: 1️⃣0s}", "out-of-range", "a duration of zero is not accepted here"),
    Mistake(
      "console: {}\nrate_limit: {messages: 3, 1️⃣period: 1m}", "unknown-field", "rate_limit has no field 'period'"),
    Mistake(
      "console: {}\ntemplate: 1️⃣'{{ .Status }}'", "wrong-type",
      "a template's text stands where the name of a template is expected"),
    Mistake("console: {}\ntemplate: {1️⃣body: x}", "unknown-field", "template has no field 'body'"),
    Mistake(
      "console: {}\ntemplate: {text: '{{ 1️⃣nope }}'}", "template-syntax",
      "the template of 'text' can't be read: no function is named 'nope'"),
    Mistake(
      "console: {}\ntemplate: {title: 1️⃣\"a\\nb {{ .Status }}\"}", "template-mistake",
      "'title' is shown in one line, and its template has several"),
    Mistake("console: {}\nmentions: 1️⃣{a: b}", "wrong-type", "a mapping stands where a list of people is expected"),
  ])
  func `names what is wrong with templates, limits and mentions`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }

  @Test(arguments: [
    Mistake(
      "1️⃣send_resolved: true", "missing-field", "a Channel needs its destination"),
    Mistake(
      "console: {}\n1️⃣webhook: {url: 'http://127.0.0.1/x'}", "conflicting-fields",
      "a Channel has one destination, this one has 2"),
    Mistake("console: {}\nrate_limit: 1️⃣3", "wrong-type", "an integer stands where rate_limit is expected"),
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
