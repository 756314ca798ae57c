import Model
import Specs

/// Alertmanager's notification once more, as its description says and as slowly as it says it: lists, no index, no
/// timer, no queue. It knows no reload, and no second try before the next interval.
struct NaiveAlertmanager {
  /// Where Belfry differs on purpose, as far as random histories can tell.
  var isLikeBelfry = false
  private let scenario: Scenario
  private var alerts: [String: Alert] = [:]
  private var groups: [Group] = []
  private var log: [String: Entry] = [:]
  private var silences: [(name: String, matcher: Matcher, from: Int, to: Int)] = []
  private var failing: Set<String> = []
  private var told: [Told] = []

  private struct Alert {
    let labels: Labels
    var isFiring: Bool
    var note: String
  }

  private struct Group {
    let route: Route
    let key: String
    var members: [String] = []
    var next: Int
  }

  private struct Entry {
    let at: Int
    let firing: Set<String>
    let resolved: Set<String>
  }

  /// A way with what it inherits.
  private struct Route {
    var way: Way
    var key = "{}"
  }

  init(_ scenario: Scenario) {
    self.scenario = scenario
  }

  /// What is told.
  mutating func sequence() throws -> [Told] {
    for event in scenario.script {
      try flush(until: event.at)
      try perform(event)
    }
    try flush(until: scenario.length)
    return told
  }

  private mutating func perform(_ event: Scenario.Event) throws {
    switch event.step {
    case .fire(let names, let note, let since):
      for name in names { try fire(name, note, since: since ?? event.at, at: event.at) }
    case .resolve(let names): for name in names { alerts[identity(name)]?.isFiring = false }
    case .remind(let names): for name in names { try join(identity(name), since: 0, at: event.at) }
    case .silence(let name, let text, let starting, let lasting):
      let start = starting ?? event.at
      silences.append((name, try matcher(text), start, start + lasting))
    case .unsilence(let name): silences.removeAll { $0.name == name }
    case .answer(let hook, _, let then): if then == 200 { failing.remove(hook) } else { failing.insert(hook) }
    case .configure: break
    }
  }

  /// Alerts with the same labels are one.
  private func identity(_ name: String) -> String { scenario.name(of: scenario.labels(of: name)) }

  private mutating func fire(_ name: String, _ note: String, since: Int, at now: Int) throws {
    let name = identity(name)
    let isKnown = alerts[name]?.isFiring ?? false
    alerts[name] = Alert(labels: scenario.labels(of: name), isFiring: true, note: note)
    if !isKnown { try join(name, since: since, at: now) }
  }

  private mutating func join(_ name: String, since: Int, at now: Int) throws {
    let labels = scenario.labels(of: name)
    for route in try Self.routes(Route(way: scenario.setup.root), labels) {
      let key = route.key + ":" + Self.groupLabels(labels, route.way.grouping).description
      if let index = groups.firstIndex(where: { $0.key == key && $0.route.way.receiver == route.way.receiver }) {
        if !groups[index].members.contains(name) { groups[index].members.append(name) }
      } else {
        let wait = route.way.wait ?? 0
        groups.append(
          Group(route: route, key: key, members: [name], next: since + wait < now ? now : now + wait))
      }
    }
  }

  private static func groupLabels(_ labels: Labels, _ grouping: Way.Grouping?) -> Labels {
    switch grouping {
    case .all?: labels
    case .by(let names)?: Labels(labels.pairs.filter { names.contains($0.name) })
    case .missing?, nil: .empty
    }
  }

  // MARK: Routes

  private static func routes(_ route: Route, _ labels: Labels) throws -> [Route] {
    guard try route.way.matchers.allSatisfy({ try matcher($0).accepts(labels) }) else { return [] }
    var found: [Route] = []
    for child in route.way.children {
      let taken = try routes(inherited(child, from: route), labels)
      found += taken
      if !taken.isEmpty, !child.continues { break }
    }
    return found.isEmpty ? [route] : found
  }

