import Model

/// Somebody whom an OpenID Connect issuer vouches for, as role bindings name people.
package struct Principal: Hashable, Sendable {
  /// The user by the claim of `--oidc-username-claim`, such as an e-mail address.
  package var user: String
  /// As the claim of `--oidc-groups-claim` lists them.
  package var groups: [String]

  package init(user: String, groups: [String]) {
    self.user = user
    self.groups = groups
  }
}

/// Who reads: what they may see, and until when that holds.
struct Reader: Hashable, Sendable {
  var visibility: Visibility
  /// When the token ends; `nil` for one without an end.
  var expires: Timestamp?

  /// Whoever asks for what holds no secret.
  static let anybody = Reader(visibility: .tenants([]))
}
