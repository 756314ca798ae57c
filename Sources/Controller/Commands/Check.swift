import ArgumentParser
import Diagnostics
import JSON
import Model
import Specs

/// `belfry check`: every diagnostic of a working tree, at once.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the specs of a working tree.",
    discussion: """
      Reads every spec file below PATH and prints what is wrong, with file, line and column, and the remedy where it is
      known. Exits with 3 when there are errors.

      Example: belfry check .
      Example: belfry check --changed-since origin/main --format github
      """)

  /// How findings are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, github, gitlab, sarif, junit, checkstyle
  }

  /// From which severity on the command exits with 3.
  enum Level: String, ExpressibleByArgument, CaseIterable {
    case error, warning
  }

  @Argument(help: "A folder with platform/ and tenants/, or something within it.")
  var path = "."
  @Option(help: "How findings are printed.")
  var format = Format.text
  @Option(help: "The severity that fails the check.")
  var failOn = Level.error
  @Option(help: "Show what is new since the merge base with this revision, and count the rest.")
  var changedSince: String?

  func run() async throws {
    let specs = try WorkingTreeSpecs(at: path)
    let baseline = try changedSince.map { try Baseline(of: specs, since: $0) }
    let files = await SpecReading.read(try specs.sources())
    var tree = SpecTree()
    tree.update(files)
    let all = tree.problems + specs.problemsOfTests(among: files) + tree.expiring(at: SystemClock().now)
    let parted = try await baseline?.part(all, of: tree, files)
    let found = (parted?.new ?? all).sorted().filter { specs.isInFocus($0.span.file) }
    let old = parted?.old.filter { specs.isInFocus($0.span.file) }
    let summary = Self.summary(found, tree: tree, old: old, since: baseline)
    switch format {
    case .text: printText(found, summary, root: specs.root)
    case .json: Console.bytes(Self.json(found, tree: tree, old: old))
    case .github, .gitlab, .sarif, .junit, .checkstyle:
      guard let format = FindingFormat(rawValue: format.rawValue) else { break }
      let paths = FindingPaths(at: specs.root)
      let owners = ResourceLines(tree)
      let findings = found.map { Finding($0, subject: owners.resource(at: $0.span), paths.ofSpec) }
      try FindingReport(command: "check", findings: findings, summary: summary).show(as: format)
    }
    let worst = found.map(\.severity).max()
    if worst == .error || (worst == .warning && failOn == .warning) { throw Exit.unsound.code }
  }

  private func printText(_ found: [Diagnostic], _ summary: String, root: String) {
    if !found.isEmpty {
      var all = Diagnostics()
      for diagnostic in found { all.report(diagnostic) }
      Console.note(all.rendered(RenderingStyle(colour: Console.colourful)) { SpecReading.bytes(at: root + "/" + $0) })
    }
    Console.result(summary)
  }

  /// One line: how much was read, how much was found, and how much was there before.
  private static func summary(
    _ found: [Diagnostic], tree: SpecTree, old: [Diagnostic]?, since baseline: Baseline?
  ) -> String {
    let counts = tree.counts
    let read = [
      plural(tree.fileCount, "file"), plural(counts.tenants, "tenant"), plural(counts.projects, "project"),
      plural(counts.rules, "rule"),
    ].joined(separator: ", ")
    guard let old, let baseline else { return read + ": " + (found.isEmpty ? "no problems" : counted(found)) }
    let new = found.isEmpty ? "nothing new" : "new: " + counted(found)
    let rest = old.isEmpty ? "" : "; there before: " + counted(old)
    return read + ": " + new + " since \(baseline.commit.short)" + rest
  }

  private static func counted(_ found: [Diagnostic]) -> String {
    let errors = found.count { $0.severity == .error }
    return plural(errors, "error") + ", " + plural(found.count - errors, "warning")
  }

  static func json(_ found: [Diagnostic], tree: SpecTree, old: [Diagnostic]? = nil) -> [UInt8] {
    var members: [JSONValue.Member] = [
      .init("diagnostics", .array(found.map(\.json))),
      .init("files", .integer(Int64(tree.fileCount))),
      .init("rules", .integer(Int64(tree.counts.rules))),
    ]
    if let old {
      let errors = old.count { $0.severity == .error }
      members.append(
        .init(
          "before",
          .object([
            .init("errors", .integer(Int64(errors))), .init("warnings", .integer(Int64(old.count - errors))),
          ])))
    }
    return JSONValue.object(members).bytes(pretty: true) + [0x0a]
  }
}

extension SpecTree {
  /// How much a tree holds.
  var counts: (tenants: Int, projects: Int, rules: Int) {
    var counts = (tenants: 0, projects: 0, rules: 0)
    // A tenant may have projects only, and no file of its own.
    counts.tenants = Set(scopes.compactMap(\.tenant)).count
    for scope in scopes {
      if case .project = scope { counts.projects += 1 }
      for resource in resources(in: scope) {
        if case .ruleGroup(let group) = resource.spec { counts.rules += group.rules.count }
      }
    }
    return counts
  }
}

extension Diagnostic {
  /// The shape in which `check --format json`, the ledger and the API show a finding.
  var json: JSONValue {
    func position(_ position: SourcePosition) -> JSONValue {
      .object([.init("line", .integer(Int64(position.line))), .init("column", .integer(Int64(position.column)))])
    }
    var members: [JSONValue.Member] = [
      .init("code", .string(code)), .init("severity", .string(severity.rawValue)), .init("message", .string(message)),
      .init("file", .string(span.file)),
      .init(
        "range", .object([.init("start", position(span.range.start)), .init("end", position(span.range.end))])),
    ]
    if let fix { members.append(.init("fix", .string(fix))) }
    if !notes.isEmpty { members.append(.init("notes", .array(notes.map { .string($0.message) }))) }
    return .object(members)
  }
}

/// `1 file`, `2 files`.
func plural(_ count: Int, _ word: String) -> String {
  "\(count) \(word)\(count == 1 ? "" : "s")"
}
