import Model
import Reconciler
import Specs

/// What a shadow saw and how both sides compare.
struct ShadowFindings: Sendable {
  /// A rule that was evaluated, with how that went.
  struct RuleRun: Sendable {
    let key: ShadowGroups.RuleKey
    let record: ShadowRecorder.RuleRecord

    /// One evaluation, in the middle.
    var mean: Duration { record.evaluations == 0 ? .zero : record.duration / record.evaluations }
  }

  let start: Timestamp
  let end: Timestamp
  let wasInterrupted: Bool
  var evaluations = 0
  var looks = 0
  var failedLooks = 0
  /// Why the live controller couldn't be asked at the end.
  var trouble: CommandFailure?
  /// What the live controller went on to meanwhile; `nil` where it stayed.
  var movedTo: Revision?
  var alerts: [ShadowAlert] = []
  /// `nil` where the live controller's deliveries aren't known.
  var tellings: ShadowTellings?
  /// The labels of alerts that were seen, by fingerprint.
  var names: [Fingerprint: Labels] = [:]
  /// By group and name.
  private(set) var rules: [RuleRun] = []
  /// Rules of which it isn't known what they would do, those that are live and end in them included.
  private(set) var unknownRules: Set<ShadowGroups.RuleKey> = []
  var gaps: [ConsequenceGap] = []

  init(start: Timestamp, end: Timestamp, wasInterrupted: Bool) {
    self.start = start
    self.end = end
    self.wasInterrupted = wasInterrupted
  }

  /// Takes in how evaluations went: a rule that never succeeded is unknown, with the reason.
  mutating func takeRules(
    _ records: [ShadowGroups.RuleKey: ShadowRecorder.RuleRecord], _ groups: ShadowGroups
  ) {
    var unknown: Set<ShadowGroups.RuleKey> = []
    let alerting = groups.alertingRules
    for (key, refusal) in alerting.sorted(by: { $0.key < $1.key }) {
      let record = records[key]
      let reason: String? =
        if let refusal { refusal } else if record == nil {
          "its group had no turn yet: it is evaluated every \((groups.interval(of: key.group) ?? .zero).prometheus)"
        } else if let record, record.failures == record.evaluations { record.lastFailure } else { nil }
      guard let reason else { continue }
      unknown.insert(key)
      gaps.append(ConsequenceGap(scope: key.group.scope, subject: key.rule, message: reason))
    }
    unknownRules = groups.withFormer(unknown)
    rules = records.filter { (alerting[$0.key] ?? nil) == nil }
      .map { RuleRun(key: $0.key, record: $0.value) }.sorted { $0.key < $1.key }
  }

  /// The alerts of one verdict.
  func alerts(_ verdict: ShadowAlert.Verdict) -> [ShadowAlert] { alerts.filter { $0.verdict == verdict } }

  /// Whether the branch would have done something else.
  var differs: Bool {
    alerts.contains { $0.verdict.isDifference } || !(tellings?.differences.isEmpty ?? true)
  }
}

/// What `belfry shadow` reports.
struct ShadowReport: Sendable {
  let branch: String
  /// What was live at the beginning.
  let live: String
  /// The controller's address, for people.
  let address: String
  let groups: ShadowGroups
  let plan: Plan
  /// Whether anything differs, or was asked for.
  let hasWork: Bool
  let findings: ShadowFindings

  /// Scopes of the branch that stay as they are live.
  var held: [ScopePlan] { plan.scopes.filter { $0.decision.isHold } }
  var hasErrors: Bool { plan.scopes.contains { $0.decision == .hold(.validationFailed) } }

  /// 6 where live couldn't be asked at the end, 3 for errors in the specs; 2 for differences.
  func exit(detailed: Bool) -> Exit {
    if findings.trouble != nil { return findings.trouble?.exit ?? .unreachable }
    if hasErrors { return .unsound }
    return detailed && findings.differs ? .changes : .done
  }
}

extension ScopePlan.Decision {
  fileprivate var isHold: Bool { if case .hold = self { true } else { false } }
}
