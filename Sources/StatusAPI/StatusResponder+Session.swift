import Hummingbird

/// The session of a browser.
extension StatusResponder {
  func session(_ request: Request) throws(APIError) -> Response { throw .notFound("nothing is served here") }
}
