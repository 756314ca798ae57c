import Hummingbird

/// A page of the dashboard, as its path names it.
enum DashboardRoute: Hashable, Sendable {
  case overview

  init?(_ segments: [String]) {
    switch segments {
    case []: self = .overview
    default: return nil
    }
  }

  var parameters: [String] { [] }
}

extension StatusResponder {
  func page(_ route: DashboardRoute, _ reading: Reading) async throws(APIError) -> Response {
    Response(.html, await dashboard(for: reading.reader))
  }

  func asset(_ name: String) throws(APIError) -> Response {
    guard name == "style.css" else { throw .notFound("nothing is served here") }
    return stylesheet()
  }
}
