package import Model

/// Messages on their way to one channel: who is next, to which of its endpoints, when to try again, when to give up.
///
/// The order is severity, then firing before resolved, then age. A newer state of a group takes the place of the one
/// that waits, and never overtakes one that is under way. Endpoints are used in turn; one that fails is passed over as
/// long as another works. Where the endpoints' quotas have no room for a message each, the last post that fits takes all
/// that wait. Nothing leaves without a word: what is delivered, given up or dropped is counted, and handed back to be
/// told to the dispatcher.
///
/// Time and ``Quotas`` are passed in: other channels may share a quota.
package struct ChannelQueue: Sendable {
  /// What may be set.
  package struct Limits: Hashable, Sendable {
    /// How many messages may wait; beyond that the least important goes.
    package var capacity = 100_000
    /// How many posts may be under way at once to each endpoint, of different groups.
    package var width = 4
    /// The most messages of one post.
    package var merge = 1000
    /// How long a message is tried: its group interval, but not more than this.
    package var budget = Duration.seconds(15 * 60)
    /// Whether the endpoints' quotas count; they don't where nothing is sent.
    package var keepsQuotas = true

    package init() {}

    /// For rehearsals: every message leaves at once and on its own.
    package static let unlimited = {
      var limits = Limits()
      limits.capacity = .max
      limits.width = .max
      limits.keepsQuotas = false
      return limits
    }()
  }

  /// One post on its way, how its messages are numbered, and whom it goes to.
  package struct Attempt: Sendable {
    /// Unique in its queue.
    package let id: UInt64
    package let channel: ResourceID
    /// The gravest first; never empty.
    package let tries: [Try]
    package let credential: Credential
    package let startedAt: Timestamp
    /// The messages, and which endpoint takes them.
    package let post: Post

    /// The delivery of the only message, or of the gravest.
    package var delivery: Delivery { tries[0].delivery }
    package var deliveries: [Delivery] { tries.map(\.delivery) }
    /// 1 for the first try of the gravest message.
    package var number: Int { tries[0].number }
  }

  /// A message, and for which time it is tried: 1 for the first.
  package struct Try: Sendable {
    package let delivery: Delivery
    package let number: Int
  }

  /// What a finished try means for its message.
  package enum Conclusion: Hashable, Sendable {
    case delivered
    /// It will be tried again, not before the given time.
    case willRetry(Timestamp)
    /// It won't.
    case gaveUp
    /// It failed, and a newer state has taken its place meanwhile, or nobody wants it any more.
    case superseded
  }

  package let channel: ResourceID
  package let limits: Limits
  var waiting = WaitingMessages()
  var underWay: [NotificationLogEntry.Key: UnderWay] = [:]
  var endpoints: [Endpoint]
  /// The endpoint that was used last.
  var lastUsed = -1
  var mergesGroups = false
  /// Whether messages have waited for a quota since none waited at all: the next post takes all of them, so that the
  /// quota has room for what comes after.
  var isBehind = false
  var throttlePause: Duration?
  var counts = EndpointHealth()
  let backoff = Backoff()
  private var lastNumber: UInt64 = 0

  /// A message on its way.
  struct UnderWay: Sendable {
    var item: WaitingMessages.Item
    let attempt: UInt64
  }

  /// A queue with one endpoint without limits, until it is told otherwise.
  package init(_ channel: ResourceID, limits: Limits = Limits()) {
    self.channel = channel
    self.limits = limits
    endpoints = [Endpoint(.channel(channel))]
  }

  /// How many messages wait, and how many are under way.
  package var waitingCount: Int { waiting.count }
  package var underWayCount: Int { underWay.count }
  package var isEmpty: Bool { waiting.isEmpty && underWay.isEmpty }

  mutating func nextNumber() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }
}

// MARK: - In

extension ChannelQueue {
  /// Takes in a message, in place of one with the same key that waits.
  ///
  /// `severity`: its position in the platform's scale, 0 for the gravest.
  ///
  /// - Returns: a message that had to go since the queue is full: the least important, which may be this one; with how
  ///   often it was tried.
  package mutating func enqueue(_ delivery: Delivery, severity: Int, at now: Timestamp) -> Try? {
    let old = waiting[delivery.key]
    var item = WaitingMessages.Item(
      delivery: delivery, ticket: nextNumber(), severity: severity,
      isFiring: delivery.message.status == .firing,
      since: old?.since ?? now)
    // A newer state doesn't make a failing endpoint try sooner.
    item.notBefore = old?.notBefore
    item.attempts = old?.attempts ?? 0
    item.pauses = old?.pauses ?? 0
    if old != nil { counts.replaced += 1 }
    waiting.insert(item, isHeld: underWay[delivery.key] != nil)
    guard waiting.count > limits.capacity, let dropped = waiting.removeLeastImportant() else {
      return nil
    }
    counts.dropped += 1
    return Try(delivery: dropped.delivery, number: dropped.attempts)
  }

  /// Takes out what waits under a key; what is under way goes on, and isn't tried again.
  package mutating func withdraw(_ key: NotificationLogEntry.Key) {
    underWay[key]?.item.isWithdrawn = true
    if waiting.remove(key) != nil { counts.replaced += 1 }
  }
}

extension SeverityScale {
  /// Where the gravest alert of a message stands: of those that fire, or of all where none does.
  package func rank(of message: Message) -> Int {
    let alerts = message.firing.isEmpty ? message.resolved : message.firing
    return alerts.lazy.map { rank(of: $0.labels["severity"]) }.min() ?? entries.count
  }
}
