import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `A storm on a pool of robots` {
  /// What a robot does with a post: takes it after 300 ms, doesn't answer within 5 s, or is blocked.
  enum Robot: Sendable {
    case works, isDead, isBlocked
  }

  /// A notifier whose robots take their time.
  private struct Storm {
    struct Sent {
      let at: Timestamp
      let attempt: ChannelQueue.Attempt
      var isDelivered = false
    }

    var state: NotifierState
    var now = start
    var sent: [Sent] = []
    var records: [DeliveryRecord] = []
    let robots: [Robot]
    private var answers: [(at: Timestamp, sent: Int)] = []

    init(_ robots: [Robot]) {
      self.robots = robots
      var configuration = NotifierConfiguration()
      let root = route([], ["oncall"], groupBy: .labels(["alertname"]), wait: 30, interval: 300)
      _ = configuration.apply(
        NotifierChange(set: [
          resource(oncall, .channel(QueueBench.robots(robots.count))),
          `The notifier's configuration`.routeResource(root, in: shop),
        ]), at: start)
      state = NotifierState(configuration: configuration)
    }

    mutating func run(until end: Timestamp) {
      while let next = [state.nextWake(), answers.first?.at].compactMap({ $0 }).min(), next <= end {
        now = max(now, next)
        while let answer = answers.first, answer.at <= now {
          answers.removeFirst()
          finish(answer.sent)
        }
        for attempt in state.tick(at: now) {
          sent.append(Sent(at: now, attempt: attempt))
          let wait: Duration =
            robots[attempt.post.endpoint] == .isDead ? .seconds(5) : .milliseconds(300)
          answers.append((now + wait, sent.count - 1))
          answers.sort { ($0.at, $0.sent) < ($1.at, $1.sent) }
        }
        records += state.takeRecords().deliveries
      }
      now = end
    }

    private mutating func finish(_ index: Int) {
      let attempt = sent[index].attempt
      let result: Result<Receipt, DeliveryError> =
        switch robots[attempt.post.endpoint] {
        case .works: .success(Receipt(detail: "ok"))
        case .isDead: .failure(.unreachable("no connection in time"))
        case .isBlocked: .failure(.throttled(retryAfter: nil))
        }
      if case .success = result { sent[index].isDelivered = true }
      state.finished(attempt, result, bytes: 100, at: now)
    }
  }

  /// 500 warnings of as many groups, a critical one behind them, and the rest of 10,000 in 700 groups.
  private static let alerts: [Alert] =
    (0..<500).map { alert(["alertname": "Warning\($0)", "severity": "warning"]) }
    + [alert(["alertname": "Critical", "severity": "critical"])]
    + (0..<9499).map {
      alert(["alertname": "Info\($0 % 700)", "instance": "host-\($0)", "severity": "info"])
    }

  @Test(arguments: [
    [Robot.works, .works, .works], [.isDead, .works, .works], [.works, .works, .isBlocked],
    [.isDead, .isBlocked, .works],
  ])
  func `arrives whole, within the limits, the gravest first`(robots: [Robot]) {
    var storm = Storm(robots)
    storm.state.receive(Self.alerts.map(\.fires), at: at(0))
    storm.run(until: at(200))
    checkLimits(storm)
    checkTold(storm.sent, .firing)
    // The critical one is in the first post, and arrives as soon as it is known that a robot is dead.
    #expect(storm.sent.first?.attempt.post.first.groupLabels["alertname"] == "Critical")
    let arrival = storm.sent.first { sent in
      sent.isDelivered
        && sent.attempt.post.messages.contains { $0.groupLabels["alertname"] == "Critical" }
    }
    #expect(arrival.map { $0.at <= at(35) } ?? false)
    let last = storm.sent.last { $0.isDelivered }
    #expect(last.map { $0.at <= at(60) } ?? false)
    let whole = storm.state.channelHealth[oncall]
    #expect(
      whole?.failingSince == nil && whole?.waiting == 0 && whole?.dropped == 0 && whole?.gaveUp == 0
    )
    #expect(whole?.endpoints.map { $0.failingSince != nil } == robots.map { $0 != .works })

    let firings = storm.sent.count
    storm.state.receive(Self.alerts.map { $0.resolves(at: at(250)) }, at: at(250))
    storm.run(until: at(500))
    checkLimits(storm)
    checkTold(Array(storm.sent[firings...]), .resolved)
    checkRecords(storm)
  }

  private func checkLimits(_ storm: Storm) {
    for robot in storm.robots.indices {
      let times = storm.sent.filter { $0.attempt.post.endpoint == robot }.map(\.at)
      #expect(most(times, within: .seconds(60)) <= 20)
    }
  }

  /// Every alert is in exactly one post that arrived, named or counted.
  private func checkTold(_ sent: [Storm.Sent], _ status: Message.Status) {
    let posts = sent.filter(\.isDelivered).map(\.attempt.post)
    let told = posts.flatMap(\.messages).flatMap(\.alerts)
    #expect(told.count == Self.alerts.count)
    #expect(Set(told.map(\.fingerprint)).count == Self.alerts.count)
    var total = 0
    for post in posts {
      let content = MessageContent(post, MessageStyle())
      let all = post.messages.reduce(0) { $0 + $1.alerts.count }
      #expect(
        content.firing == (status == .firing ? all : 0)
          && content.resolved == (status == .firing ? 0 : all))
      let named =
        post.isDigest
        ? post.messages.prefix(content.items.count).reduce(0) { $0 + $1.alerts.count }
        : content.items.count
      #expect(named + content.hiddenAlerts == all)
      total += named + content.hiddenAlerts
    }
    #expect(total == Self.alerts.count)
  }

  private func checkRecords(_ storm: Storm) {
    let delivered = storm.records.filter { $0.outcome == .delivered }
    #expect(delivered.count == 2 * 1201)
    #expect(storm.records.count == storm.sent.reduce(0) { $0 + $1.attempt.tries.count })
    #expect(delivered.allSatisfy { $0.bytes == 100 && $0.error.isEmpty && $0.nextAttemptAt == nil })
    #expect(
      storm.records.allSatisfy {
        $0.outcome == .delivered || ($0.nextAttemptAt != nil && !$0.error.isEmpty)
      })
    let posts = storm.sent.filter(\.isDelivered).count
    #expect(abs(delivered.reduce(0) { $0 + 1 / Double($1.merged) } - Double(posts)) < 0.001)
  }
}
