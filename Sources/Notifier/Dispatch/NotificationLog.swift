package import Model

/// What each channel was told last of each group, while that is worth knowing.
package struct NotificationLog: Sendable {
  package private(set) var entries: [NotificationLogEntry.Key: NotificationLogEntry] = [:]
  private var expiries = Heap<Expiry>()

  private struct Expiry: Comparable, Sendable {
    let at: Timestamp
    let key: NotificationLogEntry.Key

    static func < (left: Self, right: Self) -> Bool { left.at < right.at }
  }

  package init(_ entries: some Sequence<NotificationLogEntry> = []) {
    for entry in entries { record(entry) }
  }

  /// The entry of a key, unless it has expired.
  package func entry(_ key: NotificationLogEntry.Key, at now: Timestamp) -> NotificationLogEntry? {
    guard let entry = entries[key], entry.expiresAt > now else { return nil }
    return entry
  }

  package mutating func record(_ entry: NotificationLogEntry) {
    // An entry that lives on keeps the place in the heap that it has; the place is set anew when its time comes.
    if entries.updateValue(entry, forKey: entry.key) == nil {
      expiries.insert(Expiry(at: entry.expiresAt, key: entry.key))
    }
  }

  /// Forgets what has expired.
  package mutating func removeExpired(at now: Timestamp) {
    while let due = expiries.first, due.at <= now {
      expiries.removeFirst()
      guard let entry = entries[due.key] else { continue }
      if entry.expiresAt <= now {
        entries[due.key] = nil
      } else {
        expiries.insert(Expiry(at: entry.expiresAt, key: due.key))
      }
    }
  }

  /// Moves what `old` was told to `new`, for a channel that was renamed.
  package mutating func rename(channel old: ResourceID, to new: ResourceID) -> [NotificationLogEntry] {
    var renamed: [NotificationLogEntry] = []
    for (key, entry) in entries where key.channel == old {
      var moved = entry
      moved.key.channel = new
      entries[key] = nil
      renamed.append(moved)
    }
    for entry in renamed { record(entry) }
    return renamed
  }
}
