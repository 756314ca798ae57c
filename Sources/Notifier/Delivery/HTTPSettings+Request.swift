import Model
import Specs

extension HTTPSettings {
  /// The value of `Authorization`; `nil` when no credentials are set.
  func authorization(_ secrets: any SecretResolver, for scope: Scope) throws(DeliveryError) -> String? {
    if let bearerToken { return "Bearer " + (try secrets.text(bearerToken, for: scope)) }
    guard let basicUsername else { return nil }
    var password = ""
    if let basicPassword { password = try secrets.text(basicPassword, for: scope) }
    return "Basic " + (basicUsername + ":" + password).utf8.base64
  }

  func options(
    _ secrets: any SecretResolver, for scope: Scope, egress: EgressPolicy, timeout: Duration
  ) throws(DeliveryError) -> ConnectionOptions {
    ConnectionOptions(
      caFile: try secrets.path(ca, for: scope), clientCertificateFile: try secrets.path(clientCertificate, for: scope),
      clientKeyFile: try secrets.path(clientKey, for: scope), insecureSkipVerify: insecureSkipVerify, proxy: proxy,
      egress: egress, timeout: timeout)
  }
}
