import Model
import StatusAPI

/// Whose tokens may read, and where that issuer's keys are.
struct OIDCSettings: Hashable, Sendable {
  var policy: TokenPolicy
  /// Where the keys are; `nil` for where the issuer's discovery document says.
  var keysURL: String?
  /// Authorities for the issuer's certificate, PEM; `nil` for the system's.
  var caFile: String?
}

extension SettingReader {
  /// The settings of OpenID Connect: an issuer with an audience, or none.
  mutating func oidc() -> OIDCSettings? {
    let others = ["oidc-audience", "oidc-groups-claim", "oidc-username-claim", "oidc-jwks-url", "oidc-ca-file"]
    guard let issuer = text("oidc-issuer") else {
      if let name = others.first(where: { text($0) != nil }) {
        problems.append("--\(name) is for --oidc-issuer, which is missing; give both or none")
      }
      return nil
    }
    let isAddress = isSecureAddress(issuer, "oidc-issuer")
    guard let audience = text("oidc-audience") else {
      problems.append(
        "--oidc-issuer needs --oidc-audience, the 'aud' of tokens meant for Belfry: without it, a token for any other "
          + "application would read here")
      return nil
    }
    let keysURL = text("oidc-jwks-url")
    if let keysURL, !isSecureAddress(keysURL, "oidc-jwks-url") { return nil }
    let caFile = text("oidc-ca-file")
    if let caFile {
      do {
        _ = try Files.read(caFile, limit: 1 << 20)
      } catch {
        report("oidc-ca-file", caFile, "a readable file with certificates in PEM is accepted: \(error)")
      }
    }
    guard isAddress else { return nil }
    return OIDCSettings(
      policy: TokenPolicy(
        issuer: issuer, audience: audience, groupsClaim: text("oidc-groups-claim") ?? "groups",
        usernameClaim: text("oidc-username-claim")),
      keysURL: keysURL, caFile: caFile)
  }

  /// Who can answer in the issuer's place can make tokens, so what goes over a network is HTTPS.
  private mutating func isSecureAddress(_ text: String, _ name: String) -> Bool {
    if Self.isSecure(text) { return true }
    report(name, redactedURL(text), "an address that begins with https:// is accepted, and http:// on loopback")
    return false
  }

  /// `https://…`, or `http://` to this machine.
  static func isSecure(_ url: String) -> Bool {
    if url.hasPrefix("https://") { return url.utf8.count > 8 }
    guard url.hasPrefix("http://") else { return false }
    let authority = url.dropFirst(7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { return false }
    let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
    return ["localhost", "127.0.0.1", "[::1]"].contains(String(host))
  }
}
