package import Model
package import Specs

/// What one credential may be sent: its limits, what was sent, and the pause that its vendor asked for.
package struct Quota: Sendable {
  private var buckets: [TokenBucket] = []
  private var history = SendHistory()
  package private(set) var pausedUntil: Timestamp?

  package init(_ limits: [RateLimit] = []) {
    set(limits, at: .epoch)
  }

  /// How many messages may be sent at once; `Int.max` without a limit.
  package func free(at now: Timestamp) -> Int {
    if let pausedUntil, pausedUntil > now { return 0 }
    return buckets.lazy.map { $0.free(at: now, after: history) }.min() ?? .max
  }

  /// When the next message may be sent, which isn't before `now`.
  package func opening(after now: Timestamp) -> Timestamp {
    buckets.reduce(max(now, pausedUntil ?? now)) { max($0, $1.opening(after: now, history)) }
  }

  /// Counts a message that is sent now.
  package mutating func take(at now: Timestamp) {
    guard let window = buckets.lazy.map(\.window).max() else { return }
    history.append(now)
    history.forget(before: now - window)
    for index in buckets.indices { buckets[index].take(at: now) }
  }

  /// Nothing is sent before: the vendor asked for it.
  package mutating func pause(until end: Timestamp) {
    pausedUntil = max(end, pausedUntil ?? end)
  }

  /// Goes by other limits, which count what was sent already.
  mutating func set(_ limits: [RateLimit], at now: Timestamp) {
    guard limits != buckets.map(\.limit) else { return }
    buckets = limits.map { limit in
      var bucket = TokenBucket(limit)
      for time in history.all { bucket.take(at: time) }
      return bucket
    }
  }

  /// The clock was set back to `now`: what was sent was sent before.
  mutating func setBack(to now: Timestamp) {
    history.setBack(to: now)
    for index in buckets.indices { buckets[index].setBack(to: now) }
  }

  /// Whether nothing that it knows still matters.
  func isIdle(at now: Timestamp) -> Bool {
    let window = buckets.lazy.map(\.window).max() ?? .zero
    return (pausedUntil.map { $0 <= now } ?? true) && history.count(since: now - window) == 0
  }
}

/// The quotas of all credentials. One that several channels name keeps the limits of all of them.
package struct Quotas: Sendable {
  private var quotas: [Credential: Quota] = [:]
  /// Who goes by which limits.
  private var users: [Credential: [ResourceID: [RateLimit]]] = [:]
  private var credentials: [ResourceID: Set<Credential>] = [:]
  private var lastSeen: Timestamp?

  package init() {}

  package subscript(credential: Credential) -> Quota { quotas[credential] ?? Quota() }

  /// Takes note of the time, which may have been set back.
  package mutating func observe(_ now: Timestamp) {
    if let lastSeen, lastSeen > now {
      for credential in quotas.keys { quotas[credential]?.setBack(to: now) }
    }
    lastSeen = now
  }

  package mutating func take(_ credential: Credential, at now: Timestamp) {
    quotas[credential]?.take(at: now)
  }

  package mutating func pause(_ credential: Credential, until end: Timestamp) {
    quotas[credential, default: Quota()].pause(until: end)
  }

  /// Says which credentials a channel names, and its limits for each.
  package mutating func set(
    _ channel: ResourceID, _ named: [Credential], _ limits: [RateLimit], at now: Timestamp
  ) {
    let (old, new) = (credentials[channel] ?? [], Set(named))
    credentials[channel] = new.isEmpty ? nil : new
    for credential in old.subtracting(new) { users[credential]?[channel] = nil }
    for credential in new { users[credential, default: [:]][channel] = limits }
    for credential in old.union(new) { update(credential, at: now) }
  }

  private mutating func update(_ credential: Credential, at now: Timestamp) {
    var limits: [RateLimit] = []
    for (_, own) in (users[credential] ?? [:]).sorted(by: { $0.key < $1.key }) {
      for limit in own where !limits.contains(limit) { limits.append(limit) }
    }
    if limits.isEmpty, users[credential]?.isEmpty ?? true {
      users[credential] = nil
      // What was sent still counts if the credential comes back, as under another channel's name.
      if quotas[credential]?.isIdle(at: now) ?? true { quotas[credential] = nil }
    } else {
      quotas[credential, default: Quota()].set(limits, at: now)
    }
  }

  /// Lets credentials go that nobody names, and that have been quiet for as long as they count.
  package mutating func removeIdle(at now: Timestamp) {
    quotas = quotas.filter { users[$0.key] != nil || !$0.value.isIdle(at: now) }
  }
}
