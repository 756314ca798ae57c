import Hummingbird

/// What a request brings to say whose it is.
struct Credentials: Hashable, Sendable {
  /// The header `Authorization`.
  var authorization: String?
  /// The cookies of sessions; browsers send several where paths differ.
  var sessions: [String] = []
  /// The header `Host`.
  var host: String?
  /// Whether a browser asks, which can send a token only as a password or a cookie.
  var isPage = false

  /// What a request has in its headers.
  init(_ request: Request, isPage: Bool) {
    authorization = request.headers[.authorization]
    host = request.head.authority
    self.isPage = isPage
    if authorization == nil { sessions = request.headers[values: .cookie].flatMap(Self.sessions(in:)) }
  }

  /// The values of the session's cookie in a header `Cookie` (RFC 6265 §4.2.1), a few at most.
  private static func sessions(in header: String) -> [String] {
    let values = header.split(separator: ";").lazy.compactMap { pair -> String? in
      let pair = pair.drop { $0 == " " }
      guard pair.hasPrefix(SessionSeal.cookie + "=") else { return nil }
      return String(pair.dropFirst(SessionSeal.cookie.utf8.count + 1))
    }
    return Array(values.prefix(4))
  }

  /// The token of `Bearer TOKEN`, or the password of `Basic`, whatever the user name.
  static func token(in authorization: String) -> String? {
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
