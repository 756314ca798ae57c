import Model

extension SeriesIndex {
  /// The places of the series that all of `matchers` accept, ascending.
  ///
  /// Equality is looked up. A pattern is tried on the label's values, or on the series that are left where those are
  /// fewer.
  func places(matching matchers: [Matcher]) -> [UInt32] {
    var found = places(equalIn: matchers)
    for matcher in matchers where !matcher.isLookup {
      if found?.isEmpty == true { return [] }
      found = narrowed(found, by: matcher)
    }
    return found ?? all
  }

  /// The places of the series that those of `matchers` accept which are looked up; `nil` when none is.
  func places(equalIn matchers: [Matcher]) -> [UInt32]? {
    var found: [UInt32]?
    for matcher in matchers where matcher.isLookup {
      let list = places[matcher.name]?[matcher.value] ?? []
      found = found.map { $0.intersection(list) } ?? list
      if found?.isEmpty == true { return [] }
    }
    return found
  }

  private func narrowed(_ found: [UInt32]?, by matcher: Matcher) -> [UInt32] {
    let values = places[matcher.name] ?? [:]
    if let found, found.count <= values.count { return found.filter { matcher.accepts(labels[Int($0)]) } }
    // A series without the label has the empty value.
    guard matcher.accepts("") else {
      let union = union(values) { matcher.accepts($0) }
      return found.map { $0.intersection(union) } ?? union
    }
    return (found ?? all).subtracting(union(values) { !matcher.accepts($0) })
  }

  private func union(_ values: [String: [UInt32]], _ accepts: (String) -> Bool) -> [UInt32] {
    // A series has one value of a label, so that no place comes twice.
    var union: [UInt32] = []
    for (value, places) in values where accepts(value) { union += places }
    return union.sorted()
  }

  /// The names of all labels, sorted.
  var labelNames: [String] { places.keys.sorted { $0.precedesInBytes($1) } }

  /// The values of one label, sorted.
  func values(of name: String) -> [String] {
    (places[name]?.keys).map { $0.sorted { $0.precedesInBytes($1) } } ?? []
  }
}

extension Matcher {
  /// Whether the series that it accepts are listed.
  var isLookup: Bool { operation == .equal && !value.isEmpty }
}

extension [UInt32] {
  /// Places in both ascending lists.
  fileprivate func intersection(_ other: [UInt32]) -> [UInt32] {
    let (small, large) = count <= other.count ? (self, other) : (other, self)
    // Where one is far shorter, its places are searched in the other.
    guard small.count * 16 > large.count else {
      return small.filter { place in
        let position = large.position(of: place)
        return position < large.count && large[position] == place
      }
    }
    var (common, index) = ([UInt32](), 0)
    for place in small {
      while index < large.count, large[index] < place { index += 1 }
      if index < large.count, large[index] == place { common.append(place) }
    }
    return common
  }

  /// This ascending list without the places of the other.
  fileprivate func subtracting(_ other: [UInt32]) -> [UInt32] {
    guard !other.isEmpty else { return self }
    var index = 0
    return filter { place in
      while index < other.count, other[index] < place { index += 1 }
      return index == other.count || other[index] != place
    }
  }
}
