import Model

extension Endpoint {
  /// The endpoint as a template of its path, for metrics and the log: a word of ours whatever was asked.
  var handler: String {
    switch self {
    case .livez: "/livez"
    case .healthz: "/healthz"
    case .readyz: "/readyz"
    case .version: "/version"
    case .metrics: "/metrics"
    case .status: "/api/v1/status"
    case .tenants: "/api/v1/tenants"
    case .scope(let scope):
      switch (scope.tenant, scope.project) {
      case (nil, _): "/api/v1/platform"
      case (_, nil): "/api/v1/tenants/{tenant}"
      case (_, _): "/api/v1/tenants/{tenant}/projects/{project}"
      }
    case .resources: "/api/v1/resources"
    case .resource: "/api/v1/resource"
    case .revision: "/api/v1/revisions/{sha}"
    case .syncs: "/api/v1/syncs"
    case .sync: "/api/v1/syncs/{id}"
    case .alerts: "/api/v1/alerts"
    case .alert: "/api/v1/alerts/{fingerprint}"
    case .groups: "/api/v1/groups"
    case .silences: "/api/v1/silences"
    case .history: "/api/v1/history"
    case .deliveries: "/api/v1/deliveries"
    case .audit: "/api/v1/audit"
    case .rules: "/api/v1/rules"
    case .channels: "/api/v1/channels"
    case .stats: "/api/v1/stats"
    case .changes: "/api/v1/changes"
    case .events: "/api/v1/events"
    case .openAPI: "/openapi.json"
    case .prometheus: "/prometheus/api/v1"
    case .alertmanager: "/alertmanager/api/v2"
    case .page: "/"
    case .asset: "/assets/{name}"
    case .session: "/session"
    }
  }
}
