import Model
import Notifier
import TestKit
import Testing

@Suite struct `An endpoint's queue` {
  /// A delivery of one alert.
  static func delivery(
    _ name: String, severity: String = "warning", isResolved: Bool = false, interval: Int = 300
  ) -> Delivery {
    let firing = alert(["alertname": name, "severity": severity])
    var dispatcher = Dispatcher(
      owner: shop, routes: RouteSet([tree(route([], ["oncall"], interval: interval))]))
    dispatcher.receive([firing.fires], at: at(0))
    let surroundings = Surroundings()
    var deliveries = dispatcher.tick(at: at(30), in: surroundings).flatMap(\.deliveries)
    if isResolved {
      for delivery in deliveries { _ = dispatcher.completed(delivery, succeeded: true, at: at(30), in: surroundings) }
      dispatcher.receive([firing.resolves(at: at(40))], at: at(40))
      deliveries = dispatcher.tick(at: at(30 + interval), in: surroundings).flatMap(\.deliveries)
    }
    return deliveries[0]
  }

  func name(_ attempt: EndpointQueue.Attempt?) -> String? { attempt?.delivery.message.groupLabels["alertname"] }

  static func narrow(capacity: Int = 1000) -> EndpointQueue {
    var limits = EndpointQueue.Limits()
    limits.width = 1
    limits.capacity = capacity
    return EndpointQueue(limits: limits)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `sends by severity, then firing before resolved, then age`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var queue = Self.narrow()
    let expected = [
      ("a", "critical", false, 5), ("b", "critical", true, 1), ("c", "warning", false, 2), ("d", "warning", false, 3),
      ("e", "warning", true, 0), ("f", "info", false, 4), ("g", "other", false, 6), ("h", "", false, 7),
    ]
    for (name, severity, isResolved, age) in expected.shuffled(using: &random).sorted(by: { $0.3 < $1.3 }) {
      #expect(queue.enqueue(Self.delivery(name, severity: severity, isResolved: isResolved), at: at(age)) == nil)
    }
    var order: [String] = []
    while let attempt = queue.next(at: at(10)) {
      order.append(name(attempt) ?? "")
      #expect(queue.next(at: at(10)) == nil)
      #expect(queue.finished(attempt, .success(Receipt(detail: "")), at: at(10)) == .delivered)
    }
    #expect(order == ["a", "b", "c", "d", "e", "f", "g", "h"])
    #expect(queue.isEmpty && queue.health.delivered == 8)
  }

  @Test func `sends several groups at once, and never two messages of one`() {
    var queue = EndpointQueue()
    for name in ["a", "b", "c", "d", "e"] { _ = queue.enqueue(Self.delivery(name), at: at(0)) }
    var attempts = (0..<4).compactMap { _ in queue.next(at: at(0)) }
    #expect(attempts.compactMap(name) == ["a", "b", "c", "d"])
    #expect(queue.next(at: at(0)) == nil && queue.nextWake == nil)
    _ = queue.enqueue(Self.delivery("a"), at: at(1))
    _ = queue.finished(attempts.remove(at: 1), .success(Receipt(detail: "")), at: at(1))
    #expect(name(queue.next(at: at(1))) == "e")
    _ = queue.finished(attempts.remove(at: 1), .success(Receipt(detail: "")), at: at(1))
    #expect(queue.next(at: at(1)) == nil)
    _ = queue.finished(attempts.remove(at: 0), .success(Receipt(detail: "")), at: at(1))
    #expect(name(queue.next(at: at(1))) == "a")
  }

  @Test func `puts a newer state of a group in the place of the older`() {
    var queue = Self.narrow()
    _ = queue.enqueue(Self.delivery("a"), at: at(0))
    _ = queue.enqueue(Self.delivery("b"), at: at(1))
    _ = queue.enqueue(Self.delivery("a"), at: at(2))
    #expect(queue.waitingCount == 2)
    #expect(name(queue.next(at: at(3))) == "a")
    #expect(queue.health.replaced == 1)
  }

  @Test func `waits longer after each failure, and no longer than its budget`() {
    var queue = Self.narrow()
    _ = queue.enqueue(Self.delivery("a", interval: 120), at: at(0))
    var now = at(0)
    var pauses: [Duration] = []
    while let attempt = queue.next(at: now) {
      #expect(queue.next(at: now) == nil)
      guard queue.finished(attempt, .failure(.unreachable("connection refused")), at: now) == .willRetry else { break }
      guard let wake = queue.nextWake else { break }
      #expect(queue.next(at: wake - .milliseconds(1)) == nil)
      pauses.append(wake - now)
      now = wake
    }
    for (index, pause) in pauses.enumerated() {
      let full = Duration.seconds(min(60, 1 << index))
      #expect(pause <= full && pause > full / 2)
    }
    #expect(pauses.count >= 6)
    #expect(now - at(0) < .seconds(120))
    #expect(queue.health.gaveUp == 1 && queue.isEmpty)
    #expect(queue.health.consecutiveFailures == pauses.count + 1)
    #expect(queue.health.failingSince == at(0))
    #expect(queue.health.lastError == "connection refused")
  }

