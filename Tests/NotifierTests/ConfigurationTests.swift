import Model
import Notifier
import Specs
import Testing

@Suite struct `The notifier's configuration` {
  static func routeResource(_ root: RouteNode, in scope: Scope) -> Resource {
    resource(ResourceID(scope, .route, "default"), .route(RouteSpec(root: root)))
  }

  func channels(_ configuration: NotifierConfiguration, _ scope: Scope = checkout) -> [ResourceID] {
    RoutePreview(of: ["alertname": "X"], in: scope, through: configuration.routes(of: scope.owner)).channels
  }

  @Test func `resolves names upwards, and anew when what they mean comes or goes`() {
    var configuration = NotifierConfiguration()
    let (platform, tenant) = (ResourceID(.platform, .channel, "oncall"), oncall)
    var effects = configuration.apply(
      NotifierChange(set: [Self.routeResource(route([], ["oncall"]), in: shop), channel(platform)]), at: start)
    #expect(channels(configuration) == [platform])
    #expect(effects.routes == [shop])
    effects = configuration.apply(NotifierChange(set: [channel(tenant)]), at: start)
    #expect(channels(configuration) == [tenant])
    #expect(effects.routes == [shop] && effects.channels == [tenant])
    // A different spec of a known channel leaves routes alone.
    effects = configuration.apply(NotifierChange(set: [channel(tenant, sendResolved: false)]), at: start)
    #expect(effects.routes.isEmpty && effects.channels == [tenant])
    effects = configuration.apply(NotifierChange(removed: [tenant]), at: start)
    #expect(channels(configuration) == [platform])
    _ = configuration.apply(NotifierChange(removed: [platform]), at: start)
    // Nothing is lost in silence: the name stands for a channel that isn't there.
    #expect(channels(configuration) == [tenant])
  }

  @Test func `keeps tenants apart`() {
    var configuration = NotifierConfiguration()
    _ = configuration.apply(
      NotifierChange(set: [Self.routeResource(route([], ["oncall"]), in: shop), channel(oncall)]), at: start)
    #expect(channels(configuration, .tenant("bank")).isEmpty)
    #expect(configuration.routes(of: .tenant("bank")).trees.isEmpty)
  }

