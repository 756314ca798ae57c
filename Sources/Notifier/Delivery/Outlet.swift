package import Model

/// Where a channel's requests leave the process, and how much has left.
package struct Outlet: Sendable {
  private let http: any HTTPTransport
  private let mail: any MailTransport
  private let console: @Sendable (String) -> Void
  /// The bytes of bodies and mails that were handed over, whatever became of them.
  package private(set) var bytes = 0
  /// The URLs of all requests, with the secrets in them: to be taken out of what is told of them.
  private(set) var addresses: [String] = []

  /// `console`: takes one whole block of text, without a line break at its end.
  package init(
    http: any HTTPTransport, mail: any MailTransport, console: @escaping @Sendable (String) -> Void
  ) {
    self.http = http
    self.mail = mail
    self.console = console
  }

  /// One exchange, whatever status the answer has.
  package mutating func send(_ request: HTTPRequest) async throws(DeliveryError) -> HTTPResponse {
    bytes += request.body.count
    addresses.append(request.url)
    do { return try await http.send(request) } catch { throw DeliveryError(error) }
  }

  /// Hands over one mail; gives the server's last reply.
  package mutating func submit(_ submission: MailSubmission) async throws(MailError) -> String {
    bytes += submission.message.count
    return try await mail.submit(submission)
  }

  package mutating func write(_ text: String) {
    bytes += text.utf8.count
    console(text)
  }
}
