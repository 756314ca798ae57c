package import Model

/// When which group is evaluated next.
///
/// Ticks that pass while a group is still being evaluated are skipped, never queued, and evaluations of one group never
/// overlap. A group that a change brought is evaluated at once and then goes on along its grid, unlike in Prometheus,
/// where it waits for its slot: whoever merges a rule sees within seconds that it is live. Within ``promptWindow`` at
/// most ``promptLimit`` groups are so hurried, lest a start or a large change ask everything at once.
package struct Schedule: Sendable {
  /// The most groups that are hurried within ``promptWindow``.
  package static let promptLimit = 100
  /// The time over which hurried groups are counted.
  package static let promptWindow: Duration = .seconds(10)

  /// A group whose turn has come.
  package struct Due: Hashable, Sendable {
    package let group: ResourceID
    /// The instant of the evaluation.
    package let instant: Timestamp
    /// The ticks skipped before it.
    package let missed: Int
    /// Tells this life of the group from the ones before and after a change.
    package let number: UInt64
  }

  private struct Entry {
    var grid: EvaluationGrid
    var number: UInt64
    var isRunning = false
  }

  private struct Slot: Comparable {
    var due: Timestamp
    var number: UInt64
    var group: ResourceID

    static func < (left: Slot, right: Slot) -> Bool { (left.due, left.number) < (right.due, right.number) }
    static func == (left: Slot, right: Slot) -> Bool { left.number == right.number && left.due == right.due }
  }

  private var entries: [ResourceID: Entry] = [:]
  private var heap = Heap<Slot>()
  private var nextNumber: UInt64 = 0
  /// The hurried groups, and since when they are counted.
  private var hurried: (count: Int, since: Timestamp) = (0, .epoch)

  package init() {}

  package var count: Int { entries.count }

  /// The next instant at which a group is due; `nil` without one.
  package mutating func nextDue() -> Timestamp? {
    while let first = heap.first {
      if entries[first.group]?.number == first.number { return first.due }
      heap.removeFirst()
    }
    return nil
  }

  /// Adds a group, or replaces the one of that id; none of its evaluations comes before `last`.
  package mutating func put(
    _ group: ResourceID, _ grid: EvaluationGrid, last: Timestamp? = nil, at now: Timestamp
  ) {
    nextNumber += 1
    if now - hurried.since >= Self.promptWindow || now < hurried.since { hurried = (0, now) }
    let isPrompt = hurried.count < Self.promptLimit
    if isPrompt { hurried.count += 1 }
    entries[group] = Entry(grid: grid, number: nextNumber)
    let promptly = max(now.roundedDown(to: .seconds(1)), last ?? .epoch)
    heap.insert(
      Slot(due: isPrompt ? promptly : grid.instant(after: now), number: nextNumber, group: group))
  }

  /// Forgets a group.
  package mutating func remove(_ group: ResourceID) {
    entries[group] = nil
  }

  /// The groups that are due, in the order in which they became so; they count as being evaluated from now on.
  package mutating func takeDue(at now: Timestamp) -> [Due] {
    var due: [Due] = []
    while let next = nextDue(), next <= now, let slot = heap.removeFirst() {
      guard let grid = entries[slot.group]?.grid else { continue }
      let instant = max(slot.due, grid.instant(notAfter: now))
      let missed = (instant - slot.due).wholeMilliseconds / grid.interval.wholeMilliseconds
      entries[slot.group]?.isRunning = true
      due.append(Due(group: slot.group, instant: instant, missed: Int(missed), number: slot.number))
    }
    return due
  }

  /// Ends an evaluation: the group's next one is due at the instant that follows on its grid.
  package mutating func finish(_ due: Due) {
    guard let entry = entries[due.group], entry.number == due.number, entry.isRunning else { return }
    entries[due.group]?.isRunning = false
    heap.insert(Slot(due: entry.grid.instant(after: due.instant), number: due.number, group: due.group))
  }

  /// Whether the group that was due is still the one there is.
  package func isCurrent(_ due: Due) -> Bool { entries[due.group]?.number == due.number }
}

/// A binary heap: the smallest element first.
struct Heap<Element: Comparable> {
  private var elements: [Element] = []

  var first: Element? { elements.first }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var index = elements.count - 1
    while index > 0, elements[index] < elements[(index - 1) / 2] {
      elements.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  @discardableResult
  mutating func removeFirst() -> Element? {
    guard let last = elements.popLast() else { return nil }
    guard let first = elements.first else { return last }
    elements[0] = last
    var index = 0
    while true {
      var smallest = index
      for child in [2 * index + 1, 2 * index + 2] where child < elements.count && elements[child] < elements[smallest] {
        smallest = child
      }
      guard smallest != index else { return first }
      elements.swapAt(index, smallest)
      index = smallest
    }
  }
}

extension Heap: Sendable where Element: Sendable {}
