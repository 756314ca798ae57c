package import Model
package import Specs

/// Posts Alertmanager's JSON to a URL. Any 2xx is a yes; the answer's body is ignored.
package struct WebhookChannel: Channel {
  private let id: ResourceID
  private let spec: WebhookSpec
  private let secrets: any SecretResolver
  private let transport: any HTTPTransport
  private let egress: EgressPolicy
  private let userAgent: String

  /// `id`: the channel's; its scope decides where secrets are looked for.
  package init(
    id: ResourceID, spec: WebhookSpec, secrets: any SecretResolver, transport: any HTTPTransport,
    egress: EgressPolicy = .open, userAgent: String = "Belfry"
  ) {
    self.id = id
    self.spec = spec
    self.secrets = secrets
    self.transport = transport
    self.egress = egress
    self.userAgent = userAgent
  }

  package func send(_ message: Message) async throws(DeliveryError) -> Receipt {
    let request = try request(for: message)
    let response: HTTPResponse
    do { response = try await transport.send(request) } catch { throw DeliveryError(error) }
    try response.checkTaken()
    return Receipt(detail: "answered " + String(response.status))
  }

  /// The request for a message, with all secrets in it.
  package func request(for message: Message) throws(DeliveryError) -> HTTPRequest {
    let url: String
    switch spec.url {
    case .plain(let text): url = text
    case .secret(let name): url = try secrets.text(name, for: id.scope)
    }
    var headers = [Label("Content-Type", "application/json"), Label("User-Agent", userAgent)]
    if let authorization = try spec.http.authorization(secrets, for: id.scope) {
      headers.append(Label("Authorization", authorization))
    }
    headers += spec.http.headers
    return HTTPRequest(
      method: "POST", url: url, headers: headers, body: WebhookPayload.body(of: message, maxAlerts: spec.maxAlerts),
      options: try spec.http.options(secrets, for: id.scope, egress: egress, timeout: spec.timeout),
      responseLimit: 1 << 16)
  }
}

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
