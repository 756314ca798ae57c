import ArgumentParser
import JSON
import Model

/// `belfry status`: what a controller has live, at which revision, and what is wrong.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a controller has live.",
    discussion: """
      Prints the revision and how each tenant and project stands; held scopes with their diagnostics. Exits with 3 when
      a scope is held, with 5 when a token is missing, with 6 when the controller can't be reached.

      Example: belfry status --url http://127.0.0.1:8080
      Example: belfry status --watch
      """)

  @OptionGroup var options: ClientOptions
  @OptionGroup var times: TimeOptions
  @OptionGroup var watching: WatchOptions

  func run() async throws {
    let client = try options.client()
    guard watching.watch else { return try await once(client) }
    var watch = Watching(client)
    var tag: String?
    var shown: (status: JSONValue, tenants: JSONValue)?
    try await watch.forever {
      if let status = try await client.get("/api/v1/status", unless: &tag) {
        shown = (status, try await client.get("/api/v1/tenants"))
        if !Console.isTerminal { try show(status, shown?.tenants ?? .null) }
      }
      if Console.isTerminal, let shown { Watching.draw(Self.text(shown.status, shown.tenants, times.shown, .ofOutput)) }
    }
  }

  /// One document a line, or the table anew.
  private func show(_ status: JSONValue, _ tenants: JSONValue) throws {
    switch options.format {
    case .json: Console.bytes(status.bytes(pretty: false) + [0x0a])
    case .text: Console.result(Self.text(status, tenants, times.shown, .plain))
    }
  }

  private func once(_ client: StatusClient) async throws {
    let status = try await client.get("/api/v1/status")
    if options.format == .json {
      Console.bytes(status.bytes(pretty: true) + [0x0a])
    } else {
      let tenants = try await client.get("/api/v1/tenants")
      Console.result(Self.text(status, tenants, times.shown, .ofOutput))
      for path in Self.heldPaths(status, tenants) {
        Console.note(Self.diagnostics(try await client.get(path)))
      }
    }
    if !(status["sync"]?["held"]?.array ?? []).isEmpty { throw Exit.unsound.code }
  }

  static func text(
    _ status: JSONValue, _ tenants: JSONValue, _ times: ClientTimes, _ screen: Screen
  ) -> String {
    let source = status["source"]
    let revision = source?["revision"]?["appliedNewest"]?.string ?? "nothing applied yet"
    var lines = [
      "sync      \(status["sync"]?["status"]?.string ?? "?")  \(revision)",
      "health    \(status["health"]?["status"]?.string ?? "?")",
      "source    \(source?["url"]?.string ?? "?") \(source?["ref"]?.string ?? "")",
      "alerts    \(status["alerts"]?["firing"]?.int ?? 0) firing, \(status["alerts"]?["pending"]?.int ?? 0) pending",
    ]
    if let error = source?["lastError"]?["message"]?.string {
      lines.append("trouble   \(error) (since \(times.text(source?["lastError"]?["since"]?.string)))")
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
    return lines.joined(separator: "\n") + "\n\n" + table.text(for: screen)
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
