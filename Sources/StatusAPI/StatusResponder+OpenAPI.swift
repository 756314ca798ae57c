import Hummingbird

/// The description of the API.
extension StatusResponder {
  /// The same bytes for every reader; none for one that has them already.
  func openAPI(_ reading: Reading) -> Response {
    var response: Response
    if let known = reading.ifNoneMatch, OpenAPIDocument.tag.isNamed(in: known) {
      response = Response(status: .notModified)
      response.headers[.contentLength] = nil
    } else {
      response = Response(.json, OpenAPIDocument.bytes)
    }
    response.headers[.eTag] = OpenAPIDocument.tag.text
    return response
  }
}
