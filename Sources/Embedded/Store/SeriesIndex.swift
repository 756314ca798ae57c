import Model

/// Which series there are: from labels to places in a table, and from each label to the places of its series.
///
/// A value: a query works on a copy of it while series are added to the other.
struct SeriesIndex: Sendable {
  /// Label name to label value to places, ascending.
  private(set) var places: [String: [String: [UInt32]]] = [:]
  private var placeOf: [Labels: UInt32] = [:]
  /// By place; empty where there is no series.
  private(set) var labels: [Labels] = []
  /// Counts the series that each place has held: it tells whether a place still is what it was.
  private(set) var generations: [UInt32] = []
  private var free: [UInt32] = []

  var count: Int { generations.count - free.count }

  /// All places in use, ascending.
  var all: [UInt32] {
    guard !free.isEmpty else { return Array(0..<UInt32(generations.count)) }
    let free = Set(free)
    return (0..<UInt32(generations.count)).filter { !free.contains($0) }
  }

  /// What ``places(matching:)`` needs: less to copy when series are added to the other meanwhile.
  var forMatching: SeriesIndex {
    var part = self
    part.placeOf = [:]
    return part
  }

  func place(of labels: Labels) -> UInt32? { placeOf[labels] }

  func reference(_ place: UInt32) -> SeriesReference {
    SeriesReference(place: place, generation: generations[Int(place)])
  }

  func isCurrent(_ reference: SeriesReference) -> Bool {
    Int(reference.place) < generations.count && generations[Int(reference.place)] == reference.generation
  }

  /// Takes in a series that isn't there. The texts of its labels are shared with those of other series.
  mutating func insert(_ labels: Labels) -> UInt32 {
    let place = free.popLast() ?? UInt32(generations.count)
    let shared = Labels(adopting: labels.pairs.map(shared)) ?? labels
    for pair in shared.pairs { places[pair.name, default: [:]][pair.value, default: []].insert(place: place) }
    placeOf[shared] = place
    if Int(place) == generations.count {
      generations.append(0)
      self.labels.append(shared)
    } else {
      self.labels[Int(place)] = shared
    }
    return place
  }

  /// The same label, in the memory of a series that has it.
  private func shared(_ label: Label) -> Label {
    guard let name = places.index(forKey: label.name) else { return label }
    let values = places[name].value
    let value = values.index(forKey: label.value).map { values[$0].key } ?? label.value
    return Label(places[name].key, value)
  }

  /// Takes a series out; references to it aren't current any more.
  mutating func remove(_ place: UInt32) {
    let labels = labels[Int(place)]
    guard placeOf.removeValue(forKey: labels) != nil else { return }
    self.labels[Int(place)] = .empty
    generations[Int(place)] &+= 1
    free.append(place)
    for pair in labels.pairs {
      places[pair.name]?[pair.value]?.remove(place: place)
      if places[pair.name]?[pair.value]?.isEmpty == true { places[pair.name]?[pair.value] = nil }
      if places[pair.name]?.isEmpty == true { places[pair.name] = nil }
    }
  }
}

/// A series of a ``SampleStore``: what a feed keeps so that labels are looked up once.
///
/// It is outdated once the series has left the store.
package struct SeriesReference: Hashable, Sendable {
  let place: UInt32
  let generation: UInt32
}

extension [UInt32] {
  /// The first index whose place isn't before `place`, in an ascending list.
  func position(of place: UInt32) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < place { low = middle + 1 } else { high = middle }
    }
    return low
  }

  fileprivate mutating func insert(place: UInt32) {
    if let last, last >= place { insert(place, at: position(of: place)) } else { append(place) }
  }

  fileprivate mutating func remove(place: UInt32) {
    let position = position(of: place)
    if position < count, self[position] == place { remove(at: position) }
  }
}
