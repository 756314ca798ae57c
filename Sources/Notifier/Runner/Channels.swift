package import Model
package import Specs

/// Makes channels of their specs, given the ports that they need.
package struct Channels: Sendable {
  private let http: any HTTPTransport
  private let mail: any MailTransport
  private let secrets: any SecretResolver
  private let egress: EgressPolicy
  private let console: @Sendable (String) -> Void
  private let userAgent: String

  /// `console`: takes one whole block of text, without a line break at its end.
  package init(
    http: any HTTPTransport, mail: any MailTransport, secrets: any SecretResolver, egress: EgressPolicy = .open,
    userAgent: String = "Belfry", console: @escaping @Sendable (String) -> Void
  ) {
    self.http = http
    self.mail = mail
    self.secrets = secrets
    self.egress = egress
    self.userAgent = userAgent
    self.console = console
  }

  /// The channel `id` as `spec` says, showing times in `zone`.
  package func channel(_ id: ResourceID, _ spec: ChannelSpec, zone: ZoneRules) -> any Channel {
    switch spec.destination {
    case .console: ConsoleChannel(zone: zone, write: console)
    case .webhook(let webhook):
      WebhookChannel(
        id: id, spec: webhook, secrets: secrets, transport: http, egress: egress, userAgent: userAgent)
    case .email(let email):
      EmailChannel(id: id, spec: email, zone: zone, secrets: secrets, transport: mail, egress: egress)
    }
  }
}
