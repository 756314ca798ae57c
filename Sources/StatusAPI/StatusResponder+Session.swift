import Hummingbird
import Model

/// The session of a browser: a cookie in place of the header that a browser can't send by itself.
extension StatusResponder {
  /// Begins a session for the token of `Authorization: Bearer …`, or with `?end` ends the one there is.
  ///
  /// The header can't come from a page of another site without this server's leave, so nobody is signed in, nor out, by
  /// a link.
  func session(_ request: Request, _ parameters: Parameters) async throws(APIError) -> Response {
    if parameters.has("end") { return cookie("", lasting: .zero, request) }
    guard let authorization = request.headers[.authorization],
      authorization.split(separator: " ").first?.lowercased() == "bearer",
      let token = Credentials.token(in: authorization)
    else {
      throw .unauthorised(
        "a session begins with the header 'Authorization: Bearer …', and ends with /session?end", isPage: false)
    }
    guard access.asksWho else { return Response(status: .noContent) }
    let reader = try await access.reader(of: token, isPage: false, source)
    guard let sessions = access.sessions else { throw .notFound("sessions are not kept here") }
    let now = sessions.clock.now
    let end = reader.expires ?? now + Self.longestSession
    guard let value = sessions.seal.seal(token, until: end) else {
      throw .badRequest(
        "the token has \(token.utf8.count) bytes, and a browser keeps at most \(SessionSeal.tokenLimit) in a session; "
          + "let the issuer put fewer claims into it, such as groups")
    }
    return cookie(value, lasting: max(.zero, end - now), request)
  }

  /// How long a session with a token without an end lasts.
  private static var longestSession: Duration { .seconds(12 * 3600) }

  private func cookie(_ value: String, lasting: Duration, _ request: Request) -> Response {
    var text = "\(SessionSeal.cookie)=\(value); Path=\(prefix)/; Max-Age=\(lasting.components.seconds)"
    text += "; HttpOnly; SameSite=Strict"
    if isSecure(request) { text += "; Secure" }
    return Response(status: .noContent, headers: [.setCookie: text])
  }

  /// Whether the browser speaks HTTPS, to a proxy or to this server.
  private func isSecure(_ request: Request) -> Bool {
    isExternallySecure || forwardedProtocol.flatMap { request.headers[$0] }?.lowercased() == "https"
  }

  /// Leads a browser that has no session to the page where one begins, and from there back; `nil` for what isn't a
  /// browser at a page.
  ///
  /// The address is relative to the page, so that it holds behind any proxy.
  func login(insteadOf target: RequestTarget, _ request: Request) -> Response? {
    guard request.headers[.authorization] == nil,
      request.headers[.accept]?.lowercased().contains("text/html") ?? false
    else { return nil }
    var next = target.segments.map(\.percentEncoded).joined(separator: "/")
    let query = target.parameters.map { $0.name.percentEncoded + "=" + $0.value.percentEncoded }
    if !query.isEmpty { next += "?" + query.joined(separator: "&") }
    var location = String(repeating: "../", count: max(0, target.segments.count - 1)) + "login"
    if !next.isEmpty, ReturnPath(next) != nil { location += "?next=" + next.percentEncoded }
    return Response(status: .seeOther, headers: [.location: location, .vary: "Accept, Authorization, Cookie"])
  }
}

private let forwardedProtocol = HTTPFields.Element.Name("X-Forwarded-Proto")
