import Hummingbird

/// The stream of events.
extension StatusResponder {
  func events(_ reading: Reading) async throws(APIError) -> Response { throw .notFound("nothing is served here") }
}
