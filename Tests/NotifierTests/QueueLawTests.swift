import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `Whatever happens to a queue` {
  /// A random history of two channels that share a robot, with a model of where each message is.
  private struct History {
    var random: SplitMix64
    var benches: [QueueBench]
    var quotas = Quotas()
    var now = at(0)
    var underWay: [ChannelQueue.Attempt] = []
    /// Where each message is, by channel, group and number.
    var waiting: [[String: Int]] = [[:], [:]]
    var onTheirWay: [[String: Int]] = [[:], [:]]
    var ended: [Int: String] = [:]
    var count = 0
    var sent: [Credential: [Timestamp]] = [:]
    var transcript: [String] = []

    static let channels = [oncall, chat]
    static let limit = RateLimit(5, per: .seconds(60), burst: 2)

    init(seed: UInt64) {
      random = SplitMix64(seed: seed)
      var limits = ChannelQueue.Limits()
      limits.capacity = Int.random(in: 3...12, using: &random)
      limits.width = Int.random(in: 1...3, using: &random)
      limits.merge = Int.random(in: 2...6, using: &random)
      benches = Self.channels.map { QueueBench(of: $0, limits: limits) }
      for index in benches.indices { configure(index) }
    }

    mutating func configure(_ index: Int) {
      let spec = QueueBench.robots(Int.random(in: 1...3, using: &random), limit: Self.limit)
      benches[index].queue.configure(spec)
      let credentials = Credential.endpoints(of: Self.channels[index], spec)
      quotas.set(Self.channels[index], credentials, spec.rateLimits, at: now)
    }

    mutating func step() {
      switch Int.random(in: 0..<10, using: &random) {
      case 0...3: put(Int.random(in: 0...1, using: &random))
      case 4...5: now = now + .milliseconds(Int.random(in: 0...9000, using: &random))
      case 6...8 where !underWay.isEmpty: finish(outcome())
      case 9 where Int.random(in: 0..<4, using: &random) == 0:
        configure(Int.random(in: 0...1, using: &random))
      default: break
      }
      for index in benches.indices { send(index) }
    }

    private mutating func put(_ index: Int) {
      count += 1
      let name = ["a", "b", "c", "d", "e", "f", "g", "h"].randomElement(using: &random) ?? "a"
      let severity = ["critical", "warning", "info"].randomElement(using: &random) ?? ""
      let delivery = QueueBench.delivery(
        name, severity: severity, interval: [30, 300, 3000].randomElement(using: &random) ?? 300,
        value: Double(count))
      if let old = waiting[index][name] { end(old, "replaced") }
      waiting[index][name] = count
      guard let dropped = benches[index].put(delivery, at: now) else { return }
      let (gone, number) = (Self.name(dropped.delivery), Self.number(dropped.delivery))
      #expect(waiting[index][gone] == number)
      waiting[index][gone] = nil
      end(number, "dropped")
    }

    private mutating func send(_ index: Int) {
      while let attempt = benches[index].queue.next(at: now, &quotas) {
        sent[attempt.credential, default: []].append(now)
        transcript.append(
          "\(now) \(attempt.channel.name) \(attempt.names) to \(attempt.post.endpoint)")
        #expect(attempt.post.messages == attempt.deliveries.map(\.message))
        for delivery in attempt.deliveries {
          let (name, number) = (Self.name(delivery), Self.number(delivery))
          #expect(waiting[index].removeValue(forKey: name) == number)
          #expect(
            onTheirWay[index].updateValue(number, forKey: name) == nil, "two of one group at once")
        }
        underWay.append(attempt)
      }
      if let wake = benches[index].queue.nextWake(at: now, quotas) { #expect(wake > now) }
    }

    private mutating func outcome() -> DeliveryError? {
      switch Int.random(in: 0..<12, using: &random) {
      case 0: .rejected("bad")
      case 1: .unauthorised("who")
      case 2: .throttled(retryAfter: nil)
      case 3: .throttled(retryAfter: .seconds(20))
      case 4: .ambiguous("lost")
      case 5...6: .unreachable("down")
      default: nil
      }
    }

    mutating func finish(_ error: DeliveryError?) {
      let attempt = underWay.remove(at: Int.random(in: 0..<underWay.count, using: &random))
      let index = attempt.channel == oncall ? 0 : 1
      let result =
        error.map { .failure($0) } ?? Result<Receipt, DeliveryError>.success(Receipt(detail: ""))
      let conclusions = benches[index].queue.finished(attempt, result, at: now, &quotas)
      #expect(conclusions.count == attempt.tries.count)
      transcript.append("\(now) \(attempt.channel.name) \(attempt.names) \(conclusions)")
      for (delivery, conclusion) in zip(attempt.deliveries, conclusions) {
        let (name, number) = (Self.name(delivery), Self.number(delivery))
        #expect(onTheirWay[index].removeValue(forKey: name) == number)
        switch conclusion {
        case .delivered: end(number, "delivered")
        case .gaveUp: end(number, "gave up")
        case .superseded:
          #expect(waiting[index][name] != nil)
          end(number, "superseded")
        case .willRetry(let time):
          #expect(time >= now)
          #expect(waiting[index].updateValue(number, forKey: name) == nil)
        }
      }
    }

    private mutating func end(_ number: Int, _ how: String) {
      #expect(ended.updateValue(how, forKey: number) == nil, "a message ended twice")
    }

    /// Everything works from now on.
    mutating func drain() {
      for _ in 0..<10_000 {
        for index in benches.indices { send(index) }
        while !underWay.isEmpty { finish(nil) }
        let wakes = benches.compactMap { $0.queue.nextWake(at: now, quotas) }
        guard let wake = wakes.min() else { break }
        now = max(now, wake)
      }
    }

    private static func name(_ delivery: Delivery) -> String {
      delivery.message.groupLabels["alertname"]
    }
    private static func number(_ delivery: Delivery) -> Int {
      Int(delivery.message.alerts.first?.value ?? 0)
    }
  }

  @Test(arguments: 0..<150 as Range<UInt64>)
  func `each message ends once, groups keep their order, and quotas hold`(seed: UInt64) {
    var history = History(seed: seed)
    for _ in 0..<150 { history.step() }
    history.drain()
    #expect(history.benches.allSatisfy { $0.queue.isEmpty })
    #expect(history.ended.count == history.count)
    for times in history.sent.values {
      #expect(most(times, within: .seconds(60)) <= History.limit.messages)
      #expect(most(times, within: .milliseconds(1)) <= 2)
    }
    for (index, bench) in history.benches.enumerated() {
      #expect(history.waiting[index].isEmpty && history.onTheirWay[index].isEmpty)
      #expect(bench.health.endpoints.allSatisfy { $0.underWay == 0 })
    }
    func counted(_ value: (EndpointHealth) -> Int) -> Int {
      history.benches.reduce(0) { $0 + value($1.queue.health(history.quotas)) }
    }
    func ended(_ how: String) -> Int { history.ended.values.count { $0 == how } }
    #expect(counted(\.delivered) == ended("delivered") && counted(\.gaveUp) == ended("gave up"))
    #expect(counted(\.dropped) == ended("dropped") && counted(\.replaced) == ended("replaced"))

    var again = History(seed: seed)
    for _ in 0..<150 { again.step() }
    again.drain()
    #expect(again.transcript == history.transcript)
  }
}
