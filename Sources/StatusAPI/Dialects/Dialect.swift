import Hummingbird
import JSON

/// Another system's API: whose errors have that system's shape.
enum Dialect: String, Sendable {
  case prometheus, alertmanager

  /// The dialect that a request's target belongs to, by its path alone; `prefix` is the external URL's path.
  init?(target: String, prefix: String) {
    var path = target.prefix { $0 != "?" }
    if path.hasPrefix(prefix + "/") { path = path.dropFirst(prefix.count) }
    // As it is written: what can't be read gets its error in the dialect too.
    var segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if segments.count > 2, segments.first == "tenants" { segments = segments.dropFirst(2) }
    guard let first = segments.first else { return nil }
    self.init(rawValue: String(first))
  }

  /// An error as this system's clients read it: Prometheus's envelope, or a JSON string.
  func response(_ error: APIError, for target: String) -> Response {
    var response = Response(error)
    var text = error.message
    if case .methodNotAllowed(let method) = error { text = refusal(of: method, target) }
    var writer = JSONWriter()
    switch self {
    case .alertmanager: writer.string(text)
    case .prometheus:
      writer.object {
        $0.member("status", "error")
        $0.member("errorType", error.prometheusType)
        $0.member("error", text)
      }
    }
    let content = Response(.json, writer.bytes, status: response.status)
    response.body = content.body
    response.headers[.contentLength] = content.headers[.contentLength]
    return response
  }

  /// Why something can't be written here, and how the same is done.
  private func refusal(of method: String, _ target: String) -> String {
    let path = target.prefix { $0 != "?" }
    switch self {
    case .alertmanager where path.contains("/silence"):
      return """
        '\(method)' is not served: silences live in git. 'belfry silence add --tenant TENANT --duration 2h --comment \
        WHY MATCHER…' writes one, with --push it is in force within seconds, and removing its file ends it; \
        'belfry silence emergency' on the controller's machine works while git is down
        """
    case .alertmanager where path.contains("/alerts"):
      return """
        '\(method)' is not served: alerts come from the rules in git, which Belfry evaluates itself; add a rule file \
        to the spec repository, and check it with 'belfry check'
        """
    case .prometheus where path.contains("/query"):
      return """
        '\(method)' is not served: Belfry stores no series, and is read with GET; set the data source's HTTP method to \
        GET, and query the data source that the rules name
        """
    case .prometheus where path.contains("/rules"):
      return """
        '\(method)' is not served: rules live in git; change the rule file in the spec repository, and check it with \
        'belfry check'
        """
    case .alertmanager, .prometheus:
      return "'\(method)' is not served: Belfry is read here with GET and HEAD, and changed by commits"
    }
  }

  /// Why there is nothing at a path behind the dialect's own.
  func missing(_ path: String) -> String {
    switch self {
    case .alertmanager where path.hasPrefix("/api/v1"):
      "Alertmanager's API version 1 is not served here, as in Alertmanager since 0.27; use /api/v2"
    case .alertmanager:
      "nothing is served under '\(path)'; Alertmanager's /api/v2 is read here, see docs/dialects.md"
    case .prometheus where path.contains("/rules"):
      "this is no ruler whose rules are edited over HTTP: they live in git, and are read at /api/v1/rules"
    case .prometheus:
      "nothing is served under '\(path)'; Prometheus's /api/v1/rules and /api/v1/alerts are, see docs/dialects.md"
    }
  }
}

extension APIError {
  /// Prometheus's word for it.
  fileprivate var prometheusType: String {
    switch self {
    case .notFound: "not_found"
    case .unavailable: "unavailable"
    default: "bad_data"
    }
  }
}

/// The versions of other systems' APIs that the dialects speak. Clients choose by them what they ask.
enum DialectVersion {
  static let alertmanager = "0.28.0"
  static let prometheus = "3.1.0"
}
