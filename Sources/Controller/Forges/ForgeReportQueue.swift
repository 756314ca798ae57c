import Forge
import Model

/// Which pull request is meant: a number where a commit's message says it, else what the forge says of some commits.
struct PullLocator: Hashable, Sendable {
  var number: Int?
  /// Asked for in this order.
  var commits: [ObjectID]
}

/// One thing to tell the forge.
enum ForgeReport: Hashable, Sendable {
  case status(ObjectID, CommitStatus)
  case outcome(PullLocator, [Scope: HeldSection])

  /// What a newer report takes the place of.
  enum Key: Hashable, Sendable {
    case status(ObjectID, context: String)
    case outcome(PullLocator)
  }

  var key: Key {
    switch self {
    case .status(let commit, let status): .status(commit, context: status.context)
    case .outcome(let locator, _): .outcome(locator)
    }
  }

  /// The later report of two with one key; what the earlier says of other scopes is kept.
  fileprivate func replaced(by later: ForgeReport) -> ForgeReport {
    guard case .outcome(_, let earlier) = self, case .outcome(let locator, let sections) = later else { return later }
    return .outcome(locator, earlier.merging(sections) { $1 })
  }
}

/// Reports that wait to be sent: bounded, one for each commit and context, tried again later and later.
///
/// A value that takes the time: no clock, no network.
struct ForgeReportQueue: Sendable {
  /// How many reports ended how.
  struct Counters: Hashable, Sendable {
    var sent = 0
    /// Refused by the forge, or tried too often.
    var failed = 0
    /// Let go because the queue was full.
    var dropped = 0
  }

  private struct Entry {
    var report: ForgeReport
    var attempts = 0
    var due: Timestamp
  }

  private var entries: [ForgeReport.Key: Entry] = [:]
  /// The keys in the order in which they came.
  private var order: [ForgeReport.Key] = []
  /// The forge asked for silence until then.
  private var silentUntil: Timestamp?
  private(set) var counters = Counters()
  private let capacity: Int
  /// How often one report is tried: with the pauses, about an hour.
  private static let attemptLimit = 16

  init(capacity: Int = 1000) {
    self.capacity = capacity
  }

  var count: Int { entries.count }

  /// Takes a report in; one with the same key that waits is replaced and keeps its place.
  mutating func add(_ report: ForgeReport, at now: Timestamp) {
    let key = report.key
    if let waiting = entries[key] {
      entries[key]?.report = waiting.report.replaced(by: report)
      return
    }
    if order.count >= capacity {
      entries[order.removeFirst()] = nil
      counters.dropped += 1
    }
    order.append(key)
    entries[key] = Entry(report: report, due: now)
  }

  /// Takes out the first report that is due, with how often it was tried.
  mutating func next(at now: Timestamp) -> (report: ForgeReport, attempts: Int)? {
    if let silentUntil, now < silentUntil { return nil }
    silentUntil = nil
    guard let index = order.firstIndex(where: { entries[$0].map { $0.due <= now } ?? true }) else { return nil }
    guard let entry = entries.removeValue(forKey: order.remove(at: index)) else { return nil }
    return (entry.report, entry.attempts)
  }

  /// When there is something to do next; `nil` while nothing waits.
  var due: Timestamp? {
    guard let first = entries.values.map(\.due).min() else { return nil }
    return silentUntil.map { max($0, first) } ?? first
  }

  mutating func sent() { counters.sent += 1 }
  mutating func refused() { counters.failed += 1 }

  /// Takes back a report that couldn't be sent now; `false` when it was given up.
  ///
  /// A newer one with its key, come meanwhile, wins. `pause`: how long the forge asked for silence. The pauses double
  /// from 2 seconds to 5 minutes.
  mutating func failed(_ report: ForgeReport, attempts: Int, pause: Duration?, at now: Timestamp) -> Bool {
    if let pause { silentUntil = max(silentUntil ?? now, now + pause) }
    let key = report.key
    if let newer = entries[key] {
      entries[key]?.report = report.replaced(by: newer.report)
      return true
    }
    guard attempts + 1 < Self.attemptLimit, order.count < capacity else {
      counters.failed += 1
      return false
    }
    let wait = min(Duration.seconds(2) * Double(1 << min(attempts, 10)), .seconds(300))
    order.append(key)
    entries[key] = Entry(report: report, attempts: attempts + 1, due: now + wait)
    return true
  }
}
