import Diagnostics
import Model
import Specs
import TestKit
import Testing

@Suite struct `What people read about a broken file` {
  static let text = """
    apiVersion: belfry/v1
    kind: Route
    metadata: {name: Default}
    spec:
      receiver: oncall
      group_wait: 30
      repeat_interval: 1.5h
      routes:
      - matchers: ['severity>"critical"', 'team=~"("']
        chanel: pager
        continue: yes
    ---
    apiVersion: belfry/v1
    kind: Silence
    metadata: {name: migration}
    spec:
      matchers: ['instance=~".*"']
      starts_at: 2026-11-20 08:00
      comment: database migration
    ---
    groups:
    - name: checkout
      concurrency: 4
      rules:
      - alert: CheckoutErrors
        expr: up == 0
        for: 15
        lables: {severity: critical}
    - name: checkout

    """

  @Test func `is said all at once, with places and remedies`() {
    let file = read(Self.text, at: "tenants/shop/checkout/specs.yaml")
    let page = file.diagnostics.rendered { _ in Array(Self.text.utf8) }
    #expect(goldenDifference(page, "broken-file.txt") == nil)
  }
}

@Suite struct `Documents that are damaged` {
  /// One good document of each kind, and both rule formats.
  static let documents: [(path: String, text: String)] = [
    (
      usualPath(.tenant),
      document(.tenant, "display_name: Shop\nlimits: {rules: 3}\nnotify: observe\nnotify_until: 2026-01-01T00:00:00Z")
    ),
    (usualPath(.project), document(.project, "external_labels: {a: b}\nsync: paused\ntimezone: Europe/Berlin")),
    (
      usualPath(.dataSource),
      document(
        .dataSource,
        "prometheus: {url: 'http://[::1]:9090/', basic_auth: {username: a, password: {secret: b}}}\ntimeout: 1h30m")
    ),
    (
      usualPath(.route),
      document(
        .route,
        "channels: [a, b]\ngroup_by: ['...']\nroutes:\n- matchers: ['a=~\"b|c\"', 'd!=e']\n  routes: [{match_re: {a: 'b.*'}}]"
      )
    ),
    (usualPath(.channel), document(.channel, "email: {to: 'a@b, c@d', from: e@f, smarthost: 'g:25', headers: {H: i}}")),
    (
      usualPath(.silence),
      document(.silence, "matchers: {a: b}\nstarts_at: 2026-11-20T08:00:00.5+02:00\nduration: 4w2d\ncomment: c")
    ),
    (
      usualPath(.timeInterval),
      document(
        .timeInterval,
        "time_intervals:\n- times: [{start_time: '08:00', end_time: '24:00'}]\n  days_of_month: ['1:-1']\n  months: ['1:3']"
      )
    ),
    (
      usualPath(.inhibitRule),
      document(.inhibitRule, "source_matchers: ['a=\"\\u00e4\"']\ntarget_match: {c: d}\nequal: [e]")
    ),
    (usualPath(.template), document(.template, "text: |\n  {{ define \"a\" }}b{{ end }}")),
    (
      usualPath(.roleBinding),
      document(.roleBinding, "role: owner\nsubjects:\n- {user: a@b, signing_keys: ['\(exampleKey)']}\n- {group: c}")
    ),
    (usualPath(.approval), document(.approval, "deletions: 4\nuntil: 2026-11-20T08:00:00Z")),
    (
      usualPath(.ruleGroup),
      document(
        .ruleGroup,
        "interval: 1m\nrules:\n- {alert: A, expr: up, for: 5m, labels: {a: b}, channels: [c], max_per_day: 3}")
    ),
    (
      "platform/rules.yaml",
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: monitoring.coreos.com/v1\n  kind: PrometheusRule\n  metadata: {name: a}\n  spec: {groups: [{name: a, rules: [{record: 'a:b', expr: 1}]}]}\n"
    ),
  ]

  @Test(arguments: fuzzSeeds(200))
  func `give findings, never a stop`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for (path, text) in Self.documents {
      let bytes = Mutation.mutated(Array(text.utf8), using: &random)
      let file = SpecFile.parse(path: path, bytes: bytes, options: SpecOptions(knowsZone: zones))
      #expect(file.content != .ignored)
      #expect(file.diagnostics.all == file.diagnostics.all.sorted())
      #expect(
        SpecFile.parse(path: path, bytes: bytes, options: SpecOptions(knowsZone: zones)).diagnostics == file.diagnostics
      )
    }
  }

  @Test func `are good before the damage`() {
    for (path, text) in Self.documents {
      let file = read(text, at: path)
      #expect(
        !file.diagnostics.hasErrors && file.resources.count == 1,
        "\(path): \(file.diagnostics.all.first?.message ?? "")")
    }
  }

  @Test(arguments: fuzzSeeds(100))
  func `keep the meaning of what still reads`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (path, text) = try #require(Self.documents.randomElement(using: &random))
    let commented = text.split(separator: "\n").map { "\($0) # \(random.next() % 10)" }.joined(separator: "\n\n") + "\n"
    guard !text.contains("|\n") else { return }
    #expect(read(commented, at: path).resources.map(\.digest) == read(text, at: path).resources.map(\.digest))
  }
}
