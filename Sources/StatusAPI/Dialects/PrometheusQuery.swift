import Hummingbird

/// What is asked in Prometheus's way, below `/prometheus/api/v1`.
enum PrometheusQuery: String, CaseIterable, Hashable, Sendable {
  case rules, alerts

  init?(_ segments: [String]) {
    guard segments.count == 1 else { return nil }
    self.init(rawValue: segments[0])
  }

  var parameters: [String] { [] }
}

extension StatusResponder {
  func answer(_ query: PrometheusQuery, of tenant: String?, _ reading: Reading) async throws(APIError) -> Response {
    throw .notFound("nothing is served here")
  }
}
