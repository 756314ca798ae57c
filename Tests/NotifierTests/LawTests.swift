import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `Laws of notification` {
  /// Two groups by name on two channels; the tenant's own alerts and a project's.
  static func resources() throws -> [Resource] {
    [
      channel(oncall), channel(chat),
      resource(
        ResourceID(shop, .route, "default"),
        .route(
          RouteSpec(
            root: route(
              [], ["oncall", "chat"], groupBy: .labels(["alertname"]), wait: 30, interval: 300, repeats: 3600,
              [route(try matchers(#"team="db""#), ["chat"], groupBy: .all)])))),
    ]
  }

  static let alerts: [(Labels, Scope)] = [
    (["alertname": "X", "i": "1"], shop), (["alertname": "X", "i": "2"], shop),
    (["alertname": "X", "i": "3"], checkout),
    (["alertname": "Y", "i": "1"], shop), (["alertname": "Y", "team": "db"], checkout),
  ]

  /// A random history, then an hour in which everything resolves and works.
  ///
  /// - `isSlow`: messages take time to arrive, less than a group waits for its next.
  /// - `severalRules`: each firing of some alerts may come from another rule.
  /// - `controls`: some alerts come from a rule with a cooldown and a daily limit, which a sync takes away now and
  ///   then, and the tenant has an hourly limit.
  static func history(
    _ seed: UInt64, fails: Bool, silences: Bool, restarts: Bool, controls: Bool = false,
    severalRules: Bool = false, isSlow: Bool = false
  ) throws -> Simulation {
    var random = SplitMix64(seed: seed)
    var simulation = Simulation(try resources() + (controls ? [try capped(), limited(6)] : []))
    let times = [0, 3, 8, 20]
    if isSlow { simulation.duration = { times[Int((seed &+ $0.id &* 7919) % UInt64(times.count))] } }
    let failing = fails ? random.next() : 0
    for step in 0..<60 {
      if fails {
        let luck = failing &+ UInt64(step) &* 7919
        simulation.outcome = { attempt in
          switch (luck &+ attempt.delivery.id &+ UInt64(attempt.number)) % 7 {
          case 0: .unreachable("down")
          case 1: .rejected("answered 400")
          case 2: .throttled(retryAfter: .seconds(20))
          case 3 where attempt.delivery.key.channel == chat: .unreachable("down")
          default: nil
          }
        }
      }
      guard let (labels, scope) = alerts.randomElement(using: &random) else { break }
      if Bool.random(using: &random) {
        let isCapped = controls && labels["alertname"] == "X" && (!severalRules || Bool.random(using: &random))
        simulation.fire(labels, in: scope, rule: isCapped ? "capped" : "rule")
      } else {
        simulation.resolve(labels)
      }
      if controls, step % 13 == 7 {
        let rules = step % 2 == 0 ? try capped() : try ruleGroup("{alert: capped, expr: up}")
        _ = simulation.state.apply(NotifierChange(set: [rules]), at: simulation.now)
      }
      if silences, step % 9 == 4 {
        let end = simulation.now + .seconds(Int.random(in: 60...2000, using: &random))
        let matchers = [Matcher("i", equals: ["1", "2"].randomElement(using: &random) ?? "1")]
        _ = simulation.state.apply(
          NotifierChange(set: [silence("s\(step)", matchers, from: simulation.now, to: end)]), at: simulation.now)
      }
      if restarts, Int.random(in: 0..<5, using: &random) == 0 { simulation.restart() }
      simulation.run(until: simulation.now + .seconds([0, 1, 7, 40, 150, 310].randomElement(using: &random) ?? 1))
    }
    simulation.outcome = { _ in nil }
    for (labels, _) in alerts { simulation.resolve(labels) }
    simulation.run(until: simulation.now + .seconds(7200))
    return simulation
  }

  /// With the rule `capped` in the tenant's own group: 10 minutes between notifications, and 20 of them in a day.
  static func capped() throws -> Resource {
    try ruleGroup("{alert: capped, expr: up, cooldown: 10m, max_per_day: 20}")
  }

  static func limited(_ perHour: Int) -> Resource {
    var settings = ScopeSettings()
    settings.limits.notificationsPerHour = perHour
    return resource(ResourceID(shop, .tenant, "shop"), .tenant(settings))
  }

  /// What no history may lead to.
  static func check(_ simulation: Simulation, sourceLocation: SourceLocation = #_sourceLocation) {
    var open: [ResourceID: Set<Fingerprint>] = [:]
    var ended: [ResourceID: Set<Simulation.Episode>] = [:]
    var last: [NotificationLogEntry.Key: Simulation.Told] = [:]
    for told in simulation.told {
      let key = NotificationLogEntry.Key(owner: shop, groupKey: told.groupKey, channel: told.channel)
      if let before = last[key], before.firing == told.firing, before.resolved == told.resolved {
        #expect(told.at - before.at > .seconds(3600), "said twice at \(told.at)", sourceLocation: sourceLocation)
      }
      last[key] = told
      open[told.channel, default: []].formUnion(told.firing.map(\.fingerprint))
      for episode in told.resolved {
        let isNew = ended[told.channel, default: []].insert(episode).inserted
        #expect(isNew, "\(episode) ended twice at \(told.at)", sourceLocation: sourceLocation)
        open[told.channel]?.remove(episode.fingerprint)
      }
    }
    for (channel, left) in open { #expect(left.isEmpty, "left open on \(channel)", sourceLocation: sourceLocation) }
    #expect(simulation.state.groups(at: simulation.now).isEmpty, sourceLocation: sourceLocation)
    #expect(simulation.state.nextWake() == nil, sourceLocation: sourceLocation)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `every firing that was told is told resolved, once, and nothing is said twice`(seed: UInt64) throws {
    Self.check(try Self.history(seed, fails: false, silences: false, restarts: false))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `also when sending fails`(seed: UInt64) throws {
    Self.check(try Self.history(seed, fails: true, silences: false, restarts: false))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `also when silences come and go`(seed: UInt64) throws {
    Self.check(try Self.history(seed, fails: true, silences: true, restarts: false))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `also when it restarts at any instant`(seed: UInt64) throws {
    Self.check(try Self.history(seed, fails: true, silences: true, restarts: true))
  }

  @Test(arguments: 0..<200 as Range<UInt64>, [false, true])
  func `also when rules and scopes hold back, and a sync changes that`(seed: UInt64, restarts: Bool) throws {
    Self.check(try Self.history(seed, fails: restarts, silences: restarts, restarts: restarts, controls: true))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `also when messages take long`(seed: UInt64) throws {
    Self.check(try Self.history(seed, fails: true, silences: true, restarts: false, isSlow: true))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `also when each firing may come from another rule, with controls or without`(seed: UInt64) throws {
    Self.check(
      try Self.history(seed, fails: true, silences: true, restarts: false, controls: true, severalRules: true))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `a cooldown lies between the notifications of a rule, and everything that goes on is told`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var simulation = Simulation(try Self.resources() + [try ruleGroup("{alert: capped, expr: up, cooldown: 10m}")])
    for _ in 0..<60 {
      let labels: Labels = [
        "alertname": ["X", "Y"].randomElement(using: &random) ?? "X",
        "i": String(Int.random(in: 1...4, using: &random)),
      ]
      if Bool.random(using: &random) {
        simulation.fire(labels, rule: "capped")
      } else {
        simulation.resolve(labels)
      }
      if Int.random(in: 0..<8, using: &random) == 0 { simulation.restart() }
      simulation.run(until: simulation.now + .seconds([0, 1, 7, 40, 150, 310].randomElement(using: &random) ?? 1))
    }
    simulation.run(until: simulation.now + .seconds(1000))
    let times = simulation.told.filter { [.first, .newAlerts, .repeated].contains($0.reason) }.map(\.at)
    for (one, next) in zip(times, times.dropFirst()) { #expect(next == one || next - one >= .seconds(600)) }
    for channel in [oncall, chat] {
      var open: Set<Fingerprint> = []
      for told in simulation.told where told.channel == channel {
        open.formUnion(told.firing.map(\.fingerprint))
        open.subtract(told.resolved.map(\.fingerprint))
      }
      #expect(open == Set(simulation.alerts.values.filter { $0.state == .firing }.map(\.fingerprint)))
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `no group is told before its wait, and none later than wait and interval`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var simulation = Simulation(try Self.resources())
    var fired: [Fingerprint: Timestamp] = [:]
    for (labels, scope) in Self.alerts.shuffled(using: &random) {
      simulation.fire(labels, in: scope)
      fired[Fingerprint(labels)] = simulation.now
      simulation.run(until: simulation.now + .milliseconds(Int.random(in: 0...400_000, using: &random)))
    }
    simulation.run(until: simulation.now + .seconds(600))
    var first: [Fingerprint: Timestamp] = [:]
    for told in simulation.told {
      let earliest = try #require(told.firing.compactMap(\.firedAt).min())
      #expect(told.at >= earliest + .seconds(30))
      for episode in told.firing where first[episode.fingerprint] == nil { first[episode.fingerprint] = told.at }
    }
    for (fingerprint, instant) in fired {
      let delay = try #require(first[fingerprint]) - instant
      #expect(delay <= .seconds(300))
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `the order within a report changes no message`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let batch = (0..<12).map { number in
      let labels: Labels = [
        "alertname": ["X", "Y", "Z"][number % 3], "i": String(number), "job": number % 2 == 0 ? "j" : "",
      ]
      return alert(labels, firedAt: start - .seconds(Int.random(in: 0...60, using: &random))).fires
    }
    func messages(_ batch: [AlertTransition]) throws -> [String] {
      var simulation = Simulation(try Self.resources())
      simulation.state.receive(batch, at: start)
      simulation.run(until: at(1000))
      return simulation.told.map { "\($0.at) \($0.channel) \($0.groupKey) \($0.alerts.map(\.labels))" }.sorted()
    }
    #expect(try messages(batch) == messages(batch.shuffled(using: &random)))
  }

  @Test func `what resolved while the process was down is told`() throws {
    var simulation = Simulation(try Self.resources())
    simulation.fire(["alertname": "X", "i": "1"])
    simulation.run(until: at(60))
    simulation.restart()
    simulation.run(until: at(70))
    #expect(simulation.told.count == 2)
    simulation.resolve(["alertname": "X", "i": "1"])
    simulation.run(until: at(1000))
    #expect(simulation.told.map(\.reason) == [.first, .first, .allResolved, .allResolved])
  }

  @Test func `what the log lists and nobody knows is told when it fires again`() throws {
    var simulation = Simulation(try Self.resources())
    simulation.fire(["alertname": "X", "i": "1"])
    simulation.run(until: at(60))
    // The alert's end was lost with the process.
    simulation.alerts = [:]
    simulation.restart()
    simulation.fire(["alertname": "X", "i": "1"])
    simulation.run(until: at(600))
    #expect(simulation.told.map(\.reason) == [.first, .first, .first, .first])
  }
}
