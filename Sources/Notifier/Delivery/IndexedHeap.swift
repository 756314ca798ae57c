/// A binary heap of named elements: the smallest first, and any of them can be taken out or moved in logarithmic time.
struct IndexedHeap<ID: Hashable & Sendable, Rank: Comparable & Sendable>: Sendable {
  private var elements: [(id: ID, rank: Rank)] = []
  private var positions: [ID: Int] = [:]

  var first: (id: ID, rank: Rank)? { elements.first }
  var count: Int { elements.count }
  var isEmpty: Bool { elements.isEmpty }

  /// Puts an element in, or gives it another rank.
  mutating func set(_ id: ID, _ rank: Rank) {
    if let position = positions[id] {
      elements[position].rank = rank
      settle(position)
    } else {
      elements.append((id, rank))
      positions[id] = elements.count - 1
      rise(elements.count - 1)
    }
  }

  mutating func remove(_ id: ID) {
    guard let position = positions.removeValue(forKey: id), let last = elements.popLast() else {
      return
    }
    guard position < elements.count else { return }
    elements[position] = last
    positions[last.id] = position
    settle(position)
  }

  private mutating func settle(_ position: Int) {
    rise(position)
    sink(position)
  }

  private mutating func rise(_ position: Int) {
    var child = position
    while child > 0, elements[child].rank < elements[(child - 1) / 2].rank {
      swap(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func sink(_ position: Int) {
    var parent = position
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < elements.count && elements[child].rank < elements[smallest].rank {
        smallest = child
      }
      guard smallest != parent else { return }
      swap(parent, smallest)
      parent = smallest
    }
  }

  private mutating func swap(_ left: Int, _ right: Int) {
    elements.swapAt(left, right)
    positions[elements[left].id] = left
    positions[elements[right].id] = right
  }
}
