/// How a scope stands towards the repository. The words are exact: YAML, API, logs and docs use them.
package enum SyncStatus: String, Hashable, Sendable, CaseIterable {
  case synced = "Synced"
  case progressing = "Progressing"
  /// Some of what is below is held.
  case partial = "Partial"
  /// The last good revision stays live; see ``HeldReason``.
  case held = "Held"
  /// A newer revision was seen and not yet attempted.
  case outOfSync = "OutOfSync"
  case suspended = "Suspended"
  case unknown = "Unknown"
}

/// Whether what is live works.
package enum HealthStatus: String, Hashable, Sendable, CaseIterable {
  case healthy = "Healthy"
  case progressing = "Progressing"
  case degraded = "Degraded"
  case suspended = "Suspended"
  case unknown = "Unknown"
}

/// Why a scope or a resource is held.
package enum HeldReason: String, Hashable, Sendable, CaseIterable {
  case validationFailed = "ValidationFailed"
  case notAuthorised = "NotAuthorised"
  case guardTripped = "GuardTripped"
  case historyRewritten = "HistoryRewritten"
  /// A resource was removed that a held scope still uses; it alone stays live.
  case stillReferenced = "StillReferenced"
  /// The scope names something that won't be live, because the scope that has it is held.
  case dependencyHeld = "DependencyHeld"
}

/// What made the controller look at the repository.
package enum SyncTrigger: String, Hashable, Sendable, CaseIterable {
  case startup, poll, webhook, signal, retry
}
