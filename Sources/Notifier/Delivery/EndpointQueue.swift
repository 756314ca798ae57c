package import Model

/// Messages on their way to one endpoint: who is next, when to try again, when to give up.
///
/// The order is severity, then firing before resolved, then age. A newer state of a group takes the place of the one
/// that waits, and never overtakes one that is under way. Nothing leaves without a word: what is delivered, given up
/// or dropped is counted, and handed back to be told to the dispatcher.
package struct EndpointQueue: Sendable {
  /// What may be set.
  package struct Limits: Hashable, Sendable {
    /// How many messages may wait; beyond that the least important goes.
    package var capacity = 1000
    /// How many may be under way at once, of different groups.
    package var width = 4
    /// How long a message is tried: its group interval, but not more than this.
    package var budget = Duration.seconds(15 * 60)
    /// Severities, the most important first; others come last.
    package var severities = ["critical", "warning", "info"]

    package init() {}
  }

  /// How one try is numbered and named.
  package struct Attempt: Sendable {
    package let delivery: Delivery
    /// 1 for the first try.
    package let number: Int
    package let startedAt: Timestamp
  }

  /// What a finished try means for its message.
  package enum Conclusion: Hashable, Sendable {
    case delivered
    /// It will be tried again.
    case willRetry
    /// It won't.
    case gaveUp
    /// It failed, and a newer state has taken its place meanwhile.
    case superseded
  }

  package let limits: Limits
  package private(set) var health = EndpointHealth()
  var backoff = Backoff()
  private var waiting: [NotificationLogEntry.Key: Item] = [:]
  private var underWay: [NotificationLogEntry.Key: Item] = [:]
  private var order = Heap<Rank>()
  private var delayed = Heap<Delay>()
  /// Nothing is sent before: an endpoint that fails is left alone for a while.
  private var pausedUntil: Timestamp?
  /// Nothing is sent before: the other side asked for it.
  private var throttledUntil: Timestamp?
  /// Tries in a row to which nobody answered with a yes or a no.
  private var streak = 0
  private var lastTicket: UInt64 = 0

  private struct Item: Sendable {
    var delivery: Delivery
    /// Names this item's places in the heaps.
    var ticket: UInt64
    var severity: Int
    var isFiring: Bool
    /// Since when there is something to send for its key: its age in the order.
    var since: Timestamp
    /// When this very message came: its budget counts from here.
    var queuedAt: Timestamp
    var attempts = 0
    var wasAmbiguous = false
    var notBefore: Timestamp?

    var rank: Rank { Rank(severity: severity, isFiring: isFiring, since: since, ticket: ticket, key: delivery.key) }
  }

  private struct Rank: Comparable, Sendable {
    let severity: Int
    let isFiring: Bool
    let since: Timestamp
    let ticket: UInt64
    let key: NotificationLogEntry.Key

    static func < (left: Self, right: Self) -> Bool {
      if left.severity != right.severity { return left.severity < right.severity }
      if left.isFiring != right.isFiring { return left.isFiring }
      if left.since != right.since { return left.since < right.since }
      return left.ticket < right.ticket
    }
  }

  private struct Delay: Comparable, Sendable {
    let until: Timestamp
    let ticket: UInt64
    let key: NotificationLogEntry.Key

    static func < (left: Self, right: Self) -> Bool {
      left.until != right.until ? left.until < right.until : left.ticket < right.ticket
    }
  }

  package init(limits: Limits = Limits()) {
    self.limits = limits
  }

  /// How many messages wait, and how many are under way.
  package var waitingCount: Int { waiting.count }
  package var underWayCount: Int { underWay.count }
  package var isEmpty: Bool { waiting.isEmpty && underWay.isEmpty }
}

// MARK: - In

extension EndpointQueue {
  /// Takes in a message, in place of one with the same key that waits.
  ///
  /// - Returns: a message that had to go since the queue is full: the least important, which may be this one.
  package mutating func enqueue(_ delivery: Delivery, at now: Timestamp) -> Delivery? {
    let old = waiting[delivery.key]
    let firing = delivery.message.firing
    var item = Item(
      delivery: delivery, ticket: nextTicket(), severity: severity(of: delivery.message), isFiring: !firing.isEmpty,
      since: old?.since ?? now, queuedAt: now)
    // A newer state doesn't make a failing endpoint try sooner.
    item.notBefore = old?.notBefore
    item.attempts = old?.attempts ?? 0
    if old != nil { health.replaced += 1 }
    place(item, at: now)
    health.waiting = waiting.count
    guard waiting.count > limits.capacity else { return nil }
    return dropLeastImportant()
  }

  /// Takes out what waits under a key; what is under way goes on.
  package mutating func withdraw(_ key: NotificationLogEntry.Key) {
    if waiting.removeValue(forKey: key) != nil { health.replaced += 1 }
    health.waiting = waiting.count
  }

  private mutating func place(_ item: Item, at now: Timestamp) {
    waiting[item.delivery.key] = item
    if let notBefore = item.notBefore, notBefore > now {
      delayed.insert(Delay(until: notBefore, ticket: item.ticket, key: item.delivery.key))
    } else {
      order.insert(item.rank)
    }
  }

  private mutating func nextTicket() -> UInt64 {
    lastTicket += 1
    return lastTicket
  }

