import Model

/// Who may read what.
///
/// With tokens or an issuer, everything but the probes asks who reads. Without them only a server on loopback answers,
/// and only requests for a loopback name or the external one: a page of another site that resolves its own name to this
/// machine (DNS rebinding) sends that name, and is refused.
struct AccessPolicy: Sendable {
  private let tokens: [ReadToken]
  private let signIn: SignIn?
  private let isOnLoopback: Bool
  /// The host of the external URL, in lower case.
  private let externalHost: String?

  /// A policy for the address or name that is listened on, and for the URL where readers find it, where that differs.
  init(listenHost: String, tokens: [ReadToken], signIn: SignIn? = nil, externalURL: String? = nil) {
    self.tokens = tokens
    self.signIn = signIn
    isOnLoopback = HostName.isLoopback(HostName.host(ofAuthority: listenHost))
    externalHost = externalURL.flatMap(HostName.host(ofURL:))
  }

  /// Whether readers must say who they are.
  var asksWho: Bool { !tokens.isEmpty || signIn?.listedTokens != nil || signIn?.verifier != nil }

  /// Seals sessions, and tells the time for them; `nil` where there are none.
  var sessions: (seal: SessionSeal, clock: any WallClock)? { signIn.map { ($0.seal, $0.clock) } }

  /// Who sends a request; `source` knows what role bindings let people see.
  func reader(_ credentials: Credentials, _ source: any ReaderSource) async throws(APIError) -> Reader {
    guard !asksWho else {
      return try await reader(of: try token(of: credentials), isPage: credentials.isPage, source)
    }
    guard isOnLoopback else {
      throw .unauthorised(
        "this address asks for a token, and no token is set up; start with --token-sha256, or listen on 127.0.0.1",
        isPage: false
      )
    }
    guard let host = credentials.host else { throw .misdirected("the request names no host; send a Host header") }
    let name = HostName.host(ofAuthority: host)
    guard HostName.isLoopback(name) || name == externalHost else {
      throw .misdirected(
        "the request is for host '\(host)'; without tokens only localhost and the host of --external-url are answered"
      )
    }
    return Reader(visibility: .all)
  }

  /// The token of the header `Authorization`, which wins, or of a session.
  private func token(of credentials: Credentials) throws(APIError) -> String {
    if let authorization = credentials.authorization {
      guard let token = Credentials.token(in: authorization) else {
        throw .unauthorised("expected 'Bearer' and a token in the header Authorization", isPage: credentials.isPage)
      }
      return token
    }
    guard let sessions, !credentials.sessions.isEmpty else {
      throw .unauthorised(
        "the request carries no token; send the header 'Authorization: Bearer …'", isPage: credentials.isPage)
    }
    let now = sessions.clock.now
    guard let token = credentials.sessions.lazy.compactMap({ sessions.seal.open($0, at: now) }).first else {
      throw .unauthorised("the session has ended; sign in again", isPage: credentials.isPage)
    }
    return token
  }

  /// Who has a token: one that the settings or their file name, else one of the issuer.
  func reader(of token: String, isPage: Bool, _ source: any ReaderSource) async throws(APIError) -> Reader {
    let digest = ReadToken.digest(of: token)
    var found: ReadToken?
    // Every token is compared, so that the time taken tells nothing about which came near.
    for candidate in tokens where candidate.matches(digest) { found = candidate }
    if let listed = signIn?.listedTokens?() {
      for candidate in listed where candidate.matches(digest) { found = candidate }
    }
    if let found { return Reader(visibility: found.visibility) }
    guard let signIn, let verifier = signIn.verifier else {
      throw .unauthorised("the token is not one that may read here", isPage: isPage)
    }
    let (principal, ends): (Principal, ends: Timestamp)
    do throws(TokenVerifier.Trouble) {
      (principal, ends) = try await verifier.principal(of: token, at: signIn.clock.now)
    } catch {
      switch error {
      case .refused(let refusal): throw .unauthorised(refusal.description, isPage: isPage)
      case .keysUnavailable:
        throw .unavailable("the keys of \(verifier.policy.issuer) are not known right now, so no token is verified")
      }
    }
    guard let visibility = await source.visibility(of: principal), visibility != .tenants([]) else {
      throw .forbidden(Self.unbound(principal))
    }
    return Reader(visibility: visibility, expires: ends)
  }

  /// Told to whom the token names, and to nobody else.
  private static func unbound(_ principal: Principal) -> String {
    var names = principal.groups.prefix(10).map { "'\(shown($0))'" }.joined(separator: ", ")
    if principal.groups.count > 10 { names += " and \(principal.groups.count - 10) more" }
    return "signed in as '\(shown(principal.user))', but no RoleBinding names you or your groups: "
      + (names.isEmpty ? "the token lists none" : names)
  }

  private static func shown(_ name: String) -> String {
    name.count > 100 ? name.prefix(99) + "…" : name
  }
}
