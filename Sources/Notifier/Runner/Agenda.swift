import Model

/// Who has something to do, and when: each key at most once.
struct Agenda<Key: Hashable & Sendable>: Sendable {
  private var due: [Key: Timestamp] = [:]
  private var heap = Heap<Entry>()
  private var lastTicket: UInt64 = 0

  private struct Entry: Comparable, Sendable {
    let at: Timestamp
    let ticket: UInt64
    let key: Key

    static func < (left: Self, right: Self) -> Bool {
      left.at != right.at ? left.at < right.at : left.ticket < right.ticket
    }
    static func == (left: Self, right: Self) -> Bool { left.ticket == right.ticket }
  }

  /// The earliest time in it.
  var next: Timestamp? { heap.first?.at }

  /// Sets the time of a key, or takes the key out.
  mutating func set(_ key: Key, at time: Timestamp?) {
    guard due[key] != time else { return }
    due[key] = time
    if let time {
      lastTicket += 1
      heap.insert(Entry(at: time, ticket: lastTicket, key: key))
    }
    dropVoid()
  }

  /// Takes out the keys whose time has come, earliest first.
  mutating func takeDue(at now: Timestamp) -> [Key] {
    var keys: [Key] = []
    while let entry = heap.first, entry.at <= now {
      heap.removeFirst()
      guard due[entry.key] == entry.at else { continue }
      due[entry.key] = nil
      keys.append(entry.key)
    }
    dropVoid()
    return keys
  }

  private mutating func dropVoid() {
    while let entry = heap.first, due[entry.key] != entry.at { heap.removeFirst() }
  }
}
