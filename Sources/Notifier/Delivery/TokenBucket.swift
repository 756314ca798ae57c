import Model
package import Specs

/// One ``Specs/RateLimit`` as it is kept: tokens that come back evenly, and never more than the limit in any window.
///
/// A bucket alone would let its burst through besides what comes back within the period; so the messages of every
/// window are counted too. All arithmetic is in whole numbers, so that nothing drifts.
package struct TokenBucket: Sendable {
  package let limit: RateLimit
  private let messages: Int64
  private let period: Int64
  private let burst: Int64
  /// What is missing from a full bucket, in tokens times ``period``: a message adds `period`, and each millisecond takes
  /// `messages` away.
  private var debt: Int64 = 0
  private var countedAt: Timestamp?

  package init(_ limit: RateLimit) {
    self.limit = limit
    messages = Int64(clamping: min(max(limit.messages, 1), 1_000_000))
    period = min(max(limit.period.wholeMilliseconds, 1), 1 << 40)
    burst = min(max(limit.burst.map(Int64.init(clamping:)) ?? messages, 1), messages)
  }

  /// How long a message counts.
  var window: Duration { .milliseconds(period) }

  /// How many may be sent at `now`, after those of `history`.
  func free(at now: Timestamp, after history: SendHistory) -> Int {
    let tokens = (burst * period - debt(at: now)) / period
    return max(0, min(Int(tokens), Int(messages) - history.count(since: now - window)))
  }

  /// When the next may be sent, which isn't before `now`.
  func opening(after now: Timestamp, _ history: SendHistory) -> Timestamp {
    let excess = debt(at: now) + period - burst * period
    let token = excess > 0 ? now + .milliseconds((excess + messages - 1) / messages) : now
    guard let first = history.last(Int(messages)) else { return token }
    return max(token, first + window)
  }

  mutating func take(at now: Timestamp) {
    debt = min(debt(at: now) + period, burst * period)
    countedAt = now
  }

  mutating func setBack(to now: Timestamp) {
    countedAt = countedAt.map { min($0, now) }
  }

  private func debt(at now: Timestamp) -> Int64 {
    guard let countedAt, now > countedAt else { return debt }
    let (back, overflow) = (now - countedAt).wholeMilliseconds.multipliedReportingOverflow(
      by: messages)
    return overflow ? 0 : max(0, debt - back)
  }
}

/// When messages were sent, ascending.
package struct SendHistory: Sendable {
  private var times: [Timestamp] = []
  /// Where the times begin that still count.
  private var head = 0

  package init() {}

  var isEmpty: Bool { head == times.count }
  var all: ArraySlice<Timestamp> { times[head...] }

  mutating func append(_ now: Timestamp) {
    setBack(to: now)
    times.append(now)
  }

  /// Takes times after `now` back to it, when the clock was set back: they were before.
  mutating func setBack(to now: Timestamp) {
    var index = times.count
    while index > head, times[index - 1] > now {
      index -= 1
      times[index] = now
    }
  }

  mutating func forget(before end: Timestamp) {
    head = firstIndex(after: end)
    guard head > times.count / 2, head > 64 || head == times.count else { return }
    times.removeFirst(head)
    head = 0
  }

  /// How many were sent after `start`.
  func count(since start: Timestamp) -> Int { times.count - firstIndex(after: start) }

  /// The `count`th from the end, from 1.
  func last(_ count: Int) -> Timestamp? {
    let index = times.count - count
    return index >= head ? times[index] : nil
  }

  private func firstIndex(after start: Timestamp) -> Int {
    var (low, high) = (head, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= start { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
