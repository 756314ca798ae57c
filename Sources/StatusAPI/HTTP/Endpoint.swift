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
  case dashboard, stylesheet

  /// `nil` for a path that nothing is served under.
  init?(_ segments: [String]) {
    switch segments {
    case []: self = .dashboard
    case ["livez"]: self = .livez
    case ["healthz"]: self = .healthz
    case ["readyz"]: self = .readyz
    case ["version"]: self = .version
    case ["metrics"]: self = .metrics
    case ["assets", "style.css"]: self = .stylesheet
    default:
      guard segments.starts(with: ["api", "v1"]) else { return nil }
      self.init(api: Array(segments.dropFirst(2)))
    }
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
    default: return nil
    }
  }

  /// Answered to everybody who can connect.
  var isProbe: Bool {
    switch self {
    case .livez, .healthz, .readyz: true
    case .version, .metrics, .status, .tenants, .scope, .resources, .resource, .revision, .syncs, .sync, .alerts,
      .alert, .groups, .silences, .history, .deliveries, .audit, .dashboard, .stylesheet:
      false
    }
  }

  /// Read by people in a browser.
  var isPage: Bool { self == .dashboard || self == .stylesheet }

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
    case .version, .metrics, .status, .tenants, .scope, .revision, .sync, .dashboard, .stylesheet: []
    }
  }
}
