import Evaluator
import Model
import StatusAPI

/// How evaluation does, under Prometheus's names with `belfry_` in front; where those are by rule group, these are by
/// scope, since groups are many.
extension StatusBoard {
  func evaluationMetrics(
    _ view: View, _ counters: EvaluatorCounters, _ bound: inout MetricBound
  ) -> [MetricFamily] {
    let totals = GroupTotals(view.groups.values)
    let alerts = view.totals
    let scopes = bound.keep(totals.scopes.keys.sorted(), of: .scope) { (totals.scopes[$0]?.failing ?? 0) > 0 }
    let live: [MetricFamily] = [
      MetricFamily(
        name: "belfry_alerts", help: "Live alerts.", kind: .gauge,
        samples: [("pending", alerts.pending), ("firing", alerts.firing)].map { state, count in
          MetricFamily.Sample(labels: [Label("state", state)], value: Double(count))
        }),
      MetricFamily("belfry_rule_groups", "Rule groups that are live.", .gauge, Double(view.groups.count)),
      MetricFamily("belfry_rules", "Rules that are live.", .gauge, Double(totals.rules)),
      MetricFamily("belfry_rules_failing", "Rules whose last evaluation failed.", .gauge, Double(totals.failing)),
      scoped(
        "belfry_rule_group_last_duration_seconds", "What the last evaluation of the scope's slowest group took.", scopes
      ) { totals.scopes[$0]?.slowest },
      scoped(
        "belfry_rule_group_last_evaluation_timestamp_seconds",
        "When the scope's group that waits longest was last evaluated.", scopes
      ) { totals.scopes[$0]?.oldest },
    ]
    return counterMetrics(counters) + live
  }

  private func scoped(
    _ name: String, _ help: String, _ scopes: [Scope], _ value: (Scope) -> Double?
  ) -> MetricFamily {
    MetricFamily(
      name: name, help: help, kind: .gauge,
      samples: scopes.compactMap { scope in value(scope).map { .init(labels: scope.labels, value: $0) } })
  }

  private func counterMetrics(_ counters: EvaluatorCounters) -> [MetricFamily] {
    func histogram(_ name: String, _ help: String, _ durations: DurationHistogram) -> MetricFamily {
      MetricFamily(
        name: name, help: help, kind: .histogram,
        samples: MetricFamily.Sample.histogram([], DurationHistogram.bounds, durations.buckets, sum: durations.sum))
    }
    func counter(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
      MetricFamily(name, help, .counter, Double(value))
    }
    return [
      counter("belfry_rule_evaluations_total", "Evaluations of rules.", counters.ruleEvaluations),
      counter("belfry_rule_evaluation_failures_total", "Evaluations of rules that failed.", counters.ruleFailures),
      histogram(
        "belfry_rule_evaluation_duration_seconds", "What evaluations of rules took, queries and all.",
        counters.ruleDurations),
      counter("belfry_rule_group_iterations_total", "Evaluations of groups.", counters.groupEvaluations),
      counter(
        "belfry_rule_group_iterations_missed_total", "Evaluations of groups that were skipped.", counters.missedTicks),
      histogram("belfry_rule_group_duration_seconds", "What evaluations of groups took.", counters.groupDurations),
      counter("belfry_alert_transitions_total", "Changes of alerts' states.", counters.transitions),
      counter("belfry_rule_samples_written_total", "Samples of rules to be written.", counters.writtenSamples),
      counter("belfry_rule_writes_failed_total", "Writes of rules' samples that failed.", counters.failedWrites),
    ]
  }
}

/// All groups added up, without making a list of their alerts.
private struct GroupTotals {
  struct OfScope {
    var failing = 0
    /// In seconds.
    var slowest = 0.0
    /// In seconds since 1970; `nil` while a group was never evaluated.
    var oldest: Double?
  }

  var rules = 0
  var failing = 0
  var scopes: [Scope: OfScope] = [:]

  init(_ groups: some Sequence<RuleGroupState>) {
    for group in groups {
      rules += group.rules.count
      var failures = 0
      for rule in group.rules {
        if case .failing = rule.health { failures += 1 }
      }
      failing += failures
      scopes[group.id.scope, default: OfScope()].add(group, failing: failures)
    }
  }
}

extension GroupTotals.OfScope {
  fileprivate mutating func add(_ group: RuleGroupState, failing failures: Int) {
    failing += failures
    slowest = max(slowest, Double(group.duration.wholeMilliseconds) / 1000)
    guard let evaluated = group.evaluatedAt?.secondsSinceEpoch else { return }
    oldest = min(oldest ?? evaluated, evaluated)
  }
}
