package import Model

/// Why a forge didn't do what it was asked; the cases say what may be done next. Texts hold no secret.
package enum ForgeError: Error, Hashable, Sendable {
  /// The token isn't known, or has expired (401).
  case unauthorised(String)
  /// The token may not do this (403).
  case forbidden(String)
  /// Nothing more before so long: a rate limit (403 or 429).
  case throttled(Duration)
  /// No such repository, pull request or commit, or the token may not see it (404).
  case notFound(String)
  /// The request isn't accepted as it is (400, 422, and others).
  case refused(status: Int, String)
  /// The forge has trouble of its own (5xx).
  case unavailable(status: Int)
  /// No answer.
  case unreachable(TransportError)
  /// The answer isn't what the API documents.
  case unreadable(String)
}

extension ForgeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unauthorised(let words):
      "the forge doesn't know the token (401\(words.behindComma)); make a new one, and check that it hasn't expired"
    case .forbidden(let words):
      "the token may not do this (403\(words.behindComma)); it needs to write comments and commit statuses"
    case .throttled(let pause): "the forge asks to wait for \(max(1, pause.components.seconds)) seconds (rate limit)"
    case .notFound(let what):
      "\(what) isn't there, or the token may not see it (404); check repository, number and the token's rights"
    case .refused(let status, let words): "the forge refused it (\(status)\(words.behindComma))"
    case .unavailable(let status): "the forge has trouble of its own (\(status)); try again later"
    case .unreachable(let error): "the forge can't be reached: \(error)"
    case .unreadable(let words): "the forge's answer can't be read: \(words)"
    }
  }

  /// Whether the same request may succeed later.
  package var isTransient: Bool {
    switch self {
    case .throttled, .unavailable: true
    case .unreachable(let error):
      switch error {
      case .unreachable, .timedOut, .brokenOff, .cancelled: true
      case .unsendable, .refusedByPolicy, .untrusted, .tooLarge: false
      }
    case .unauthorised, .forbidden, .notFound, .refused, .unreadable: false
    }
  }
}

extension String {
  fileprivate var behindComma: String { isEmpty ? "" : ", \(self)" }
}
