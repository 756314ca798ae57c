package import Model

/// Whether the ledger takes what it is given.
package enum LedgerCondition: Hashable, Sendable {
  case healthy
  /// Since when nothing could be written, why, and how many rows were given up in that time.
  case failing(since: Timestamp, message: String, dropped: Int)
}

/// What waits to be written, as a value: what to write next, what to keep when writing fails, what to give up.
struct Backlog {
  /// How much may wait.
  struct Limits: Hashable, Sendable {
    /// Rows of each history table; the oldest are given up.
    var history = 20_000
    /// Changed alerts, and entries of the notification log, after only the newest change of each is left.
    var state = 500_000
    /// Batches that wait side by side before they are made one.
    var batches = 256
  }

  /// A batch, and who wants to know what becomes of it.
  struct Entry {
    var batch: LedgerBatch
    var waiting: [AsyncStream<Bool>.Continuation] = []
  }

  let limits: Limits
  private(set) var condition = LedgerCondition.healthy
  /// Rows given up since the start.
  private(set) var dropped = 0
  /// Why a batch was given up last that the ledger would never take.
  private(set) var lastRefusal: String?
  private var entries: [Entry] = []
  /// The state changes left after the last compaction; the next waits until they have doubled.
  private var compacted = 0

  init(limits: Limits) {
    self.limits = limits
  }

  var isEmpty: Bool { entries.isEmpty }

  var isFailing: Bool { condition != .healthy }

  mutating func add(_ entry: Entry) {
    entries.append(entry)
    if isFailing || entries.count > limits.batches { merge() }
  }

  /// Everything that waits, to be written in one transaction.
  mutating func take() -> [Entry] {
    defer { entries = [] }
    return entries
  }

  /// Notes that a write succeeded.
  mutating func recover() {
    condition = .healthy
  }

  /// Keeps what could not be written, in front of what came meanwhile. Nobody waits for it any longer.
  mutating func fail(_ failed: [Entry], _ message: String, at now: Timestamp) {
    if case .failing(let since, _, let dropped) = condition {
      condition = .failing(since: since, message: message, dropped: dropped)
    } else {
      condition = .failing(since: now, message: message, dropped: 0)
    }
    entries = failed + entries
    merge()
  }

  /// Gives up a batch that the ledger will never take.
  mutating func refuse(_ entry: Entry, _ text: String) {
    lastRefusal = text
    drop(entry.batch.stateCount + entry.batch.historyCount)
    for waiting in entry.waiting { waiting.yield(false) }
  }

  /// Counts rows that will never be written.
  private mutating func drop(_ count: Int) {
    guard count > 0 else { return }
    dropped += count
    if case .failing(let since, let message, let before) = condition {
      condition = .failing(since: since, message: message, dropped: before + count)
    }
  }

  /// Makes one entry of all, within the limits. While failing, nobody waits.
  private mutating func merge() {
    guard var all = entries.first else { return }
    let later = entries.dropFirst()
    entries = []
    for entry in later {
      all.batch.append(entry.batch)
      all.waiting += entry.waiting
    }
    if all.batch.stateCount > 2 * compacted + 1024 {
      all.batch.compact()
      compacted = all.batch.stateCount
    }
    let shed = all.batch.shed(history: limits.history, state: limits.state)
    drop(shed)
    if isFailing || shed > 0 {
      for waiting in all.waiting { waiting.yield(false) }
      all.waiting = []
    }
    entries = [all]
  }
}
