package import Model
package import Specs

/// Sends mail by SMTP. A server's 4xx may be tried again, its 5xx may not.
package struct EmailChannel: Channel {
  private let id: ResourceID
  private let spec: EmailSpec
  private let zone: ZoneRules
  private let secrets: any SecretResolver
  private let transport: any MailTransport
  private let egress: EgressPolicy

  /// `id`: the channel's; its scope decides where secrets are looked for.
  package init(
    id: ResourceID, spec: EmailSpec, zone: ZoneRules = .utc, secrets: any SecretResolver,
    transport: any MailTransport, egress: EgressPolicy = .open
  ) {
    self.id = id
    self.spec = spec
    self.zone = zone
    self.secrets = secrets
    self.transport = transport
    self.egress = egress
  }

  package func send(_ message: Message) async throws(DeliveryError) -> Receipt {
    let mail = try submission(for: message)
    do { return Receipt(detail: try await transport.submit(mail).onOneLine(limit: 200)) } catch {
      throw DeliveryError(error)
    }
  }

  /// The mail for a message, with all secrets in it.
  package func submission(for message: Message) throws(DeliveryError) -> MailSubmission {
    let mail = try MailMessage(MessageText(message, zone: zone), spec: spec)
    var password: Secret?
    if let name = spec.password { password = Secret(try secrets.text(name, for: id.scope)) }
    return MailSubmission(
      host: spec.host, port: spec.port, security: spec.security, hello: spec.hello, username: spec.username,
      password: password, sender: mail.senderAddress, recipients: mail.recipientAddresses, message: mail.bytes,
      options: ConnectionOptions(
        caFile: try secrets.path(spec.ca, for: id.scope), egress: egress, timeout: .seconds(30)))
  }
}

extension DeliveryError {
  /// What a mail server's refusal, or its silence, means for a message.
  init(_ error: MailError) {
    switch error {
    case .refused(let code, let text):
      let words = "mail server answered \(code)" + (text.isEmpty ? "" : ": " + text.onOneLine(limit: 200))
      self = 400..<500 ~= code ? .unreachable(words) : .rejected(words)
    case .transport(let error): self = DeliveryError(error)
    }
  }
}
