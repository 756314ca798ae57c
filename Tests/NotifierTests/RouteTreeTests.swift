import Model
import Notifier
import Specs
import Testing

@Suite struct `Walking a route tree` {
  /// The tree of Alertmanager's own documentation, in essence.
  static func example() throws -> RouteTree {
    tree(
      route(
        [], ["team-X"],
        [
          route(
            try matchers(#"service=~"^(foo1|foo2|baz)$""#), ["team-X"],
            [route(try matchers(#"severity="critical""#), ["team-X-pager"])]),
          route(
            try matchers(#"service="files""#), ["team-Y"],
            [route(try matchers(#"severity="critical""#), ["team-Y-pager"])]),
          route(
            try matchers(#"service="database""#), ["team-DB"], groupBy: .labels(["alertname", "cluster", "database"]),
            [
              route(try matchers(#"owner="team-X""#), ["team-X-pager"], continues: true),
              route(try matchers(#"owner="team-Y""#), ["team-Y-pager"]),
              route(try matchers(#"owner!="team-Z""#), ["team-other"]),
            ]),
        ]))
  }

  @Test(
    arguments: [
      (["service": "other"], ["team-X"]),
      (["service": "foo1"], ["team-X"]),
      (["service": "foo10"], ["team-X"]),
      (["service": "baz", "severity": "critical"], ["team-X-pager"]),
      (["service": "files", "severity": "warning"], ["team-Y"]),
      (["service": "files", "severity": "critical"], ["team-Y-pager"]),
      (["service": "database", "owner": "team-X"], ["team-X-pager", "team-other"]),
      (["service": "database", "owner": "team-Y"], ["team-Y-pager"]),
      (["service": "database", "owner": "team-Z"], ["team-DB"]),
      (["service": "database"], ["team-other"]),
      ([:], ["team-X"]),
    ] as [(Labels, [String])])
  func `takes the first matching child, and further ones after 'continue'`(labels: Labels, channels: [String]) throws {
    let tree = try Self.example()
    #expect(tree.match(labels).flatMap { tree.nodes[$0].channels.map(\.name) } == channels)
  }

  @Test func `inherits everything but 'continue' and the intervals`() {
    let tree = tree(
      route(
        [], ["a"], groupBy: .labels(["x"]), wait: 1, interval: 2, repeats: 3, mute: ["m"], active: ["n"],
        [route([], [], [route([], ["b"], groupBy: .labels([]), wait: 9)])]))
    let (child, grandchild) = (tree.nodes[1], tree.nodes[2])
    #expect(child.channels.map(\.name) == ["a"])
    #expect(child.groupBy == .labels(["x"]))
    #expect(child.muteTimeIntervals.isEmpty && child.activeTimeIntervals.isEmpty)
    #expect(grandchild.channels.map(\.name) == ["b"])
    #expect(grandchild.groupBy == .labels([]))
    #expect(
      [grandchild.groupWait, grandchild.groupInterval, grandchild.repeatInterval] == [
        .seconds(9), .seconds(2), .seconds(3),
      ])
    #expect(grandchild.path == [0, 0])
  }

  @Test func `has Alertmanager's defaults, and groups by the alert's name`() {
    let root = tree(route([], ["a"])).nodes[0]
    #expect(root.groupBy == .labels(["alertname"]))
    #expect(root.groupWait == .seconds(30))
    #expect(root.groupInterval == .seconds(300))
    #expect(root.repeatInterval == .seconds(14_400))
  }

  @Test func `names routes and groups as Alertmanager does`() throws {
    let tree = tree(
      route(
        [], ["a"], groupBy: .labels(["cluster", "alertname"]),
        [
          route(try matchers(#"team="db""#, #"env=~"p.*""#)), route(try matchers(#"x!="a\"b""#)),
          route(try matchers(#"team="db""#, #"env=~"p.*""#)),
        ]))
    #expect(
      tree.nodes.map(\.key) == [
        "{}", #"{}/{env=~"p.*",team="db"}"#, #"{}/{x!="a\"b"}"#, #"{}/{env=~"p.*",team="db"}#2"#,
      ])
    let routes = RouteSet([tree])
    let preview = RoutePreview(
      of: ["alertname": "X", "cluster": "eu", "team": "db", "env": "prod"], in: shop, through: routes)
    #expect(preview.steps.map(\.groupKey) == [#"{}/{env=~"p.*",team="db"}:{alertname="X", cluster="eu"}"#])
    #expect(preview.steps.map(\.path) == [[0]])
    #expect(preview.channels.map(\.name) == ["a"])
  }

  @Test func `groups by every label where it says '...'`() {
    let routes = RouteSet([tree(route([], ["a"], groupBy: .all))])
    let labels: Labels = ["alertname": "X", "instance": "a"]
    #expect(RoutePreview(of: labels, in: shop, through: routes).steps.first?.groupLabels == labels)
  }

  @Test func `begins at the nearest scope that has a route, and goes through the platform's 'always' route as well`() {
    let routes = RouteSet([
      tree(route([], ["p"]), in: .platform), tree(route([], ["all"]), in: .platform, always: true, name: "watch"),
      tree(route([], ["t"])), tree(route([], ["c"]), in: checkout),
    ])
    func keys(_ scope: Scope) -> [String] {
      RoutePreview(of: ["alertname": "X"], in: scope, through: routes).steps.map {
        $0.channels[0].name + " " + $0.groupKey
      }
    }
    #expect(keys(checkout) == [#"c checkout {}:{alertname="X"}"#, #"all always {}:{alertname="X"}"#])
    #expect(keys(shop) == [#"t {}:{alertname="X"}"#, #"all always {}:{alertname="X"}"#])
    #expect(keys(.project(tenant: "shop", project: "other")).first == #"t {}:{alertname="X"}"#)
    #expect(keys(.tenant("bank")).first == #"p {}:{alertname="X"}"#)
  }

  @Test func `leaves an alert unrouted where no route with a channel takes it`() {
    #expect(RoutePreview(of: ["a": "b"], in: shop, through: RouteSet()).isUnrouted)
    #expect(RoutePreview(of: ["a": "b"], in: shop, through: RouteSet([tree(route())])).isUnrouted)
  }
}
