import Model
import Notifier
import Specs
import TestKit
import Testing

private let store = Scope.tenant("store")
private let storeOncall = ResourceID(store, .channel, "oncall")

extension Simulation {
  fileprivate var lines: [String] {
    told.map { told in
      let seconds = (told.at - start).components.seconds
      return "\(seconds) \(told.channel) \(told.reason.rawValue) \(told.firing.count)/\(told.resolved.count)"
    }
  }

  /// The alert of `old` goes on as that of `new`.
  fileprivate mutating func relabel(
    _ old: Labels, _ new: Labels, to scope: Scope? = nil, with change: NotifierChange = NotifierChange()
  ) {
    guard let former = alerts.removeValue(forKey: Fingerprint(old)) else { return }
    let current = alert(new, in: scope ?? former.scope, firedAt: former.firedAt ?? start, rule: former.rule.rule)
    alerts[current.fingerprint] = current
    let carried = CarriedAlerts(relabelled: [.init(former: former, current: current)])
    _ = state.apply(change, carrying: carried, at: now)
  }
}

@Suite struct `Alerts that go on under other labels` {
  private static func routed(
    _ root: RouteNode = route([], ["oncall"], groupBy: .labels(["alertname"]), wait: 30, interval: 300, repeats: 3600),
    in scope: Scope = shop
  ) -> [Resource] {
    [
      channel(ResourceID(scope, .channel, "oncall")), channel(ResourceID(scope, .channel, "chat")),
      resource(ResourceID(scope, .route, "default"), .route(RouteSpec(root: root))),
    ]
  }

  @Test(arguments: [false, true])
  func `are neither told again nor told as ended`(restarting: Bool) {
    var simulation = Simulation(Self.routed())
    simulation.fire(["alertname": "X", "severity": "page"])
    simulation.fire(["alertname": "X", "severity": "page", "i": "2"])
    simulation.run(until: at(100))
    simulation.relabel(["alertname": "X", "severity": "page"], ["alertname": "X", "severity": "ticket"])
    if restarting { simulation.restart() }
    simulation.run(until: at(3000))
    #expect(simulation.lines == ["30 shop Channel oncall first notification 2/0"])
    // The interval of repetition counts from the page, not from the edit.
    simulation.run(until: at(4000))
    #expect(simulation.told.count == 2)
    #expect(simulation.told.last?.reason == .repeated)
    simulation.resolve(["alertname": "X", "severity": "ticket"])
    simulation.run(until: at(4600))
    #expect(simulation.told.last?.reason == .someResolved)
    #expect(simulation.told.last?.resolved.count == 1)
  }

  @Test func `join the group that their labels ask for, where they count as told`() {
    let root = route(
      [], ["oncall"], groupBy: .labels(["alertname", "severity"]), wait: 30, interval: 300, repeats: 3600)
    var simulation = Simulation(Self.routed(root))
    simulation.fire(["alertname": "X", "severity": "page"])
    simulation.run(until: at(100))
    simulation.relabel(["alertname": "X", "severity": "page"], ["alertname": "X", "severity": "ticket"])
    simulation.run(until: at(2000))
    #expect(simulation.lines == ["30 shop Channel oncall first notification 1/0"])
    #expect(simulation.state.groups(at: simulation.now).map(\.key) == [#"{}:{alertname="X", severity="ticket"}"#])
    simulation.resolve(["alertname": "X", "severity": "ticket"])
    simulation.run(until: at(3000))
    #expect(simulation.told.map(\.reason) == [.first, .allResolved])
  }

