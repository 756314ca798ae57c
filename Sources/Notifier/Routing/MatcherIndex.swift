import Model

/// Many lists of matchers, and which of them accept a label set, found without trying each.
///
/// Each list that demands a label's value (`team="db"`) is filed under that value; only those filed under a value that
/// the label set has, and those that demand none, are tried.
struct MatcherIndex: Sendable {
  private let lists: [[Matcher]]
  private var filed: [Filed] = []
  private var unfiled: [Int] = []

  /// The lists that demand one value of one label.
  private struct Filed {
    let name: String
    var positions: [String: [Int]] = [:]
  }

  /// `lists`: all matchers of a list must accept; an empty list accepts everything.
  init(_ lists: [[Matcher]]) {
    self.lists = lists
    var demand: [Label: Int] = [:]
    for list in lists {
      for matcher in list where matcher.demandsValue { demand[Label(matcher.name, matcher.value), default: 0] += 1 }
    }
    var columns: [String: Int] = [:]
    for (position, list) in lists.enumerated() {
      // The rarest of the demanded values narrows the most.
      let rarest = list.filter(\.demandsValue).min { left, right in
        (demand[Label(left.name, left.value)] ?? 0, left) < (demand[Label(right.name, right.value)] ?? 0, right)
      }
      guard let rarest else {
        unfiled.append(position)
        continue
      }
      let column = columns[rarest.name] ?? filed.count
      if column == filed.count {
        columns[rarest.name] = column
        filed.append(Filed(name: rarest.name))
      }
      filed[column].positions[rarest.value, default: []].append(position)
    }
  }

  var isEmpty: Bool { lists.isEmpty }

  /// Calls `body` with the position of each list that accepts `labels`, ascending, until it returns `false`.
  func forEachAccepting(_ labels: Labels, _ body: (Int) -> Bool) {
    var candidates = unfiled
    var sources = unfiled.isEmpty ? 0 : 1
    for column in filed {
      guard let positions = column.positions[labels[column.name]] else { continue }
      sources += 1
      if candidates.isEmpty { candidates = positions } else { candidates.append(contentsOf: positions) }
    }
    if sources > 1 { candidates.sort() }
    for position in candidates where accepts(position, labels) {
      guard body(position) else { return }
    }
  }

  private func accepts(_ position: Int, _ labels: Labels) -> Bool {
    for matcher in lists[position] where !matcher.accepts(labels) { return false }
    return true
  }

  /// The positions of all lists that accept `labels`, ascending.
  func accepting(_ labels: Labels) -> [Int] {
    var positions: [Int] = []
    forEachAccepting(labels) {
      positions.append($0)
      return true
    }
    return positions
  }
}

extension Matcher {
  /// Whether only one value passes, and it isn't the empty one.
  fileprivate var demandsValue: Bool { operation == .equal && !value.isEmpty }
}
