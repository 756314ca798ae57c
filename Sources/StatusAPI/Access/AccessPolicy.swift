/// Who may read what.
///
/// With tokens, everything but the probes asks for one. Without tokens only a server on loopback answers, and only
/// requests for a loopback name or the external one: a page of another site that resolves its own name to this
/// machine (DNS rebinding) sends that name, and is refused.
struct AccessPolicy: Hashable, Sendable {
  private let tokens: [ReadToken]
  private let isOnLoopback: Bool
  /// The host of the external URL, in lower case.
  private let externalHost: String?

  /// A policy for the address or name that is listened on, and for the URL where readers find it, where that differs.
  init(listenHost: String, tokens: [ReadToken], externalURL: String? = nil) {
    self.tokens = tokens
    isOnLoopback = HostName.isLoopback(HostName.host(ofAuthority: listenHost))
    externalHost = externalURL.flatMap(HostName.host(ofURL:))
  }

  /// What a request may see by its headers `Authorization` and `Host`; `isPage` where a browser asks, which can send a
  /// token only as a password.
  func visibility(authorization: String?, host: String?, isPage: Bool) throws(APIError) -> Visibility {
    guard tokens.isEmpty else { return try visibility(authorization: authorization, isPage: isPage) }
    guard isOnLoopback else {
      throw .unauthorised(
        "this address asks for a token, and no token is set up; start with --token-sha256, or listen on 127.0.0.1",
        isPage: false
      )
    }
    guard let host else { throw .misdirected("the request names no host; send a Host header") }
    let name = HostName.host(ofAuthority: host)
    guard HostName.isLoopback(name) || name == externalHost else {
      throw .misdirected(
        "the request is for host '\(host)'; without tokens only localhost and the host of --external-url are answered"
      )
    }
    return .all
  }

  private func visibility(authorization: String?, isPage: Bool) throws(APIError) -> Visibility {
    guard let authorization else {
      throw .unauthorised("the request carries no token; send the header 'Authorization: Bearer …'", isPage: isPage)
    }
    guard let token = Self.token(in: authorization) else {
      throw .unauthorised("expected 'Bearer' and a token in the header Authorization", isPage: isPage)
    }
    let digest = ReadToken.digest(of: token)
    var found: ReadToken?
    // Every token is compared, so that the time taken tells nothing about which came near.
    for candidate in tokens where candidate.matches(digest) { found = candidate }
    guard let found else { throw .unauthorised("the token is not one that may read here", isPage: isPage) }
    return found.visibility
  }

  /// The token of `Bearer TOKEN`, or the password of `Basic`, whatever the user name.
  private static func token(in authorization: String) -> String? {
    let parts = authorization.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    let credentials = String(parts[1].drop { $0 == " " })
    switch parts[0].lowercased() {
    case "bearer": return credentials.isEmpty ? nil : credentials
    case "basic":
      guard
        let bytes = Base64URL.decode(credentials), let text = String(validating: bytes, as: UTF8.self),
        let colon = text.firstIndex(of: ":")
      else { return nil }
      return String(text[text.index(after: colon)...])
    default: return nil
    }
  }
}