  @Test func `are told where routing now sends them, and ended where it did`() throws {
    let root = route(
      [], ["oncall"], groupBy: .labels(["alertname"]), wait: 30, interval: 300, repeats: 3600,
      [route(try matchers("severity=ticket"), ["chat"])])
    var simulation = Simulation(Self.routed(root))
    simulation.fire(["alertname": "X", "severity": "page"])
    simulation.run(until: at(100))
    simulation.relabel(["alertname": "X", "severity": "page"], ["alertname": "X", "severity": "ticket"])
    simulation.run(until: at(2000))
    #expect(
      simulation.lines.sorted() == [
        "100 shop Channel chat first notification 1/0", "30 shop Channel oncall first notification 1/0",
        "330 shop Channel oncall all alerts resolved 0/1",
      ])
  }

  @Test func `are told once where a message was under way`() {
    var simulation = Simulation(Self.routed())
    simulation.duration = { _ in 20 }
    simulation.fire(["alertname": "X", "severity": "page"])
    simulation.run(until: at(35))
    simulation.relabel(["alertname": "X", "severity": "page"], ["alertname": "X", "severity": "ticket"])
    simulation.run(until: at(2000))
    #expect(simulation.told.map(\.reason) == [.first])
    simulation.resolve(["alertname": "X", "severity": "ticket"])
    simulation.run(until: at(3000))
    #expect(simulation.told.map(\.reason) == [.first, .allResolved])
  }

  @Test func `are told late where nobody was told yet`() {
    var simulation = Simulation(Self.routed())
    simulation.fire(["alertname": "X", "severity": "page"])
    simulation.run(until: at(10))
    simulation.relabel(["alertname": "X", "severity": "page"], ["alertname": "X", "severity": "ticket"])
    simulation.run(until: at(2000))
    #expect(simulation.lines == ["30 shop Channel oncall first notification 1/0"])
    #expect(simulation.told.first?.alerts.map { $0.labels["severity"] } == ["ticket"])
  }

  @Test func `an alert that another rule still fires stays, beside the one that goes on`() {
    var simulation = Simulation(Self.routed())
    simulation.fire(["alertname": "X", "severity": "page"])
    simulation.state.receive([alert(["alertname": "X", "severity": "page"], rule: "second").fires], at: start)
    simulation.run(until: at(100))
    simulation.relabel(["alertname": "X", "severity": "page"], ["alertname": "X", "severity": "ticket"])
    simulation.run(until: at(700))
    #expect(!simulation.told.contains { !$0.resolved.isEmpty })
  }

  @Test(arguments: [false, true])
  func `a renamed tenant's alerts go on in its dispatcher`(restarting: Bool) {
    var simulation = Simulation(Self.routed())
    simulation.fire(["alertname": "X", "tenant": "shop"])
    simulation.run(until: at(100))
    var change = NotifierChange(
      set: Self.routed(in: store), removed: Self.routed().map(\.id),
      renamed: [oncall: storeOncall, chat: ResourceID(store, .channel, "chat")])
    change.firstApplied = [:]
    simulation.relabel(
      ["alertname": "X", "tenant": "shop"], ["alertname": "X", "tenant": "store"], to: store, with: change)
    if restarting { simulation.restart() }
    simulation.run(until: at(3000))
    #expect(simulation.lines == ["30 shop Channel oncall first notification 1/0"])
    simulation.resolve(["alertname": "X", "tenant": "store"])
    simulation.run(until: at(3500))
    #expect(simulation.told.map(\.reason) == [.first, .allResolved])
    #expect(simulation.told.last?.channel == storeOncall)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `of any mix of edits nobody hears, whose labels route alike`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let root = route(
      [], ["oncall"], groupBy: .labels(["alertname", "team"]), wait: 30, interval: 60, repeats: 100_000)
    var simulation = Simulation(Self.routed(root))
    var current: [Labels] = []
    for number in 0..<4 {
      let labels: Labels = ["alertname": ["X", "Y"].randomElement(using: &random) ?? "X", "i": String(number)]
      simulation.fire(labels)
      current.append(labels)
    }
    simulation.run(until: at(200))
    let paged = simulation.told.reduce(0) { $0 + $1.firing.count }
    let messages = simulation.told.count
    for step in 0..<20 {
      let index = Int.random(in: 0..<4, using: &random)
      var labels = current[index]
      labels["team"] = ["", "a", "b", "c"].randomElement(using: &random) ?? ""
      labels["severity"] = ["", "page", "ticket"].randomElement(using: &random) ?? ""
      if labels != current[index] { simulation.relabel(current[index], labels) }
      current[index] = labels
      if Int.random(in: 0..<5, using: &random) == 0 { simulation.restart() }
      simulation.run(until: at(200 + (step + 1) * Int.random(in: 1...100, using: &random)))
    }
    simulation.run(until: simulation.now + .seconds(1000))
    #expect(simulation.told.count == messages)
    #expect(paged == 4)
    for labels in current { simulation.resolve(labels) }
    simulation.run(until: simulation.now + .seconds(1000))
    let ended = simulation.told.dropFirst(messages).flatMap(\.resolved)
    #expect(Set(ended.map(\.fingerprint)) == Set(current.map { Fingerprint($0) }))
    #expect(ended.count == 4)
  }
}
