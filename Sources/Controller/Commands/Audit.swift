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
  @OptionGroup var times: TimeOptions
  @OptionGroup var scope: ScopeOptions
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
    var query = APIQuery()
    query.add(scope.parameters)
    query.add([
      ("actor", actor), ("action", action), ("resource", resource), ("commit", commit), ("path", path),
    ])
    try query.add(since: since, until: until)
    let times = times.shown
    try await options.client().list("/api/v1/audit", query, limit: limit).show(options.format) { items, screen in
      var table = Table(["AT", "ACTOR", "ACTION", "SCOPE", "WHAT", "WHERE", "COMMIT", "REQUEST", "APPROVED BY"])
      for row in items { table.row(Self.cells(row, times)) }
      return table.text(for: screen)
    }
  }

  private static func cells(_ row: JSONValue, _ times: ClientTimes) -> [String] {
    let line = row["line"]?.int.map { ":\($0)" } ?? ""
    let approvers = (row["approvers"]?.array ?? []).compactMap { $0["by"]?.string }
    return [
      times.text(row["at"]?.string), row["actor"]?.string ?? "?", row["action"]?.string ?? "?",
      row["scope"]?.string ?? "?", row["subject"]?.string ?? "?", (row["path"]?.string ?? "-") + line,
      row["commit"]?.string.map { String($0.prefix(8)) } ?? "-", row["pullRequest"]?.string ?? "-",
      approvers.isEmpty ? "-" : approvers.joined(separator: ", "),
    ]
  }
}
