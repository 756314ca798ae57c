import ArgumentParser
import JSON
import Model

/// `belfry status`: what a controller has live, at which revision, and what is wrong.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a controller has live.",
    discussion: """
      Prints the revision and how each tenant and project stands; held scopes with their diagnostics. Exits with 3 when
      a scope is held, with 6 when the controller can't be reached.

      Example: belfry status --url http://127.0.0.1:8080
      """)

  @OptionGroup var options: ClientOptions

  func run() async throws {
    let client = try options.client()
    let status = try await client.get("/api/v1/status")
    if options.format == .json {
      Console.bytes(status.bytes(pretty: true) + [0x0a])
    } else {
      let tenants = try await client.get("/api/v1/tenants")
      Console.result(Self.text(status, tenants))
      for path in Self.heldPaths(status, tenants) {
        Console.note(Self.diagnostics(try await client.get(path)))
      }
    }
    if !(status["sync"]?["held"]?.array ?? []).isEmpty { throw Exit.unsound.code }
  }

  private static func text(_ status: JSONValue, _ tenants: JSONValue) -> String {
    let source = status["source"]
    let revision = source?["revision"]?["appliedNewest"]?.string ?? "nothing applied yet"
    var lines = [
      "sync      \(status["sync"]?["status"]?.string ?? "?")  \(revision)",
      "health    \(status["health"]?["status"]?.string ?? "?")",
      "source    \(source?["url"]?.string ?? "?") \(source?["ref"]?.string ?? "")",
      "alerts    \(status["alerts"]?["firing"]?.int ?? 0) firing, \(status["alerts"]?["pending"]?.int ?? 0) pending",
    ]
    if let error = source?["lastError"]?["message"]?.string {
      lines.append("trouble   \(error) (since \(source?["lastError"]?["since"]?.string ?? "?"))")
    }
    var table = Table(["SCOPE", "SYNC", "HEALTH", "REVISION", "RULES", "FIRING", "PENDING"])
    if let platform = status["platform"], !platform.isNull { table.row(row("platform", platform)) }
    for tenant in tenants["items"]?.array ?? [] {
      let name = tenant["name"]?.string ?? "?"
      table.row(row(name, tenant))
      for project in tenant["projects"]?.array ?? [] {
        table.row(row(name + "/" + (project["name"]?.string ?? "?"), project))
      }
    }
    let troubles = troubles(status, tenants)
    return lines.joined(separator: "\n") + "\n\n" + table.text
      + (troubles.isEmpty ? "" : "\n" + troubles.joined(separator: "\n") + "\n")
  }

  /// Why scopes aren't healthy, a line each; what a project says isn't said again of its tenant.
  private static func troubles(_ status: JSONValue, _ tenants: JSONValue) -> [String] {
    func line(_ name: String, _ scope: JSONValue) -> String? {
      guard let health = scope["health"], health["status"]?.string != "Healthy" else { return nil }
      return health["message"]?.string.map { name + ": " + $0 }
    }
    var lines = [status["platform"].flatMap { line("platform", $0) }].compactMap(\.self)
    for tenant in tenants["items"]?.array ?? [] {
      let name = tenant["name"]?.string ?? "?"
      let ofProjects = (tenant["projects"]?.array ?? []).compactMap {
        line(name + "/" + ($0["name"]?.string ?? "?"), $0)
      }
      lines += ofProjects.isEmpty ? [line(name, tenant)].compactMap(\.self) : ofProjects
    }
    return lines
  }

  private static func row(_ name: String, _ scope: JSONValue) -> [String] {
    let applied = scope["revision"]?["applied"]?.string.flatMap(Revision.init)
    let reason = scope["sync"]?["reason"]?.string.map { " (" + $0 + ")" } ?? ""
    return [
      name, (scope["sync"]?["status"]?.string ?? "?") + reason, scope["health"]?["status"]?.string ?? "?",
      applied?.commit.short ?? "-", count(scope["counts"]?["rules"]), count(scope["alerts"]?["firing"]),
      count(scope["alerts"]?["pending"]),
    ]
  }

  private static func count(_ value: JSONValue?) -> String {
    value?.int.map(String.init) ?? "-"
  }

  /// The API paths of the scopes that are held.
  private static func heldPaths(_ status: JSONValue, _ tenants: JSONValue) -> [String] {
    (status["sync"]?["held"]?.array ?? []).compactMap(\.string).map { name in
      let parts = name.split(separator: "/")
      if name == "platform" { return "/api/v1/platform" }
      return parts.count == 1
        ? "/api/v1/tenants/\(parts[0])" : "/api/v1/tenants/\(parts[0])/projects/\(parts[1])"
    }
  }

  /// A held scope's findings, a line each with place and remedy.
  private static func diagnostics(_ scope: JSONValue) -> String {
    var lines: [String] = []
    for finding in scope["diagnostics"]?.array ?? [] {
      lines += DiagnosticLines.lines(finding)
    }
    for condition in scope["conditions"]?.array ?? [] where lines.isEmpty {
      if let message = condition["message"]?.string { lines.append(message) }
    }
    return lines.joined(separator: "\n")
  }
}

/// `belfry alerts`: the alerts that are pending or firing now.
struct Alerts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the alerts that are pending or firing.",
    discussion: """
      Example: belfry alerts --tenant shop
      Example: belfry alerts 'severity="critical"'
      """)

  @OptionGroup var options: ClientOptions
  @Option(help: "Only this tenant's.")
  var tenant: String?
  @Option(help: "Only this state: pending or firing.")
  var state: String?
  @Argument(help: "Matchers in Alertmanager's syntax; all must hold.")
  var matchers: [String] = []

  func run() async throws {
    var query: [String] = matchers.map { "matcher=" + $0.percentEncoded }
    if let tenant { query.append("tenant=" + tenant.percentEncoded) }
    if let state { query.append("state=" + state.percentEncoded) }
    let answer = try await options.client().get(
      "/api/v1/alerts" + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
    if options.format == .json {
      Console.bytes(answer.bytes(pretty: true) + [0x0a])
      return
    }
    var table = Table(["STATE", "ALERT", "SCOPE", "SINCE", "VALUE", "LABELS"])
    for alert in answer["items"]?.array ?? [] {
      let labels = (alert["labels"]?.members ?? []).filter { !["alertname", "tenant", "project"].contains($0.name) }
      table.row([
        alert["state"]?.string ?? "?", alert["labels"]?["alertname"]?.string ?? "?", alert["scope"]?.string ?? "?",
        (alert["firedAt"]?.string ?? alert["activeAt"]?.string) ?? "?", alert["value"]?.shown ?? "?",
        labels.map { "\($0.name)=\"\($0.value.string ?? "")\"" }.joined(separator: " "),
      ])
    }
    Console.result(table.text)
  }
}

extension JSONValue {
  /// The text or number itself.
  fileprivate var shown: String {
    string ?? text
  }
}
