import Model
import TestKit
import Testing

@Suite struct `Alertmanager, told by its description` {
  @Test(arguments: Scenario.all.filter(\.isSimple))
  func `tells what the real one tells`(scenario: Scenario) throws {
    var naive = NaiveAlertmanager(scenario)
    let expected = try scenario.difference?.sequence ?? scenario.virtualSequence()
    let comparison = Comparison(expected: expected, actual: try naive.sequence(), tolerance: 0)
    #expect(comparison.isEqual, "\(comparison.listing)")
  }

  @Test func `tells what Belfry tells, whatever happens`() throws {
    var messages = 0
    for seed in fuzzSeeds(2000) {
      let scenario = Scenario(seed: seed)
      var naive = NaiveAlertmanager(scenario)
      naive.isLikeBelfry = true
      let belfry = try scenario.virtualSequence()
      messages += belfry.count
      let comparison = Comparison(expected: try naive.sequence(), actual: belfry, tolerance: 0)
      guard comparison.isEqual else {
        Issue.record("seed \(seed): as described | Belfry\n\(comparison.listing)\n\(scenario.listing(belfry))")
        return
      }
    }
    #expect(messages > 10_000)
  }
}

extension Scenario: CustomTestStringConvertible {
  var testDescription: String { name }

  /// Whether it asks for nothing that the description leaves out: a reload, another try before the next interval, a
  /// limit of alerts, version 0.25's empty groups.
  var isSimple: Bool {
    !name.contains("of its own that was empty") && setup.receivers.flatMap(\.hooks).allSatisfy { $0.maxAlerts == 0 }
      && script.allSatisfy { event in
        switch event.step {
        case .configure, .answer: false
        default: true
        }
      }
  }

  // MARK: Random histories

  /// A random route tree, and a random history of a minute or so.
  ///
  /// Silences begin before everything else: where an alert that was told is muted, Belfry differs on purpose.
  init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var script: [Event] = []
    for team in ["web", "db"] where Int.random(in: 0..<4, using: &random) == 0 {
      script.append(
        Event(at: 0, step: .silence(team, #"team="\#(team)""#, lasting: Int.random(in: 0...90_000, using: &random))))
    }
    var now = 0
    for _ in 0..<Int.random(in: 1...30, using: &random) {
      now += [0, 1, 250, 1000, 1000, 4000, 9000].randomElement(using: &random) ?? 0
      script.append(Event(at: now, step: Self.step(at: now, &random)))
    }
    self.init("seed \(seed)", Setup(seed: random.next()), Self.crowd, length: now + 20_000)
    self.script = script
  }

  private static let crowd = ["X", "Y"].flatMap { name in
    ["web", "db", ""].flatMap { team in
      ["1", "2"].map { Sample(name: name + team + $0, labels: ["alertname": name, "team": team, "i": $0]) }
    }
  }

  private static func step(at now: Int, _ random: inout SplitMix64) -> Step {
    let name = crowd.randomElement(using: &random)?.name ?? ""
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return .answer(["one", "two", "three"].randomElement(using: &random) ?? "one", then: 400)
    case 1, 2: return .answer(["one", "two", "three"].randomElement(using: &random) ?? "one")
    case 3: return .fire([name], since: now - Int.random(in: 0...20_000, using: &random))
    case 4...11: return .fire([name])
    default: return .resolve([name])
    }
  }
}

extension Setup {
  /// A random route tree over the receivers `first` (hook `one`) and `second` (hooks `two` and `three`).
  fileprivate init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let hooks = ["one", "two", "three"].map { Hook(name: $0, sendsResolved: Int.random(in: 0..<4, using: &random) > 0) }
    self.init(
      Way.random(depth: 0, &random),
      receivers: [Receiver(name: "first", hooks: [hooks[0]]), Receiver(name: "second", hooks: Array(hooks[1...]))])
  }
}

extension Way {
  fileprivate static func random(depth: Int, _ random: inout SplitMix64) -> Way {
    var way = depth == 0 ? Way.root("first") : Way()
    let isGiven = { (random: inout SplitMix64) in depth == 0 || Int.random(in: 0..<3, using: &random) == 0 }
    if isGiven(&random) { way.receiver = Bool.random(using: &random) ? "first" : "second" }
    if isGiven(&random) {
      way.grouping = [.all, .missing, .by(["alertname"]), .by(["team", "i"])].randomElement(using: &random)
    }
    if isGiven(&random) { way.wait = [0, 500, 3000, 10_000].randomElement(using: &random) }
    if isGiven(&random) { way.interval = [1000, 1700, 5000, 15_000].randomElement(using: &random) }
    if isGiven(&random) { way.repeats = [2000, 5000, 12_000, 60_000].randomElement(using: &random) }
    if depth > 0 {
      let matchers = [#"alertname="X""#, #"team=~"w.b|""#, #"team!="db""#, #"i!~"1""#, #"i="2""#]
      way.matchers = matchers.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)).sorted()
      way.continues = Bool.random(using: &random)
      if Int.random(in: 0..<8, using: &random) == 0 { way.mute = ["always"] }
      if Int.random(in: 0..<8, using: &random) == 0 { way.active = ["never"] }
    }
    guard depth < 2 else { return way }
    // No two siblings are written alike: Alertmanager mixes up what such routes were told.
    var written: Set<[String]> = []
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let child = Way.random(depth: depth + 1, &random)
      if written.insert(child.matchers).inserted { way.children.append(child) }
    }
    return way
  }
}
