package import Model

/// How an endpoint does: for status, metrics and the built-in alert about failing channels.
package struct EndpointHealth: Hashable, Sendable {
  /// Failed tries since the last that succeeded.
  package internal(set) var consecutiveFailures = 0
  /// Since when it fails.
  package internal(set) var failingSince: Timestamp?
  package internal(set) var lastError: String?
  package internal(set) var lastErrorAt: Timestamp?
  package internal(set) var lastSuccessAt: Timestamp?
  /// Messages that wait.
  package internal(set) var waiting = 0

  /// Counts since the start.
  package internal(set) var delivered = 0
  package internal(set) var failedAttempts = 0
  /// Messages refused for good or tried for too long; their groups try again at their next flush.
  package internal(set) var gaveUp = 0
  /// Messages that a full queue let go.
  package internal(set) var dropped = 0
  /// Messages that a newer state of their group replaced before they were sent.
  package internal(set) var replaced = 0
  /// Messages sent again though the first may have arrived.
  package internal(set) var possibleDuplicates = 0

  package init() {}

  mutating func succeeded(at now: Timestamp) {
    delivered += 1
    consecutiveFailures = 0
    failingSince = nil
    lastSuccessAt = now
  }

  mutating func failed(_ text: String, at now: Timestamp) {
    failedAttempts += 1
    consecutiveFailures += 1
    failingSince = failingSince ?? now
    lastError = text
    lastErrorAt = now
  }
}