  private static func inherited(_ child: Way, from parent: Route) throws -> Route {
    var way = child
    way.receiver = child.receiver ?? parent.way.receiver
    way.grouping = child.grouping ?? parent.way.grouping
    way.wait = child.wait ?? parent.way.wait
    way.interval = child.interval ?? parent.way.interval
    way.repeats = child.repeats ?? parent.way.repeats
    let texts = try child.matchers.map { try matcher($0) }.sorted().map(\.description)
    return Route(way: way, key: parent.key + "/{" + texts.joined(separator: ",") + "}")
  }

  // MARK: Flushes

  private mutating func flush(until end: Int) throws {
    while let index = groups.indices.min(by: { groups[$0].next < groups[$1].next }), groups[index].next <= end {
      let now = groups[index].next
      groups[index].next += groups[index].route.way.interval ?? 0
      if try flush(groups[index], at: now) {
        groups[index].members.removeAll { !(alerts[$0]?.isFiring ?? false) }
      } else if isLikeBelfry {
        // What nobody was told of goes at once, though another message failed.
        let muted = try groups[index].members.filter { try isMuted($0, at: now) }
        groups[index].members.removeAll { muted.contains($0) && !(alerts[$0]?.isFiring ?? false) }
      }
      if groups[index].members.isEmpty { groups.remove(at: index) }
    }
  }

  /// Whether everybody was told.
  private mutating func flush(_ group: Group, at now: Int) throws -> Bool {
    let way = group.route.way
    guard way.active.isEmpty || way.active.contains("always"), !way.mute.contains("always") else { return true }
    let members = try group.members.filter { try !isMuted($0, at: now) }
    guard !members.isEmpty else { return true }
    let firing = Set(members.filter { alerts[$0]?.isFiring ?? false })
    let resolved = Set(members).subtracting(firing)
    var isDone = true
    for hook in scenario.setup.receivers.first(where: { $0.name == way.receiver })?.hooks ?? [] {
      let key = group.key + " " + hook.name
      guard speaks(firing, resolved, log[key], hook, way, at: now) else { continue }
      var shown = hook.sendsResolved ? resolved : []
      // What a channel was told has resolved, it isn't told again because of another channel's trouble.
      if isLikeBelfry { shown.subtract(log[key]?.resolved ?? []) }
      if !firing.isEmpty || !shown.isEmpty {
        guard !failing.contains(hook.name) else {
          isDone = false
          continue
        }
        told.append(
          Told(at: now, hook: hook.name, group: group.key, firing: words(firing), resolved: words(shown)))
      }
      log[key] = Entry(at: now, firing: firing, resolved: resolved)
    }
    return isDone
  }

  /// Alertmanager's table, line by line.
  private func speaks(
    _ firing: Set<String>, _ resolved: Set<String>, _ entry: Entry?, _ hook: Setup.Hook, _ way: Way, at now: Int
  ) -> Bool {
    guard let entry else { return !firing.isEmpty }
    if !firing.isSubset(of: entry.firing) { return true }
    if firing.isEmpty { return !entry.firing.isEmpty }
    if hook.sendsResolved, !resolved.isSubset(of: entry.resolved) { return true }
    return entry.at < now - (way.repeats ?? 0)
  }

  private func words(_ names: Set<String>) -> [String] {
    names.map { name in
      let note = alerts[name]?.note ?? ""
      return note.isEmpty ? name : name + "\"\(note)\""
    }.sorted()
  }

  // MARK: Muting

  private func isMuted(_ name: String, at now: Int) throws -> Bool {
    let labels = scenario.labels(of: name)
    if silences.contains(where: { $0.matcher.accepts(labels) && $0.from <= now && now <= $0.to }) { return true }
    return try scenario.setup.inhibitions.contains { rule in
      let (source, target) = (try matcher(rule.source), try matcher(rule.target))
      guard target.accepts(labels) else { return false }
      return alerts.values.contains { other in
        other.isFiring && source.accepts(other.labels)
          && rule.equal.allSatisfy { other.labels[$0] == labels[$0] }
          && !(source.accepts(labels) && target.accepts(other.labels))
      }
    }
  }
}
