package import Model

/// What became of webhooks, by forge: bounded, since both are words of ours.
package struct WebhookCounts: Hashable, Sendable {
  /// What became of one.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// A push to a followed ref: a look follows.
    case accepted
    /// The same delivery again: a look follows.
    case repeated
    /// Genuine, and about another branch or event.
    case ignored
    case ping
    /// Not signed, or not by a known secret.
    case unauthorised
    /// Neither path, method, size, content type nor body of a webhook.
    case malformed
  }

  /// One forge's; `provider` is `unknown` where no header says.
  package struct Key: Hashable, Comparable, Sendable {
    package var provider: String
    package var outcome: Outcome

    package static func < (left: Key, right: Key) -> Bool {
      (left.provider, left.outcome.rawValue) < (right.provider, right.outcome.rawValue)
    }
  }

  package private(set) var requests: [Key: Int] = [:]
  /// When a genuine one last came.
  package private(set) var lastAt: Timestamp?

  package init() {}

  package mutating func count(_ provider: WebhookProvider?, _ outcome: Outcome, at now: Timestamp) {
    requests[Key(provider: provider?.rawValue ?? "unknown", outcome: outcome), default: 0] += 1
    if outcome != .unauthorised, outcome != .malformed { lastAt = now }
  }
}

extension WebhookRefusal {
  /// How it is counted.
  package var outcome: WebhookCounts.Outcome { status == 401 ? .unauthorised : .malformed }
}
