import Foundation
import Model
import Notifier
import Specs
import Testing

/// A tenant with one route to `oncall`: 30 s, 300 s, 3600 s.
private func resources(_ rules: String..., besides: [Resource] = []) throws -> [Resource] {
  let root = route([], ["oncall"], groupBy: .labels(["alertname"]), wait: 30, interval: 300, repeats: 3600)
  var all = [
    channel(oncall), channel(chat), resource(ResourceID(shop, .route, "default"), .route(RouteSpec(root: root))),
  ]
  if !rules.isEmpty { all.append(try group(rules)) }
  return all + besides
}

private func group(_ rules: [String]) throws -> Resource {
  // Swift has no way to pass several arguments on.
  switch rules.count {
  case 1: try ruleGroup(rules[0])
  case 2: try ruleGroup(rules[0], rules[1])
  default: try ruleGroup(rules[0], rules[1], rules[2])
  }
}

extension Simulation {
  /// `30 oncall first notification 1/0` for each message.
  fileprivate var lines: [String] {
    told.map { told in
      let seconds = (told.at - start).components.seconds
      return "\(seconds) \(told.channel.name) \(told.reason.rawValue) \(told.firing.count)/\(told.resolved.count)"
    }
  }

  fileprivate mutating func apply(_ resources: Resource...) {
    _ = state.apply(NotifierChange(set: resources), at: now)
  }

  fileprivate mutating func settings(_ scope: Scope, _ change: (inout ScopeSettings) -> Void) {
    var settings = ScopeSettings()
    change(&settings)
    let spec: Spec =
      scope == .platform ? .platform(settings) : scope.project == nil ? .tenant(settings) : .project(settings)
    let kind: Kind = scope == .platform ? .platform : scope.project == nil ? .tenant : .project
    apply(resource(ResourceID(scope, kind, "settings"), spec))
  }
}

