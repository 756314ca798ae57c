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

/// An HTTP endpoint: its address, and how it is reached.
package struct EndpointSpec: Hashable, Sendable {
  package var url: SecretOr
  package var http = HTTPSettings()

  package init(url: SecretOr) {
    self.url = url
  }
}

/// Samples that this process keeps itself, and what feeds them.
package struct EmbeddedSpec: Hashable, Sendable {
  /// How long samples are kept.
  package var retention: Duration = .seconds(7 * 86_400)
  /// The most series; samples of further ones are refused and counted.
  package var maxSeries = 100_000
  /// The most that the file may take, in bytes; the oldest samples go first.
  package var maxDisk = 1 << 30
  /// How often this machine's own metrics are taken; `nil` for not at all. Platform scope only.
  package var hostInterval: Duration?
  package var scrapes: [ScrapeSpec] = []

  package init() {}
}

/// Targets that are scraped alike.
package struct ScrapeSpec: Hashable, Sendable {
  /// The label `job`.
  package var job: String
  /// `host:port`, the label `instance`.
  package var targets: [String]
  package var interval: Duration = .seconds(15)
  package var timeout: Duration = .seconds(10)
  package var scheme = "http"
  package var path = "/metrics"
  /// Given to every series, sorted by name.
  package var labels: [Label] = []
  /// Whether labels of the target stay where ours have the same name; else they become `exported_…`.
  package var honorLabels = false
  /// Whether the target's own timestamps count.
  package var honorTimestamps = true
  /// The most samples of one scrape; 0 for no limit.
  package var sampleLimit = 0
  package var http = HTTPSettings()

  package init(job: String, targets: [String]) {
    self.job = job
    self.targets = targets
  }
}

/// `DataSource`: where samples come from.
package struct DataSourceSpec: Hashable, Sendable {
  /// The query API that a server speaks.
  package enum Dialect: String, Hashable, Sendable, CaseIterable {
    case prometheus, victoriametrics
  }

  /// Who has the samples.
  package enum Backend: Hashable, Sendable {
    case server(Dialect, EndpointSpec)
    /// This process.
    case embedded(EmbeddedSpec)
  }

  /// What becomes of recording rules.
  package enum Recording: String, Hashable, Sendable, CaseIterable {
    /// Left to the server that has them.
    case external
    /// Evaluated here, in their place in the group.
    case evaluate
  }

  package var backend: Backend
  /// For one query.
  package var timeout: Duration = .seconds(10)
  /// Queries under way at once.
  package var concurrency = 8
  package var tenantLabel: String?
  package var acceptPartial = false
  package var recording: Recording
  /// Where evaluated recording rules of a server are written (Prometheus remote write 1.0).
  package var remoteWrite: EndpointSpec?
  /// Whether `ALERTS` and `ALERTS_FOR_STATE` are written too.
  package var writesAlerts = false
  package var isDefault = false
  /// The address for people, for links in messages; `nil` when it is the server's.
  package var externalURL: String?

  package init(_ backend: Backend) {
    self.backend = backend
    if case .embedded = backend { recording = .evaluate } else { recording = .external }
  }

  package init(_ dialect: Dialect, url: SecretOr) {
    self.init(.server(dialect, EndpointSpec(url: url)))
  }
}
