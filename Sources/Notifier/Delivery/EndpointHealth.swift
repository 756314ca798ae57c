package import Model

/// How a channel does, over all its endpoints: for status, metrics and the built-in alert about failing channels.
package struct EndpointHealth: Hashable, Sendable {
  /// How one endpoint of it does.
  package struct Endpoint: Hashable, Sendable {
    /// Failed tries since its last that succeeded.
    package internal(set) var consecutiveFailures = 0
    /// Since when it fails.
    package internal(set) var failingSince: Timestamp?
    package internal(set) var lastError: String?
    package internal(set) var lastErrorAt: Timestamp?
    package internal(set) var lastSuccessAt: Timestamp?
    /// Nothing is sent to it before, since it failed or asked for a pause; may have passed.
    package internal(set) var pausedUntil: Timestamp?
    /// Posts that are on their way to it.
    package internal(set) var underWay = 0

    package init() {}

    mutating func succeeded(at now: Timestamp) {
      consecutiveFailures = 0
      failingSince = nil
      lastSuccessAt = now
    }

    mutating func failed(_ text: String, at now: Timestamp) {
      consecutiveFailures += 1
      failingSince = failingSince ?? now
      lastError = text
      lastErrorAt = now
    }
  }

  /// In the order of the channel's spec.
  package internal(set) var endpoints: [Endpoint] = []
  /// Failed tries since the last that succeeded, at any endpoint.
  package internal(set) var consecutiveFailures = 0
  /// Since when no endpoint works: as long as one does, the channel does.
  package internal(set) var failingSince: Timestamp?
  package internal(set) var lastError: String?
  package internal(set) var lastErrorAt: Timestamp?
  package internal(set) var lastSuccessAt: Timestamp?
  /// Messages that wait.
  package internal(set) var waiting = 0

  /// Counts since the start.
  package internal(set) var delivered = 0
  package internal(set) var failedAttempts = 0
  /// Failed tries by Alertmanager's word for the reason; see ``DeliveryError/reason``.
  package internal(set) var failures: [String: Int] = [:]
  /// Messages refused for good or tried for too long; their groups try again at their next flush.
  package internal(set) var gaveUp = 0
  /// Messages that a full queue let go.
  package internal(set) var dropped = 0
  /// Messages that a newer state of their group replaced before they were sent.
  package internal(set) var replaced = 0
  /// Messages sent again though the first may have arrived.
  package internal(set) var possibleDuplicates = 0
  /// Messages that arrived in a post together with others.
  package internal(set) var merged = 0
  /// Posts that were tried, of one message or several.
  package internal(set) var posts = 0
  /// What was handed over, whatever became of it.
  package internal(set) var bytes = 0
  /// Of all posts that were tried.
  package internal(set) var latency = LatencyHistogram()

  package init() {}

  mutating func posted(_ bytes: Int, in duration: Duration) {
    posts += 1
    self.bytes += bytes
    latency.note(duration)
  }

  mutating func succeeded(_ messages: Int, at now: Timestamp) {
    delivered += messages
    if messages > 1 { merged += messages }
    consecutiveFailures = 0
    lastSuccessAt = now
  }

  mutating func failed(_ error: DeliveryError, at now: Timestamp) {
    failedAttempts += 1
    failures[error.reason, default: 0] += 1
    consecutiveFailures += 1
    lastError = error.description
    lastErrorAt = now
  }
}
