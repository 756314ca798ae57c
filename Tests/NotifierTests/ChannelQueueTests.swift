import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `A channel's queue` {
  static func narrow(capacity: Int = 1000) -> QueueBench {
    var limits = ChannelQueue.Limits()
    limits.width = 1
    limits.capacity = capacity
    return QueueBench(limits: limits)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `sends by severity, then firing before resolved, then age`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var bench = Self.narrow()
    let expected = [
      ("a", "critical", false, 5), ("b", "critical", true, 1), ("c", "warning", false, 2),
      ("d", "warning", false, 3),
      ("e", "warning", true, 0), ("f", "info", false, 4), ("g", "other", false, 6),
      ("h", "", false, 7),
    ]
    for (name, severity, isResolved, age) in expected.shuffled(using: &random).sorted(by: {
      $0.3 < $1.3
    }) {
      #expect(bench.put(name, severity: severity, isResolved: isResolved, at: at(age)) == nil)
    }
    var order: [String] = []
    while let attempt = bench.next(at: at(10)) {
      order += attempt.names
      #expect(bench.next(at: at(10)) == nil)
      #expect(bench.finish(attempt, at: at(10)) == [.delivered])
    }
    #expect(order == ["a", "b", "c", "d", "e", "f", "g", "h"])
    #expect(bench.queue.isEmpty && bench.health.delivered == 8)
  }

  @Test func `sends several groups at once, and never two messages of one`() {
    var bench = QueueBench()
    for name in ["a", "b", "c", "d", "e"] { bench.put(name, at: at(0)) }
    var attempts = bench.all(at: at(0))
    #expect(attempts.flatMap(\.names) == ["a", "b", "c", "d"])
    #expect(bench.wake(at: at(0)) == nil)
    bench.put("a", at: at(1))
    bench.finish(attempts.remove(at: 1), at: at(1))
    #expect(bench.next(at: at(1))?.names == ["e"])
    bench.finish(attempts.remove(at: 1), at: at(1))
    #expect(bench.next(at: at(1)) == nil && bench.wake(at: at(1)) == nil)
    bench.finish(attempts.remove(at: 0), at: at(1))
    #expect(bench.next(at: at(1))?.names == ["a"])
  }

  @Test func `puts a newer state of a group in the place of the older`() {
    var bench = Self.narrow()
    bench.put("a", at: at(0))
    bench.put("b", at: at(1))
    bench.put("a", at: at(2))
    #expect(bench.queue.waitingCount == 2)
    #expect(bench.next(at: at(3))?.names == ["a"])
    #expect(bench.health.replaced == 1)
  }

  @Test func `takes back what is no longer to be sent, and not what is under way`() {
    var bench = Self.narrow()
    bench.put("a", at: at(0))
    bench.put("b", at: at(0))
    guard let attempt = bench.next(at: at(0)) else { return }
    for name in ["a", "b"] { bench.queue.withdraw(QueueBench.delivery(name).key) }
    #expect(bench.queue.waitingCount == 0 && bench.queue.underWayCount == 1)
    #expect(bench.finish(attempt, at: at(1)) == [.delivered])
    #expect(bench.queue.isEmpty && bench.health.replaced == 1)
  }

  @Test func `waits longer after each failure, and no longer than its budget`() {
    var bench = Self.narrow()
    bench.put("a", interval: 120, at: at(0))
    var now = at(0)
    var pauses: [Duration] = []
    while let attempt = bench.next(at: now) {
      #expect(bench.next(at: now) == nil)
      let conclusion = bench.finish(attempt, .unreachable("connection refused"), at: now)
      guard let wake = bench.wake(at: now) else { break }
      #expect(conclusion == [.willRetry(wake)])
      #expect(bench.next(at: wake - .milliseconds(1)) == nil)
      pauses.append(wake - now)
      now = wake
    }
    for (index, pause) in pauses.enumerated() {
      let full = Duration.seconds(min(60, 1 << index))
      #expect(pause <= full && pause > full / 2)
    }
    #expect(pauses.count >= 6)
    #expect(now - at(0) < .seconds(120))
    #expect(bench.health.gaveUp == 1 && bench.queue.isEmpty)
    #expect(bench.health.consecutiveFailures == pauses.count + 1)
    #expect(bench.health.failingSince == at(0))
    #expect(bench.health.lastError == "connection refused")
    #expect(bench.health.failures == ["serverError": pauses.count + 1])
  }

  @Test(arguments: [(30, 30), (0, 1), (3600, 900)])
  func `waits as long as it is asked to, within bounds`(asked: Int, waits: Int) {
    var bench = Self.narrow()
    bench.put("a", interval: 7200, at: at(0))
    bench.put("b", interval: 7200, at: at(0))
    guard let attempt = bench.next(at: at(0)) else { return }
    let conclusion = bench.finish(attempt, .throttled(retryAfter: .seconds(asked)), at: at(0))
    // The budget is a quarter of an hour.
    #expect(conclusion == (waits < 900 ? [.willRetry(at(waits))] : [.gaveUp]))
    #expect(bench.wake(at: at(0)) == at(waits))
    #expect(bench.next(at: at(waits) - .milliseconds(1)) == nil)
    #expect(bench.next(at: at(waits)) != nil)
  }

  @Test func `doesn't try again what was refused, and goes on with the rest`() {
    var bench = Self.narrow()
    bench.put("a", at: at(0))
    bench.put("b", at: at(0))
    guard let attempt = bench.next(at: at(0)) else { return }
    #expect(bench.finish(attempt, .rejected("answered 404"), at: at(0)) == [.gaveUp])
    #expect(bench.next(at: at(0))?.names == ["b"])
  }

  @Test func `keeps what waits from an endpoint that refuses the credentials`() {
    var bench = Self.narrow()
    bench.put("a", at: at(0))
    bench.put("b", at: at(0))
    guard let attempt = bench.next(at: at(0)) else { return }
    #expect(bench.finish(attempt, .unauthorised("answered 401"), at: at(0)) == [.gaveUp])
    #expect(bench.next(at: at(0)) == nil)
    guard let wake = bench.wake(at: at(0)) else { return }
    #expect(wake <= at(1))
    #expect(bench.next(at: wake)?.names == ["b"])
  }

  @Test func `tries once more what may have arrived`() {
    var bench = Self.narrow()
    bench.put("a", at: at(0))
    guard let first = bench.next(at: at(0)) else { return }
    let conclusion = bench.finish(first, .ambiguous("no answer"), at: at(0))
    guard let wake = bench.wake(at: at(0)), let second = bench.next(at: wake) else { return }
    #expect(conclusion == [.willRetry(wake)])
    #expect(bench.finish(second, .ambiguous("no answer"), at: wake) == [.gaveUp])
    #expect(bench.health.possibleDuplicates == 1 && bench.queue.isEmpty)
  }

  @Test func `lets other messages show whether only one of them fails`() {
    var bench = Self.narrow()
    bench.put("a", severity: "critical", at: at(0))
    bench.put("b", at: at(1))
    guard let attempt = bench.next(at: at(1)) else { return }
    bench.finish(attempt, .unreachable(""), at: at(1))
    guard let wake = bench.wake(at: at(1)) else { return }
    #expect(bench.next(at: wake)?.names == ["b"])
  }

  @Test func `lets the least important go when it is full, and says which`() {
    var bench = Self.narrow(capacity: 2)
    bench.put("a", severity: "info", at: at(0))
    bench.put("b", at: at(1))
    #expect(bench.put("c", severity: "critical", at: at(2)) == "a")
    #expect(bench.put("d", severity: "info", at: at(3)) == "d")
    #expect(bench.queue.waitingCount == 2 && bench.health.dropped == 2)
  }

  @Test func `counts what posts took, and how long`() {
    var bench = QueueBench()
    for (name, seconds) in [("a", 1), ("b", 2), ("c", 30)] {
      bench.put(name, at: at(0))
      guard let attempt = bench.next(at: at(0)) else { return }
      _ = bench.queue.finished(
        attempt, .success(Receipt(detail: "")), bytes: 100, at: at(seconds), &bench.quotas)
    }
    #expect(bench.health.posts == 3 && bench.health.bytes == 300 && bench.health.merged == 0)
    #expect(LatencyHistogram.bounds == [1, 5, 10, 15, 20])
    #expect(bench.health.latency.cumulative == [1, 2, 2, 2, 2])
    #expect(bench.health.latency.count == 3 && bench.health.latency.sum == .seconds(33))
  }

  @Test func `holds very many messages, and lets go of them one by one`() {
    var limits = ChannelQueue.Limits()
    limits.capacity = 20_000
    var bench = QueueBench(limits: limits)
    var dispatcher = Dispatcher(
      owner: shop, routes: RouteSet([tree(route([], ["oncall"], groupBy: .labels(["alertname"])))]))
    dispatcher.receive((0...20_000).map { alert(["alertname": "g\($0)"]).fires }, at: at(0))
    var deliveries: [Delivery] = []
    while deliveries.count <= 20_000 {
      deliveries += dispatcher.tick(at: at(30), in: Surroundings()).flatMap(\.deliveries)
    }
    for (number, delivery) in deliveries.enumerated() {
      let dropped = bench.queue.enqueue(delivery, severity: number % 7, at: at(number / 100))
      #expect((dropped != nil) == (number == 20_000))
    }
    var last = 0
    while let attempt = bench.next(at: at(2000)) {
      let number = Int(attempt.names[0].dropFirst()) ?? 0
      #expect(number % 7 >= last)
      last = number % 7
      bench.finish(attempt, at: at(2000))
    }
    #expect(bench.health.delivered == 20_000)
  }
}
