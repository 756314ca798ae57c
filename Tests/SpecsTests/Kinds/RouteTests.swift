import Diagnostics
import Model
import Specs
import Testing

@Suite struct `Reading a Route` {
  @Test func `takes a tree in Alertmanager's words`() throws {
    let spec = try readSpec(
      .route,
      """
      channel: oncall
      group_by: [alertname, cluster]
      group_wait: 0s
      group_interval: 1m
      repeat_interval: 2h
      mentions: ['@ana']
      routes:
      - matchers: ['severity="critical"', 'team=~"a|b"']
        channels: [pager, chat]
        continue: true
        mute_time_intervals: [nights]
      - matchers: {team: shop}
        group_by: ['...']
        active_time_intervals: [workdays]
        routes:
        - matchers: env="dev"
          group_by: []
      """)
    guard case .route(let route) = spec else { return }
    #expect(route.root.channels == ["oncall"])
    #expect(route.root.groupBy == .labels(["alertname", "cluster"]))
    #expect(route.root.groupWait == .zero)
    #expect(route.root.repeatInterval == .seconds(7200))
    #expect(route.root.mentions == ["@ana"])
    #expect(route.root.routes.count == 2)
    #expect(route.root.routes[0].matchers.map(\.description) == [#"severity="critical""#, #"team=~"a|b""#])
    #expect(route.root.routes[0].continues)
    #expect(route.root.routes[0].channels == ["pager", "chat"])
    #expect(route.root.routes[1].groupBy == .all)
    #expect(route.root.routes[1].matchers == [Matcher("team", equals: "shop")])
    #expect(route.root.routes[1].routes[0].groupBy == .labels([]))
  }

  @Test func `keeps what it mentions, with places`() {
    let file = read(
      document(.route, "channel: a\nroutes:\n- {matchers: ['x=\"y\"'], channels: [b], mute_time_intervals: [n]}"))
    #expect(file.resources.first?.references.map(\.name) == ["a", "b", "n"])
    #expect(file.resources.first?.references.map(\.kind) == [.channel, .channel, .timeInterval])
    #expect(file.resources.first?.references.map(\.range.start.line) == [5, 7, 7])
  }

  @Test(arguments: [
    Mistake("1️⃣group_wait: 30s", "missing-field", "a Route needs 'channel' or 'channels'"),
    Mistake("channel: a\n1️⃣receiver: b", "unknown-field", "a Route has no field 'receiver'"),
    Mistake("1️⃣channel: a\nchannels: [b]", "conflicting-fields", "'channel' and 'channels' exclude each other"),
    Mistake("channels: [a, 1️⃣a]", "duplicate-item", "'a' is in the list twice"),
    Mistake("channels: 1️⃣a", "wrong-type", "text stands where a list of channels is expected"),
    Mistake(
      "channel: a\n1️⃣matchers: ['a=\"b\"']", "conflicting-fields",
      "the root of a route tree takes every alert and has no 'matchers'"),
    Mistake(
      "channel: a\n1️⃣continue: true", "no-effect", "'continue' has no effect at the root of a route tree"),
    Mistake("channel: a\ngroup_interval: 1️⃣0s", "out-of-range", "a duration of zero is not accepted here"),
    Mistake(
      "channel: a\ngroup_by: [1️⃣'...', b]", "conflicting-fields",
      "'...' stands for every label and can't stand beside others"),
    Mistake(
      "channel: a\nroutes:\n- 1️⃣match: {a: b}", "deprecated-field", "'match' is Alertmanager's older form"),
    Mistake(
      "channel: a\nroutes:\n- matchers: ['a>b1️⃣']", "malformed-matcher",
      "'a>b': expected one of =, !=, =~ and !~ after the label name"),
    Mistake(
      "channel: a\nroutes:\n- matchers: ['a=~1️⃣\"(\"']", "malformed-matcher",
      "'a=~\"(\"': not a pattern of RE2: missing ): ("),
    Mistake(
      "channel: a\nroutes:\n- matchers: [1️⃣'a=b c']", "classic-matcher",
      "'a=b c' is read by Alertmanager's older syntax"),
    Mistake(
      "channel: a\nroutes:\n- 1️⃣always: true", "unknown-field", "a route has no field 'always'"),
    Mistake(
      "channel: a\n1️⃣always: true", "kind-out-of-scope", "only a Route of the platform can take every alert"),
    Mistake("channel: a\nroutes: 1️⃣{a: b}", "wrong-type", "a mapping stands where a list of routes is expected"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.route, $0) }
  }

  @Test func `ends where the tree is too deep`() {
    var options = SpecOptions()
    options.limits.routeDepth = 3
    let text = document(
      .route, "channel: a\nroutes: [{routes: [{routes: [{matchers: ['a=b']}]}]}]")
    let file = SpecFile.parse(path: "platform/routes.yaml", bytes: Array(text.utf8), options: options)
    #expect(file.diagnostics.all.map(\.message) == ["routes nest deeper than 3"])
  }

  @Test func `takes an older matcher as Alertmanager does`() throws {
    let file = read(
      document(.route, "channel: a\nroutes:\n- match: {a: b}\n  match_re: {c: 'd.*'}"))
    guard case .route(let route)? = file.resources.first?.spec else { return }
    #expect(route.root.routes[0].matchers.map(\.description) == [#"a="b""#, #"c=~"d.*""#])
    #expect(!file.diagnostics.hasErrors)
  }
}