  @Test(arguments: [(30, 30), (0, 1), (3600, 900)])
  func `waits as long as it is asked to, within bounds`(asked: Int, waits: Int) {
    var queue = Self.narrow()
    _ = queue.enqueue(Self.delivery("a", interval: 7200), at: at(0))
    _ = queue.enqueue(Self.delivery("b", interval: 7200), at: at(0))
    guard let attempt = queue.next(at: at(0)) else { return }
    let conclusion = queue.finished(attempt, .failure(.throttled(retryAfter: .seconds(asked))), at: at(0))
    // The budget is a quarter of an hour.
    #expect(conclusion == (waits < 900 ? .willRetry : .gaveUp))
    #expect(queue.nextWake == at(waits))
    #expect(queue.next(at: at(waits) - .milliseconds(1)) == nil)
    #expect(queue.next(at: at(waits)) != nil)
  }

  @Test func `doesn't try again what was refused, and goes on with the rest`() {
    var queue = Self.narrow()
    _ = queue.enqueue(Self.delivery("a"), at: at(0))
    _ = queue.enqueue(Self.delivery("b"), at: at(0))
    guard let attempt = queue.next(at: at(0)) else { return }
    #expect(queue.finished(attempt, .failure(.rejected("answered 404")), at: at(0)) == .gaveUp)
    #expect(name(queue.next(at: at(0))) == "b")
  }

  @Test func `tries once more what may have arrived`() {
    var queue = Self.narrow()
    _ = queue.enqueue(Self.delivery("a"), at: at(0))
    for expected in [EndpointQueue.Conclusion.willRetry, .gaveUp] {
      let now = queue.nextWake.map { max($0, at(0)) } ?? at(0)
      guard let attempt = queue.next(at: now) else { return }
      #expect(queue.finished(attempt, .failure(.ambiguous("no answer")), at: now) == expected)
    }
    #expect(queue.health.possibleDuplicates == 1 && queue.isEmpty)
  }

  @Test func `lets other messages show whether only one of them fails`() {
    var queue = Self.narrow()
    _ = queue.enqueue(Self.delivery("a", severity: "critical"), at: at(0))
    _ = queue.enqueue(Self.delivery("b"), at: at(1))
    guard let attempt = queue.next(at: at(1)) else { return }
    _ = queue.finished(attempt, .failure(.unreachable("")), at: at(1))
    guard let wake = queue.nextWake else { return }
    #expect(name(queue.next(at: wake)) == "b")
  }

  @Test func `lets the least important go when it is full, and says which`() {
    var queue = Self.narrow(capacity: 2)
    _ = queue.enqueue(Self.delivery("a", severity: "info"), at: at(0))
    _ = queue.enqueue(Self.delivery("b"), at: at(1))
    #expect(queue.enqueue(Self.delivery("c", severity: "critical"), at: at(2))?.message.groupLabels["alertname"] == "a")
    #expect(queue.enqueue(Self.delivery("d", severity: "info"), at: at(3))?.message.groupLabels["alertname"] == "d")
    #expect(queue.waitingCount == 2 && queue.health.dropped == 2)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `loses nothing: each message is delivered, replaced, given up or dropped`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var limits = EndpointQueue.Limits()
    limits.capacity = 3
    limits.width = 2
    var queue = EndpointQueue(limits: limits)
    var underWay: [EndpointQueue.Attempt] = []
    var (enqueued, dropped, gaveUp, delivered, superseded) = (0, 0, 0, 0, 0)
    var now = at(0)
    for _ in 0..<60 {
      now = now + .seconds(Int.random(in: 0...40, using: &random))
      if Bool.random(using: &random) {
        enqueued += 1
        let name = ["a", "b", "c", "d", "e"].randomElement(using: &random) ?? "a"
        if queue.enqueue(Self.delivery(name), at: now) != nil { dropped += 1 }
      }
      if let attempt = queue.next(at: now) { underWay.append(attempt) }
      guard !underWay.isEmpty, Bool.random(using: &random) else { continue }
      let results: [Result<Receipt, DeliveryError>] = [
        .success(Receipt(detail: "")), .failure(.rejected("")), .failure(.unreachable("")),
        .failure(.throttled(retryAfter: nil)), .failure(.ambiguous("")),
      ]
      let attempt = underWay.remove(at: Int.random(in: 0..<underWay.count, using: &random))
      switch queue.finished(attempt, results.randomElement(using: &random) ?? results[0], at: now) {
      case .delivered: delivered += 1
      case .gaveUp: gaveUp += 1
      case .superseded: superseded += 1
      case .willRetry: break
      }
    }
    let left = queue.waitingCount + queue.underWayCount
    #expect(queue.underWayCount == underWay.count)
    #expect(enqueued == delivered + gaveUp + superseded + dropped + queue.health.replaced + left)
    #expect(queue.health.delivered == delivered && queue.health.dropped == dropped && queue.health.gaveUp == gaveUp)
  }
}
