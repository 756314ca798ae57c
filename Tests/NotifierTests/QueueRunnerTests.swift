import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `The notifier with a pool` {
  typealias Ledger = `The notifier at work`.Ledger
  typealias Mailbox = `The notifier at work`.Mailbox

  /// A channel whose robots answer each in its way, and that remembers what it was given.
  private final class Robots: Channel {
    let posts = Mailbox<Post>()
    private let answer: @Sendable (Int) -> DeliveryError?

    init(_ answer: @escaping @Sendable (Int) -> DeliveryError?) {
      self.answer = answer
    }

    func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
      outlet.write(String(repeating: "x", count: 10 * post.messages.count))
      posts.put(post)
      if let error = answer(post.endpoint) { throw error }
      return Receipt(detail: "robot \(post.endpoint)\nsaid ok")
    }
  }

  private static func runner(
    _ clock: TestClock, _ ledger: Ledger, _ robots: Robots, _ spec: ChannelSpec
  )
    -> NotifierRunner
  {
    var configuration = NotifierConfiguration()
    let root = route([], ["oncall"], groupBy: .labels(["alertname"]), wait: 30, interval: 300)
    _ = configuration.apply(
      NotifierChange(set: [
        resource(oncall, .channel(spec)),
        `The notifier's configuration`.routeResource(root, in: shop),
      ]), at: start)
    return NotifierRunner(
      NotifierState(configuration: configuration), clock: clock, log: ledger, outlet: silentOutlet
    ) { _, _, _ in robots }
  }

  @Test func `goes past a dead robot, merges, and records each group`() async {
    let (clock, ledger) = (TestClock(now: start), Ledger())
    let robots = Robots { $0 == 0 ? .unreachable("refused\nby peer") : nil }
    let spec = QueueBench.robots(2, limit: RateLimit(2, per: .seconds(60)))
    let runner = Self.runner(clock, ledger, robots, spec)
    await withDiscardingTaskGroup { group in
      group.addTask { await runner.run() }
      let names = ["A", "B", "C", "D", "E", "F"]
      await runner.receive(names.map { alert(["alertname": .init($0)], firedAt: at(-60)).fires })
      var delivered: [DeliveryRecord] = []
      var failed: [DeliveryRecord] = []
      var entries = 0
      while delivered.count < names.count || entries < names.count {
        // The other robot takes what the dead one didn't when its quota has room again.
        if delivered.count == 4 {
          await clock.waitForSleeper(until: at(60))
          clock.advance(to: at(60))
        }
        let batch = await ledger.batches.next()
        entries += batch.0.count
        delivered += batch.1.filter { $0.outcome == .delivered }
        failed += batch.1.filter { $0.outcome != .delivered }
      }
      #expect(Set(delivered.map(\.groupKey)).count == names.count && delivered.count == names.count)
      #expect(
        delivered.allSatisfy {
          $0.endpoint == 1 && $0.bytes == 10 * $0.merged && $0.detail == "robot 1 said ok"
        })
      #expect(delivered.contains { $0.merged > 1 })
      #expect(!failed.isEmpty)
      #expect(
        failed.allSatisfy {
          $0.endpoint == 0 && $0.error == "serverError" && $0.detail == "refused by peer"
        })
      #expect(failed.allSatisfy { $0.nextAttemptAt != nil })
      let health = await runner.channelHealth()[oncall]
      #expect(health?.delivered == names.count && health?.failingSince == nil)
      #expect(health?.endpoints.map { $0.failingSince != nil } == [true, false])
      group.cancelAll()
    }
  }

  @Test func `goes on with what is left when the pool changes, and forgets a channel that is gone`()
    async
  {
    let (clock, ledger) = (TestClock(now: start), Ledger())
    let robots = Robots { _ in nil }
    let runner = Self.runner(clock, ledger, robots, QueueBench.robots(3))
    await withDiscardingTaskGroup { group in
      group.addTask { await runner.run() }
      for (position, name) in ["A", "B", "C"].enumerated() {
        await runner.receive([alert(["alertname": .init(name)], firedAt: at(-60)).fires])
        #expect(await robots.posts.next().endpoint == position)
      }
      await runner.apply(NotifierChange(set: [resource(oncall, .channel(QueueBench.robots(1)))]))
      for name in ["D", "E"] {
        await runner.receive([alert(["alertname": .init(name)], firedAt: at(-60)).fires])
        #expect(await robots.posts.next().endpoint == 0)
      }
      var entries = 0
      while entries < 5 { entries += await ledger.batches.next().0.count }
      await runner.apply(NotifierChange(removed: [oncall]))
      #expect(await runner.channelHealth().isEmpty)
      group.cancelAll()
    }
  }

  @Test func `records what a full queue let go, whose group tries again`() {
    var configuration = NotifierConfiguration()
    let root = route([], ["oncall"], groupBy: .labels(["alertname"]), wait: 30, interval: 300)
    _ = configuration.apply(
      NotifierChange(set: [
        channel(oncall), `The notifier's configuration`.routeResource(root, in: shop),
      ]), at: start)
    var limits = ChannelQueue.Limits()
    limits.capacity = 2
    var state = NotifierState(configuration: configuration, limits: limits)
    state.receive(
      ["critical", "info", "warning"].map {
        alert(["alertname": .init($0), "severity": .init($0)]).fires
      }, at: at(0))
    let first = state.tick(at: at(30))
    #expect(first.map { $0.delivery.message.groupLabels["alertname"] } == ["critical", "warning"])
    let records = state.takeRecords().deliveries
    #expect(records.map(\.outcome) == [.throttled] && records.map(\.error) == ["rateLimited"])
    #expect(records.first?.groupKey.contains("info") ?? false)
    for attempt in first { state.finished(attempt, .success(Receipt(detail: "")), at: at(31)) }
    #expect(
      state.tick(at: at(330)).map { $0.delivery.message.groupLabels["alertname"] } == ["info"])
  }
}
