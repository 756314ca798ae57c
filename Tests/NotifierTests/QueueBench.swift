import Model
import Notifier
import Specs

/// A channel's queue with its quotas, outside of any notifier.
struct QueueBench {
  var queue: ChannelQueue
  var quotas = Quotas()
  private let id: ResourceID

  init(
    _ spec: ChannelSpec? = nil, of id: ResourceID = oncall, limits: ChannelQueue.Limits = .init()
  ) {
    self.id = id
    queue = ChannelQueue(id, limits: limits)
    configure(spec, at: at(0))
  }

  mutating func configure(_ spec: ChannelSpec?, at now: Timestamp) {
    queue.configure(spec)
    quotas.set(id, Credential.endpoints(of: id, spec), spec?.rateLimits ?? [], at: now)
  }

  /// Gives the name of what had to go.
  @discardableResult
  mutating func put(
    _ name: String, severity: String = "warning", isResolved: Bool = false, interval: Int = 300,
    at now: Timestamp
  ) -> String? {
    put(
      Self.delivery(name, severity: severity, isResolved: isResolved, interval: interval), at: now)?
      .delivery.message.groupLabels["alertname"]
  }

  mutating func put(_ delivery: Delivery, at now: Timestamp) -> ChannelQueue.Try? {
    queue.enqueue(delivery, severity: SeverityScale.standard.rank(of: delivery.message), at: now)
  }

  mutating func next(at now: Timestamp) -> ChannelQueue.Attempt? { queue.next(at: now, &quotas) }

  /// All that may be sent now.
  mutating func all(at now: Timestamp) -> [ChannelQueue.Attempt] {
    var attempts: [ChannelQueue.Attempt] = []
    while let attempt = next(at: now) { attempts.append(attempt) }
    return attempts
  }

  /// `nil` for a yes.
  @discardableResult
  mutating func finish(
    _ attempt: ChannelQueue.Attempt, _ error: DeliveryError? = nil, at now: Timestamp
  ) -> [ChannelQueue.Conclusion] {
    let result =
      error.map { .failure($0) } ?? Result<Receipt, DeliveryError>.success(Receipt(detail: "ok"))
    return queue.finished(attempt, result, at: now, &quotas)
  }

  func wake(at now: Timestamp) -> Timestamp? { queue.nextWake(at: now, quotas) }

  var health: EndpointHealth { queue.health(quotas) }

  /// A delivery of one alert, the only one of its group.
  static func delivery(
    _ name: String, severity: String = "warning", isResolved: Bool = false, interval: Int = 300,
    value: Double = 1
  ) -> Delivery {
    let firing = alert(["alertname": name, "severity": severity], value: value)
    var dispatcher = Dispatcher(
      owner: shop, routes: RouteSet([tree(route([], ["oncall"], interval: interval))]))
    dispatcher.receive([firing.fires], at: at(0))
    let surroundings = Surroundings()
    var deliveries = dispatcher.tick(at: at(30), in: surroundings).flatMap(\.deliveries)
    if isResolved {
      for delivery in deliveries {
        _ = dispatcher.completed(delivery, succeeded: true, at: at(30), in: surroundings)
      }
      dispatcher.receive([firing.resolves(at: at(40))], at: at(40))
      deliveries = dispatcher.tick(at: at(30 + interval), in: surroundings).flatMap(\.deliveries)
    }
    return deliveries[0]
  }

  /// Robots of one group, each with a secret address.
  static func robots(_ count: Int, limit: RateLimit? = nil) -> ChannelSpec {
    let endpoints = (0..<count).map { ChannelEndpoint(url: .secret("robot-\($0)")) }
    var spec = ChannelSpec(destination: .dingtalk(DingTalkSpec(pool: EndpointPool(endpoints))))
    spec.rateLimit = limit
    return spec
  }
}

extension ChannelQueue.Attempt {
  /// The groups in it, in order.
  var names: [String] { post.messages.map { $0.groupLabels["alertname"] } }
}

/// The most of `times` that any window of this length has, its end left out.
func most(_ times: [Timestamp], within window: Duration) -> Int {
  let times = times.sorted()
  var (most, start) = (0, 0)
  for end in times.indices {
    while times[start] + window <= times[end] { start += 1 }
    most = max(most, end - start + 1)
  }
  return most
}
