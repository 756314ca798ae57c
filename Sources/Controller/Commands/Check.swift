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
      """)

  /// How findings are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
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

  func run() async throws {
    let specs = try WorkingTreeSpecs(at: path)
    let files = await SpecReading.read(try specs.sources())
    var tree = SpecTree()
    tree.update(files)
    let found = (tree.problems + specs.problemsOfTests(among: files)).sorted()
      .filter { specs.isInFocus($0.span.file) }
    switch format {
    case .text: printText(found, tree: tree, root: specs.root)
    case .json: Console.bytes(Self.json(found, tree: tree))
    }
    let worst = found.map(\.severity).max()
    if worst == .error || (worst == .warning && failOn == .warning) { throw Exit.unsound.code }
  }

  private func printText(_ found: [Diagnostic], tree: SpecTree, root: String) {
    if !found.isEmpty {
      var all = Diagnostics()
      for diagnostic in found { all.report(diagnostic) }
      Console.note(all.rendered(RenderingStyle(colour: Console.colourful)) { SpecReading.bytes(at: root + "/" + $0) })
    }
    Console.result(Self.summary(found, tree: tree))
  }

  /// One line: how much was read, and how much was found.
  private static func summary(_ found: [Diagnostic], tree: SpecTree) -> String {
    let counts = tree.counts
    let errors = found.count { $0.severity == .error }
    let read = [
      plural(tree.fileCount, "file"), plural(counts.tenants, "tenant"), plural(counts.projects, "project"),
      plural(counts.rules, "rule"),
    ].joined(separator: ", ")
    guard !found.isEmpty else { return read + ": no problems" }
    return read + ": " + plural(errors, "error") + ", " + plural(found.count - errors, "warning")
  }

  static func json(_ found: [Diagnostic], tree: SpecTree) -> [UInt8] {
    JSONValue.object([
      .init("diagnostics", .array(found.map(\.json))),
      .init("files", .integer(Int64(tree.fileCount))),
      .init("rules", .integer(Int64(tree.counts.rules))),
    ]).bytes(pretty: true) + [0x0a]
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
