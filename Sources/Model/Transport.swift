/// Which addresses a request may connect to, checked on the address itself and not on the name.
///
/// Link-local and metadata addresses are always refused.
package struct EgressPolicy: Hashable, Sendable {
  package var denyPrivate: Bool
  package var denyLoopback: Bool

  package init(denyPrivate: Bool = false, denyLoopback: Bool = false) {
    self.denyPrivate = denyPrivate
    self.denyLoopback = denyLoopback
  }

  package static let open = EgressPolicy()
}

/// How a connection is secured and reached.
package struct ConnectionOptions: Hashable, Sendable {
  /// A PEM file with the authorities to trust; `nil` for the system's.
  package var caFile: String?
  package var clientCertificateFile: String?
  package var clientKeyFile: String?
  /// Leaves the certificate unchecked. Shown in status wherever it is used.
  package var insecureSkipVerify: Bool
  /// A proxy's URL; `nil` for none. The environment is never asked.
  package var proxy: String?
  package var egress: EgressPolicy
  package var connectTimeout: Duration
  /// For the whole exchange.
  package var timeout: Duration

  package init(
    caFile: String? = nil, clientCertificateFile: String? = nil, clientKeyFile: String? = nil,
    insecureSkipVerify: Bool = false, proxy: String? = nil, egress: EgressPolicy = .open,
    connectTimeout: Duration = .seconds(5), timeout: Duration = .seconds(10)
  ) {
    self.caFile = caFile
    self.clientCertificateFile = clientCertificateFile
    self.clientKeyFile = clientKeyFile
    self.insecureSkipVerify = insecureSkipVerify
    self.proxy = proxy
    self.egress = egress
    self.connectTimeout = connectTimeout
    self.timeout = timeout
  }
}

/// An HTTP request as a value. Redirects are never followed.
package struct HTTPRequest: Hashable, Sendable {
  package var method: String
  /// `http://…` or `https://…`. May carry a secret: show ``redactedURL(_:keepingPath:)`` of it.
  package var url: String
  package var headers: [Label]
  package var body: [UInt8]
  package var options: ConnectionOptions
  /// The largest answer accepted, in bytes.
  package var responseLimit: Int
  /// Whether a larger answer is taken as far as the limit goes; otherwise it fails as ``TransportError/tooLarge(limit:)``.
  package var cutsLongAnswers: Bool

  package init(
    method: String = "GET", url: String, headers: [Label] = [], body: [UInt8] = [],
    options: ConnectionOptions = .init(), responseLimit: Int = 1 << 20, cutsLongAnswers: Bool = false
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.options = options
    self.responseLimit = responseLimit
    self.cutsLongAnswers = cutsLongAnswers
  }
}

/// The answer to an ``HTTPRequest``, whatever its status.
package struct HTTPResponse: Hashable, Sendable {
  package var status: Int
  /// In the order they came, names as they were written.
  package var headers: [Label]
  package var body: [UInt8]

  package init(status: Int, headers: [Label] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of this name, compared without case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// Why an exchange brought no answer; the cases say what may be done next. Texts hold no secret.
package enum TransportError: Error, Hashable, Sendable {
  /// The request can't be sent as it is: a bad URL, a control byte in a header, a protocol that isn't allowed.
  case unsendable(String)
  /// The address is one that the ``EgressPolicy`` refuses.
  case refusedByPolicy(String)
  /// Nobody answered: no such host, connection refused or reset.
  case unreachable(String)
  /// The certificate or the handshake was not acceptable.
  case untrusted(String)
  /// No answer in time. When `requestWasSent`, the other side may have acted on it.
  case timedOut(requestWasSent: Bool)
  /// The answer was larger than the limit in bytes.
  case tooLarge(limit: Int)
  /// The connection broke before the answer was whole.
  case brokenOff(String)
  case cancelled
}

/// The port to HTTP: whoever needs to ask the network takes one of these.
package protocol HTTPTransport: Sendable {
  /// Sends one request and waits for the whole answer. Cancelling the task ends the exchange.
  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

/// A mail to hand to a server.
package struct MailSubmission: Hashable, Sendable {
  /// How the connection to the server is secured.
  package enum Security: String, Hashable, Sendable {
    /// STARTTLS, and no mail without it.
    case startTLS
    /// TLS from the first byte, usually on port 465.
    case implicitTLS
    /// None. Credentials are then refused unless the server is on loopback.
    case none
  }

  package var host: String
  package var port: Int
  package var security: Security
  /// The name given in EHLO.
  package var hello: String
  package var username: String?
  package var password: Secret?
  package var sender: String
  package var recipients: [String]
  /// The whole message, headers and body, lines ended by CR LF.
  package var message: [UInt8]
  package var options: ConnectionOptions

  package init(
    host: String, port: Int, security: Security, hello: String, username: String? = nil, password: Secret? = nil,
    sender: String, recipients: [String], message: [UInt8], options: ConnectionOptions = .init()
  ) {
    self.host = host
    self.port = port
    self.security = security
    self.hello = hello
    self.username = username
    self.password = password
    self.sender = sender
    self.recipients = recipients
    self.message = message
    self.options = options
  }
}

/// Why a mail was not taken.
package enum MailError: Error, Hashable, Sendable {
  /// The server's answer, `code` being its SMTP reply code: 4xx may be tried again, 5xx may not.
  case refused(code: Int, String)
  case transport(TransportError)
}

/// The port to SMTP.
package protocol MailTransport: Sendable {
  /// Hands one mail to the server; returns the server's final reply, such as its queue id.
  func submit(_ mail: MailSubmission) async throws(MailError) -> String
}

extension TransportError: CustomStringConvertible {
  /// One line for people.
  package var description: String {
    switch self {
    case .unsendable(let text), .refusedByPolicy(let text), .unreachable(let text), .untrusted(let text),
      .brokenOff(let text):
      text
    case .timedOut: "no answer in time"
    case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
    case .cancelled: "it was cancelled"
    }
  }
}