@Suite struct `A rule's own channels` {
  @Test func `take the place of the route's, in a group of the rule`() throws {
    var simulation = Simulation(try resources("{alert: rule, expr: up, channels: [chat], repeat_interval: 10m}"))
    simulation.fire(["alertname": "X", "i": "1"])
    simulation.fire(["alertname": "X", "i": "2"], rule: "other")
    simulation.run(until: at(1000))
    #expect(
      simulation.lines.sorted() == [
        "30 chat first notification 1/0", "30 oncall first notification 1/0", "930 chat repeat interval elapsed 1/0",
      ])
    let groups = simulation.state.groups(at: simulation.now)
    #expect(groups.map(\.key) == [#"{}:{alertname="X"}"#, #"{}:{alertname="X"} rule=rules.yaml:group/rule"#])
    #expect(groups.map(\.channels) == [[oncall], [chat]])
    simulation.resolve(["alertname": "X", "i": "1"])
    simulation.run(until: at(1300))
    #expect(simulation.lines.last == "1230 chat all alerts resolved 0/1")
  }

  @Test func `take an alert that no route takes`() throws {
    var simulation = Simulation([
      channel(chat), try ruleGroup("{alert: rule, expr: up, channels: [chat]}"),
    ])
    simulation.fire(["alertname": "X"])
    simulation.fire(["alertname": "Y"], rule: "other")
    simulation.run(until: at(100))
    #expect(simulation.lines == ["30 chat first notification 1/0"])
    #expect(simulation.state.unroutedAlerts.map { $0.labels["alertname"] } == ["Y"])
  }

  @Test func `are told once where several routes take the alert`() throws {
    let root = route(
      [], ["oncall"], wait: 30,
      [route(try matchers(#"a="1""#), ["oncall"], continues: true), route(try matchers(#"a="1""#), ["oncall"])])
    var simulation = Simulation([
      channel(oncall), channel(chat), resource(ResourceID(shop, .route, "default"), .route(RouteSpec(root: root))),
      try ruleGroup("{alert: rule, expr: up, channels: [chat]}"),
    ])
    simulation.fire(["alertname": "X", "a": "1"])
    simulation.run(until: at(100))
    #expect(simulation.lines == ["30 chat first notification 1/0"])
  }

  @Test func `are those of one rule where several have its name`() throws {
    var simulation = Simulation(
      try resources(
        "{alert: rule, expr: up, labels: {severity: warning}, channels: [chat]}",
        "{alert: rule, expr: up, labels: {severity: critical}}"))
    simulation.fire(["alertname": "X", "severity": "warning"])
    simulation.fire(["alertname": "X", "severity": "critical"])
    simulation.run(until: at(100))
    #expect(
      simulation.lines.sorted() == ["30 chat first notification 1/0", "30 oncall first notification 1/0"])
    #expect(simulation.told.first { $0.channel == chat }?.alerts.map { $0.labels["severity"] } == ["warning"])
  }

  @Test func `leave the platform's view of everything as it is`() throws {
    var all = RouteSpec(root: route([], ["audit"], wait: 30))
    all.always = true
    let audit = ResourceID(.platform, .channel, "audit")
    var simulation = Simulation(
      try resources(
        "{alert: rule, expr: up, channels: [chat], cooldown: 1h}",
        besides: [channel(audit), resource(ResourceID(.platform, .route, "all"), .route(all))]))
    simulation.fire(["alertname": "X", "i": "1"])
    simulation.run(until: at(100))
    simulation.fire(["alertname": "X", "i": "2"])
    simulation.run(until: at(400))
    #expect(
      simulation.lines.sorted() == [
        "30 audit first notification 1/0", "30 chat first notification 1/0", "330 audit new alerts added 2/0",
      ])
  }
}

@Suite struct `A rule's cooldown` {
  static let rule = "{alert: rule, expr: up, cooldown: 1000s}"
  let one: Labels = ["alertname": "X", "i": "1"]
  let two: Labels = ["alertname": "X", "i": "2"]
  let three: Labels = ["alertname": "Z", "i": "3"]

  @Test func `holds later alerts back, says so once, and tells them when it has passed`() throws {
    var simulation = Simulation(try resources(Self.rule))
    simulation.fire(one)
    simulation.run(until: at(60))
    simulation.fire(two)
    simulation.fire(three)
    simulation.run(until: at(1029))
    #expect(simulation.lines == ["30 oncall first notification 1/0"])
    #expect(simulation.held.map(\.firing) == [1, 1])
    #expect(
      simulation.held.first?.detail == "held back until \(at(1030)): the rule's 'cooldown' of 16m40s")
    #expect(simulation.state.suppressed.cooldown > 2)
    let group = try #require(simulation.state.groups(at: simulation.now).first)
    #expect(group.heldUntil == at(1030) && group.hold?.reason == .cooldown)
    let explained = simulation.state.explain(Fingerprint(two), at: simulation.now).first?.places.first
    #expect(explained?.hold?.until == at(1030))
    #expect(simulation.state.explain(Fingerprint(one), at: simulation.now).first?.places.first?.hold == nil)
    simulation.run(until: at(1100))
    #expect(
      simulation.lines.dropFirst().sorted() == [
        "1030 oncall first notification 1/0", "1030 oncall new alerts added 2/0",
      ])
    #expect(simulation.heldBack == [0, 2, 2])
    #expect(simulation.state.groups(at: simulation.now).allSatisfy { $0.hold == nil })
    // The next message has nothing more to tell of.
    simulation.run(until: at(5000))
    #expect(simulation.heldBack.dropFirst(3).allSatisfy { $0 == 0 })
  }

  @Test func `never holds back the end of what was told`() throws {
    var simulation = Simulation(try resources(Self.rule))
    simulation.fire(one)
    simulation.run(until: at(60))
    simulation.fire(two)
    simulation.resolve(one)
    simulation.run(until: at(400))
    #expect(simulation.lines.last == "330 oncall all alerts resolved 0/1")
    simulation.run(until: at(1100))
    #expect(simulation.lines.last == "1030 oncall first notification 1/0")
    simulation.resolve(two)
    simulation.run(until: at(2000))
    #expect(simulation.lines.last == "1330 oncall all alerts resolved 0/1")
  }

  @Test func `lets go without a word what came and went meanwhile, and counts it`() throws {
    var simulation = Simulation(try resources(Self.rule))
    simulation.fire(one)
    simulation.run(until: at(60))
    simulation.fire(two)
    simulation.run(until: at(400))
    simulation.resolve(two)
    simulation.run(until: at(3000))
    #expect(simulation.lines == ["30 oncall first notification 1/0"])
    simulation.run(until: at(4000))
    #expect(simulation.lines.last == "3930 oncall repeat interval elapsed 1/0")
    #expect(simulation.heldBack == [0, 1])
  }

  @Test func `does not begin before somebody was told`() throws {
    var simulation = Simulation(try resources(Self.rule))
    simulation.outcome = { _ in .rejected("answered 400") }
    simulation.fire(one)
    simulation.run(until: at(60))
    simulation.outcome = { _ in nil }
    simulation.run(until: at(400))
    #expect(simulation.lines == ["330 oncall first notification 1/0"])
    #expect(simulation.held.isEmpty)
  }

  @Test func `does not keep a channel waiting that failed while another was told`() throws {
    var simulation = Simulation(try resources("{alert: rule, expr: up, cooldown: 1h, channels: [oncall, chat]}"))
    simulation.outcome = { $0.delivery.key.channel == chat ? .rejected("answered 400") : nil }
    simulation.fire(one)
    simulation.run(until: at(60))
    simulation.outcome = { _ in nil }
    simulation.run(until: at(1000))
    #expect(simulation.lines == ["30 oncall first notification 1/0", "330 chat first notification 1/0"])
  }

  @Test func `goes on after a restart`() throws {
    var simulation = Simulation(try resources(Self.rule))
    simulation.fire(one)
    simulation.run(until: at(60))
    simulation.fire(three)
    simulation.run(until: at(100))
    simulation.restart()
    simulation.run(until: at(1029))
    #expect(simulation.lines == ["30 oncall first notification 1/0"])
    simulation.run(until: at(1100))
    #expect(simulation.lines.last == "1030 oncall first notification 1/0")
  }

  @Test func `that comes or goes with a sync tells nothing twice and loses nothing`() throws {
    var simulation = Simulation(try resources())
    simulation.fire(one)
    simulation.run(until: at(60))
    simulation.apply(try ruleGroup(Self.rule))
    simulation.run(until: at(400))
    #expect(simulation.lines == ["30 oncall first notification 1/0"])
    #expect(
      simulation.state.groups(at: simulation.now).map(\.key) == [#"{}:{alertname="X"} rule=rules.yaml:group/rule"#])
    simulation.fire(two)
    simulation.run(until: at(700))
    #expect(simulation.lines.last == "660 oncall new alerts added 2/0")
    simulation.resolve(one)
    simulation.apply(try ruleGroup("{alert: rule, expr: up}"))
    simulation.run(until: at(1100))
    #expect(simulation.lines.last?.hasSuffix("oncall some alerts resolved 1/1") == true)
    #expect(simulation.lines.count == 3)
    #expect(simulation.quotas.isEmpty)
    simulation.resolve(two)
    simulation.run(until: at(2000))
    #expect(simulation.lines.last?.hasSuffix("all alerts resolved 0/1") == true)
    #expect(simulation.state.groups(at: simulation.now).isEmpty)
  }

  @Test func `is kept when its group is moved`() throws {
    var simulation = Simulation(try resources(Self.rule))
    simulation.fire(one)
    simulation.run(until: at(60))
    let old = try ruleGroup(Self.rule)
    let new = ResourceID(shop, .ruleGroup, "other.yaml:group")
    _ = simulation.state.apply(
      NotifierChange(set: [resource(new, old.spec)], removed: [old.id], renamed: [old.id: new]), at: simulation.now)
    simulation.fire(two)
    simulation.run(until: at(1029))
    #expect(simulation.lines == ["30 oncall first notification 1/0"])
    simulation.run(until: at(1100))
    #expect(simulation.lines.last == "1030 oncall new alerts added 2/0")
  }
}

