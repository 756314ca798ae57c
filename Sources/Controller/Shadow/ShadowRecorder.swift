import Evaluator
import Model
import Notifier
import Synchronization

/// Keeps what the branch's evaluator and notifier report, and hands alerts from the one to the other.
final class ShadowRecorder: EvaluationSink, DeliveryLog {
  /// How the evaluations of one rule went.
  struct RuleRecord: Sendable {
    var evaluations = 0
    var failures = 0
    /// All evaluations together.
    var duration: Duration = .zero
    var longest: Duration = .zero
    var lastFailure: String?
  }

  /// Everything that was recorded.
  struct Records: Sendable {
    var timeline = AlertTimeline()
    var tellings: [ShadowTelling] = []
    var rules: [ShadowGroups.RuleKey: RuleRecord] = [:]
    var groupEvaluations = 0
  }

  private let state: Mutex<Records>
  private let notifier = Mutex<NotifierRunner?>(nil)

  init(_ carried: [Alert]) {
    state = Mutex(Records(timeline: AlertTimeline(carried)))
  }

  var records: Records { state.withLock { $0 } }

  /// Says who is told of alerts from now on.
  func connect(_ runner: NotifierRunner) {
    notifier.withLock { $0 = runner }
  }

  // MARK: From the evaluator

  func evaluated(_ report: EvaluationReport) async {
    state.withLock { records in
      if report.isComplete { records.groupEvaluations += 1 }
      for outcome in report.outcomes {
        records.rules[.init(group: report.group, rule: outcome.rule), default: RuleRecord()].add(outcome)
      }
    }
    let refreshed = report.refreshed.map {
      AlertTransition(from: .firing, alert: $0, reason: .conditionMet, at: report.at)
    }
    await take(report.transitions, besides: refreshed)
  }

  /// Takes in transitions of the branch's own alerts.
  func take(_ transitions: [AlertTransition], besides refreshed: [AlertTransition] = []) async {
    guard !transitions.isEmpty || !refreshed.isEmpty else { return }
    state.withLock { $0.timeline.take(transitions) }
    await notifier.withLock { $0 }?.receive(transitions + refreshed)
  }

  // MARK: From the notifier

  func record(_ batch: NotifierState.RecordBatch) async {
    let tellings = batch.deliveries.flatMap(ShadowTelling.all(of:))
    state.withLock { $0.tellings += tellings }
  }
}

extension ShadowRecorder.RuleRecord {
  fileprivate mutating func add(_ outcome: EvaluationReport.Outcome) {
    evaluations += 1
    duration += outcome.duration
    longest = max(longest, outcome.duration)
    guard let failure = outcome.failure else { return }
    failures += 1
    lastFailure = failure.description
  }
}
