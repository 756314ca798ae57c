package import Model

/// Whether a group's alerts are to be told to a channel, given what it was told before.
package enum Deduplication {
  /// Alertmanager's table, first match wins; `nil` when there is nothing to say.
  ///
  /// - `firing`: fingerprints of the alerts that fire, ascending.
  /// - `resolved`: fingerprints of those that have resolved, ascending.
  /// - `entry`: what the channel was told last; `nil` when nothing, or too long ago.
  /// - `sendsResolved`: the channel's `send_resolved`.
  /// - `tick`: when the group's timer expired.
  package static func reason(
    firing: [Fingerprint], resolved: [Fingerprint], entry: NotificationLogEntry?, sendsResolved: Bool,
    repeatInterval: Duration, at tick: Timestamp
  ) -> NotificationReason? {
    guard let entry else { return firing.isEmpty ? nil : .first }
    if !firing.isSubset(of: entry.firing) { return entry.firing.isEmpty ? .first : .newAlerts }
    // Whether or not resolutions are sent: this is what clears the log.
    if firing.isEmpty { return entry.firing.isEmpty ? nil : .allResolved }
    if sendsResolved, !resolved.isSubset(of: entry.resolved) { return .someResolved }
    return entry.sentAt < tick - repeatInterval ? .repeated : nil
  }

  /// How long an entry is kept: twice the repeat interval, and at least five days.
  ///
  /// Alertmanager takes the smaller of the two. Then a repeat interval above five days repeats too early, and with
  /// a short one a channel that was down for a while never hears of a resolution.
  package static func lifetime(repeatInterval: Duration) -> Duration {
    max(repeatInterval * 2, .seconds(120 * 3600))
  }
}

extension [Fingerprint] {
  /// Whether each of these is in `other`; both ascending.
  func isSubset(of other: [Fingerprint]) -> Bool {
    guard count <= other.count else { return false }
    var position = 0
    for element in self {
      while position < other.count, other[position] < element { position += 1 }
      guard position < other.count, other[position] == element else { return false }
    }
    return true
  }

  /// Whether `fingerprint` is among these, which ascend.
  func includes(_ fingerprint: Fingerprint) -> Bool {
    let position = insertionPoint(of: fingerprint)
    return position < count && self[position] == fingerprint
  }

  /// Puts `fingerprint` among these, which ascend.
  mutating func include(_ fingerprint: Fingerprint) {
    let position = insertionPoint(of: fingerprint)
    if position == count || self[position] != fingerprint { insert(fingerprint, at: position) }
  }

  private func insertionPoint(of fingerprint: Fingerprint) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < fingerprint { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Those of these that are not in `other`.
  func removing(_ other: Set<Fingerprint>) -> [Fingerprint] {
    other.isEmpty ? self : filter { !other.contains($0) }
  }

  /// Both together, ascending, each once.
  func merged(with other: [Fingerprint]) -> [Fingerprint] {
    other.isEmpty ? self : Set(self).union(other).sorted()
  }
}
