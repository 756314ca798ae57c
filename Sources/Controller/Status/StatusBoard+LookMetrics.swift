import Model
import StatusAPI
import Webhook

extension StatusBoard {
  /// Looks, webhooks and the stages of syncs; bounded: triggers, forges, outcomes and stages are words of ours.
  func lookMetrics(_ view: View) -> [MetricFamily] {
    let counts = webhooks?.counts
    return [
      MetricFamily(
        name: "belfry_source_looks_total", help: "Looks at the repository, by why.", kind: .counter,
        samples: SyncTrigger.allCases.map {
          .init(labels: [Label("trigger", $0.rawValue)], value: Double(view.sync.looks[$0] ?? 0))
        }),
      MetricFamily(
        name: "belfry_webhook_requests_total",
        help: "Requests to the webhook listener, by forge and what became of them.",
        kind: .counter,
        samples: (counts?.requests ?? [:]).sorted { $0.key < $1.key }.map { key, count in
          .init(
            labels: [Label("provider", key.provider), Label("outcome", key.outcome.rawValue)], value: Double(count))
        }),
      MetricFamily(
        "belfry_webhook_last_timestamp_seconds", "When a genuine webhook last came.", .gauge,
        counts?.lastAt?.secondsSinceEpoch ?? 0),
      MetricFamily(
        name: "belfry_sync_stage_duration_seconds",
        help: "What each stage of syncs took, from the push to the first evaluation.",
        kind: .histogram,
        samples: view.sync.stageSeconds.stages.sorted { $0.key < $1.key }.flatMap { stage, counts in
          MetricFamily.Sample.histogram(
            [Label("stage", stage)], StageHistograms.bounds, counts.buckets, sum: counts.sum)
        }),
    ]
  }
}
