package import Model

/// One message on its way to one channel, with what the notification log is to hold once it has arrived.
package struct Delivery: Sendable {
  /// Unique in its dispatcher.
  package let id: UInt64
  package let key: NotificationLogEntry.Key
  package internal(set) var message: Message
  /// Fingerprints, ascending; those resolved are there even where the channel isn't told of resolutions.
  package internal(set) var firing: [Fingerprint]
  package let resolved: [Fingerprint]
  let retained: Retained
  package let repeatInterval: Duration
  package let groupInterval: Duration
  let group: GroupHandle
  /// For a notification of firing alerts that some bound counts.
  var notice: Notice?

  /// What a bound needs to know of a notification.
  struct Notice: Sendable {
    /// The rule's position in the dispatcher.
    let rule: Int
    /// Whether all alerts that fire are critical.
    let isCritical: Bool
    /// How many alerts of the rule it says were held back before.
    let heldBack: Int
  }

  /// What the log goes on listing: alerts that were told before, and were muted when this was made.
  struct Retained: Sendable {
    var firing: [Fingerprint] = []
    var resolved: [Fingerprint] = []

    /// `entry` with those of these that `old`, the entry before it, still lists.
    func kept(in entry: NotificationLogEntry, from old: NotificationLogEntry?) -> NotificationLogEntry {
      guard let old, !firing.isEmpty || !resolved.isEmpty else { return entry }
      var entry = entry
      entry.firing = entry.firing.merged(with: firing.filter { old.firing.contains($0) })
      entry.resolved = entry.resolved.merged(with: resolved.filter { old.resolved.contains($0) })
      return entry
    }
  }

  /// The log's entry once this has arrived at `now`, in place of `old`.
  ///
  /// `handle`: what the destination calls the message; without one, what it called the last of the same trouble.
  func entry(at now: Timestamp, handle: String?, after old: NotificationLogEntry?) -> NotificationLogEntry {
    let entry = NotificationLogEntry(
      key: key, sentAt: now, expiresAt: now + Deduplication.lifetime(repeatInterval: repeatInterval), firing: firing,
      resolved: resolved)
    var new = retained.kept(in: entry, from: old)
    if !new.firing.isEmpty { new.handle = handle ?? (message.reason == .first ? nil : old?.handle) }
    return new
  }
}

/// Names one group for as long as it lives; a later one in the same place has another serial number.
struct GroupHandle: Hashable, Sendable {
  let position: Int
  let serial: UInt64
}

/// What came of one group's timer.
package struct Flush: Sendable {
  package var groupKey: String
  package var at: Timestamp
  /// To be sent; each takes the place of what is queued for the same key.
  package var deliveries: [Delivery] = []
  /// No longer to be sent, if it hasn't begun.
  package var withdrawn: [NotificationLogEntry.Key] = []
  /// What would have been sent: in scopes that only observe, and what a bound holds back.
  package var observed: [DeliveryRecord] = []
  /// Entries of the notification log that changed without anything being sent.
  package var entries: [NotificationLogEntry] = []

  /// What came of another group at the same time; comes after this.
  mutating func add(_ other: Flush) {
    deliveries += other.deliveries
    withdrawn += other.withdrawn
    observed += other.observed
    entries += other.entries
  }

  var isEmpty: Bool { deliveries.isEmpty && withdrawn.isEmpty && observed.isEmpty && entries.isEmpty }
}
