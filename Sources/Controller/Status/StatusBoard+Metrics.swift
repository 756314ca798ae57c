import Diagnostics
import Evaluator
import Git
import Ledger
import Model
import Notifier
import Reconciler
import StatusAPI

extension StatusBoard {
  /// Bounded in number: labels name scopes, sources, channels and reasons, never alerts.
  func metrics() async -> [MetricFamily] {
    let view = await view(for: .all)
    let counters = await evaluator.counters
    return [
      MetricFamily(
        name: "belfry_build_info", help: "The version, as a label.", kind: .gauge,
        samples: [.init(labels: [Label("version", belfryVersion)], value: 1)])
    ] + syncMetrics(view) + evaluationMetrics(view, counters) + dataSourceMetrics(view.standings)
      + notificationMetrics(view) + suppressionMetrics(view, await notifier.suppressed())
      + ledgerMetrics() + forgeMetrics() + lookMetrics(view)
      + (await issuerMetrics())
  }

  private func syncMetrics(_ view: View) -> [MetricFamily] {
    let scopes = view.sync.scopes.sorted { $0.key < $1.key }
    return [
      MetricFamily(
        name: "belfry_scope_info", help: "One per scope, with how it stands.", kind: .gauge,
        samples: scopes.map { scope, standing in
          .init(
            labels: scope.labels + [
              Label("sync_status", standing.sync.status.rawValue),
              Label("reason", standing.sync.reason?.rawValue ?? ""),
            ], value: 1)
        }),
      MetricFamily(
        "belfry_scopes_held", "Scopes that stay at an older revision.", .gauge, Double(view.sync.held.count)),
      MetricFamily(
        "belfry_source_last_success_timestamp_seconds", "When the repository was last read.", .gauge,
        view.sync.lastSuccessAt?.secondsSinceEpoch ?? 0),
      MetricFamily(
        "belfry_source_up", "Whether the last look at the repository succeeded.", .gauge,
        view.sync.failure == nil ? 1 : 0),
      MetricFamily(
        name: "belfry_sync_stage_duration_seconds", help: "What each stage of the last sync took.", kind: .gauge,
        samples: (view.sync.operation?.timings ?? []).map {
          .init(labels: [Label("stage", $0.stage)], value: $0.milliseconds / 1000)
        }),
    ]
  }

  private func evaluationMetrics(_ view: View, _ counters: EvaluatorCounters) -> [MetricFamily] {
    let states = Dictionary(grouping: view.alerts, by: \.state)
    return [
      MetricFamily(
        "belfry_rule_evaluations_total", "Evaluations of rules.", .counter, Double(counters.ruleEvaluations)),
      MetricFamily(
        "belfry_rule_evaluation_failures_total", "Evaluations of rules that failed.", .counter,
        Double(counters.ruleFailures)),
      MetricFamily(
        "belfry_rule_group_iterations_total", "Evaluations of groups.", .counter, Double(counters.groupEvaluations)),
      MetricFamily(
        "belfry_rule_group_iterations_missed_total", "Evaluations of groups that were skipped.", .counter,
        Double(counters.missedTicks)),
      MetricFamily(
        name: "belfry_alerts", help: "Live alerts.", kind: .gauge,
        samples: [AlertState.pending, .firing].map {
          .init(labels: [Label("state", $0.rawValue)], value: Double(states[$0]?.count ?? 0))
        }),
      MetricFamily(
        "belfry_rules", "Rules that are live.", .gauge, Double(view.groups.values.reduce(0) { $0 + $1.rules.count })),
      MetricFamily(
        name: "belfry_data_source_up", help: "Whether a data source answers.", kind: .gauge,
        samples: view.sources.values.sorted { $0.id < $1.id }.map { source in
          var failing = false
          if case .failing = source.health.condition { failing = true }
          return .init(labels: source.id.scope.labels + [Label("data_source", source.id.name)], value: failing ? 0 : 1)
        }),
    ]
  }

  private func forgeMetrics() -> [MetricFamily] {
    guard let (ended, waiting) = sync.forge?.counters else { return [] }
    return [
      MetricFamily(
        name: "belfry_forge_reports_total", help: "Commit statuses and comments that ended.", kind: .counter,
        samples: [("sent", ended.sent), ("failed", ended.failed), ("dropped", ended.dropped)].map {
          .init(labels: [Label("outcome", $0.0)], value: Double($0.1))
        }),
      MetricFamily("belfry_forge_reports_waiting", "Commit statuses and comments that wait.", .gauge, Double(waiting)),
    ]
  }

  private func ledgerMetrics() -> [MetricFamily] {
    var failing = false
    if case .failing = queue.condition { failing = true }
    return [
      MetricFamily("belfry_ledger_writable", "Whether the ledger can be written.", .gauge, failing ? 0 : 1),
      MetricFamily(
        "belfry_ledger_rows_dropped_total", "Rows given up while it couldn't.", .counter, Double(queue.dropped)),
    ]
  }
}

extension Scope {
  /// `tenant` and `project`, empty for the platform.
  var labels: [Label] { [Label("tenant", tenant ?? ""), Label("project", project ?? "")] }
}
