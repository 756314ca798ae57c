package import Model
import Synchronization

/// Counts what the API is asked and how it answers, and tells of answers that somebody should know of.
///
/// Bounded: handlers are words of ours, and codes are those that are answered with.
package final class RequestMeter: Sendable {
  /// One handler and status code.
  package struct Key: Hashable, Comparable, Sendable {
    /// A template of the path, such as `/api/v1/alerts/{fingerprint}`; `unknown` where nothing is served.
    package var handler: String
    package var code: Int

    package init(handler: String, code: Int) {
      self.handler = handler
      self.code = code
    }

    package static func < (left: Self, right: Self) -> Bool {
      (left.handler, left.code) < (right.handler, right.code)
    }
  }

  /// How long the answers of one handler took to begin.
  package struct Durations: Sendable {
    /// The upper bounds of buckets, in seconds.
    package static let bounds = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10]
    /// How many took at most each bound and more than the one before, and how many took longer than the last.
    package var buckets = [Int](repeating: 0, count: Durations.bounds.count + 1)
    /// In seconds.
    package var sum = 0.0
  }

  /// The counts at one moment.
  package struct Snapshot: Sendable {
    package var requests: [Key: Int] = [:]
    package var durations: [String: Durations] = [:]
    /// Requests whose answer hasn't begun.
    package var inFlight = 0
  }

  /// A request that failed on our side, or was refused for want of a right.
  package struct Trouble: Hashable, Sendable {
    /// What the answer's header `X-Request-Id` says.
    package var request: String
    package var handler: String
    package var status: Int
    /// Why, in one line; never a token.
    package var why: String
  }

  private let now: @Sendable () -> Timestamp
  private let onTrouble: @Sendable (Trouble) -> Void
  private let state = Mutex(Snapshot())

  /// `now` is the time; `onTrouble` is called for each answer of 5xx, 401 and 403.
  package init(
    now: @escaping @Sendable () -> Timestamp, onTrouble: @escaping @Sendable (Trouble) -> Void = { _ in }
  ) {
    self.now = now
    self.onTrouble = onTrouble
  }

  /// The counts now.
  package var snapshot: Snapshot { state.withLock { $0 } }

  func begin() -> Timestamp {
    state.withLock { $0.inFlight += 1 }
    return now()
  }

  func end(_ handler: String, status: Int, since begun: Timestamp, request: String, why: String?) {
    let seconds = max(0, Double((now() - begun).wholeMilliseconds) / 1000)
    let bucket = Durations.bounds.firstIndex { seconds <= $0 } ?? Durations.bounds.count
    state.withLock { state in
      state.inFlight -= 1
      state.requests[Key(handler: handler, code: status), default: 0] += 1
      state.durations[handler, default: Durations()].buckets[bucket] += 1
      state.durations[handler]?.sum += seconds
    }
    if status >= 500 || status == 401 || status == 403 {
      onTrouble(Trouble(request: request, handler: handler, status: status, why: why ?? "no further word"))
    }
  }
}

/// The names of requests, which the answer, the log and a proxy in front can be held together by.
enum RequestID {
  /// What the request brought, where that is 1 to 64 letters, digits, `.`, `_` or `-`; else a new one.
  static func of(_ given: String?) -> String {
    if let given, 1...64 ~= given.utf8.count, given.utf8.allSatisfy(isPlain) { return given }
    let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
