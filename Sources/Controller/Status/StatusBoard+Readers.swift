import Model
import StatusAPI

extension StatusBoard {
  func visibility(of principal: Principal) async -> Visibility? {
    sync.readers.visibility(of: principal)
  }

  /// How the keys of the issuer of readers' tokens do; nothing where none is set.
  func issuerMetrics() async -> [MetricFamily] {
    guard let counters = await issuer?.counters else { return [] }
    return [
      MetricFamily(
        name: "belfry_oidc_key_fetches_total", help: "Looks at the keys of the issuer of readers' tokens.",
        kind: .counter,
        samples: [("succeeded", counters.succeeded), ("failed", counters.failed)].map {
          .init(labels: [Label("outcome", $0.0)], value: Double($0.1))
        }),
      MetricFamily(
        "belfry_oidc_keys", "Keys of the issuer that verify tokens.", .gauge, Double(counters.keys)),
      MetricFamily(
        "belfry_oidc_keys_last_success_timestamp_seconds", "When the issuer's keys were last read.", .gauge,
        counters.lastSuccessAt?.secondsSinceEpoch ?? 0),
    ]
  }
}
