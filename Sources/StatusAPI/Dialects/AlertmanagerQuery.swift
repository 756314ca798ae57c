import Hummingbird
import Model

/// What is asked in Alertmanager's way, below `/alertmanager`.
enum AlertmanagerQuery: Hashable, Sendable {
  case alerts, groups, silences, receivers, status
  /// One silence, by its UUID.
  case silence(String)
  /// What karma reads the version from.
  case metrics
  case healthy, ready
  /// Another path, in full behind `/alertmanager`.
  case other(String)

  /// Reads the segments behind `alertmanager`.
  init(_ segments: [String]) {
    switch segments {
    case ["api", "v2", "alerts"]: self = .alerts
    case ["api", "v2", "alerts", "groups"]: self = .groups
    case ["api", "v2", "silences"]: self = .silences
    case ["api", "v2", "receivers"]: self = .receivers
    case ["api", "v2", "status"]: self = .status
    case ["metrics"]: self = .metrics
    case ["-", "healthy"]: self = .healthy
    case ["-", "ready"]: self = .ready
    default:
      if segments.count == 4, segments.starts(with: ["api", "v2", "silence"]) {
        self = .silence(segments[3])
      } else {
        self = .other("/" + segments.joined(separator: "/"))
      }
    }
  }

  /// The names of the parameters that count; others are ignored, as Alertmanager does.
  var parameters: [String] {
    switch self {
    case .alerts: ["active", "filter", "inhibited", "receiver", "silenced", "unprocessed"]
    case .groups: ["active", "filter", "inhibited", "muted", "receiver", "silenced"]
    case .silences: ["active", "expired", "filter", "pending"]
    case .receivers, .status, .silence, .metrics, .healthy, .ready, .other: []
    }
  }
}

extension StatusResponder {
  func answer(_ query: AlertmanagerQuery, of tenant: String?, _ reading: Reading) async throws(APIError) -> Response {
    try await checkTenant(tenant, reading)
    switch query {
    case .alerts: return Response(.json, try await alertmanagerAlerts(of: tenant, reading))
    case .groups: return Response(.json, try await alertmanagerGroups(of: tenant, reading))
    case .silences: return Response(.json, try await alertmanagerSilences(of: tenant, reading))
    case .silence(let id): return Response(.json, try await alertmanagerSilence(id, of: tenant, reading))
    case .receivers: return Response(.json, await alertmanagerReceivers(of: tenant, reading))
    case .status: return Response(.json, await alertmanagerStatus(of: tenant, reading))
    case .metrics: return Response(.metrics, await alertmanagerMetrics(of: tenant, reading))
    case .healthy, .ready: return Response(.text, "OK")
    case .other(let path): throw .notFound(Dialect.alertmanager.missing(path))
    }
  }

  /// A tenant that isn't there, or isn't the reader's to see, has no dialect.
  func checkTenant(_ tenant: String?, _ reading: Reading) async throws(APIError) {
    guard let tenant else { return }
    guard reading.reader.allows(.tenant(tenant)), await source.hasTenant(tenant) else {
      throw .notFound("no tenant is named '\(tenant)'")
    }
  }
}