@Suite struct `A rule's daily limit` {
  static let rule = "{alert: rule, expr: up, max_per_day: 2}"

  @Test func `holds back the rest of the day, but never what is critical`() throws {
    var simulation = Simulation(try resources(Self.rule))
    for number in 1...4 {
      simulation.fire(["alertname": "X\(number)", "severity": "warning"])
      simulation.run(until: at(number * 100))
    }
    #expect(simulation.lines.map { $0.prefix(10) } == ["30 oncall ", "130 oncall"])
    simulation.fire(["alertname": "X3", "severity": "critical"])
    simulation.run(until: at(900))
    #expect(simulation.told.count == 3)
    #expect(simulation.told.last?.alerts.map { $0.labels["severity"] } == ["critical"])
    // From 08:00 UTC it is 16 hours to midnight.
    simulation.run(until: at(57_599))
    let first = simulation.told.filter { $0.reason != .repeated }
    #expect(first.count == 3)
    #expect(Set(simulation.held.map(\.nextAttemptAt)) == [at(57_600)])
    simulation.run(until: at(57_600))
    let midnight = simulation.told.filter { $0.at == at(57_600) }
    #expect(midnight.count == 2)
    #expect(midnight.allSatisfy { $0.firing.count == 1 || $0.firing.count == 2 })
  }

