import Model
import Notifier
import Specs

/// An HTTP endpoint of a spec whose secrets are looked up at each use, so that a rotated one needs no restart.
struct ResolvingEndpoint: Sendable {
  /// Whose secrets it may name.
  let scope: Scope
  let url: SecretOr
  let http: HTTPSettings
  let timeout: Duration
  let secrets: any SecretResolver
  let egress: EgressPolicy

  /// What a request needs.
  struct Resolved {
    let url: String
    /// Credentials among them.
    let headers: [Label]
    let options: ConnectionOptions
  }

  func resolved() throws(SecretError) -> Resolved {
    var options = ConnectionOptions(
      insecureSkipVerify: http.insecureSkipVerify, proxy: http.proxy, egress: egress, timeout: timeout)
    options.caFile = try file(http.ca)
    options.clientCertificateFile = try file(http.clientCertificate)
    options.clientKeyFile = try file(http.clientKey)
    return Resolved(url: try address(), headers: try headers(), options: options)
  }

  private func file(_ name: String?) throws(SecretError) -> String? {
    guard let name else { return nil }
    return try secrets.file(name, for: scope)
  }

  private func address() throws(SecretError) -> String {
    switch url {
    case .plain(let text): text
    case .secret(let name): try secrets.secret(name, for: scope).reveal()
    }
  }

  private func headers() throws(SecretError) -> [Label] {
    var headers = http.headers
    if let name = http.bearerToken {
      headers.append(Label("Authorization", "Bearer " + (try secrets.secret(name, for: scope).reveal())))
    } else if let user = http.basicUsername {
      var password = ""
      if let name = http.basicPassword { password = try secrets.secret(name, for: scope).reveal() }
      headers.append(Label("Authorization", "Basic " + (user + ":" + password).utf8.base64))
    }
    return headers
  }
}

extension SecretError {
  /// One line for people.
  var description: String {
    switch self {
    case .missing(let name, let scope): "secret '\(name)' isn't there for \(scope)"
    case .unreadable(let name, let scope, let why): "secret '\(name)' of \(scope) can't be read: \(why)"
    }
  }
}
