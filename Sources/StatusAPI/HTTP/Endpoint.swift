import Model

/// Everything that is served, as a path names it.
enum Endpoint: Hashable, Sendable {
  case livez, healthz, readyz
  case version, metrics
  case status, tenants
  case scope(Scope)
  case resources, resource
  case revision(String)
  case syncs
  case sync(String)
  case alerts, groups, silences
  case alert(String)
  case history, deliveries, audit
  case rules, channels
  case stats, changes
  case events
  case openAPI
  /// Prometheus's API; of one tenant where its path begins so.
  case prometheus(PrometheusQuery, tenant: String?)
  /// Alertmanager's API; of one tenant where its path begins so.
  case alertmanager(AlertmanagerQuery, tenant: String?)
  case page(DashboardRoute)
  case asset(String)
  case session

  /// `nil` for a path that nothing is served under.
  init?(_ segments: [String]) {
    switch segments {
    case ["livez"]: self = .livez
    case ["healthz"]: self = .healthz
    case ["readyz"]: self = .readyz
    case ["version"]: self = .version
    case ["metrics"]: self = .metrics
    case ["openapi.json"]: self = .openAPI
    case ["session"]: self = .session
    default:
      if segments.starts(with: ["api", "v1"]) {
        self.init(api: Array(segments.dropFirst(2)))
      } else if segments.count == 2, segments[0] == "assets" {
        self = .asset(segments[1])
      } else if let dialect = Self.dialect(segments[...], tenant: nil) {
        self = dialect
      } else if segments.count > 3, segments[0] == "tenants", !segments[1].isEmpty,
        let dialect = Self.dialect(segments[2...], tenant: segments[1])
      {
        self = dialect
      } else if let route = DashboardRoute(segments) {
        self = .page(route)
      } else {
        return nil
      }
    }
  }

  private static func dialect(_ segments: ArraySlice<String>, tenant: String?) -> Self? {
    if segments.starts(with: ["prometheus", "api", "v1"]) {
      return PrometheusQuery(Array(segments.dropFirst(3))).map { .prometheus($0, tenant: tenant) }
    }
    if segments.starts(with: ["alertmanager", "api", "v2"]) {
      return AlertmanagerQuery(Array(segments.dropFirst(3))).map { .alertmanager($0, tenant: tenant) }
    }
    return nil
  }

  private init?(api segments: [String]) {
    guard !segments.contains("") else { return nil }
    switch (segments.first, segments.count) {
    case ("status", 1): self = .status
    case ("platform", 1): self = .scope(.platform)
    case ("tenants", 1): self = .tenants
    case ("tenants", 2): self = .scope(.tenant(segments[1]))
    case ("tenants", 4) where segments[2] == "projects":
      self = .scope(.project(tenant: segments[1], project: segments[3]))
    case ("resources", 1): self = .resources
    case ("resource", 1): self = .resource
    case ("revisions", 2): self = .revision(segments[1])
    case ("syncs", 1): self = .syncs
    case ("syncs", 2): self = .sync(segments[1])
    case ("alerts", 1): self = .alerts
    case ("alerts", 2): self = .alert(segments[1])
    case ("groups", 1): self = .groups
    case ("silences", 1): self = .silences
    case ("history", 1): self = .history
    case ("deliveries", 1): self = .deliveries
    case ("audit", 1): self = .audit
    case ("rules", 1): self = .rules
    case ("channels", 1): self = .channels
    case ("stats", 1): self = .stats
    case ("changes", 1): self = .changes
    case ("events", 1): self = .events
    default: return nil
    }
  }

  /// Answered to everybody who can connect.
  var isProbe: Bool {
    switch self {
    case .livez, .healthz, .readyz: true
    case .version, .metrics, .status, .tenants, .scope, .resources, .resource, .revision, .syncs, .sync, .alerts,
      .alert, .groups, .silences, .history, .deliveries, .audit, .rules, .channels, .stats, .changes, .events,
      .openAPI, .prometheus, .alertmanager, .page, .asset, .session:
      false
    }
  }

  /// Answered alike to every reader.
  var isSameForAll: Bool {
    switch self {
    case .livez, .healthz, .readyz, .version, .openAPI, .asset: true
    default: false
    }
  }

  /// Read by people in a browser.
  var isPage: Bool {
    switch self {
    case .page, .asset: true
    default: false
    }
  }

  /// The names of its query's parameters.
  var parameters: [String] {
    switch self {
    case .livez, .healthz, .readyz: ["exclude", "verbose"]
    case .resources: ["cursor", "kind", "limit", "project", "tenant"]
    case .resource: ["id"]
    case .syncs: ["cursor", "limit"]
    case .alerts: ["cursor", "limit", "matcher", "project", "state", "tenant"]
    case .alert: ["project", "tenant"]
    case .groups: ["cursor", "limit", "tenant"]
    case .silences: ["cursor", "limit", "project", "tenant"]
    case .history: ["cursor", "fingerprint", "limit", "project", "rule", "since", "state", "tenant", "until"]
    case .deliveries: ["channel", "cursor", "fingerprint", "limit", "outcome", "since", "tenant", "until"]
    case .audit:
      ["action", "actor", "commit", "cursor", "limit", "path", "project", "resource", "since", "tenant", "until"]
    case .rules: ["cursor", "limit", "project", "state", "tenant"]
    case .channels: ["cursor", "limit", "project", "tenant"]
    case .stats: ["project", "since", "tenant", "until"]
    case .changes: ["project", "since", "tenant"]
    case .events: ["last", "tenant"]
    case .prometheus(let query, _): query.parameters
    case .alertmanager(let query, _): query.parameters
    case .page(let route): route.parameters
    case .version, .metrics, .status, .tenants, .scope, .revision, .sync, .openAPI, .asset, .session: []
    }
  }
}