  private func severity(of message: Message) -> Int {
    let alerts = message.firing.isEmpty ? message.resolved : message.firing
    return alerts.lazy.map { limits.severities.firstIndex(of: $0.labels["severity"]) ?? limits.severities.count }.min()
      ?? limits.severities.count
  }

  private mutating func dropLeastImportant() -> Delivery? {
    guard let last = waiting.values.max(by: { $0.rank < $1.rank }) else { return nil }
    waiting[last.delivery.key] = nil
    health.dropped += 1
    health.waiting = waiting.count
    return last.delivery
  }
}

// MARK: - Out

extension EndpointQueue {
  /// The message to send now, which is then under way; `nil` when none may be.
  package mutating func next(at now: Timestamp) -> Attempt? {
    guard underWay.count < limits.width, isOpen(at: now) else { return nil }
    // While it fails, one message at a time finds out whether it works again.
    if streak > 0, !underWay.isEmpty { return nil }
    promoteDelayed(at: now)
    var blocked: [Rank] = []
    defer { for rank in blocked { order.insert(rank) } }
    while let rank = order.first {
      order.removeFirst()
      guard var item = waiting[rank.key], item.ticket == rank.ticket else { continue }
      guard underWay[rank.key] == nil else {
        blocked.append(rank)
        continue
      }
      item.attempts += 1
      waiting[rank.key] = nil
      underWay[rank.key] = item
      health.waiting = waiting.count
      return Attempt(delivery: item.delivery, number: item.attempts, startedAt: now)
    }
    return nil
  }

  /// When ``next(at:)`` may give something, if nothing else happens before; `nil` when only other events can help.
  package var nextWake: Timestamp? {
    guard !waiting.isEmpty, underWay.count < limits.width else { return nil }
    if streak > 0, !underWay.isEmpty { return nil }
    let now = Timestamp(millisecondsSinceEpoch: .min)
    let ready = waiting.values.lazy.filter { underWay[$0.delivery.key] == nil }.map { $0.notBefore ?? now }.min()
    guard let ready else { return nil }
    return max(ready, pausedUntil ?? now, throttledUntil ?? now)
  }

  private func isOpen(at now: Timestamp) -> Bool {
    (pausedUntil.map { $0 <= now } ?? true) && (throttledUntil.map { $0 <= now } ?? true)
  }

  private mutating func promoteDelayed(at now: Timestamp) {
    while let delay = delayed.first, delay.until <= now {
      delayed.removeFirst()
      if let item = waiting[delay.key], item.ticket == delay.ticket { order.insert(item.rank) }
    }
  }
}

// MARK: - Results

extension EndpointQueue {
  /// Takes in how a try ended.
  package mutating func finished(
    _ attempt: Attempt, _ result: Result<Receipt, DeliveryError>, at now: Timestamp
  ) -> Conclusion {
    guard var item = underWay.removeValue(forKey: attempt.delivery.key) else { return .superseded }
    switch result {
    case .success:
      health.succeeded(at: now)
      streak = 0
      pausedUntil = nil
      return .delivered
    case .failure(.rejected(let text)):
      // Somebody answered: the endpoint works, this message doesn't.
      health.failed(text, at: now)
      streak = 0
      return conclude(item)
    case .failure(.throttled(let wish)):
      health.failed(DeliveryError.throttled(retryAfter: wish).description, at: now)
      let pause = wish.map(backoff.clamped) ?? backoff.pause(after: item.attempts, seed: seed(item))
      throttledUntil = now + pause
      return retry(item, after: pause, at: now)
    case .failure(.ambiguous(let text)):
      health.failed(text, at: now)
      if item.wasAmbiguous { return conclude(item) }
      item.wasAmbiguous = true
      health.possibleDuplicates += 1
      return retryLater(item, at: now)
    case .failure(.unreachable(let text)):
      health.failed(text, at: now)
      return retryLater(item, at: now)
    }
  }

  /// Waits for the item's own backoff, and half as long with everything else: another message may show that it is only
  /// this one that fails.
  private mutating func retryLater(_ item: Item, at now: Timestamp) -> Conclusion {
    streak += 1
    let endpoint = backoff.pause(after: streak, seed: seed(item))
    pausedUntil = now + (waiting.isEmpty ? endpoint : endpoint / 2)
    return retry(item, after: backoff.pause(after: item.attempts, seed: seed(item)), at: now)
  }

  private mutating func retry(_ item: Item, after pause: Duration, at now: Timestamp) -> Conclusion {
    if waiting[item.delivery.key] != nil { return .superseded }
    let budget = min(limits.budget, max(item.delivery.groupInterval, .seconds(10)))
    guard now + pause < item.queuedAt + budget else { return conclude(item) }
    var item = item
    item.ticket = nextTicket()
    item.notBefore = now + pause
    place(item, at: now)
    health.waiting = waiting.count
    return .willRetry
  }

  private mutating func conclude(_ item: Item) -> Conclusion {
    if waiting[item.delivery.key] != nil { return .superseded }
    health.gaveUp += 1
    return .gaveUp
  }

  private func seed(_ item: Item) -> UInt64 {
    var hash = FNV1a()
    hash.combine(item.delivery.key.groupKey)
    hash.combine(item.delivery.key.channel.name)
    return hash.value
  }
}
