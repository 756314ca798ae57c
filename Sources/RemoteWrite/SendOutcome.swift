package import Model

/// What became of one request; the cases say what to do with its samples. Words hold no secret.
package enum SendOutcome: Hashable, Sendable {
  case sent
  /// It may work later, not before `after` if the server says so.
  case retry(String, after: Duration? = nil)
  /// It will never work.
  case refused(String)
  /// It was cut short from this side and says nothing.
  case interrupted
}

extension SendOutcome {
  /// Success is any 2xx; 429 and 5xx may pass, every other status won't (remote write 1.0, "Retries & Backoff").
  package init(_ response: HTTPResponse) {
    switch response.status {
    case 200..<300: self = .sent
    case 429: self = .retry(response.words, after: response.retryAfter)
    case 500...: self = .retry(response.words, after: response.retryAfter)
    default: self = .refused(response.words)
    }
  }

  /// Whatever the network does may pass.
  package init(_ error: TransportError) {
    if case .cancelled = error { self = .interrupted } else { self = .retry(error.description) }
  }
}

extension HTTPResponse {
  /// `answered 400: out of order sample`.
  fileprivate var words: String {
    let line = String(decoding: body.prefix(200).prefix { $0 >= 0x20 }, as: UTF8.self)
    return "the server answered with status \(status)" + (line.isEmpty ? "" : ": " + line)
  }

  /// The pause that the server asks for in seconds.
  fileprivate var retryAfter: Duration? {
    guard let seconds = header("Retry-After").flatMap({ Int64($0) }), 0..<1 << 32 ~= seconds else { return nil }
    return .seconds(seconds)
  }
}
