import Model

/// What a plan means for one alert that is pending or fires now, or that would.
struct AlertConsequence: Sendable {
  /// What becomes of it; the raw values are the words of the report.
  enum Fate: Hashable, Sendable {
    /// It stays as it is.
    case kept
    /// It ends.
    case resolves(Reason)
    /// It ends, and begins anew with other labels and a new clock.
    case relabelled
    /// It goes on with other labels and its clock, its scope having been renamed.
    case carried
    /// It fired and is pending again: the new `for` is longer than its condition has held.
    case stepsBack
    /// It was pending and fires at once: the new `for` is shorter.
    case fires
    /// It fires on only by `keep_firing_for`, its condition being no longer true.
    case runsOut
    /// It is new.
    case begins
    /// Its rule changed and couldn't be asked.
    case unknown(String)
  }

  /// Why it ends.
  enum Reason: String, Hashable, Sendable {
    case ruleRemoved = "rule removed"
    case ruleDisabled = "rule disabled"
    case conditionEnded = "the new expression is not true for it"
    case labelsChanged = "its rule has other labels"
  }

  let fate: Fate
  /// As it is live; `nil` for a new one.
  let former: Alert?
  /// As it would be; `nil` for one that ends.
  let current: Alert?
  /// Who is told of it, where it fires.
  var before: AlertStanding?
  var after: AlertStanding?
  /// Who would be told once it fires, where it is pending and new, or anew.
  var awaited: [ResourceID] = []

  /// The scope that the consequence is told in.
  var scope: Scope { (current ?? former)?.scope ?? .platform }
  /// Its alert name as people know it.
  var name: String { (former ?? current)?.rule.rule ?? "" }

  /// The labels that differ, for one that goes on or begins anew with others.
  var labelChanges: [(name: String, before: String, after: String)] {
    guard let former, let current, former.labels != current.labels else { return [] }
    let names = Set(former.labels.pairs.map(\.name)).union(current.labels.pairs.map(\.name))
    return names.sorted { $0.precedesInBytes($1) }.compactMap { name in
      let (old, new) = (former.labels[name], current.labels[name])
      return old == new ? nil : (name, old, new)
    }
  }

  /// Whether somebody else, or nobody, is told of it, or who was told isn't any longer.
  var movesChannels: Bool {
    guard let before, let after else { return false }
    return before.told != after.told || before.reasonForNobody != after.reasonForNobody
  }

  /// Whether there is something to tell.
  var isTold: Bool { fate != .kept || movesChannels }

  /// One word for machines: what happens to the alert itself.
  var word: String {
    switch fate {
    case .kept: "kept"
    case .resolves: "resolves"
    case .relabelled: "relabelled"
    case .carried: "carried"
    case .stepsBack: "pendingAgain"
    case .fires: "fires"
    case .runsOut: "runsOut"
    case .begins: "begins"
    case .unknown: "unknown"
    }
  }

  /// One word for machines: what happens to its notifications; `nil` for nothing.
  var routing: String? {
    guard movesChannels, let before, let after else { return nil }
    if let reason = after.reasonForNobody { return reason.rawValue }
    return before.told.isEmpty ? "told" : "rerouted"
  }
}
