import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `Inhibition` {
  static func rule(
    _ source: [Matcher], _ target: [Matcher], equal: [String] = [], in scope: Scope = shop
  ) -> Inhibitor.Rule {
    Inhibitor.Rule(
      id: ResourceID(scope, .inhibitRule, "rule"),
      spec: InhibitRuleSpec(sourceMatchers: source, targetMatchers: target, equal: equal))
  }

  func inhibits(_ rule: Inhibitor.Rule, _ sources: [Labels], _ target: Labels, in scope: Scope = shop) -> Bool {
    var inhibitor = Inhibitor([rule])
    for labels in sources { inhibitor.insert(labels, Fingerprint(labels), in: shop) }
    return inhibitor.inhibition(of: target, in: scope) != nil
  }

  @Test func `needs a firing source with equal values`() throws {
    let rule = Self.rule(
      try matchers(#"severity="critical""#), try matchers(#"severity="warning""#), equal: ["cluster", "zone"])
    let target: Labels = ["severity": "warning", "cluster": "a"]
    #expect(!inhibits(rule, [], target))
    // Missing counts as empty, on both sides.
    #expect(inhibits(rule, [["severity": "critical", "cluster": "a"]], target))
    #expect(!inhibits(rule, [["severity": "critical", "cluster": "a", "zone": "1"]], target))
    #expect(!inhibits(rule, [["severity": "critical", "cluster": "b"]], target))
    #expect(!inhibits(rule, [["severity": "critical", "cluster": "a"]], ["severity": "info", "cluster": "a"]))
  }

  @Test func `never lets an alert inhibit itself, nor two that match both sides each other`() throws {
    let rule = Self.rule(try matchers(#"a="1""#), try matchers(#"b="1""#))
    let both: Labels = ["a": "1", "b": "1", "n": "1"]
    #expect(!inhibits(rule, [both], both))
    #expect(!inhibits(rule, [both, ["a": "1", "b": "1", "n": "2"]], both))
    #expect(inhibits(rule, [both, ["a": "1"]], both))
    #expect(inhibits(rule, [both], ["b": "1"]))
  }

  @Test func `goes on while any of several sources fires`() throws {
    var inhibitor = Inhibitor([Self.rule(try matchers(#"a="1""#), try matchers(#"b="1""#))])
    let sources: [Labels] = [["a": "1", "n": "1"], ["a": "1", "n": "2"]]
    for labels in sources { inhibitor.insert(labels, Fingerprint(labels), in: shop) }
    inhibitor.remove(sources[0], Fingerprint(sources[0]), in: shop)
    #expect(inhibitor.inhibition(of: ["b": "1"], in: shop)?.source == Fingerprint(sources[1]))
    inhibitor.remove(sources[1], Fingerprint(sources[1]), in: shop)
    #expect(inhibitor.inhibition(of: ["b": "1"], in: shop) == nil)
  }

  @Test func `of a project concerns the project, of a tenant all of it, of the platform everyone`() throws {
    let (source, target): (Labels, Labels) = (["a": "1"], ["b": "1"])
    func inhibits(_ ruleScope: Scope, from: Scope, to: Scope) throws -> Bool {
      var inhibitor = Inhibitor([Self.rule(try matchers(#"a="1""#), try matchers(#"b="1""#), in: ruleScope)])
      inhibitor.insert(source, Fingerprint(source), in: from)
      return inhibitor.inhibition(of: target, in: to) != nil
    }
    #expect(try inhibits(checkout, from: checkout, to: checkout))
    #expect(try !inhibits(checkout, from: shop, to: checkout))
    #expect(try inhibits(shop, from: shop, to: checkout))
    #expect(try !inhibits(shop, from: .tenant("bank"), to: checkout))
    #expect(try inhibits(.platform, from: .tenant("bank"), to: checkout))
  }
}

@Suite struct `A silence` {
  static func silence(_ matchers: [Matcher], in scope: Scope = shop, _ range: ClosedRange<Int> = 0...100) -> Silence {
    Silence(
      id: ResourceID(scope, .silence, "s"), matchers: matchers, startsAt: at(range.lowerBound),
      endsAt: at(range.upperBound), comment: "")
  }

  @Test func `is in force from its start to its end, both included`() throws {
    let silence = Self.silence(try matchers(#"a="1""#))
    let states = [-1, 0, 100, 101].map { silence.state(at: at($0), in: .utcOnly) }
    #expect(states == [.pending, .active, .active, .expired])
  }

  @Test func `that recurs waits between its occurrences`() throws {
    var silence = Self.silence(try matchers(#"a="1""#), 0...1_000_000)
    // 08:00 to 09:00, beginning now.
    silence.recurrence = `A time interval`.interval { $0.times = [480..<540] }
    let states = [0, 3599, 3600, 86_400, 1_000_001].map { silence.state(at: at($0), in: .utcOnly) }
    #expect(states == [.active, .active, .pending, .active, .expired])
  }

  @Test func `concerns its own scope and what is below`() throws {
    let matchers = try matchers(#"a="1""#)
    func muted(_ scope: Scope, _ alertScope: Scope) -> Bool {
      let set = SilenceSet([Self.silence(matchers, in: scope)])
      return !set.muting(["a": "1"], firingSince: at(0), in: alertScope, at: at(1), zones: .utcOnly).isEmpty
    }
    #expect(muted(.platform, checkout) && muted(.platform, .platform))
    #expect(muted(shop, checkout) && muted(shop, shop) && !muted(shop, .tenant("bank")) && !muted(shop, .platform))
    #expect(muted(checkout, checkout) && !muted(checkout, shop))
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `is found by the index exactly when its matchers accept`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func value() -> String { ["", "1", "2", "3"].randomElement(using: &random) ?? "" }
    func name() -> String { ["a", "b", "c"].randomElement(using: &random) ?? "a" }
    let silences = try (0..<20).map { number in
      let matchers = try (0..<Int.random(in: 0...3, using: &random)).map { _ in
        try Matcher(name(), Matcher.Operator.allCases.randomElement(using: &random) ?? .equal, value())
      }
      var silence = Self.silence(matchers)
      silence.id = ResourceID(shop, .silence, "s" + padded(number, to: 2))
      return silence
    }
    let set = SilenceSet(silences)
    for _ in 0..<20 {
      let labels: Labels = ["a": value(), "b": value(), "c": value()]
      let expected = silences.filter { $0.matchers.accept(labels) }.map(\.id)
      #expect(set.muting(labels, firingSince: at(0), in: shop, at: at(1), zones: .utcOnly) == expected)
    }
  }

  @Test func `can be replaced and taken away`() throws {
    var set = SilenceSet([Self.silence(try matchers(#"a="1""#))])
    set.apply(setting: [Self.silence(try matchers(#"a="2""#))], removing: [])
    #expect(set.all.map(\.matchers) == [try matchers(#"a="2""#)])
    set.apply(setting: [], removing: [ResourceID(shop, .silence, "s")])
    #expect(set.all.isEmpty)
  }
}

@Suite struct `A muted alert` {
  /// What a dispatcher sends over time, with silences that come and go.
  struct Run {
    var dispatcher = `A group's timer`.dispatcher()
    var surroundings = Surroundings()

    mutating func tick(_ now: Int) -> [String] {
      dispatcher.tick(at: at(now), in: surroundings).flatMap(\.deliveries).map { delivery in
        _ = dispatcher.completed(delivery, succeeded: true, at: at(now), in: surroundings)
        let message = delivery.message
        return message.reason.rawValue + " \(message.firing.count)/\(message.resolved.count)"
      }
    }

    mutating func silence(_ text: String, _ range: ClosedRange<Int>) throws {
      surroundings.silences = SilenceSet([`A silence`.silence(try matchers(text), range)])
    }
  }

  let one = alert(["alertname": "X", "i": "1"])
  let two = alert(["alertname": "X", "i": "2"])

  @Test func `is told when the silence has ended`() throws {
    var run = Run()
    try run.silence(#"i="1""#, 0...400)
    run.dispatcher.receive([one.fires], at: at(0))
    #expect(run.tick(30) == [])
    #expect(run.tick(330) == [])
    #expect(run.tick(630) == ["first notification 1/0"])
  }

  @Test func `that was told and resolves in silence is told as resolved afterwards`() throws {
    var run = Run()
    run.dispatcher.receive([one.fires], at: at(0))
    #expect(run.tick(30) == ["first notification 1/0"])
    try run.silence(#"i="1""#, 100...700)
    run.dispatcher.receive([one.resolves(at: at(200))], at: at(200))
    #expect(run.tick(330) == [])
    #expect(run.tick(630) == [])
    #expect(run.dispatcher.untold.count == 1)
    #expect(run.tick(930) == ["all alerts resolved 0/1"])
    #expect(run.dispatcher.alertCount == 0)
  }

  @Test func `that resolved in silence is told when it fires again`() throws {
    var run = Run()
    run.dispatcher.receive([one.fires], at: at(0))
    #expect(run.tick(30) == ["first notification 1/0"])
    try run.silence(#"i="1""#, 100...700)
    run.dispatcher.receive([one.resolves(at: at(200))], at: at(200))
    #expect(run.tick(330) == [])
    run.dispatcher.receive([one.fires], at: at(400))
    let entries = run.dispatcher.takeChangedEntries()
    #expect(entries.map(\.firing) == [[one.fingerprint]] && entries.map(\.resolved) == [[one.fingerprint]])
    #expect(run.tick(630) == [])
    #expect(run.tick(930) == ["first notification 1/0"])
  }

  @Test func `that fires and resolves once more in silence is told as resolved afterwards`() throws {
    var run = Run()
    run.dispatcher.receive([one.fires], at: at(0))
    #expect(run.tick(30) == ["first notification 1/0"])
    try run.silence(#"i="1""#, 100...700)
    run.dispatcher.receive([one.resolves(at: at(200))], at: at(200))
    #expect(run.tick(330) == [])
    run.dispatcher.receive([one.fires], at: at(400))
    run.dispatcher.receive([one.resolves(at: at(500))], at: at(500))
    #expect(run.tick(630) == [])
    #expect(run.tick(930) == ["all alerts resolved 0/1"])
  }

  @Test func `that was never told goes without a word`() throws {
    var run = Run()
    try run.silence(#"i="1""#, 0...400)
    run.dispatcher.receive([one.fires], at: at(0))
    #expect(run.tick(30) == [])
    run.dispatcher.receive([one.resolves(at: at(40))], at: at(40))
    #expect(run.tick(330) == [])
    #expect(run.dispatcher.alertCount == 0)
  }

  @Test func `stays told when the log is rewritten for others`() throws {
    var run = Run()
    run.dispatcher.receive([one.fires], at: at(0))
    #expect(run.tick(30) == ["first notification 1/0"])
    try run.silence(#"i="1""#, 100...700)
    run.dispatcher.receive([two.fires], at: at(200))
    #expect(run.tick(330) == ["first notification 1/0"])
    run.dispatcher.receive([two.resolves(at: at(400)), one.resolves(at: at(400))], at: at(400))
    #expect(run.tick(630) == ["all alerts resolved 0/1"])
    #expect(run.tick(930) == ["all alerts resolved 0/1"])
    #expect(run.dispatcher.alertCount == 0)
  }

  @Test func `by the route's intervals is told when they allow it`() {
    let (night, day) = (ResourceID(shop, .timeInterval, "night"), ResourceID(shop, .timeInterval, "day"))
    for (mute, active) in [(["night"], []), ([], ["day"])] as [([String], [String])] {
      var run = Run()
      run.dispatcher = Dispatcher(
        owner: shop,
        routes: RouteSet([tree(route([], ["oncall"], wait: 30, interval: 1800, mute: mute, active: active))]))
      // From 08:00 to 09:00 it is night.
      run.surroundings.timeIntervals[night] = `A time interval`.interval { $0.times = [480..<540] }
      run.surroundings.timeIntervals[day] = `A time interval`.interval { $0.times = [540..<1440] }
      run.dispatcher.receive([one.fires], at: at(0))
      #expect(run.tick(30) == [])
      #expect(run.tick(1830) == [])
      #expect(run.tick(3630) == ["first notification 1/0"])
      #expect(run.dispatcher.suppressed.timeInterval == 2)
    }
  }

  @Test func `of a scope that only observes is recorded as if it were sent`() {
    var run = Run()
    var settings = ScopeSettings()
    settings.notify = .observe
    settings.notifyUntil = at(700)
    run.surroundings.settings[shop] = settings
    run.dispatcher.receive([one.fires], at: at(0))
    let flushes = run.dispatcher.tick(at: at(30), in: run.surroundings)
    #expect(flushes.flatMap(\.deliveries).isEmpty)
    #expect(flushes.flatMap(\.observed).map(\.outcome) == [.observed])
    #expect(flushes.flatMap(\.observed).map(\.reason) == ["first notification"])
    #expect(flushes.flatMap(\.entries).map(\.firing) == [[one.fingerprint]])
    #expect(run.dispatcher.tick(at: at(330), in: run.surroundings).isEmpty)
    run.dispatcher.receive([two.fires], at: at(600))
    // From now on it sends: what was observed counts as told.
    #expect(run.tick(630) == [])
    #expect(run.tick(930) == [])
    run.dispatcher.receive([one.resolves(at: at(940))], at: at(940))
    #expect(run.tick(1230) == ["some alerts resolved 1/1"])
  }

  @Test func `of a scope that notifies nobody leaves no trace`() {
    var run = Run()
    var settings = ScopeSettings()
    settings.notify = .none
    run.surroundings.settings[shop] = settings
    run.dispatcher.receive([one.fires], at: at(0))
    #expect(run.dispatcher.tick(at: at(30), in: run.surroundings).isEmpty)
    run.dispatcher.receive([one.resolves(at: at(40))], at: at(40))
    #expect(run.dispatcher.tick(at: at(330), in: run.surroundings).isEmpty)
    #expect(run.dispatcher.alertCount == 0 && run.dispatcher.log.entries.isEmpty)
  }
}
