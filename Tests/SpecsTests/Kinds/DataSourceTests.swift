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
    guard case .server(let dialect, let endpoint) = source.backend else {
      Issue.record("not a server")
      return
    }
    #expect(dialect == .victoriametrics)
    #expect(endpoint.url == .plain("https://vm.example.com/select/0/prometheus"))
    #expect(endpoint.http.bearerToken == "token")
    #expect(endpoint.http.clientCertificate == "cert")
    #expect(endpoint.http.proxy == "http://proxy.example.com:3128")
    #expect(source.timeout == .seconds(30))
    #expect(source.concurrency == 4)
    #expect(source.acceptPartial)
    #expect(source.recording == .external)
    #expect(source.isDefault)
    #expect(source.externalURL == "https://graphs.example.com")
  }

  @Test func `takes recording rules that are written to the server`() throws {
    let spec = try readSpec(
      .dataSource,
      """
      prometheus: {url: 'http://a'}
      tenant_label: team
      recording: evaluate
      write_alerts: true
      remote_write:
        url: {secret: write-url}
        basic_auth: {username: ana, password: {secret: word}}
      """)
    guard case .dataSource(let source) = spec else { return }
    #expect(source.recording == .evaluate && source.writesAlerts)
    #expect(source.tenantLabel == "team")
    #expect(source.remoteWrite?.url == .secret("write-url"))
    #expect(source.remoteWrite?.http.basicPassword == "word")
  }

  @Test func `takes an embedded source with its feeds`() throws {
    let file = read(
      document(
        .dataSource,
        """
        embedded:
          retention: 2d
          max_series: 5000
          max_disk: 64MiB
          host: {interval: 5s}
          scrape:
          - job_name: web
            targets: ['web-1:9100', '[::1]:9100']
            interval: 10s
            timeout: 3s
            scheme: https
            metrics_path: /internal/metrics
            labels: {zone: b, area: a}
            honor_labels: true
            honor_timestamps: false
            sample_limit: 1000
            bearer_token: {secret: token}
        """), at: "platform/a.yaml")
    #expect(file.diagnostics.isEmpty)
    guard case .dataSource(let source)? = file.resources.first?.spec, case .embedded(let embedded) = source.backend
    else {
      Issue.record("no embedded source")
      return
    }
    #expect(source.recording == .evaluate)
    #expect(embedded.retention == .seconds(2 * 86_400))
    #expect(embedded.maxSeries == 5000 && embedded.maxDisk == 64 << 20)
    #expect(embedded.hostInterval == .seconds(5))
    var wanted = ScrapeSpec(job: "web", targets: ["web-1:9100", "[::1]:9100"])
    wanted.interval = .seconds(10)
    wanted.timeout = .seconds(3)
    wanted.scheme = "https"
    wanted.path = "/internal/metrics"
    wanted.labels = [Label("area", "a"), Label("zone", "b")]
    wanted.honorLabels = true
    wanted.honorTimestamps = false
    wanted.sampleLimit = 1000
    wanted.http.bearerToken = "token"
    #expect(embedded.scrapes == [wanted])
  }

  @Test(arguments: ["embedded: {}", "embedded:"]) func `takes an embedded source without anything`(text: String) throws
  {
    guard case .dataSource(let source) = try readSpec(.dataSource, text) else { return }
    #expect(source.backend == .embedded(EmbeddedSpec()))
  }

  @Test func `keeps the host feed to the platform`() {
    let file = read(document(.dataSource, "embedded: {host: {}}"), at: "tenants/shop/a.yaml")
    #expect(file.diagnostics.all.map(\.code) == ["kind-out-of-scope"])
  }

  @Test(arguments: [
    Mistake("1️⃣default: true", "missing-field", "a DataSource needs its type"),
    Mistake(
      "prometheus: {url: 'http://a'}\n1️⃣victoriametrics: {url: 'http://b'}", "conflicting-fields",
      "a DataSource has one type, this one has 2"),
    Mistake("1️⃣sql: {}", "not-available", "'sql' is not available in this version"),
    Mistake("1️⃣prometheus:", "missing-field", "a DataSource needs 'prometheus'"),
    Mistake(
      "prometheus: {url: 'http://a'}\n1️⃣recording: evaluate", "missing-field",
      "'recording' needs an address to write the samples to"),
    Mistake(
      "embedded: {}\n1️⃣remote_write: {url: 'http://a'}", "conflicting-fields",
      "an embedded source keeps its samples itself and has no 'remote_write'"),
    Mistake("embedded: {max_disk: 1️⃣64 MiB}", "wrong-type", "'64 MiB' is not a size"),
    Mistake("embedded: {max_disk: 1️⃣64}", "out-of-range", "64 is out of range"),
    Mistake(
      "embedded: {scrape: [{job_name: a, targets: [1️⃣'http://web-1:9100']}]}", "malformed-address",
      "'http://web-1:9100' is not a target"),
    Mistake("embedded: {scrape: [1️⃣{job_name: a}]}", "missing-field", "a scrape job needs 'targets'"),
    Mistake(
      "embedded: {scrape: [{job_name: a, targets: ['a:1'], interval: 5s, timeout: 1️⃣6s}]}", "out-of-range",
      "the timeout 6s is longer than the interval 5s"),
    Mistake(
      "embedded: {scrape: [{job_name: a, targets: ['a:1']}, 1️⃣{job_name: a, targets: ['b:1']}]}", "duplicate-item",
      "a job 'a' is already there"),
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
