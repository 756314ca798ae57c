package import Model

/// `Channel`: one destination of notifications.
package struct ChannelSpec: Hashable, Sendable {
  /// The kinds of destination that there are; the raw value is the field's name in YAML.
  package enum Destination: Hashable, Sendable {
    case console
    case webhook(WebhookSpec)
    case email(EmailSpec)
  }

  package var destination: Destination
  package var sendResolved = true
  package var locale: String?
  /// An IANA name.
  package var timezone: String?

  package init(destination: Destination) {
    self.destination = destination
  }
}

/// A webhook that takes Alertmanager's JSON, version 4.
package struct WebhookSpec: Hashable, Sendable {
  package var url: SecretOr
  package var http = HTTPSettings()
  /// The most alerts in one message; 0 for all. The rest is counted.
  package var maxAlerts = 0
  package var timeout: Duration = .seconds(10)

  package init(url: SecretOr) {
    self.url = url
  }
}

/// Mail by SMTP.
package struct EmailSpec: Hashable, Sendable {
  package var to: [String]
  package var from: String
  package var host: String
  package var port: Int
  package var security: MailSubmission.Security
  package var hello = "localhost"
  package var username: String?
  /// The name of a secret.
  package var password: String?
  /// The name of a secret that holds a PEM text.
  package var ca: String?
  /// Further headers; `Subject` replaces the usual one.
  package var headers: [Label] = []

  package init(to: [String], from: String, host: String, port: Int, security: MailSubmission.Security) {
    self.to = to
    self.from = from
    self.host = host
    self.port = port
    self.security = security
  }
}
