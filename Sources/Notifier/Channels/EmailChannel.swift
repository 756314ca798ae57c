package import Model
package import Specs

/// Sends mail by SMTP. A server's 4xx may be tried again, its 5xx may not.
package struct EmailChannel: Channel {
  private let spec: EmailSpec
  private let context: ChannelContext

  package init(_ spec: EmailSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let mail = try submission(for: post)
    let refusal: MailError
    do throws(MailError) {
      return Receipt(detail: try await outlet.submit(mail).onOneLine(limit: 200))
    } catch {
      refusal = error
    }
    guard mail.recipients.count > 1, refusal.isAboutRecipients else { throw DeliveryError(refusal) }
    return try await sendOneByOne(mail, after: refusal, through: &outlet)
  }

  /// A server that refuses one recipient took nothing for the others either; so each gets a mail of their own, and a
  /// mailbox that is full or gone keeps nobody else from being called.
  private func sendOneByOne(
    _ mail: MailSubmission, after refusal: MailError, through outlet: inout Outlet
  ) async throws(DeliveryError) -> Receipt {
    var taken: [String] = []
    var refused: [String] = []
    for recipient in mail.recipients {
      var own = mail
      own.recipients = [recipient]
      do throws(MailError) {
        taken.append(try await outlet.submit(own))
      } catch {
        refused.append(recipient + " (" + error.code + ")")
        // Whatever else is wrong is wrong for all of them.
        guard error.isAboutRecipients else { break }
      }
    }
    guard let last = taken.last else { throw DeliveryError(refusal) }
    guard taken.count < mail.recipients.count else { return Receipt(detail: last.onOneLine(limit: 200)) }
    let counts = "taken for \(taken.count) of \(mail.recipients.count) recipients, not for "
    return Receipt(detail: (counts + refused.joined(separator: ", ") + "; " + last).onOneLine(limit: 500))
  }

  /// The mail for a message, with all secrets in it.
  package func submission(for post: Post) throws(DeliveryError) -> MailSubmission {
    let mail = try MailMessage(post, MessageContent(post, context.style), spec: spec)
    var password: Secret?
    if let name = spec.password { password = Secret(try context.secret(name)) }
    return MailSubmission(
      host: spec.host, port: spec.port, security: spec.security, hello: spec.hello, username: spec.username,
      password: password, sender: mail.senderAddress, recipients: mail.recipientAddresses, message: mail.bytes,
      options: ConnectionOptions(
        caFile: try context.secrets.path(spec.ca, for: context.id.scope),
        clientCertificateFile: try context.secrets.path(spec.clientCertificate, for: context.id.scope),
        clientKeyFile: try context.secrets.path(spec.clientKey, for: context.id.scope),
        insecureSkipVerify: spec.insecureSkipVerify, egress: context.egress, timeout: .seconds(30)))
  }
}

extension MailError {
  /// Without the server's words, which are cut nowhere this way.
  fileprivate var code: String {
    switch self {
    case .refused(let code, _): String(code)
    case .transport: "no answer"
    }
  }

  /// Whether the server may have refused one recipient only: the codes that RFC 5321 (§4.2.3) and RFC 7504 have for
  /// RCPT, 554 among them for what a policy refuses.
  fileprivate var isAboutRecipients: Bool {
    guard case .refused(let code, _) = self else { return false }
    return [450, 451, 452, 550, 551, 552, 553, 554, 556].contains(code)
  }
}

extension DeliveryError {
  /// What a mail server's refusal, or its silence, means for a message.
  init(_ error: MailError) {
    switch error {
    case .refused(let code, let text):
      let words = "mail server answered \(code)" + (text.isEmpty ? "" : ": " + text.onOneLine(limit: 200))
      switch code {
      // RFC 4954 (§6): a login is wanted, too weak, wrong, or not to be had without TLS.
      case 530, 534, 535, 538: self = .unauthorised(words)
      case 400..<500: self = .unreachable(words)
      default: self = .rejected(words)
      }
    case .transport(let error): self = DeliveryError(error)
    }
  }
}