  @Test func `goes by the day of the tenant's zone, and survives a restart`() throws {
    var simulation = Simulation(try resources(Self.rule))
    simulation.settings(shop) { $0.timezone = "UTC" }
    simulation.fire(["alertname": "X1"])
    simulation.fire(["alertname": "X2"])
    simulation.run(until: at(100))
    #expect(simulation.told.count == 2)
    simulation.restart()
    simulation.fire(["alertname": "X3"])
    simulation.run(until: at(1000))
    #expect(simulation.told.count == 2)
    #expect(simulation.quotas.values.map(\.count) == [2])
    #expect(simulation.quotas.values.map(\.day) == ["2026-11-20"])
  }
}

@Suite struct `A day that a limit counts by` {
  static let database = "/usr/share/zoneinfo/"
  static let hasZones = FileManager.default.fileExists(atPath: database + "Europe/Berlin")
  static let zones = Zones { name in
    (try? Data(contentsOf: URL(fileURLWithPath: database + name))).flatMap { ZoneRules(tzif: Array($0)) }
  }

  static func time(_ month: Int, _ day: Int, _ hour: Int, _ minute: Int = 0) -> Timestamp {
    CivilTime(year: 2027, month: month, day: day, hour: hour, minute: minute).instant()
  }

  /// Zones, a time of 2027 in UTC on a day that has one hour less or more, and when that day ends.
  static let days: [(String, Timestamp, Timestamp)] = [
    ("Asia/Shanghai", time(11, 20, 8), time(11, 20, 16)),
    ("Europe/Berlin", time(3, 27, 23, 30), time(3, 28, 22)), ("Europe/Berlin", time(10, 30, 22, 30), time(10, 31, 23)),
    // The clocks change at midnight: one day begins at 01:00, and the other has 00:00 twice.
    ("America/Havana", time(3, 13, 17), time(3, 14, 5)), ("America/Havana", time(11, 6, 16), time(11, 7, 4)),
    ("America/Havana", time(11, 7, 4, 30), time(11, 8, 5)),
  ]

  @Test(.enabled(if: hasZones, "there is no zone database"), arguments: days)
  func `ends with the calendar day of the tenant's zone`(zone: String, now: Timestamp, end: Timestamp) throws {
    var simulation = Simulation(try resources("{alert: rule, expr: up, max_per_day: 2}"), zones: Self.zones)
    simulation.now = now
    simulation.settings(shop) { $0.timezone = zone }
    for number in 1...3 { simulation.fire(["alertname": "X\(number)"]) }
    simulation.run(until: end - .seconds(1))
    #expect(simulation.told.count == 2)
    #expect(Set(simulation.held.map(\.nextAttemptAt)) == [end])
    simulation.run(until: end)
    #expect(simulation.told.filter { $0.at == end && $0.reason == .first }.count == 1)
  }
}

@Suite struct `An alert that goes from one group to another` {
  let one: Labels = ["alertname": "X", "i": "1"]

