import Model

/// What two systems tell of the same alerts, over a time: which alerts and groups one has and the other hasn't.
///
/// A value: looks go in, a report comes out. Alerts are the same when their labels are, without those that are ignored;
/// groups when their labels are, without those, and the same alerts need not be in them at every instant.
struct AlertmanagerComparison: Sendable {
  /// The two that are compared.
  enum Side: String, Sendable, CaseIterable {
    case belfry, alertmanager

    var other: Side { self == .belfry ? .alertmanager : .belfry }
  }

  /// What one side has at one instant.
  struct Look: Sendable {
    /// Labels of the alerts that fire and are told: not silenced, inhibited or muted; and of those that are muted.
    var told: Set<Labels> = []
    var muted: Set<Labels> = []
    /// The group labels of the groups with such alerts.
    var groups: Set<Labels> = []

    init() {}
  }

  /// What is looked at, for how long one side had it and the other hadn't.
  struct Difference: Hashable, Sendable {
    enum Subject: String, Hashable, Sendable {
      case alert
      /// Both have the alert, and only one tells it.
      case muting
      case group
    }

    var subject: Subject
    var labels: Labels
    /// Who has it, or tells it.
    var only: Side
  }

  /// A difference and when it was seen.
  struct Finding: Sendable {
    var difference: Difference
    var firstSeen: Timestamp
    var lastSeen: Timestamp
    /// In how many looks.
    var looks: Int
    /// Whether it was still there at the last look.
    var isOpen: Bool
  }

  /// How long two sides may differ: they evaluate and group at different instants.
  let patience: Duration
  private let ignored: Set<String>
  private var findings: [Difference: Finding] = [:]
  /// Since when a difference holds without a break.
  private var standing: [Difference: Timestamp] = [:]
  private var lasting: Set<Difference> = []
  private var seenAlerts: Set<Labels> = []
  private var seenGroups: Set<Labels> = []
  private(set) var looks = 0

  /// `ignored`: labels that only one side adds, such as `tenant` or `replica`.
  init(patience: Duration, ignoring ignored: [String]) {
    self.patience = patience
    self.ignored = Set(ignored)
  }

  /// Without the labels that don't count.
  func comparable(_ labels: Labels) -> Labels {
    Labels(labels.pairs.lazy.filter { !self.ignored.contains($0.name) })
  }

  mutating func look(belfry: Look, alertmanager: Look, at now: Timestamp) {
    looks += 1
    let sides: [(Side, Look)] = [(.belfry, normal(belfry)), (.alertmanager, normal(alertmanager))]
    var found: Set<Difference> = []
    for (side, mine) in sides {
      guard let theirs = sides.first(where: { $0.0 != side })?.1 else { continue }
      let (all, others) = (mine.told.union(mine.muted), theirs.told.union(theirs.muted))
      for labels in all.subtracting(others) {
        found.insert(Difference(subject: .alert, labels: labels, only: side))
      }
      for labels in mine.told.intersection(theirs.muted).subtracting(theirs.told) {
        found.insert(Difference(subject: .muting, labels: labels, only: side))
      }
      for labels in mine.groups.subtracting(theirs.groups) {
        found.insert(Difference(subject: .group, labels: labels, only: side))
      }
      seenAlerts.formUnion(all)
      seenGroups.formUnion(mine.groups)
    }
    note(found, at: now)
  }

  private func normal(_ look: Look) -> Look {
    var normal = Look()
    normal.told = Set(look.told.map(comparable))
    normal.muted = Set(look.muted.map(comparable))
    normal.groups = Set(look.groups.map(comparable))
    return normal
  }

  private mutating func note(_ found: Set<Difference>, at now: Timestamp) {
    for difference in found {
      let since = standing[difference] ?? now
      standing[difference] = since
      if now - since >= patience { lasting.insert(difference) }
      var finding =
        findings[difference]
        ?? Finding(difference: difference, firstSeen: now, lastSeen: now, looks: 0, isOpen: true)
      finding.lastSeen = now
      finding.looks += 1
      finding.isOpen = true
      findings[difference] = finding
    }
    for difference in standing.keys where !found.contains(difference) {
      standing[difference] = nil
      findings[difference]?.isOpen = false
    }
  }

  /// Differences that lasted for longer than the patience, in a fixed order.
  var differences: [Finding] { sorted { lasting.contains($0) } }

  /// Differences that went away sooner: the two look at different instants.
  var passing: [Finding] { sorted { !lasting.contains($0) } }

  var alertCount: Int { seenAlerts.count }
  var groupCount: Int { seenGroups.count }

  private func sorted(_ isShown: (Difference) -> Bool) -> [Finding] {
    findings.values.filter { isShown($0.difference) }.sorted { left, right in
      let (one, two) = (left.difference, right.difference)
      if one.subject != two.subject { return one.subject.rawValue < two.subject.rawValue }
      if one.only != two.only { return one.only == .belfry }
      return one.labels < two.labels
    }
  }
}
