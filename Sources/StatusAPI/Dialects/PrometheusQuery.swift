import Hummingbird
import JSON
import Model

/// What is asked in Prometheus's way, below `/prometheus`.
enum PrometheusQuery: Hashable, Sendable {
  case rules, alerts
  case buildInfo, runtimeInfo, flags, configuration
  /// Names of the labels of live alerts, and the values of one.
  case labels
  case labelValues(String)
  case series, metadata, targets, alertmanagers
  /// Anything about samples.
  case query(String)
  case healthy, ready
  /// Another path, in full behind `/prometheus`.
  case other(String)

  /// Reads the segments behind `prometheus`.
  init(_ segments: [String]) {
    switch segments {
    case ["-", "healthy"]: self = .healthy
    case ["-", "ready"]: self = .ready
    default:
      if segments.starts(with: ["api", "v1"]), let query = Self(api: Array(segments.dropFirst(2))) {
        self = query
      } else {
        self = .other("/" + segments.joined(separator: "/"))
      }
    }
  }

  private init?(api segments: [String]) {
    switch segments {
    case ["rules"]: self = .rules
    case ["alerts"]: self = .alerts
    case ["status", "buildinfo"]: self = .buildInfo
    case ["status", "runtimeinfo"]: self = .runtimeInfo
    case ["status", "flags"]: self = .flags
    case ["status", "config"]: self = .configuration
    case ["labels"]: self = .labels
    case ["series"]: self = .series
    case ["metadata"]: self = .metadata
    case ["targets"]: self = .targets
    case ["alertmanagers"]: self = .alertmanagers
    case ["query"], ["query_range"], ["query_exemplars"]: self = .query(segments[0])
    default:
      guard segments.count == 3, segments[0] == "label", segments[2] == "values" else { return nil }
      self = .labelValues(segments[1])
    }
  }

  /// The names of the parameters that count; others are ignored, as Prometheus does.
  var parameters: [String] {
    switch self {
    case .rules:
      [
        "exclude_alerts", "file[]", "group_limit", "group_next_token", "match[]", "rule_group[]", "rule_name[]",
        "type",
      ]
    case .query: ["query"]
    case .alerts, .buildInfo, .runtimeInfo, .flags, .configuration, .labels, .labelValues, .series, .metadata,
      .targets, .alertmanagers, .healthy, .ready, .other:
      []
    }
  }
}

extension StatusResponder {
  func answer(_ query: PrometheusQuery, of tenant: String?, _ reading: Reading) async throws(APIError) -> Response {
    try await checkTenant(tenant, reading)
    switch query {
    case .rules: return try await prometheusRules(of: tenant, reading)
    case .alerts: return Response(.json, await prometheusAlerts(of: tenant, reading))
    case .buildInfo:
      return .prometheus { writer in writer.object { $0.build(DialectVersion.prometheus, version) } }
    case .runtimeInfo:
      let since = await source.runningSince()
      return .prometheus { writer in
        writer.object {
          $0.member("startTime", since.description)
          $0.member("reloadConfigSuccess", true)
          $0.member("corruptionCount", 0)
          $0.member("storageRetention", "0s")
        }
      }
    case .flags, .metadata: return .prometheus { $0.object { _ in } }
    case .configuration: return .prometheus { writer in writer.object { $0.member("yaml", "") } }
    case .labels: return await prometheusLabels(of: tenant, reading)
    case .labelValues(let name): return await prometheusValues(of: name, of: tenant, reading)
    case .series: return .prometheusList([])
    case .targets: return .prometheusLists(["activeTargets", "droppedTargets"])
    case .alertmanagers: return .prometheusLists(["activeAlertmanagers", "droppedAlertmanagers"])
    case .query(let kind): return await prometheusQuery(kind, reading)
    case .healthy: return Response(.text, "Belfry is Healthy.\n")
    case .ready: return Response(.text, "Belfry is Ready.\n")
    case .other(let path): throw .notFound(Dialect.prometheus.missing(path))
    }
  }
}
