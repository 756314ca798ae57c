import Model
import Notifier
import Specs
import Testing

@Suite struct `A group's timer` {
  /// group_wait 30 s, group_interval 300 s, repeat_interval 1000 s.
  static func dispatcher(repeats: Int = 1000) -> Dispatcher {
    Dispatcher(
      owner: shop, routes: RouteSet([tree(route([], ["oncall"], wait: 30, interval: 300, repeats: repeats))]))
  }

  let surroundings = Surroundings()

  /// Ticks at `now` and lets everything arrive; gives reason and counts of each message.
  func tick(_ dispatcher: inout Dispatcher, _ now: Timestamp) -> [String] {
    dispatcher.tick(at: now, in: surroundings).flatMap(\.deliveries).map { delivery in
      _ = dispatcher.completed(delivery, succeeded: true, at: now, in: surroundings)
      let message = delivery.message
      return message.reason.rawValue + " \(message.firing.count)/\(message.resolved.count)"
    }
  }

  @Test func `waits for 'group_wait', then comes every 'group_interval'`() {
    var dispatcher = Self.dispatcher()
    dispatcher.receive([alert(["alertname": "X", "i": "1"], firedAt: at(0)).fires], at: at(0))
    #expect(dispatcher.nextWake == at(30))
    #expect(tick(&dispatcher, at(29)) == [])
    #expect(tick(&dispatcher, at(30)) == ["first notification 1/0"])
    #expect(dispatcher.nextWake == at(330))
    // New alerts never hurry it.
    dispatcher.receive([alert(["alertname": "X", "i": "2"], firedAt: at(31)).fires], at: at(31))
    #expect(dispatcher.nextWake == at(330))
    #expect(tick(&dispatcher, at(330)) == ["new alerts added 2/0"])
    #expect(tick(&dispatcher, at(630)) == [])
  }

  @Test func `comes at once for an alert older than 'group_wait', whatever its place in the batch`() {
    let (old, new) = (alert(["alertname": "X", "i": "1"], firedAt: at(-31)), alert(["alertname": "X", "i": "2"]))
    for batch in [[old, new], [new, old]] {
      var dispatcher = Self.dispatcher()
      dispatcher.receive(batch.map(\.fires), at: at(0))
      #expect(dispatcher.nextWake == at(0))
      #expect(tick(&dispatcher, at(0)) == ["first notification 2/0"])
      #expect(dispatcher.nextWake == at(300))
    }
    var dispatcher = Self.dispatcher()
    dispatcher.receive([alert(["alertname": "X"], firedAt: at(-30)).fires], at: at(0))
    #expect(dispatcher.nextWake == at(30))
  }

  @Test func `repeats at the first tick after more than 'repeat_interval'`() {
    var dispatcher = Self.dispatcher()
    dispatcher.receive([alert(["alertname": "X"]).fires], at: at(0))
    var sent: [Int: [String]] = [:]
    for seconds in stride(from: 30, through: 2430, by: 300) { sent[seconds] = tick(&dispatcher, at(seconds)) }
    // 30 + 1000 lies between 930 and 1230.
    #expect(sent.filter { !$0.value.isEmpty }.keys.sorted() == [30, 1230, 2430])
    #expect(sent[1230] == ["repeat interval elapsed 1/0"])
  }

  @Test func `does not repeat when exactly 'repeat_interval' has passed`() {
    var dispatcher = Self.dispatcher(repeats: 600)
    dispatcher.receive([alert(["alertname": "X"]).fires], at: at(0))
    let sent = stride(from: 30, through: 1230, by: 300).filter { !tick(&dispatcher, at($0)).isEmpty }
    #expect(sent == [30, 930])
  }

  @Test func `tells of resolutions and ends with them`() {
    var dispatcher = Self.dispatcher()
    let (first, second) = (alert(["alertname": "X", "i": "1"]), alert(["alertname": "X", "i": "2"]))
    dispatcher.receive([first.fires, second.fires], at: at(0))
    #expect(tick(&dispatcher, at(30)) == ["first notification 2/0"])
    dispatcher.receive([first.resolves(at: at(100))], at: at(100))
    #expect(tick(&dispatcher, at(330)) == ["some alerts resolved 1/1"])
    dispatcher.receive([second.resolves(at: at(400))], at: at(400))
    #expect(tick(&dispatcher, at(630)) == ["all alerts resolved 0/1"])
    #expect(dispatcher.nextWake == nil)
    #expect(dispatcher.alertCount == 0 && dispatcher.groupCount == 0)
    // The group is new, and the log remembers.
    dispatcher.receive([first.fires], at: at(700))
    #expect(dispatcher.nextWake == at(700))
    #expect(tick(&dispatcher, at(700)) == ["first notification 1/0"])
  }

  @Test func `says nothing of an alert that resolved before it was told`() {
    var dispatcher = Self.dispatcher()
    let alert = alert(["alertname": "X"])
    dispatcher.receive([alert.fires], at: at(0))
    dispatcher.receive([alert.resolves(at: at(10))], at: at(10))
    #expect(tick(&dispatcher, at(30)) == [])
    #expect(dispatcher.groupCount == 0)
  }

  @Test func `tries again at the next tick what could not be sent`() {
    var dispatcher = Self.dispatcher()
    dispatcher.receive([alert(["alertname": "X"]).fires], at: at(0))
    let failed = dispatcher.tick(at: at(30), in: surroundings).flatMap(\.deliveries)
    #expect(failed.count == 1)
    for delivery in failed { _ = dispatcher.completed(delivery, succeeded: false, at: at(40), in: surroundings) }
    #expect(tick(&dispatcher, at(330)) == ["first notification 1/0"])
  }

