/// How grave an alert is, whatever a team calls it: PagerDuty's four levels.
package enum SeverityLevel: String, Hashable, Sendable, CaseIterable, Comparable {
  case critical, error, warning, info

  /// 0 for the gravest.
  package var rank: Int {
    switch self {
    case .critical: 0
    case .error: 1
    case .warning: 2
    case .info: 3
    }
  }

  /// The graver is the smaller, so that sorting puts it first.
  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// The values that the label `severity` may have, the gravest first, and what each of them means.
///
/// One list for the whole platform decides the order of sending, colours, priorities and PagerDuty's level.
package struct SeverityScale: Hashable, Sendable {
  /// One value of the label.
  package struct Entry: Hashable, Sendable {
    /// Compared without regard to case.
    package var name: String
    package var level: SeverityLevel

    package init(_ name: String, _ level: SeverityLevel) {
      self.name = name
      self.level = level
    }
  }

  package let entries: [Entry]
  private let positions: [String: Int]

  /// `entries`: the gravest first; of several with one name the first counts.
  package init(_ entries: [Entry]) {
    self.entries = entries
    var positions: [String: Int] = [:]
    for (position, entry) in entries.enumerated() where positions[entry.name.lowercased()] == nil {
      positions[entry.name.lowercased()] = position
    }
    self.positions = positions
  }

  /// What holds where the platform has no list of its own.
  package static let standard = SeverityScale([
    Entry("critical", .critical), Entry("page", .critical), Entry("p0", .critical), Entry("disaster", .critical),
    Entry("emergency", .critical), Entry("fatal", .critical), Entry("error", .error), Entry("high", .error),
    Entry("major", .error), Entry("p1", .error), Entry("warning", .warning), Entry("warn", .warning),
    Entry("average", .warning), Entry("minor", .warning), Entry("p2", .warning), Entry("info", .info),
    Entry("information", .info), Entry("notice", .info), Entry("low", .info), Entry("p3", .info), Entry("none", .info),
  ])

  /// Where a value stands, 0 for the gravest; an unknown value comes last.
  package func rank(of name: String) -> Int { positions[name] ?? positions[name.lowercased()] ?? entries.count }

  /// `nil` for a value that isn't in the list, and for an alert without the label.
  package func level(of name: String) -> SeverityLevel? {
    let rank = rank(of: name)
    return rank < entries.count ? entries[rank].level : nil
  }
}
