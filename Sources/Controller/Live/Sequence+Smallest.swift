extension Sequence where Element: Comparable {
  /// The `count` smallest elements, ascending, without sorting the others.
  func smallest(_ count: Int) -> [Element] {
    guard count > 0 else { return [] }
    var kept: [Element] = []
    // What is kept grows to twice as many before it is sorted and cut: each element is compared a few times.
    var bound: Element?
    for element in self {
      if let bound, bound <= element { continue }
      kept.append(element)
      guard kept.count >= 2 * count + 32 else { continue }
      kept.sort()
      kept.removeLast(kept.count - count)
      bound = kept.last
    }
    return Array(kept.sorted().prefix(count))
  }
}