  @Test func `keeps a resolved alert until it is told`() {
    var dispatcher = Self.dispatcher()
    let alert = alert(["alertname": "X"])
    dispatcher.receive([alert.fires], at: at(0))
    _ = tick(&dispatcher, at(30))
    dispatcher.receive([alert.resolves(at: at(60))], at: at(60))
    for delivery in dispatcher.tick(at: at(330), in: surroundings).flatMap(\.deliveries) {
      _ = dispatcher.completed(delivery, succeeded: false, at: at(331), in: surroundings)
    }
    #expect(dispatcher.untold.map(\.fingerprint) == [alert.fingerprint])
    #expect(tick(&dispatcher, at(630)) == ["all alerts resolved 0/1"])
    #expect(dispatcher.untold.isEmpty)
  }

  @Test func `does not send again what is still under way, and looks anew when it has arrived too late`() {
    var dispatcher = Self.dispatcher()
    let (first, second) = (alert(["alertname": "X", "i": "1"]), alert(["alertname": "X", "i": "2"]))
    dispatcher.receive([first.fires], at: at(0))
    let slow = dispatcher.tick(at: at(30), in: surroundings).flatMap(\.deliveries)
    #expect(dispatcher.tick(at: at(330), in: surroundings).flatMap(\.deliveries).isEmpty)
    dispatcher.receive([second.fires], at: at(331))
    let newer = dispatcher.tick(at: at(630), in: surroundings).flatMap(\.deliveries)
    #expect(newer.map(\.message.reason) == [.first])
    // The older one arrives after all: the newer one is decided again, knowing that.
    let again = dispatcher.completed(slow[0], succeeded: true, at: at(640), in: surroundings)
    #expect(again.entry?.firing == [first.fingerprint])
    let renewed = again.flush?.deliveries ?? []
    #expect(renewed.map(\.message.reason) == [.newAlerts])
    dispatcher.receive([second.resolves(at: at(650))], at: at(650))
    for delivery in renewed { _ = dispatcher.completed(delivery, succeeded: true, at: at(660), in: surroundings) }
    #expect(tick(&dispatcher, at(930)) == ["some alerts resolved 1/1"])
  }

  @Test func `forgets a waiting message when there is nothing left to say`() {
    var dispatcher = Self.dispatcher()
    let alert = alert(["alertname": "X"])
    dispatcher.receive([alert.fires], at: at(0))
    let queued = dispatcher.tick(at: at(30), in: surroundings).flatMap(\.deliveries)
    dispatcher.receive([alert.resolves(at: at(40))], at: at(40))
    let flush = dispatcher.tick(at: at(330), in: surroundings)
    #expect(flush.flatMap(\.withdrawn) == queued.map(\.key))
    #expect(dispatcher.alertCount == 0)
  }

  @Test func `keeps its time when other routes change`() throws {
    var dispatcher = Self.dispatcher()
    dispatcher.receive([alert(["alertname": "X", "team": "db"]).fires, alert(["alertname": "Y"]).fires], at: at(0))
    #expect(tick(&dispatcher, at(30)).count == 2)
    let changed = tree(
      route(
        [], ["oncall"], wait: 30, interval: 300, repeats: 1000, [route(try matchers(#"team="db""#), ["chat"])]))
    #expect(dispatcher.update(routes: RouteSet([changed]), at: at(100)).isEmpty)
    // The moved alert is old, so its new group is looked at at once; the other group goes on as it was.
    #expect(tick(&dispatcher, at(100)) == ["first notification 1/0"])
    #expect(dispatcher.nextWake == at(330))
    #expect(tick(&dispatcher, at(330)) == [])
    #expect(dispatcher.groupCount == 2)
  }

  @Test func `works a storm off in pieces`() {
    var dispatcher = Self.dispatcher()
    dispatcher.receive((0..<100).map { alert(["alertname": "X\($0)"]).fires }, at: at(0))
    #expect(dispatcher.tick(at: at(30), in: surroundings, limit: 10).count == 10)
    #expect(dispatcher.nextWake == at(30))
    #expect(dispatcher.tick(at: at(30), in: surroundings).count == 90)
  }
}

@Suite struct `One alert from several rules` {
  let surroundings = Surroundings()

  @Test func `fires until the last of them has resolved`() {
    var dispatcher = `A group's timer`.dispatcher()
    let (one, two) = (alert(["alertname": "X"], rule: "one"), alert(["alertname": "X"], rule: "two"))
    dispatcher.receive([one.fires, two.fires], at: at(0))
    dispatcher.receive([one.resolves(at: at(10))], at: at(10))
    #expect(dispatcher.firing.map(\.rule.rule) == ["two"])
    dispatcher.receive([two.resolves(at: at(20))], at: at(20))
    #expect(dispatcher.firing.isEmpty)
  }

  @Test func `resolves by the word of a rule that was moved meanwhile`() {
    var dispatcher = `A group's timer`.dispatcher()
    dispatcher.receive([alert(["alertname": "X"], rule: "old name").fires], at: at(0))
    dispatcher.receive([alert(["alertname": "X"], rule: "new name").resolves(at: at(9))], at: at(9))
    #expect(dispatcher.firing.isEmpty)
  }

  @Test func `counts as resolved when its hold is raised beyond its age`() {
    var dispatcher = `A group's timer`.dispatcher()
    let alert = alert(["alertname": "X"])
    dispatcher.receive([alert.fires], at: at(0))
    var pending = alert
    pending.state = .pending
    pending.firedAt = nil
    dispatcher.receive([AlertTransition(from: .firing, alert: pending, reason: .holdRaised, at: at(9))], at: at(9))
    #expect(dispatcher.untold.map(\.resolvedAt) == [at(9)])
    #expect(dispatcher.untold.map(\.firedAt) == [at(0)])
  }
}
