import Model
import StatusAPI

/// Rules and routes of the scripted installation, as the dialects ask for them.
extension World {
  static let ruleGroups: [RuleGroupReading] = {
    var recording = RuleReading(.recording, name: "instance:errors:rate5m", query: "rate(errors[5m])")
    recording.labels = [Label("team", "shop")]
    recording.health = .failing
    recording.lastError = "connection refused"
    return [checkout, .tenant("billing"), .tenant("shop")].map { scope in
      let own = alerts.filter { $0.alert.scope == scope }.map(\.alert)
      var rule = RuleReading(
        .alerting, name: own.first?.rule.rule ?? "", query: "sum by (instance) (rate(errors[5m])) > 1")
      rule.hold = .seconds(300)
      rule.labels = [Label("dynamic", "{{ $value }}"), Label("severity", "critical")]
      rule.annotations = [Label("summary", "{{ $labels.alertname }} on {{ $labels.instance }}")]
      rule.alerts = own
      rule.state = .firing
      rule.health = .ok
      rule.evaluatedAt = now
      rule.duration = .microseconds(18_250)
      return RuleGroupReading(
        scope: scope, name: "own", file: scope.path + "/rules.yaml", interval: .seconds(15), limit: 0, evaluatedAt: now,
        duration: .milliseconds(19), rules: scope == checkout ? [rule, recording] : [rule])
    }.sorted { $0.file.precedesInBytes($1.file) }
  }()

  /// The routes and channels of the scopes that `isShown` takes.
  static func routing(_ isShown: (Scope) -> Bool) -> RoutingOutline {
    var outline = RoutingOutline()
    for scope in [Scope.platform, .tenant("billing"), .tenant("shop")] where isShown(scope) {
      outline.channels.append(channel(scope))
      var root = RoutingOutline.Node()
      root.channels = [channel(scope)]
      root.groupBy = ["alertname"]
      var child = root
      child.matchers = [Matcher("severity", equals: "critical"), Matcher("note", equals: "a \"b\" \\ ü")]
      child.groupBy = ["..."]
      let second = ResourceID(scope, .channel, "chat")
      outline.channels.append(second)
      child.channels.append(second)
      let interval = ResourceID(scope, .timeInterval, "nights")
      child.muteTimeIntervals = [interval]
      root.children = [child]
      outline.trees.append(.init(scope: scope, always: false, root: root))
      var nights = RoutingOutline.Interval.Part()
      nights.times = [Label("22:00", "24:00"), Label("00:00", "06:00")]
      nights.weekdays = ["monday:friday"]
      nights.daysOfMonth = ["-3:-1"]
      nights.location = "Europe/Berlin"
      outline.intervals.append(.init(id: interval, parts: [nights]))
      outline.inhibitions.append(
        .init(
          scope: scope, sources: [Matcher("severity", equals: "critical")],
          targets: [Matcher("severity", equals: "info")], equal: ["instance"]))
    }
    return outline
  }
}
