package import Model

/// A text in a spec that is either written there or the name of a secret in the tenant's own namespace.
package enum SecretOr: Hashable, Sendable, CustomStringConvertible {
  case plain(String)
  case secret(String)

  /// For plans and lists: the text without what may be secret, or `{secret: name}`.
  package var description: String {
    switch self {
    case .plain(let text): redactedURL(text)
    case .secret(let name): "{secret: " + name + "}"
    }
  }
}

/// How an HTTP endpoint is reached: credentials and TLS, secrets by name only.
package struct HTTPSettings: Hashable, Sendable {
  package var basicUsername: String?
  /// The name of a secret.
  package var basicPassword: String?
  /// The name of a secret, sent as `Authorization: Bearer …`.
  package var bearerToken: String?
  /// Names of secrets that hold PEM texts.
  package var ca: String?
  package var clientCertificate: String?
  package var clientKey: String?
  package var insecureSkipVerify = false
  package var proxy: String?
  package var headers: [Label] = []

  package init() {}
}

/// `DataSource`: where samples come from.
package struct DataSourceSpec: Hashable, Sendable {
  /// The query API it speaks.
  package enum Dialect: String, Hashable, Sendable, CaseIterable {
    case prometheus, victoriametrics
  }

  /// What becomes of recording rules.
  package enum Recording: String, Hashable, Sendable, CaseIterable {
    /// Left to the server that has them.
    case external
    case evaluate
  }

  package var dialect: Dialect
  package var url: SecretOr
  package var http = HTTPSettings()
  /// For one query.
  package var timeout: Duration = .seconds(10)
  /// Queries under way at once.
  package var concurrency = 8
  package var tenantLabel: String?
  package var acceptPartial = false
  package var recording = Recording.external
  package var isDefault = false
  /// The address for people, for links in messages; `nil` when it is `url`.
  package var externalURL: String?

  package init(dialect: Dialect, url: SecretOr) {
    self.dialect = dialect
    self.url = url
  }
}
