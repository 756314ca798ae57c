import JSON
import Model

/// Which tokens of an OpenID Connect issuer are accepted, and how they name people.
package struct TokenPolicy: Hashable, Sendable {
  /// How far the issuer's clock may be from this one.
  static let skew = Duration.seconds(60)

  /// `iss`, letter by letter.
  package var issuer: String
  /// What `aud` must be, or be among.
  package var audience: String
  /// The claim that lists groups: a name, or names with dots between them for a member of a member.
  package var groupsClaim: String
  /// The claim that names the user; `nil` for a verified `email`, else `sub`.
  package var usernameClaim: String?

  package init(issuer: String, audience: String, groupsClaim: String = "groups", usernameClaim: String? = nil) {
    self.issuer = issuer
    self.audience = audience
    self.groupsClaim = groupsClaim
    self.usernameClaim = usernameClaim
  }

  /// Judges the claims of a token whose signature fits.
  ///
  /// - Returns: whom it names, and when it ends, skew included.
  func accept(_ claims: JSONValue, at now: Timestamp) throws(TokenRefusal) -> (Principal, ends: Timestamp) {
    guard claims["iss"]?.string == issuer else { throw .issuer(expected: issuer) }
    guard isMeant(claims["aud"]) else { throw .audience(expected: audience) }
    guard let end = try Self.instant("exp", in: claims) else { throw .noEnd }
    guard now < end + Self.skew else { throw .ended(end) }
    if let start = try Self.instant("nbf", in: claims), now + Self.skew < start { throw .notYet(start) }
    if let issued = try Self.instant("iat", in: claims), now + Self.skew < issued { throw .issuedLater(issued) }
    return (Principal(user: try user(claims), groups: groups(claims)), end + Self.skew)
  }

  private func isMeant(_ claim: JSONValue?) -> Bool {
    claim?.string == audience || claim?.array?.contains(.string(audience)) ?? false
  }

  /// A claim in seconds since 1970, fractions allowed; what is beyond the year 9999 is taken for its end.
  private static func instant(_ name: String, in claims: JSONValue) throws(TokenRefusal) -> Timestamp? {
    guard let claim = claims[name] else { return nil }
    guard let seconds = claim.double, seconds.isFinite else { throw .wrongType(part: "claims", name: name) }
    return Timestamp(secondsSinceEpoch: min(max(seconds, 0), 253_402_300_799))
  }

  /// An address that the issuer says isn't verified may be anybody's, and names nobody.
  private func user(_ claims: JSONValue) throws(TokenRefusal) -> String {
    let isVerified = claims["email_verified"].map { $0 == .bool(true) || $0 == .string("true") } ?? true
    let name = usernameClaim ?? "email"
    if name != "email" || isVerified, let text = value(at: name, in: claims)?.string, !text.isEmpty { return text }
    guard usernameClaim == nil, let subject = claims["sub"]?.string, !subject.isEmpty else {
      throw .noUser(claim: name)
    }
    return subject
  }

  /// A list of texts, or one text; anything else names no group.
  private func groups(_ claims: JSONValue) -> [String] {
    switch value(at: groupsClaim, in: claims) {
    case .string(let group): [group]
    case .array(let groups): groups.compactMap(\.string)
    default: []
    }
  }

  /// A claim of this very name, which may have dots; else a member of a member.
  private func value(at path: String, in claims: JSONValue) -> JSONValue? {
    if let claim = claims[path] { return claim }
    return path.split(separator: ".").reduce(Optional(claims)) { value, name in value?[String(name)] }
  }
}
