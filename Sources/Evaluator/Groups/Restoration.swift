package import Model

/// What becomes of recorded alerts when the controller starts again.
package enum Restoration {
  /// The longest outage during which pending alerts' clocks go on.
  package static let outageTolerance: Duration = .seconds(3600)

  /// The active alerts among `recorded` as they stand at `now`.
  ///
  /// Firing alerts go on firing until an evaluation says otherwise, with all their clocks. The clock of a pending
  /// alert goes on over an outage of at most ``outageTolerance`` and starts anew after a longer one. The outage began
  /// at `lastAliveAt`, when the records were last known to be true.
  package static func alerts(_ recorded: [Alert], lastAliveAt: Timestamp, now: Timestamp) -> [Alert] {
    let isLong = now - lastAliveAt > outageTolerance
    return recorded.compactMap { alert in
      guard alert.state != .resolved else { return nil }
      guard isLong, alert.state == .pending else { return alert }
      var restarted = alert
      restarted.activeAt = now
      return restarted
    }
  }
}
