import Evaluator
import Model
import Notifier
import PromQL
import Reconciler
import Specs
import StatusAPI

/// What the dialects of Prometheus and Alertmanager ask.
extension StatusBoard {
  func now() async -> Timestamp { clock.now }

  func runningSince() async -> Timestamp { startedAt }

  func hasTenant(_ name: String) async -> Bool {
    let scope = Scope.tenant(name)
    if await sync.state.scopes[scope] != nil { return true }
    return await sync.liveState.scopes[scope] != nil
  }

  func ruleGroups(
    _ query: RuleQuery, of tenant: String?, for reader: Visibility
  ) async -> RuleGroupPage? {
    let groups = await evaluator.groups.filter { group in
      reader.allows(group.id.scope) && (tenant == nil || group.id.scope.tenant == tenant)
    }.sorted { left, right in
      let (one, other) = (left.definition, right.definition)
      return one.file == other.file
        ? one.spec.name.precedesInBytes(other.spec.name) : one.file.precedesInBytes(other.file)
    }
    return query.page(of: groups, name: { ($0.definition.file, $0.definition.spec.name) }) { $0.reading(query) }
  }

  func routing(of tenant: String?, for reader: Visibility) async -> RoutingOutline {
    let scopes = await sync.liveState.scopes.mapValues(\.resources)
    var outline = RoutingOutline()
    for scope in scopes.keys.sorted() where reader.allows(scope) && (tenant == nil || scope.tenant == tenant) {
      for resource in (scopes[scope] ?? [:]).values.sorted(by: { $0.id < $1.id }) {
        outline.add(resource) { kind, name in
          scope.lineage.lazy.map { ResourceID($0, kind, name) }.first { scopes[$0.scope]?[$0] != nil }
        }
      }
    }
    outline.closeIntervals { scopes[$0.scope]?[$0] }
    return outline
  }
}

extension RuleGroupState {
  /// What a query takes of the group; `nil` where that is no rule. Disabled rules aren't there for Prometheus.
  fileprivate func reading(_ query: RuleQuery) -> RuleGroupReading? {
    let rules = definition.spec.rules.indices.compactMap { index in reading(ofRule: index, query) }
    guard !rules.isEmpty else { return nil }
    return RuleGroupReading(
      scope: id.scope, name: definition.spec.name, file: definition.file, interval: definition.interval,
      limit: definition.limit, evaluatedAt: evaluatedAt, duration: duration, rules: rules)
  }

  private func reading(ofRule index: Int, _ query: RuleQuery) -> RuleReading? {
    let rule = definition.spec.rules[index]
    let state = rules[index]
    guard state.treatment != .disabled else { return nil }
    let purpose: RuleView.Purpose = rule.purpose == .alert ? .alerting : .recording
    let labels = definition.mergedLabels(index)
    guard query.takes(rule: rule.name, purpose, labels: labels) else { return nil }
    var reading = RuleReading(purpose, name: rule.name, query: rule.expression.text)
    reading.hold = rule.hold
    reading.keepFiringFor = rule.keepFiringFor
    reading.labels = labels
    reading.annotations = rule.annotations
    reading.state = state.state
    if !query.withoutAlerts { reading.alerts = alerts(of: index) }
    switch state.health {
    case .ok: reading.health = .ok
    case .unknown: reading.health = .unknown
    case .failing(let failure, _):
      reading.health = .failing
      reading.lastError = failure.description
    }
    reading.evaluatedAt = state.evaluatedAt
    reading.duration = state.duration
    return reading
  }
}

extension RoutingOutline {
  /// `resolve`: what a name means in the resource's scope.
  fileprivate mutating func add(_ resource: Resource, _ resolve: (Kind, String) -> ResourceID?) {
    let scope = resource.id.scope
    switch resource.spec {
    case .channel: channels.append(resource.id)
    case .route(let route):
      let always = route.always && scope == .platform
      // Of several trees for one place, the first by name counts.
      guard !trees.contains(where: { $0.scope == scope && $0.always == always }) else { break }
      trees.append(Tree(scope: scope, always: always, root: Node(route.root, below: nil, resolve)))
    case .inhibitRule(let rule):
      inhibitions.append(
        Inhibition(
          scope: scope, sources: rule.sourceMatchers, targets: rule.targetMatchers, equal: rule.equal))
    case .platform, .tenant, .project, .dataSource, .ruleGroup, .silence, .timeInterval, .template, .roleBinding,
      .approval:
      break
    }
  }

  /// Adds the intervals that routes name.
  fileprivate mutating func closeIntervals(_ resource: (ResourceID) -> Resource?) {
    let named = Set(trees.flatMap(\.root.namedIntervals))
    intervals = named.sorted().compactMap { id in
      guard case .timeInterval(let spec)? = resource(id)?.spec else { return nil }
      return Interval(id: id, parts: spec.intervals.map(Interval.Part.init))
    }
  }
}

extension RoutingOutline.Node {
  fileprivate init(_ route: RouteNode, below parent: Self?, _ resolve: (Kind, String) -> ResourceID?) {
    self.init()
    channels = route.channels.isEmpty ? parent?.channels ?? [] : route.channels.compactMap { resolve(.channel, $0) }
    matchers = route.matchers
    switch route.groupBy ?? nil {
    case .all: groupBy = ["..."]
    case .labels(let names): groupBy = names
    case nil: groupBy = parent?.groupBy ?? RouteTree.defaultGroupBy.names
    }
    groupWait = route.groupWait ?? parent?.groupWait ?? RouteTree.defaultGroupWait
    groupInterval = route.groupInterval ?? parent?.groupInterval ?? RouteTree.defaultGroupInterval
    repeatInterval = route.repeatInterval ?? parent?.repeatInterval ?? RouteTree.defaultRepeatInterval
    continues = route.continues
    muteTimeIntervals = route.muteTimeIntervals.compactMap { resolve(.timeInterval, $0) }
    activeTimeIntervals = route.activeTimeIntervals.compactMap { resolve(.timeInterval, $0) }
    children = route.routes.map { Self($0, below: self, resolve) }
  }

  fileprivate var namedIntervals: [ResourceID] {
    muteTimeIntervals + activeTimeIntervals + children.flatMap(\.namedIntervals)
  }
}

extension RouteNode.GroupBy {
  fileprivate var names: [String] {
    switch self {
    case .all: ["..."]
    case .labels(let names): names
    }
  }
}

extension RoutingOutline.Interval.Part {
  fileprivate init(_ interval: TimeIntervalSpec.Interval) {
    self.init()
    let days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    times = interval.times.map { Label(Self.clock($0.lowerBound), Self.clock($0.upperBound)) }
    weekdays = interval.weekdays.map { Self.range($0.lowerBound, $0.upperBound) { days[$0 % days.count] } }
    daysOfMonth = interval.daysOfMonth.map { Self.range($0.begin, $0.end) { String($0) } }
    months = interval.months.map { Self.range($0.lowerBound, $0.upperBound) { String($0) } }
    years = interval.years.map { Self.range($0.lowerBound, $0.upperBound) { String($0) } }
    location = interval.location
  }

  private static func clock(_ minutes: Int) -> String { padded(minutes / 60, to: 2) + ":" + padded(minutes % 60, to: 2) }

  private static func range(_ low: Int, _ high: Int, _ word: (Int) -> String) -> String {
    low == high ? word(low) : word(low) + ":" + word(high)
  }
}
