import JSON
import Model

extension HTTPResponse {
  /// What this answer means for a message: nothing when it was taken.
  ///
  /// 408, 425 and 5xx may be tried again, as may 429 when its wait is over; 401 and 403 are final for all; every other
  /// status below 200 or above 299 is final, redirects included, since none are followed.
  func checkTaken() throws(DeliveryError) {
    switch status {
    case 200..<300: return
    case 429: throw .throttled(retryAfter: retryAfter)
    case 503 where retryAfter != nil: throw .throttled(retryAfter: retryAfter)
    case 408, 425: throw .unreachable(words)
    case 401, 403: throw .unauthorised(words)
    case 501: throw .rejected(words)
    case 500..<600: throw .unreachable(words)
    default: throw .rejected(words)
    }
  }

  /// `answered 404: no such hook`.
  private var words: String {
    let text = String(decoding: body.prefix(400), as: UTF8.self).onOneLine(limit: 200)
    return "answered " + String(status) + (text.isEmpty ? "" : ": " + text)
  }

  /// The body, where it is JSON.
  var json: JSONValue? { try? JSONValue(parsing: body) }

  /// The wait that the other side asks for: seconds, or an HTTP date, which counts from the answer's own `Date`.
  var retryAfter: Duration? {
    guard let text = header("Retry-After") else { return nil }
    if let seconds = Int64(text), seconds >= 0, seconds < 1 << 32 { return .seconds(seconds) }
    guard let until = Timestamp(httpDate: text), let now = header("Date").flatMap(Timestamp.init(httpDate:)) else {
      return nil
    }
    return max(.zero, until - now)
  }
}

extension DeliveryError {
  /// What a failed exchange means for a message.
  init(_ error: TransportError) {
    switch error {
    case .unsendable(let text): self = .rejected("can't be sent: " + text)
    case .refusedByPolicy(let text): self = .rejected("not allowed by the egress policy: " + text)
    case .unreachable(let text): self = .unreachable(text)
    case .untrusted(let text): self = .rejected("not trusted: " + text)
    case .timedOut(requestWasSent: true): self = .ambiguous("no answer in time after it was sent")
    case .timedOut(requestWasSent: false): self = .unreachable("no connection in time")
    case .tooLarge(let limit): self = .ambiguous("answered with more than \(limit) bytes")
    case .brokenOff(let text): self = .ambiguous("broke off before the answer was whole: " + text)
    case .cancelled: self = .unreachable("cancelled")
    }
  }
}

extension DeliveryError {
  /// The same in other words.
  func rewording(_ change: (String) -> String) -> DeliveryError {
    switch self {
    case .rejected(let text): .rejected(change(text))
    case .unauthorised(let text): .unauthorised(change(text))
    case .throttled: self
    case .unreachable(let text): .unreachable(change(text))
    case .ambiguous(let text): .ambiguous(change(text))
    }
  }

  /// The same for a destination that takes a message twice without harm, since it knows it by a key: what may have
  /// arrived is sent again like what hasn't.
  var ofRepeatable: DeliveryError {
    if case .ambiguous(let text) = self { .unreachable(text) } else { self }
  }
}
