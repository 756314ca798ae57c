import Model
import Reconciler
import Specs

/// Everything that `belfry diff` has to say: the plan, what it means, and what isn't known.
struct DiffReport: Sendable {
  /// What is compared.
  struct Ends: Sendable {
    /// The revision that the comparison starts from; of a controller, the newest that is live.
    let base: String
    let head: String
    /// The controller's address, without what may be secret.
    let live: String?
  }

  /// What a guard stops, as it would be without the guard.
  struct GuardedLoss: Sendable {
    let steps: [Step]
    /// Alerts of rules that would go, now.
    let firing: Int
    let pending: Int
  }

  let ends: Ends
  /// Only the scopes that are asked for.
  let plan: Plan
  /// Of these scopes.
  let digest: PlanDigest
  let observedAt: Timestamp
  /// `nil` where neither a controller nor the past was asked.
  let findings: ConsequenceFinder.Findings?
  let window: BacktestWindow?
  let guarded: [Scope: GuardedLoss]
  let owners: [Scope: String]
  let tenant: String?

  /// One scope of the report.
  struct Section: Sendable {
    let scope: Scope
    let owner: String?
    /// `nil` for a scope that the plan leaves alone, and whose alerts it moves all the same.
    let plan: ScopePlan?
    let digest: String?
    let alerts: [AlertConsequence]
    let rules: [RuleOutlook]
    let gaps: [ConsequenceGap]
    let guarded: GuardedLoss?
    /// By the id of the group as it would be.
    let kept: [ResourceID: Consequences.Kept]

    /// Whether it has something that a reader mustn't pass over: it is held, or something is deleted.
    var isGrave: Bool {
      if let plan, plan.decision != .apply { return true }
      return plan?.steps.contains(where: \.isDelete) ?? false
    }

    var counts: (create: Int, update: Int, move: Int, delete: Int) {
      plan?.steps.counts ?? (0, 0, 0, 0)
    }
  }

  /// The scopes that there is something to tell of, in order.
  var sections: [Section] {
    let parts = Dictionary(plan.scopes.map { ($0.scope, $0) }, uniquingKeysWith: { first, _ in first })
    let alerts = Dictionary(grouping: shownAlerts, by: \.scope)
    let rules = Dictionary(grouping: findings?.rules ?? [], by: \.scope)
    let gaps = Dictionary(grouping: findings?.gaps ?? [], by: \.scope)
    let told = parts.values.filter { !$0.steps.isEmpty || !$0.retained.isEmpty || $0.decision != .apply }.map(\.scope)
    let scopes = Set(told).union(alerts.keys).union(rules.keys).union(gaps.keys).filter(isShown)
    let kept = findings?.consequences.kept ?? [:]
    return scopes.sorted().map { scope in
      Section(
        scope: scope, owner: owners[scope], plan: parts[scope], digest: digest.scopes[scope],
        alerts: alerts[scope] ?? [], rules: rules[scope] ?? [], gaps: gaps[scope] ?? [], guarded: guarded[scope],
        kept: kept.filter { $0.key.scope == scope })
    }
  }

  private func isShown(_ scope: Scope) -> Bool { tenant == nil || scope.tenant == tenant || scope == .platform }

  /// The alerts that there is something to tell of, of the scopes asked for.
  var shownAlerts: [AlertConsequence] {
    (findings?.consequences.alerts ?? []).filter { tenant == nil || $0.scope.tenant == tenant }
  }

  var totals: ConsequenceTotals { ConsequenceTotals(shownAlerts) }

  /// The line for a commit message, by which the controller later says whether it applied this plan.
  var trailer: String { PlanReview.trailer + ": " + digest.overall }

  /// Whether the revision changes nothing of what is live.
  var hasNoEffect: Bool { plan.scopes.allSatisfy { $0.steps.isEmpty && $0.decision == .apply } }
}

/// How many alerts a plan concerns, by what it means for them.
struct ConsequenceTotals: Hashable, Sendable {
  var resolve = 0
  var relabel = 0
  var losesClock = 0
  var begin = 0
  var reroute = 0
  var toNobody = 0
  var toldAgain = 0
  var unknown = 0

  init(_ alerts: [AlertConsequence]) {
    for alert in alerts { add(alert) }
  }

  private mutating func add(_ alert: AlertConsequence) {
    switch alert.fate {
    case .resolves: resolve += 1
    case .relabelled:
      relabel += 1
      if alert.current?.state == .pending { losesClock += 1 }
    case .carried: relabel += 1
    case .stepsBack: losesClock += 1
    case .begins, .fires: begin += 1
    case .unknown: unknown += 1
    case .kept, .runsOut: break
    }
    guard alert.movesChannels, let before = alert.before, let after = alert.after else { return }
    if after.reasonForNobody != nil {
      toNobody += 1
    } else if before.told.isEmpty {
      toldAgain += 1
    } else {
      reroute += 1
    }
  }

  /// What isn't zero, in words.
  var words: [String] {
    [
      (resolve, "would resolve"), (relabel, "would change labels"), (losesClock, "would start their 'for' anew"),
      (begin, "would begin"), (reroute, "would go to other channels"), (toNobody, "would go to nobody"),
      (toldAgain, "would be told again"), (unknown, "not known"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
  }
}

extension [Step] {
  /// How many of each sort there are.
  var counts: (create: Int, update: Int, move: Int, delete: Int) {
    func number(_ action: String) -> Int { count { $0.action == action } }
    return (number("create"), number("update"), number("move"), number("delete"))
  }
}
