/// Who may query a data source next: a limit on queries at once, shared fairly among tenants.
///
/// Tenants that wait take turns, however many queries each has waiting. As long as several tenants use the source,
/// none may take the last quarter of the places: whoever is slow always leaves room for the others.
package struct SourceQueue: Sendable {
  /// One wish to query, as its owner numbered it.
  package typealias Ticket = UInt64

  private struct Tenant: Sendable {
    var running = 0
    var waiting = Line<Ticket>()
  }

  /// Queries at once; at least 1.
  package private(set) var limit: Int
  package private(set) var running = 0
  package private(set) var waiting = 0
  private var tenants: [String: Tenant] = [:]
  /// The tenants that wait, in the order of their turns.
  private var turns = Line<String>()

  package init(limit: Int) {
    self.limit = max(1, limit)
  }

  /// Asks for a place for a tenant, `""` being the platform; the ticket that may begin now, if any.
  package mutating func request(_ ticket: Ticket, for tenant: String) -> Ticket? {
    tenants[tenant, default: Tenant()].waiting.append(ticket)
    if tenants[tenant]?.waiting.count == 1 { turns.append(tenant) }
    waiting += 1
    return startNext()
  }

  /// Gives a tenant's place back; the ticket that may begin now, if any.
  package mutating func finish(for tenant: String) -> Ticket? {
    guard let state = tenants[tenant], state.running > 0 else { return nil }
    running -= 1
    tenants[tenant]?.running -= 1
    return startNext()
  }

  /// Sets the limit; the tickets that may begin now.
  package mutating func setLimit(_ limit: Int) -> [Ticket] {
    self.limit = max(1, limit)
    var started: [Ticket] = []
    while let ticket = startNext() { started.append(ticket) }
    return started
  }

  /// The tickets of everybody who waits.
  package var drained: [Ticket] { tenants.values.flatMap(\.waiting.remaining).sorted() }

  private mutating func startNext() -> Ticket? {
    guard running < limit, let turn = turns.firstIndex(where: mayRun) else { return nil }
    let tenant = turns.remove(at: turn)
    guard let ticket = tenants[tenant]?.waiting.removeFirst() else { return nil }
    running += 1
    waiting -= 1
    tenants[tenant]?.running += 1
    if tenants[tenant]?.waiting.count != 0 { turns.append(tenant) }
    return ticket
  }

  private func mayRun(_ tenant: String) -> Bool {
    guard tenants.count > 1, limit > 1, let state = tenants[tenant] else { return true }
    return state.running < limit - max(1, limit / 4)
  }
}

/// First in, first out, without moving what waits at each step.
private struct Line<Element: Sendable>: Sendable {
  private var elements: [Element] = []
  private var head = 0

  var count: Int { elements.count - head }
  var remaining: ArraySlice<Element> { elements[head...] }

  mutating func append(_ element: Element) {
    elements.append(element)
  }

  mutating func removeFirst() -> Element? {
    count > 0 ? remove(at: head) : nil
  }

  func firstIndex(where isWanted: (Element) -> Bool) -> Int? {
    elements[head...].firstIndex(where: isWanted)
  }

  /// Takes out one element, almost always the first.
  mutating func remove(at index: Int) -> Element {
    let element = elements[index]
    for position in stride(from: index, to: head, by: -1) { elements.swapAt(position, position - 1) }
    head += 1
    if head > 64, head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }
}
