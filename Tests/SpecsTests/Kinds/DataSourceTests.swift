import Diagnostics
import Model
import Specs
import Testing

@Suite struct `Reading a DataSource` {
  @Test func `takes every field`() throws {
    let spec = try readSpec(
      .dataSource,
      """
      victoriametrics:
        url: https://vm.example.com/select/0/prometheus
        authorization: {type: bearer, credentials: {secret: token}}
        tls_config: {ca: {secret: ca}, cert: {secret: cert}, key: {secret: key}}
        proxy_url: http://proxy.example.com:3128
      timeout: 30s
      concurrency: 4
      accept_partial: true
      recording: external
      default: true
      external_url: https://graphs.example.com
      """)
    guard case .dataSource(let source) = spec else { return }
    #expect(source.dialect == .victoriametrics)
    #expect(source.url == .plain("https://vm.example.com/select/0/prometheus"))
    #expect(source.http.bearerToken == "token")
    #expect(source.http.clientCertificate == "cert")
    #expect(source.http.proxy == "http://proxy.example.com:3128")
    #expect(source.timeout == .seconds(30))
    #expect(source.concurrency == 4)
    #expect(source.acceptPartial)
    #expect(source.recording == .external)
    #expect(source.isDefault)
    #expect(source.externalURL == "https://graphs.example.com")
  }

  @Test(arguments: [
    Mistake("1️⃣default: true", "missing-field", "a DataSource needs its type"),
    Mistake(
      "prometheus: {url: 'http://a'}\n1️⃣victoriametrics: {url: 'http://b'}", "conflicting-fields",
      "a DataSource has one type, this one has 2"),
    Mistake("1️⃣sql: {}", "not-available", "'sql' is not available in this version"),
    Mistake("1️⃣embedded: {}", "not-available", "'embedded' is not available in this version"),
    Mistake("prometheus: 1️⃣{proxy_url: 'http://a'}", "missing-field", "a data source's address needs 'url'"),
    Mistake(
      "prometheus: {url: 'http://a', tls_config: {1️⃣ca_file: /etc/ca}}", "unknown-field",
      "tls_config has no field 'ca_file'"),
    Mistake(
      "prometheus: {url: 'http://a', tls_config: {1️⃣cert: {secret: c}}}", "missing-field",
      "a client certificate needs 'cert' and 'key'"),
    Mistake(
      "prometheus:\n  url: http://a\n  basic_auth: {username: a, password: {secret: b}}\n  1️⃣bearer_token: {secret: c}",
      "conflicting-fields", "'basic_auth' or 'bearer_token' exclude each other"),
    Mistake(
      "prometheus: {url: 'http://a'}\nrecording: 1️⃣external_", "unknown-value",
      "'external_' is not a treatment of recording rules; did you mean 'external'?"),
    Mistake(
      "prometheus: {url: 'http://a'}\nconcurrency: 1️⃣0", "out-of-range", "0 is out of range; 1 to 1000 is accepted"),
    Mistake(
      "prometheus: {url: 'http://a'}\nconcurrency: 1️⃣'4'", "wrong-type", "'4' stands where a whole number is expected"),
    Mistake(
      "prometheus: {url: 'http://a'}\nconcurrency: 1️⃣010", "ambiguous-number",
      "'010' is octal to YAML 1.1 and decimal to YAML 1.2; it is read as 10"),
    Mistake("prometheus: {url: 'http://a'}\ntimeout: 1️⃣10", "duration-without-unit", "'10' has no unit"),
    Mistake(
      "prometheus: {url: 'http://a'}\ntimeout: 1️⃣1.5m", "malformed-duration",
      "'1.5m' is a duration of Go, not of Prometheus"),
    Mistake("prometheus: {url: 'http://a'}\ntimeout: 1️⃣0s", "out-of-range", "a duration of zero is not accepted here"),
    Mistake(
      "prometheus: {url: 'http://a'}\ntenant_label: 1️⃣my-team", "label-name",
      "'my-team' can't be used as a label name here"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "platform/sources.yaml") { document(.dataSource, $0) }
  }

  @Test func `gives the remedy for a duration`() {
    func fix(_ text: String) -> String? {
      read(document(.dataSource, "prometheus: {url: 'http://a'}\ntimeout: " + text), at: "platform/a.yaml")
        .diagnostics.all.first?.fix
    }
    #expect(fix("15") == "write seconds: '15s'")
    #expect(fix("1.5h") == "write '1h30m'")
    #expect(fix("30m1h") == "write whole numbers with y, w, d, h, m, s or ms, such as 30s, 5m or 1h30m")
  }
}
