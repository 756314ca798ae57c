import Hummingbird

/// What is asked in Alertmanager's way, below `/alertmanager/api/v2`.
enum AlertmanagerQuery: String, CaseIterable, Hashable, Sendable {
  case alerts, groups, silences, receivers, status

  init?(_ segments: [String]) {
    guard segments.count == 1 else { return nil }
    self.init(rawValue: segments[0])
  }

  var parameters: [String] { [] }
}

extension StatusResponder {
  func answer(_ query: AlertmanagerQuery, of tenant: String?, _ reading: Reading) async throws(APIError) -> Response {
    throw .notFound("nothing is served here")
  }
}
