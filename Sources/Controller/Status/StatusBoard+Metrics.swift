import Diagnostics
import Evaluator
import Git
import Ledger
import Model
import Notifier
import Reconciler
import StatusAPI

extension StatusBoard {
  /// Bounded in number: labels name scopes, sources, channels and reasons, never alerts, and ``MetricBound`` says how
  /// many.
  func metrics() async -> [MetricFamily] {
    let view = await view(for: .all)
    let counters = await evaluator.counters
    var bound = MetricBound()
    var families = [
      MetricFamily(
        name: "belfry_build_info", help: "The version, as a label.", kind: .gauge,
        samples: [.init(labels: [Label("version", belfryVersion)], value: 1)])
    ]
    families += syncMetrics(view, &bound) + evaluationMetrics(view, counters, &bound)
    families += dataSourceMetrics(view.sources, view.standings, &bound)
    families += notificationMetrics(view, &bound) + suppressionMetrics(view, await notifier.suppressed())
    families += ledgerMetrics() + forgeMetrics() + lookMetrics(view) + (await issuerMetrics())
    families += requestMetrics() + logMetrics() + [bound.family] + ProcessMetrics.families
    // A family without samples is as good as none.
    return families.filter { !$0.samples.isEmpty }
  }

  private func syncMetrics(_ view: View, _ bound: inout MetricBound) -> [MetricFamily] {
    let all = view.sync.scopes.sorted { $0.key < $1.key }
    let scopes = bound.keep(all, of: .scope) { $0.value.sync.status != .synced }
    let states = Dictionary(grouping: all, by: \.value.sync.status.rawValue)
    let held = view.sync.held.count
    let isSuccessful = view.sync.failure == nil && held == 0 && view.sync.lastSuccessAt != nil
    let heldSince = view.sync.scopes.values.compactMap(\.heldSince).min()
    let lastSuccess = [view.sync.lastSuccessAt, isSuccessful ? nil : heldSince].compactMap(\.self).min()
    return [
      MetricFamily(
        "belfry_config_last_sync_successful",
        "Whether the repository was read at the last look and every scope follows it.", .gauge, isSuccessful ? 1 : 0),
      MetricFamily(
        "belfry_config_last_sync_success_timestamp_seconds", "When that was last so.", .gauge,
        lastSuccess?.secondsSinceEpoch ?? 0),
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
        name: "belfry_scopes", help: "Scopes by how they stand.", kind: .gauge,
        samples: states.keys.sorted().map {
          .init(labels: [Label("sync_status", $0)], value: Double(states[$0]?.count ?? 0))
        }),
      MetricFamily("belfry_scopes_held", "Scopes that stay at an older revision.", .gauge, Double(held)),
      MetricFamily(
        "belfry_source_last_success_timestamp_seconds", "When the repository was last read.", .gauge,
        view.sync.lastSuccessAt?.secondsSinceEpoch ?? 0),
      MetricFamily(
        "belfry_source_up", "Whether the last look at the repository succeeded.", .gauge,
        view.sync.failure == nil ? 1 : 0),
      MetricFamily(
        name: "belfry_sync_stage_last_duration_seconds", help: "What each stage of the last sync took.", kind: .gauge,
        samples: (view.sync.operation?.timings ?? []).map {
          .init(labels: [Label("stage", $0.stage)], value: $0.milliseconds / 1000)
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
