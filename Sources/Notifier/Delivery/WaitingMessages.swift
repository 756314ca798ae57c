import Model

/// The messages of one channel that wait, at most one for each key: by what goes next, by when each may go, and by
/// what is let go first. Every change takes logarithmic time.
struct WaitingMessages: Sendable {
  /// A message with what was tried so far.
  struct Item: Sendable {
    var delivery: Delivery
    /// Names it as long as it waits or is under way.
    let ticket: UInt64
    /// Position in the platform's scale, 0 for the gravest.
    let severity: Int
    let isFiring: Bool
    /// Since when there is something to send for its key: its age in the order.
    let since: Timestamp
    var attempts = 0
    /// How often it waited because nobody could take it.
    var pauses = 0
    /// When it was first tried: its budget counts from here.
    var triedSince: Timestamp?
    var wasAmbiguous = false
    /// The most messages that may be merged with it: less after a merged post was refused that it was in.
    var mergeLimit = Int.max
    var notBefore: Timestamp?
    /// Nobody wants it any more, but it is on its way.
    var isWithdrawn = false

    var rank: Rank { Rank(severity: severity, isFiring: isFiring, since: since, ticket: ticket) }
  }

  /// What goes first: severity, then firing before resolved, then age.
  struct Rank: Comparable, Sendable {
    let severity: Int
    let isFiring: Bool
    let since: Timestamp
    let ticket: UInt64

    static func < (left: Self, right: Self) -> Bool {
      if left.severity != right.severity { return left.severity < right.severity }
      if left.isFiring != right.isFiring { return left.isFiring }
      if left.since != right.since { return left.since < right.since }
      return left.ticket < right.ticket
    }
  }

  private struct Backwards: Comparable, Sendable {
    let rank: Rank

    static func < (left: Self, right: Self) -> Bool { right.rank < left.rank }
  }

  private var items: [UInt64: Item] = [:]
  private var tickets: [NotificationLogEntry.Key: UInt64] = [:]
  /// Those that may go now.
  private var ready = IndexedHeap<UInt64, Rank>()
  /// Those that may go later, by when.
  private var delayed = IndexedHeap<UInt64, Timestamp>()
  /// All of them, the least important first.
  private var expendable = IndexedHeap<UInt64, Backwards>()

  var count: Int { items.count }
  var isEmpty: Bool { items.isEmpty }
  var readyCount: Int { ready.count }
  /// The next that goes; see ``promote(at:)``.
  var first: Item? { ready.first.flatMap { items[$0.id] } }
  /// When the first of those comes that may go later.
  var nextReady: Timestamp? { delayed.first?.rank }

  subscript(key: NotificationLogEntry.Key) -> Item? { tickets[key].flatMap { items[$0] } }

  /// Puts an item in, in place of one with its key.
  ///
  /// `isHeld`: its key is under way, and it waits for ``release(_:)``.
  mutating func insert(_ item: Item, isHeld: Bool) {
    remove(item.delivery.key)
    items[item.ticket] = item
    tickets[item.delivery.key] = item.ticket
    expendable.set(item.ticket, Backwards(rank: item.rank))
    if !isHeld { queue(item) }
  }

  /// Lets an item go whose key was under way.
  mutating func release(_ key: NotificationLogEntry.Key) {
    if let item = self[key] { queue(item) }
  }

  private mutating func queue(_ item: Item) {
    if let notBefore = item.notBefore {
      delayed.set(item.ticket, notBefore)
    } else {
      ready.set(item.ticket, item.rank)
    }
  }

  @discardableResult
  mutating func remove(_ key: NotificationLogEntry.Key) -> Item? {
    guard let ticket = tickets.removeValue(forKey: key) else { return nil }
    ready.remove(ticket)
    delayed.remove(ticket)
    expendable.remove(ticket)
    return items.removeValue(forKey: ticket)
  }

  mutating func removeFirst() -> Item? { first.flatMap { remove($0.delivery.key) } }

  mutating func removeLeastImportant() -> Item? {
    expendable.first.flatMap { items[$0.id] }.flatMap { remove($0.delivery.key) }
  }

  /// Readies those whose time has come.
  mutating func promote(at now: Timestamp) {
    while let (ticket, time) = delayed.first, time <= now {
      delayed.remove(ticket)
      if let item = items[ticket] { ready.set(ticket, item.rank) }
    }
  }
}
