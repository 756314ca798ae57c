package import Model

/// How writing to one server stands: what arrived, what waits, and what was lost for which reason.
package struct RemoteWriteStatus: Hashable, Sendable {
  /// Samples that were given up, by reason.
  package struct Dropped: Hashable, Sendable {
    /// The queue was full; the oldest went.
    package internal(set) var queueFull = 0
    /// The server refused the request they were in; it may have kept some of them.
    package internal(set) var refused = 0
    /// Larger than a request may be.
    package internal(set) var tooLarge = 0
    /// Not sent when the writer ended.
    package internal(set) var shutdown = 0

    package init() {}

    package var total: Int { queueFull + refused + tooLarge + shutdown }
  }

  /// Samples that the server took.
  package internal(set) var sent = 0
  package internal(set) var requests = 0
  /// Requests that brought no success.
  package internal(set) var failedRequests = 0
  package internal(set) var dropped = Dropped()
  /// Samples that wait, and what they take in bytes; those on their way are among them.
  package internal(set) var pending = 0
  package internal(set) var pendingBytes = 0
  /// What went wrong last, whenever that was; holds no secret.
  package internal(set) var lastError: String?
  package internal(set) var lastErrorAt: Timestamp?
  /// Since when each request fails in a way that may pass; `nil` while it works.
  package internal(set) var failingSince: Timestamp?
  package internal(set) var lastSentAt: Timestamp?
  /// The latest timestamps among the samples that were given and that were taken.
  package internal(set) var highestQueued: Timestamp?
  package internal(set) var highestSent: Timestamp?

  package init() {}

  /// How far what the server has is behind what it was meant to have.
  package var lag: Duration {
    guard pending > 0, let highestQueued, let highestSent else { return .zero }
    return max(.zero, highestQueued - highestSent)
  }
}
