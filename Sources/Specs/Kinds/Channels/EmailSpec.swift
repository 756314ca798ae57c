package import Model

/// Mail by SMTP.
package struct EmailSpec: Hashable, Sendable {
  /// How the mails about one group of alerts are held together.
  package enum Threading: String, Hashable, Sendable, CaseIterable {
    /// Each mail stands for itself.
    case off
    /// One thread for each group.
    case none
    /// One thread for each group and day.
    case daily
  }

  /// Addresses, with names where they were written: `Ana <ana@example.com>`.
  package var to: [String]
  package var from: String
  package var host: String
  package var port: Int
  package var security: MailSubmission.Security
  package var hello = "localhost"
  package var username: String?
  /// The name of a secret.
  package var password: String?
  /// Names of secrets that hold PEM texts.
  package var ca: String?
  package var clientCertificate: String?
  package var clientKey: String?
  package var insecureSkipVerify = false
  /// Further headers; `Subject` replaces the usual one.
  package var headers: [Label] = []
  package var threading = Threading.none

  package init(to: [String], from: String, host: String, port: Int, security: MailSubmission.Security) {
    self.to = to
    self.from = from
    self.host = host
    self.port = port
    self.security = security
  }
}

extension EmailSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    visitor.list("to", to)
    visitor.field("from", from)
    visitor.field("smarthost", host + ":" + String(port))
    visitor.field("tls", security.rawValue)
    visitor.field("hello", hello)
    visitor.field("auth_username", username)
    visitor.field("auth_password", password)
    visitor.field("tls_config.ca", ca)
    visitor.field("tls_config.cert", clientCertificate)
    visitor.field("tls_config.key", clientKey)
    if insecureSkipVerify { visitor.field("tls_config.insecure_skip_verify", true) }
    if threading != .none { visitor.field("threading", threading.rawValue) }
    if !headers.isEmpty { visitor.labels("headers", headers) }
  }
}
