import HTTPTypes
import Model
import Synchronization

/// Counts requests by reader, and failed attempts to be one by address.
final class RequestGate: Sendable {
  private let clock: (any WallClock)?
  private let readers: Mutex<RateLimit>
  /// Requests whose token isn't known: without a limit, tokens could be tried for.
  private let strangers: Mutex<RateLimit>

  init(_ limits: StatusLimits, clock: (any WallClock)?) {
    self.clock = clock
    let limit = RateLimit(perSecond: limits.requestsPerSecond, burst: limits.burst)
    readers = Mutex(limit)
    strangers = Mutex(limit)
  }

  /// Counts one request.
  func take(for key: ReaderKey) throws(APIError) {
    guard let clock, let wait = readers.withLock({ $0.take(for: key, at: clock.now) }) else { return }
    throw .tooManyRequests(wait)
  }

  /// Counts what isn't let in, and gives what is answered: the reason, or that it was tried too often.
  func counted(_ refusal: APIError, from address: RemoteAddress) -> APIError {
    guard let clock, let wait = strangers.withLock({ $0.take(for: .address(address), at: clock.now) }) else {
      return refusal
    }
    return .tooManyRequests(wait)
  }
}

extension APIError {
  fileprivate static func tooManyRequests(_ wait: Duration) -> Self {
    let seconds = max(1, Int(wait.inSeconds.rounded(.up)))
    return .tooMany("too many requests in a short time; wait \(seconds) s", retryAfter: seconds)
  }
}

extension ReaderKey {
  /// By what the request shows, whose token must have been accepted before; without a token by its address.
  init(_ headers: HTTPFields, _ address: RemoteAddress) {
    guard let shown = headers[.authorization] ?? headers[.cookie] else {
      self = .address(address)
      return
    }
    // Hashing is keyed by process, so nobody can choose a token that counts with another's.
    self = .token(shown.hashValue)
  }
}
