package import Model

/// How long an alert's condition must hold before it fires, and how long it goes on firing afterwards.
package struct Hold: Hashable, Sendable {
  /// A rule's `for`.
  package var beforeFiring: Duration
  /// A rule's `keep_firing_for`.
  package var afterwards: Duration

  package init(beforeFiring: Duration = .zero, afterwards: Duration = .zero) {
    self.beforeFiring = beforeFiring
    self.afterwards = afterwards
  }
}

/// Where an active alert stands; Prometheus's state machine without its retained, resolved alerts.
package enum ActivePhase: Hashable, Sendable {
  /// The condition holds since then, not yet for long enough.
  case pending(since: Timestamp)
  /// It fires since `since`; the condition holds since `activeAt`, or ended at `keptSince`.
  case firing(activeAt: Timestamp, since: Timestamp, keptSince: Timestamp?)

  /// What a step changed.
  package enum Change: Hashable, Sendable {
    case startedFiring
    /// Back to pending: the hold is now longer than the condition has held.
    case holdRaised
    /// The alert is over; the phase stays as it was last.
    case ended
  }

  /// Since when the condition holds.
  package var activeAt: Timestamp {
    switch self {
    case .pending(let since): since
    case .firing(let activeAt, _, _): activeAt
    }
  }

  /// Goes on to `now`, when the condition was found to hold or not.
  package mutating func step(isActive: Bool, at now: Timestamp, hold: Hold) -> Change? {
    switch self {
    case .pending(let since):
      guard isActive else { return .ended }
      guard now - since >= hold.beforeFiring else { return nil }
      self = .firing(activeAt: since, since: now, keptSince: nil)
      return .startedFiring
    case .firing(let activeAt, let since, var keptSince):
      if isActive {
        keptSince = nil
      } else {
        let ended = keptSince ?? now
        guard now - ended < hold.afterwards else { return .ended }
        keptSince = ended
      }
      guard now - activeAt >= hold.beforeFiring else {
        self = .pending(since: activeAt)
        return .holdRaised
      }
      self = .firing(activeAt: activeAt, since: since, keptSince: keptSince)
      return nil
    }
  }
}