  @Test func `gives a silence its window and its recurrence`() throws {
    var configuration = NotifierConfiguration()
    var spec = SilenceSpec(matchers: try matchers(#"a="1""#), comment: "weekly work")
    spec.duration = .seconds(3600)
    spec.timeInterval = "weekly"
    let id = ResourceID(checkout, .silence, "work")
    _ = configuration.apply(
      NotifierChange(set: [resource(id, .silence(spec))], firstApplied: [id: at(100)]), at: at(500))
    let waiting = try #require(configuration.surroundings.silences[id])
    #expect(waiting.startsAt == at(100) && waiting.endsAt == at(3700))
    #expect(waiting.state(at: at(600), in: .utcOnly) == .pending)
    let interval = resource(
      ResourceID(shop, .timeInterval, "weekly"), .timeInterval(`A time interval`.interval { $0.weekdays = [5...5] }))
    _ = configuration.apply(NotifierChange(set: [interval]), at: at(500))
    #expect(configuration.surroundings.silences[id]?.state(at: at(600), in: .utcOnly) == .active)
  }

  @Test func `takes the strictest of the settings of a scope and those above`() {
    var surroundings = Surroundings()
    func settings(_ notify: ScopeSettings.Notify, until: Timestamp? = nil) -> ScopeSettings {
      var settings = ScopeSettings()
      settings.notify = notify
      settings.notifyUntil = until
      return settings
    }
    surroundings.settings[shop] = settings(.observe, until: at(10))
    #expect(surroundings.notify(in: checkout, at: at(0)) == .observe)
    #expect(surroundings.notify(in: checkout, at: at(10)) == .send)
    surroundings.settings[checkout] = settings(.none)
    #expect(surroundings.notify(in: checkout, at: at(0)) == .none)
    #expect(surroundings.notify(in: shop, at: at(0)) == .observe)
    #expect(surroundings.notify(in: .tenant("bank"), at: at(0)) == .send)
  }

  @Test func `inhibits across tenants by the platform's rules, whenever they come`() throws {
    let rule = resource(
      ResourceID(.platform, .inhibitRule, "outage"),
      .inhibitRule(
        InhibitRuleSpec(
          sourceMatchers: try matchers(#"alertname="Outage""#), targetMatchers: try matchers(#"alertname!="Outage""#),
          equal: ["region"])))
    let base = [channel(oncall), Self.routeResource(route([], ["oncall"], wait: 30), in: shop)]
    for isFirst in [true, false] {
      var simulation = Simulation(isFirst ? base + [rule] : base)
      simulation.fire(["alertname": "Outage", "region": "eu"], in: .platform)
      simulation.fire(["alertname": "X", "region": "eu"])
      simulation.fire(["alertname": "Y", "region": "us"])
      if !isFirst { _ = simulation.state.apply(NotifierChange(set: [rule]), at: simulation.now) }
      simulation.run(until: at(60))
      #expect(simulation.told.flatMap { $0.alerts.map { $0.labels["alertname"] } } == ["Y"])
      let explained = simulation.state.explain(Fingerprint(["alertname": "X", "region": "eu"]), at: simulation.now)
      #expect(explained.first?.places.first?.muting.inhibitedBy?.rule == rule.id)
      simulation.resolve(["alertname": "Outage", "region": "eu"])
      simulation.run(until: at(400))
      #expect(simulation.told.count == 2)
    }
  }

  @Test func `keeps what a channel was told when it is renamed`() {
    var simulation = Simulation([channel(oncall), Self.routeResource(route([], ["oncall"], wait: 30), in: shop)])
    simulation.fire(["alertname": "X"])
    simulation.run(until: at(60))
    let pager = ResourceID(shop, .channel, "pager")
    _ = simulation.state.apply(
      NotifierChange(
        set: [channel(pager), Self.routeResource(route([], ["pager"], wait: 30), in: shop)], removed: [oncall],
        renamed: [oncall: pager]), at: simulation.now)
    simulation.run(until: at(1000))
    #expect(simulation.told.map(\.reason) == [.first])
    simulation.resolve(["alertname": "X"])
    simulation.run(until: at(2000))
    #expect(simulation.told.map(\.channel) == [oncall, pager])
  }

  @Test func `shows groups, silences, unrouted alerts and why an alert went where it went`() throws {
    var simulation = Simulation([
      channel(oncall), Self.routeResource(route([], ["oncall"], wait: 30), in: shop),
      silence("quiet", try matchers(#"i="2""#), from: at(0), to: at(1000)),
    ])
    simulation.fire(["alertname": "X", "i": "1"])
    simulation.fire(["alertname": "X", "i": "2"])
    simulation.fire(["alertname": "Lost"], in: .tenant("bank"))
    simulation.run(until: at(60))
    let group = try #require(simulation.state.groups(of: shop, at: simulation.now).first)
    #expect(group.key == #"{}:{alertname="X"}"# && group.nextFlush == at(330))
    #expect(group.alerts.map(\.muting.isMuted) == [false, true])
    let silence = try #require(simulation.state.silences(at: simulation.now).first)
    #expect(silence.state == .active && silence.matchingAlerts == 1)
    #expect(simulation.state.unroutedAlerts.map { $0.labels["alertname"] } == ["Lost"])
    #expect(simulation.state.channelHealth[oncall]?.delivered == 1)
    let explained = try #require(
      simulation.state.explain(Fingerprint(["alertname": "X", "i": "1"]), at: simulation.now).first?.places.first)
    #expect(explained.channels.map(\.wasToldFiring) == [true])
    #expect(explained.channels.map(\.lastSentAt) == [at(30)])
  }
}
