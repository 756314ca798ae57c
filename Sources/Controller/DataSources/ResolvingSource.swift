import Evaluator
import Model
import Notifier
import Specs

/// A data source whose secrets are looked up at each query, so that a rotated one needs no restart.
struct ResolvingSource: SampleSource {
  let id: ResourceID
  let spec: DataSourceSpec
  let secrets: any SecretResolver
  let transport: any HTTPTransport
  let egress: EgressPolicy

  func query(_ expression: String, at instant: Timestamp, timeout: Duration) async throws(QueryError) -> QueryAnswer {
    let source: HTTPSampleSource
    do throws(SecretError) {
      source = try resolved()
    } catch {
      throw .unreachable(error.description)
    }
    return try await source.query(expression, at: instant, timeout: timeout)
  }

  private func resolved() throws(SecretError) -> HTTPSampleSource {
    var options = ConnectionOptions(
      insecureSkipVerify: spec.http.insecureSkipVerify, proxy: spec.http.proxy, egress: egress, timeout: spec.timeout)
    options.caFile = try spec.http.ca.map { name throws(SecretError) in try secrets.file(name, for: id.scope) }
    options.clientCertificateFile = try spec.http.clientCertificate.map { name throws(SecretError) in
      try secrets.file(name, for: id.scope)
    }
    options.clientKeyFile = try spec.http.clientKey.map { name throws(SecretError) in
      try secrets.file(name, for: id.scope)
    }
    return HTTPSampleSource(
      url: try url(), headers: try headers(), options: options, acceptsPartial: spec.acceptPartial, transport: transport
    )
  }

  private func url() throws(SecretError) -> String {
    switch spec.url {
    case .plain(let text): text
    case .secret(let name): try secrets.secret(name, for: id.scope).reveal()
    }
  }

  private func headers() throws(SecretError) -> [Label] {
    var headers = spec.http.headers
    if let name = spec.http.bearerToken {
      headers.append(Label("Authorization", "Bearer " + (try secrets.secret(name, for: id.scope).reveal())))
    } else if let user = spec.http.basicUsername {
      let password = try spec.http.basicPassword.map { name throws(SecretError) in
        try secrets.secret(name, for: id.scope).reveal()
      }
      headers.append(Label("Authorization", "Basic " + (user + ":" + (password ?? "")).utf8.base64))
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
