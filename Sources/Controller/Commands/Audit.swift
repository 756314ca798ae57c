import ArgumentParser
import JSON
import Model

/// `belfry audit`: who changed what, by which commit, and what was held or refused.
struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List who changed what, newest first.",
    discussion: """
      Each change of a resource is a line, and each scope that was applied, held or suspended. --format json shows the
      fields that differ, approvers and hashes.

      Example: belfry audit --tenant shop --since 1d
      Example: belfry audit --action scope.held
      Example: belfry audit --resource RuleGroup/rules.yaml:checkout --format json
      """)

  @OptionGroup var options: ClientOptions
  @Option(help: "Only this tenant and its projects.")
  var tenant: String?
  @Option(help: "Only this project of the tenant.")
  var project: String?
  @Option(help: "Only this author, as 'Ana <ana@example.com>'.")
  var actor: String?
  @Option(help: "Only this action, such as resource.deleted, or what begins with it, such as scope.held.")
  var action: String?
  @Option(help: "Only this resource: its name, or Kind/name.")
  var resource: String?
  @Option(help: "Only changes that this commit made; its first 7 digits will do.")
  var commit: String?
  @Option(help: "Only this file, or this folder.")
  var path: String?
  @Option(help: "From when on: a time, or how long ago, such as 1h.")
  var since: String?
  @Option(help: "Before when: a time, or how long ago.")
  var until: String?
  @Option(help: "How many at most.")
  var limit = 50

  func run() async throws {
    let answer = try await options.client().get("/api/v1/audit?" + query())
    if options.format == .json {
      Console.bytes(answer.bytes(pretty: true) + [0x0a])
      return
    }
    var table = Table(["AT", "ACTOR", "ACTION", "SCOPE", "WHAT", "WHERE", "COMMIT", "REQUEST", "APPROVED BY"])
    for row in answer["items"]?.array ?? [] { table.row(Self.cells(row)) }
    Console.result(table.text)
  }

  private func query() throws -> String {
    guard (1...1000).contains(limit) else { throw CommandFailure(.usage, "--limit \(limit): 1 to 1000 is accepted") }
    var query = ["limit=\(limit)"]
    for (name, value) in [
      ("tenant", tenant), ("project", project), ("actor", actor), ("action", action), ("resource", resource),
      ("commit", commit), ("path", path),
    ] {
      if let value { query.append(name + "=" + value.percentEncoded) }
    }
    for (name, value) in [("since", since), ("until", until)] {
      guard let value else { continue }
      query.append(name + "=" + (try Instants.read(value, flag: name)).description.percentEncoded)
    }
    return query.joined(separator: "&")
  }

  private static func cells(_ row: JSONValue) -> [String] {
    let line = row["line"]?.int.map { ":\($0)" } ?? ""
    let approvers = (row["approvers"]?.array ?? []).compactMap { $0["by"]?.string }
    return [
      row["at"]?.string ?? "?", row["actor"]?.string ?? "?", row["action"]?.string ?? "?",
      row["scope"]?.string ?? "?", row["subject"]?.string ?? "?", (row["path"]?.string ?? "-") + line,
      row["commit"]?.string.map { String($0.prefix(8)) } ?? "-", row["pullRequest"]?.string ?? "-",
      approvers.isEmpty ? "-" : approvers.joined(separator: ", "),
    ]
  }
}

/// Instants on the command line.
enum Instants {
  /// A time, or a duration back from now.
  static func read(_ text: String, flag: String) throws -> Timestamp {
    if let instant = Timestamp(rfc3339: text) { return instant }
    if let duration = try? Duration(prometheus: text) { return SystemClock().now - duration }
    throw CommandFailure(
      .usage, "--\(flag) '\(text)': a time such as 2026-11-20T08:00:00Z, or a duration such as 1h, is accepted")
  }
}
