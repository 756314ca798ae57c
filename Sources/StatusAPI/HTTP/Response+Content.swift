import Hummingbird

/// What a response's bytes are.
enum Content: String {
  case json = "application/json; charset=utf-8"
  case text = "text/plain; charset=utf-8"
  /// Prometheus's text format.
  case metrics = "text/plain; version=0.0.4; charset=utf-8"
  case html = "text/html; charset=utf-8"
  case css = "text/css; charset=utf-8"
  /// An error (RFC 9457).
  case problem = "application/problem+json"
  case eventStream = "text/event-stream"
}

extension Response {
  init(_ content: Content, _ bytes: [UInt8], status: HTTPResponse.Status = .ok) {
    self.init(
      status: status, headers: [.contentType: content.rawValue], body: .init(byteBuffer: ByteBuffer(bytes: bytes))
    )
  }

  init(_ content: Content, _ text: String, status: HTTPResponse.Status = .ok) {
    self.init(content, Array(text.utf8), status: status)
  }

  /// Headers that every response carries: nothing is kept, framed, guessed or told to other sites.
  mutating func secure(isTLS: Bool) {
    let isPage = headers[.contentType] == Content.html.rawValue
    headers[.contentSecurityPolicy] = isPage ? pagePolicy : documentPolicy
    headers[.xContentTypeOptions] = "nosniff"
    headers[.crossOriginResourcePolicy] = "same-origin"
    if let referrerPolicy { headers[referrerPolicy] = "no-referrer" }
    if isPage, let permissionsPolicy { headers[permissionsPolicy] = deniedFeatures }
    if isTLS { headers[.strictTransportSecurity] = "max-age=31536000" }
    if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
  }
}

/// Pages load what this server has, talk to it alone, and draw small pictures of their own.
private let pagePolicy = """
  default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
  base-uri 'none'; form-action 'self'; frame-ancestors 'none'
  """

/// What isn't a page loads nothing, whatever a browser takes it for.
private let documentPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

private let deniedFeatures = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

private let referrerPolicy = HTTPFields.Element.Name("Referrer-Policy")
private let permissionsPolicy = HTTPFields.Element.Name("Permissions-Policy")
