import Hummingbird

/// What is counted and compared: rules, channels, figures, and what changed.
extension StatusResponder {
  func rules(_ reading: Reading) async throws(APIError) -> Response { throw .notFound("nothing is served here") }

  func channels(_ reading: Reading) async throws(APIError) -> Response { throw .notFound("nothing is served here") }

  func stats(_ reading: Reading) async throws(APIError) -> Response { throw .notFound("nothing is served here") }

  func changes(_ reading: Reading) async throws(APIError) -> Response { throw .notFound("nothing is served here") }
}
