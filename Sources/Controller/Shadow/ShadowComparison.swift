import Model

/// What an alert did in the branch and live, and whether that is the same.
struct ShadowAlert: Sendable {
  /// How the sides stand to each other.
  enum Verdict: String, Hashable, Sendable, CaseIterable {
    case onlyBranch, onlyLive
    /// It fired on one side, and was only pending on the other.
    case firedInBranchOnly, firedLiveOnly
    /// On both sides, with other beginnings or ends of firing than two evaluations explain.
    case otherTimes
    case alike
    /// It began, or ended, so late on one side that the other hadn't had its turn.
    case unsettled
    /// Its rule couldn't be evaluated here.
    case unknown

    var isDifference: Bool { ![.alike, .unsettled, .unknown].contains(self) }
  }

  let verdict: Verdict
  let alert: Alert
  let branch: [AlertTimeline.Span]
  let live: [AlertTimeline.Span]
}

/// Compares the timelines of both sides: a pure function of what was seen.
struct ShadowComparison: Sendable {
  let groups: ShadowGroups
  /// Rules that couldn't be evaluated here.
  let unknown: Set<ShadowGroups.RuleKey>
  /// How long after its instant the live side is looked at, at most.
  let lookEvery: Duration
  let end: Timestamp

  /// Every alert of the evaluated groups, by scope and labels.
  func alerts(branch: AlertTimeline, live: AlertTimeline) -> [ShadowAlert] {
    var found: [ShadowAlert] = []
    for id in Set(branch.entries.keys).union(live.entries.keys) {
      let (ours, theirs) = (branch.entries[id], live.entries[id])
      guard let alert = ours?.alert ?? theirs?.alert else { continue }
      guard ours != nil || theirs.map({ groups.owns($0.alert.rule.group) }) == true else { continue }
      found.append(
        ShadowAlert(
          verdict: verdict(ours, theirs), alert: alert, branch: ours?.spans ?? [], live: theirs?.spans ?? []))
    }
    return found.sorted { ($0.alert.scope, $0.alert.labels) < ($1.alert.scope, $1.alert.labels) }
  }

  private func verdict(_ ours: AlertTimeline.Entry?, _ theirs: AlertTimeline.Entry?) -> ShadowAlert.Verdict {
    let both = [ours, theirs].compactMap { $0 }
    if both.contains(where: { unknown.contains(.init(group: $0.alert.rule.group, rule: $0.alert.rule.rule)) }) {
      return .unknown
    }
    let tolerance = (both.compactMap { groups.interval(of: $0.alert.rule.group) }.max() ?? .zero) + lookEvery
    let late = end - tolerance
    guard let ours, let theirs else {
      let isLate = both.allSatisfy { $0.spans.allSatisfy { $0.activeAt > late } }
      return isLate ? .unsettled : ours == nil ? .onlyLive : .onlyBranch
    }
    guard ours.hasFired == theirs.hasFired else {
      let firings = (ours.hasFired ? ours : theirs).spans.compactMap(\.firedAt)
      if firings.allSatisfy({ $0 > late }) { return .unsettled }
      return ours.hasFired ? .firedInBranchOnly : .firedLiveOnly
    }
    return times(ours, theirs, tolerance)
  }

  private func times(
    _ ours: AlertTimeline.Entry, _ theirs: AlertTimeline.Entry, _ tolerance: Duration
  ) -> ShadowAlert.Verdict {
    let (our, their) = (told(ours), told(theirs))
    let late = end - tolerance
    var isUnsettled = false
    for index in 0..<max(our.count, their.count) {
      guard index < our.count, index < their.count else {
        let extra = index < our.count ? our[index] : their[index]
        guard extra.activeAt > late else { return .otherTimes }
        isUnsettled = true
        continue
      }
      let pairs =
        [
          (our[index].firedAt ?? our[index].activeAt, their[index].firedAt ?? their[index].activeAt),
          (our[index].endedAt, their[index].endedAt),
        ] as [(Timestamp?, Timestamp?)]
      for case let (one?, other?) in pairs where distance(one, other) > tolerance { return .otherTimes }
      guard (our[index].endedAt == nil) != (their[index].endedAt == nil) else { continue }
      guard let ended = our[index].endedAt ?? their[index].endedAt, ended > late else { return .otherTimes }
      isUnsettled = true
    }
    return isUnsettled ? .unsettled : .alike
  }

  /// The lives that count: the firings, or, where it never fired, all.
  private func told(_ entry: AlertTimeline.Entry) -> [AlertTimeline.Span] {
    entry.hasFired ? entry.spans.filter { $0.firedAt != nil } : entry.spans
  }

  private func distance(_ one: Timestamp, _ other: Timestamp) -> Duration {
    one > other ? one - other : other - one
  }
}
