import Model

/// How long to wait before trying again: base 1 s, doubled each time, at most 60 s, less a jitter of up to a half.
///
/// The jitter comes from a hash of `seed` and the attempt, so that equal histories wait equally long.
struct Backoff: Hashable, Sendable {
  var base = Duration.seconds(1)
  var limit = Duration.seconds(60)
  /// What another side may ask for, and at least gets.
  var retryAfter = Duration.seconds(1)...Duration.seconds(15 * 60)

  /// `attempt`: how many tries have failed, from 1.
  func pause(after attempt: Int, seed: UInt64) -> Duration {
    let doublings = min(max(attempt - 1, 0), 20)
    let full = min(base * (1 << doublings), limit).wholeMilliseconds
    var hash = FNV1a()
    hash.combine(seed)
    hash.combine(UInt64(truncatingIfNeeded: attempt))
    // FNV's low bits differ little between neighbours; the high ones are folded in.
    let spread = (hash.value ^ (hash.value >> 32)) % UInt64(max(full / 2, 1))
    return .milliseconds(full - Int64(spread))
  }

  /// The other side's wish, within bounds.
  func clamped(_ wish: Duration) -> Duration {
    min(max(wish, retryAfter.lowerBound), retryAfter.upperBound)
  }
}
