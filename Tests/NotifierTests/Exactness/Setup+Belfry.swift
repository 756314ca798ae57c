import Model
import Notifier
import Specs

extension Setup {
  /// The same as Belfry's resources; `url` gives the address of a hook.
  func resources(url: (String) -> String) throws -> [Resource] {
    var resources = [try resource(ResourceID(shop, .route, "default"), .route(RouteSpec(root: node(root))))]
    for hook in receivers.flatMap(\.hooks) {
      resources.append(resource(ResourceID(shop, .channel, hook.name), .channel(hook.spec(url: url(hook.name)))))
    }
    for (name, years) in Self.intervals {
      var interval = TimeIntervalSpec.Interval()
      interval.years = [years]
      resources.append(
        resource(ResourceID(shop, .timeInterval, name), .timeInterval(TimeIntervalSpec(intervals: [interval]))))
    }
    for (number, rule) in inhibitions.enumerated() {
      let spec = InhibitRuleSpec(
        sourceMatchers: try matchers(rule.source), targetMatchers: try matchers(rule.target), equal: rule.equal)
      resources.append(resource(ResourceID(shop, .inhibitRule, "rule-\(number)"), .inhibitRule(spec)))
    }
    return resources
  }

  private func node(_ way: Way) throws -> RouteNode {
    var node = RouteNode()
    node.channels = receivers.first { $0.name == way.receiver }?.hooks.map(\.name) ?? []
    node.matchers = try way.matchers.map(matcher)
    switch way.grouping {
    case .all?: node.groupBy = .all
    case .by(let names)?: node.groupBy = .labels(names)
    case .missing?: node.groupBy = .labels([])
    case nil: break
    }
    node.groupWait = way.wait.map { .milliseconds($0) }
    node.groupInterval = way.interval.map { .milliseconds($0) }
    node.repeatInterval = way.repeats.map { .milliseconds($0) }
    node.continues = way.continues
    node.muteTimeIntervals = way.mute
    node.activeTimeIntervals = way.active
    node.routes = try way.children.map(self.node)
    return node
  }
}

/// A script's steps as what Belfry is told: transitions of alerts and changes of resources.
struct BelfryScript {
  enum Input {
    case transitions([AlertTransition])
    case change(NotifierChange)
  }

  let scenario: Scenario
  /// When the scenario began.
  let origin: Timestamp
  let url: (String) -> String
  private var alerts: [String: Alert] = [:]
  private var resources: [ResourceID]

  init(_ scenario: Scenario, from origin: Timestamp, url: @escaping (String) -> String) throws {
    self.scenario = scenario
    self.origin = origin
    self.url = url
    resources = try scenario.setup.resources(url: url).map(\.id)
  }

  /// What a step means; `nil` when it doesn't concern Belfry.
  mutating func input(_ event: Scenario.Event) throws -> Input? {
    let now = origin + .milliseconds(event.at)
    switch event.step {
    case .fire(let names, let note, let since): return .transitions(names.map { fire($0, note, since, at: now) })
    case .resolve(let names): return .transitions(names.compactMap { resolve($0, at: now) })
    case .silence(let name, let matcher, let starting, let lasting):
      let start = starting.map { origin + .milliseconds($0) } ?? now
      let silence = silence(name, try matchers(matcher), from: start, to: start + .milliseconds(lasting))
      return .change(NotifierChange(set: [silence]))
    case .unsilence(let name): return .change(NotifierChange(removed: [ResourceID(shop, .silence, name)]))
    case .configure(let setup):
      let new = try setup.resources(url: url)
      let kept = Set(new.map(\.id))
      defer { resources = new.map(\.id) }
      return .change(NotifierChange(set: new, removed: resources.filter { !kept.contains($0) }))
    case .answer, .remind: return nil
    }
  }

  private mutating func fire(_ name: String, _ note: String, _ since: Int?, at now: Timestamp) -> AlertTransition {
    let known = alerts[name].flatMap { $0.state == .firing ? $0.firedAt : nil }
    let firedAt = known ?? since.map { origin + .milliseconds($0) } ?? now
    let firing = alert(
      scenario.labels(of: name), firedAt: firedAt, annotations: note.isEmpty ? [] : [Label("note", note)], rule: name)
    alerts[name] = firing
    return firing.fires
  }

  private mutating func resolve(_ name: String, at now: Timestamp) -> AlertTransition? {
    guard let firing = alerts[name], firing.state == .firing else { return nil }
    alerts[name] = firing.resolved(at: now)
    return firing.resolves(at: now)
  }
}
