import Hummingbird

/// The description of the API.
extension StatusResponder {
  func openAPI() throws(APIError) -> Response { throw .notFound("nothing is served here") }
}