  @Test func `by firing again from another rule is told to have ended, and to fire`() throws {
    var simulation = Simulation(try resources("{alert: rule, expr: up, cooldown: 1h}"))
    simulation.fire(one)
    simulation.run(until: at(60))
    simulation.apply(silence("s", [Matcher("i", equals: "1")], from: at(60), to: at(500)))
    simulation.resolve(one)
    simulation.run(until: at(400))
    simulation.fire(one, rule: "other")
    simulation.run(until: at(900))
    #expect(
      simulation.lines == [
        "30 oncall first notification 1/0", "630 oncall all alerts resolved 0/1", "730 oncall first notification 1/0",
      ])
    simulation.resolve(one)
    simulation.run(until: at(3000))
    #expect(simulation.lines.dropFirst(3) == ["1030 oncall all alerts resolved 0/1"])
    #expect(simulation.state.groups(at: simulation.now).isEmpty)
  }

  @Test func `while it is being told isn't told twice`() throws {
    var simulation = Simulation(try resources())
    simulation.duration = { _ in 15 }
    simulation.fire(one)
    simulation.run(until: at(40))
    simulation.apply(try ruleGroup("{alert: rule, expr: up, cooldown: 1h}"))
    simulation.run(until: at(1000))
    #expect(simulation.lines == ["45 oncall first notification 1/0"])
    simulation.resolve(one)
    simulation.run(until: at(2000))
    #expect(simulation.lines.dropFirst() == ["1265 oncall all alerts resolved 0/1"])
    #expect(simulation.state.groups(at: simulation.now).isEmpty)
  }

  @Test func `and back, and fires anew, is told anew`() throws {
    let elsewhere = RouteSpec(
      root: route([], ["oncall"], wait: 30, [route(try matchers(#"i="1""#), ["oncall"], groupBy: .all)]))
    var simulation = Simulation(try resources())
    simulation.fire(one)
    simulation.fire(["alertname": "X", "i": "2"])
    simulation.run(until: at(60))
    simulation.apply(resource(ResourceID(shop, .route, "default"), .route(elsewhere)))
    simulation.run(until: at(200))
    simulation.resolve(one)
    simulation.run(until: at(400))
    let before = simulation.told.count
    for resource in try resources() { simulation.apply(resource) }
    simulation.fire(one)
    simulation.run(until: at(1000))
    #expect(simulation.told.dropFirst(before).map(\.reason) == [.newAlerts])
  }
}

@Suite struct `A message that takes long` {
  @Test func `and arrives after its alert has ended is followed by the end`() throws {
    var simulation = Simulation(try resources())
    simulation.duration = { $0.delivery.message.status == .firing ? 400 : 0 }
    simulation.fire(["alertname": "X"])
    simulation.run(until: at(100))
    simulation.resolve(["alertname": "X"])
    simulation.run(until: at(2000))
    #expect(simulation.lines == ["430 oncall first notification 1/0", "430 oncall all alerts resolved 0/1"])
    #expect(simulation.state.groups(at: simulation.now).isEmpty)
  }
}

@Suite struct `A scope's hourly limit` {
  @Test func `holds back what is beyond it, and tells it in the next hour`() throws {
    var simulation = Simulation(try resources())
    simulation.settings(.platform) { $0.limits.notificationsPerHour = 2 }
    for number in 1...4 { simulation.fire(["alertname": "X\(number)", "severity": "warning"]) }
    simulation.run(until: at(100))
    #expect(simulation.told.count == 2)
    #expect(simulation.held.count == 2)
    #expect(simulation.held.first?.detail.hasSuffix("'notifications_per_hour' of 2 in shop") == true)
    simulation.fire(["alertname": "Y", "severity": "page"])
    simulation.run(until: at(200))
    #expect(simulation.told.count == 3)
    simulation.run(until: at(3629))
    #expect(simulation.told.count == 3 && simulation.held.count == 2)
    simulation.run(until: at(3630))
    #expect(simulation.told.count == 5)
    #expect(simulation.heldBack.suffix(2).first == 2)
    #expect(simulation.state.suppressed.hourlyLimit > 0)
  }

  @Test func `of a project concerns the project alone`() throws {
    var simulation = Simulation(try resources())
    simulation.settings(checkout) { $0.limits.notificationsPerHour = 1 }
    for number in 1...3 { simulation.fire(["alertname": "X\(number)"], in: checkout) }
    for number in 4...6 { simulation.fire(["alertname": "X\(number)"]) }
    simulation.run(until: at(100))
    #expect(simulation.told.count == 4)
    // What was told ends, whatever the hour has had.
    for number in 1...6 { simulation.resolve(["alertname": "X\(number)"]) }
    simulation.run(until: at(1000))
    #expect(simulation.told.filter { $0.reason == .allResolved }.count == 4)
    #expect(simulation.state.groups(at: simulation.now).isEmpty)
  }
}

@Suite struct `The name that a destination gave to a message` {
  let surroundings = Surroundings()

  /// Ticks, lets all arrive under `handle`, and gives what the messages were given.
  func tick(_ dispatcher: inout Dispatcher, _ now: Int, _ handle: String?) -> [String?] {
    dispatcher.tick(at: at(now), in: surroundings).flatMap(\.deliveries).map { delivery in
      _ = dispatcher.completed(delivery, succeeded: true, handle: handle, at: at(now), in: surroundings)
      return delivery.message.handle
    }
  }

  @Test func `goes with the next message of the same trouble, and no further`() {
    var dispatcher = `A group's timer`.dispatcher()
    let (one, two) = (alert(["alertname": "X", "i": "1"]), alert(["alertname": "X", "i": "2"]))
    dispatcher.receive([one.fires], at: at(0))
    #expect(tick(&dispatcher, 30, "a/1") == [nil])
    dispatcher.receive([two.fires], at: at(40))
    // One that has no name for it keeps the one that there is.
    #expect(tick(&dispatcher, 330, nil) == ["a/1"])
    #expect(dispatcher.log.entries.values.map(\.handle) == ["a/1"])
    dispatcher = Dispatcher(
      owner: shop, routes: dispatcher.routes, restoring: [one, two], log: dispatcher.log.entries.values, at: at(400))
    dispatcher.receive([one.resolves(at: at(440)), two.resolves(at: at(440))], at: at(440))
    #expect(tick(&dispatcher, 700, "a/2") == ["a/1"])
    #expect(dispatcher.log.entries.values.map(\.handle) == [nil])
    dispatcher.receive([one.fires], at: at(800))
    #expect(tick(&dispatcher, 1100, "a/3") == [nil])
  }
}

@Suite struct `An acknowledgement` {
  static func resource(_ matchers: [Matcher], from: Int, to: Int) -> Resource {
    var spec = SilenceSpec(matchers: matchers, comment: "seen")
    spec.startsAt = at(from)
    spec.endsAt = at(to)
    spec.acknowledges = true
    return NotifierTests.resource(ResourceID(shop, .silence, "ack"), .silence(spec))
  }

  @Test func `quiets what fires, and nothing that comes later`() throws {
    var simulation = Simulation(try resources())
    let (one, two): (Labels, Labels) = (["alertname": "X", "i": "1"], ["alertname": "X", "i": "2"])
    simulation.fire(one)
    simulation.run(until: at(60))
    simulation.apply(Self.resource(try matchers(#"alertname="X""#), from: 60, to: 90_000))
    simulation.run(until: at(8000))
    #expect(simulation.lines == ["30 oncall first notification 1/0"])
    #expect(simulation.state.silences(at: simulation.now).map(\.matchingAlerts) == [1])
    let muting = simulation.state.explain(Fingerprint(one), at: simulation.now).first?.places.first?.muting
    #expect(muting?.silencedBy.map(\.name) == ["ack"])
    // A further alert of the group is told.
    simulation.fire(two)
    simulation.run(until: at(8200))
    #expect(simulation.told.count == 2)
    #expect(simulation.told.last?.firing.map(\.fingerprint) == [Fingerprint(two)])
    // The end of the acknowledged one is told, and so is its next firing.
    simulation.resolve(one)
    simulation.run(until: at(8500))
    #expect(simulation.told.last?.resolved.map(\.fingerprint) == [Fingerprint(one)])
    #expect(simulation.told.last?.reason == .someResolved)
    simulation.fire(one)
    simulation.run(until: at(8800))
    #expect(simulation.told.last?.reason == .newAlerts)
    #expect(simulation.state.silences(at: simulation.now).map(\.matchingAlerts) == [0])
  }

  @Test func `ends with what it acknowledged, also over a restart`() throws {
    var simulation = Simulation(try resources())
    simulation.fire(["alertname": "X"])
    simulation.run(until: at(60))
    simulation.apply(Self.resource(try matchers(#"alertname="X""#), from: 60, to: 90_000))
    simulation.restart()
    simulation.run(until: at(600))
    #expect(simulation.told.count == 1)
    simulation.resolve(["alertname": "X"])
    simulation.run(until: at(1200))
    #expect(simulation.told.map(\.reason) == [.first, .allResolved])
    #expect(simulation.state.groups(at: simulation.now).isEmpty)
  }
}

@Suite struct `An Alertmanager that is forwarded to` {
  @Test func `is told at every flush, whatever bounds there are`() throws {
    let pool = EndpointPool([ChannelEndpoint(url: .plain("http://127.0.0.1:9093"))])
    var simulation = Simulation(
      try resources(
        "{alert: rule, expr: up, channels: [oncall, upstream], cooldown: 1h}",
        besides: [
          resource(
            ResourceID(shop, .channel, "upstream"),
            .channel(ChannelSpec(destination: .alertmanager(AlertmanagerSpec(pool: pool)))))
        ]))
    simulation.fire(["alertname": "X"])
    simulation.run(until: at(700))
    simulation.resolve(["alertname": "X"])
    simulation.run(until: at(2000))
    #expect(
      simulation.lines.filter { $0.contains("upstream") } == [
        "30 upstream first notification 1/0", "330 upstream repeat interval elapsed 1/0",
        "630 upstream repeat interval elapsed 1/0", "930 upstream all alerts resolved 0/1",
      ])
    #expect(simulation.lines.filter { $0.contains("oncall") }.count == 2)
    // The history lists what was new.
    let recorded = simulation.delivered.filter { $0.channel.name == "upstream" }
    #expect(recorded.map(\.reason) == ["first notification", "all alerts resolved"])
  }
}
