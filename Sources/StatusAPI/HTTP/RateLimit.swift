import Model

/// A bucket of tokens for each reader: one token a request, refilled over time.
///
/// Memory is bounded: a bucket that is full again is forgotten, and where there are too many that aren't, the one that
/// was asked for longest ago. Who is forgotten begins with a full bucket.
struct RateLimit: Sendable {
  private struct Bucket {
    var tokens: Double
    var at: Timestamp
  }

  /// How many readers are remembered.
  static let capacity = 4096

  private let rate: Double
  private let burst: Double
  private var buckets: [ReaderKey: Bucket] = [:]
  private var lastSweep: Timestamp?

  /// `perSecond`: 0 for no limit.
  init(perSecond: Int, burst: Int) {
    rate = Double(perSecond)
    self.burst = Double(max(burst, 1))
  }

  /// Takes a token; where there is none, how long until there is one.
  mutating func take(for reader: ReaderKey, at now: Timestamp) -> Duration? {
    guard rate > 0 else { return nil }
    var bucket = buckets[reader] ?? Bucket(tokens: burst, at: now)
    refill(&bucket, at: now)
    let wait: Duration? = bucket.tokens < 1 ? .seconds((1 - bucket.tokens) / rate) : nil
    if wait == nil { bucket.tokens -= 1 }
    if buckets[reader] == nil, buckets.count >= Self.capacity { forget(at: now) }
    buckets[reader] = bucket
    return wait
  }

  /// How many readers are remembered now.
  var count: Int { buckets.count }

  /// A clock that was set back refills nothing.
  private func refill(_ bucket: inout Bucket, at now: Timestamp) {
    if now > bucket.at { bucket.tokens = min(burst, bucket.tokens + rate * (now - bucket.at).inSeconds) }
    bucket.at = now
  }

  private mutating func forget(at now: Timestamp) {
    // Looking at all of them is worth it once a second, and not for each of a flood of strangers.
    if lastSweep.map({ now < $0 || now - $0 >= .seconds(1) }) ?? true {
      lastSweep = now
      buckets = buckets.filter { _, bucket in
        now < bucket.at || bucket.tokens + rate * (now - bucket.at).inSeconds < burst
      }
    }
    guard buckets.count >= Self.capacity else { return }
    // Any of a few: finding the oldest of all would be work in proportion to all.
    let oldest = buckets.prefix(8).min { $0.value.at < $1.value.at }
    if let oldest { buckets[oldest.key] = nil }
  }
}

/// Whose requests are counted together: a hash of what a reader shows, or an address.
enum ReaderKey: Hashable, Sendable {
  /// A keyed hash of the token or session that was accepted.
  case token(Int)
  case address(RemoteAddress)
}
