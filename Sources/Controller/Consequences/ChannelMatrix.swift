import Model

/// Who is told of the alerts that fire: before and after, and from whom to whom.
struct ChannelMatrix: Sendable {
  /// Where an alert's notifications go, or why nowhere.
  enum Destination: Hashable, Comparable, Sendable {
    case channel(ResourceID)
    case nobody(AlertStanding.Reason)
    /// It doesn't fire, on this side.
    case none

    private var rank: Int {
      switch self {
      case .channel: 0
      case .nobody: 1
      case .none: 2
      }
    }

    static func < (left: Self, right: Self) -> Bool {
      switch (left, right) {
      case (.channel(let left), .channel(let right)): left < right
      case (.nobody(let left), .nobody(let right)): left.rawValue < right.rawValue
      default: left.rank < right.rank
      }
    }
  }

  /// Alerts that go from some destinations to others.
  struct Move: Hashable, Sendable {
    let from: [Destination]
    let to: [Destination]
  }

  /// How many firing alerts each is told of, before and after.
  private(set) var counts: [Destination: (before: Int, after: Int)] = [:]
  private(set) var moves: [Move: Int] = [:]

  mutating func add(_ consequence: AlertConsequence) {
    let (from, to) = (Self.destinations(consequence.before), Self.destinations(consequence.after))
    for destination in from where destination != .none { counts[destination, default: (0, 0)].before += 1 }
    for destination in to where destination != .none { counts[destination, default: (0, 0)].after += 1 }
    if from != to { moves[Move(from: from, to: to), default: 0] += 1 }
  }

  /// The channels and reasons whose alerts become more or fewer, or others.
  var changed: [(destination: Destination, before: Int, after: Int)] {
    let moved = Set(moves.keys.flatMap { $0.from + $0.to })
    return counts.filter { moved.contains($0.key) }.sorted { $0.key < $1.key }.map {
      ($0.key, $0.value.before, $0.value.after)
    }
  }

  /// In order: the most alerts first.
  var sortedMoves: [(move: Move, alerts: Int)] {
    moves.sorted { left, right in
      if left.value != right.value { return left.value > right.value }
      return (left.key.from + left.key.to).lexicographicallyPrecedes(right.key.from + right.key.to)
    }.map { ($0.key, $0.value) }
  }

  private static func destinations(_ standing: AlertStanding?) -> [Destination] {
    guard let standing else { return [.none] }
    if let reason = standing.reasonForNobody { return [.nobody(reason)] }
    return standing.told.sorted().map(Destination.channel)
  }
}

extension ChannelMatrix.Destination: CustomStringConvertible {
  /// `shop oncall`, `nobody (silenced)`, `not firing`.
  var description: String {
    switch self {
    case .channel(let id): "\(id.scope) \(id.name)"
    case .nobody(.unrouted): "nobody (no route)"
    case .nobody(.observed): "nobody (not sent by its scope)"
    case .nobody(.muted): "nobody (time interval)"
    case .nobody(let reason): "nobody (\(reason.rawValue))"
    case .none: "not firing"
    }
  }
}
