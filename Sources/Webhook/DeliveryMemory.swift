/// The deliveries seen last, so that a redelivery is known as one; a set of a bounded size.
package struct DeliveryMemory: Sendable {
  private let limit: Int
  private var known: Set<String> = []
  /// The same in the order of their coming; `next` is the oldest, once it is full.
  private var ring: [String] = []
  private var next = 0

  package init(limit: Int = 4096) {
    self.limit = max(1, limit)
  }

  package var count: Int { known.count }

  /// Remembers a delivery; `false` when it is remembered already.
  package mutating func note(_ delivery: String) -> Bool {
    guard known.insert(delivery).inserted else { return false }
    if ring.count < limit {
      ring.append(delivery)
    } else {
      known.remove(ring[next])
      ring[next] = delivery
      next = (next + 1) % limit
    }
    return true
  }
}
