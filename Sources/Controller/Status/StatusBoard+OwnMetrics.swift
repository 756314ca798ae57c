import Model
import StatusAPI

/// What Belfry says of itself as a server and as a writer of logs.
extension StatusBoard {
  func requestMetrics() -> [MetricFamily] {
    guard let counts = meter?.snapshot else { return [] }
    var requests: [MetricFamily.Sample] = []
    for (key, count) in counts.requests.sorted(by: { $0.key < $1.key }) {
      requests.append(
        .init(labels: [Label("handler", key.handler), Label("code", String(key.code))], value: Double(count)))
    }
    var durations: [MetricFamily.Sample] = []
    for (handler, taken) in counts.durations.sorted(by: { $0.key < $1.key }) {
      durations += MetricFamily.Sample.histogram(
        [Label("handler", handler)], RequestMeter.Durations.bounds, taken.buckets, sum: taken.sum)
    }
    return [
      MetricFamily(
        name: "belfry_http_requests_total", help: "Requests to the status API, by endpoint and status code.",
        kind: .counter, samples: requests),
      MetricFamily(
        name: "belfry_http_request_duration_seconds", help: "How long answers took to begin.", kind: .histogram,
        samples: durations),
      MetricFamily(
        "belfry_http_requests_in_flight", "Requests that are being answered.", .gauge, Double(counts.inFlight)),
    ]
  }

  func logMetrics() -> [MetricFamily] {
    let counts = log?.counts ?? (written: [:], leftOut: 0)
    return [
      MetricFamily(
        name: "belfry_log_events_total", help: "Events written to the log.", kind: .counter,
        samples: EventLog.Level.allCases.map {
          .init(labels: [Label("level", $0.rawValue)], value: Double(counts.written[$0] ?? 0))
        }),
      MetricFamily(
        "belfry_log_events_left_out_total", "Events that weren't written because they came too often.", .counter,
        Double(counts.leftOut)),
    ]
  }
}
