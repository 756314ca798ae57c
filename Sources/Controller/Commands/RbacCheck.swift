import ArgumentParser
import Diagnostics
import Git
import JSON
import Model
import Reconciler

extension CommitPolicy: ExpressibleByArgument {}

/// `belfry rbac check`: judges the commits of a branch like the controller would.
struct RbacCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Judge the commits from a base to HEAD.",
    discussion: """
      Trusts the role bindings of the base, judges each commit after it along the first parents, and prints what the
      controller would refuse. Exits with 5 when there is something. What isn't committed isn't judged.

      Example: belfry rbac check --base origin/main --commits signed
      """)

  /// How refusals are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The spec root, a folder of a git repository.")
  var path = "."
  @Option(help: "The commit to begin at (default: the merge base with the upstream's default branch).")
  var base: String?
  @Option(help: "The policy: author or signed.")
  var commits = CommitPolicy.author
  @Option(help: "How refusals are printed.")
  var format = Format.text

  func validate() throws {
    guard commits != .off else {
      throw ValidationError("--commits: author and signed are accepted; off judges nothing")
    }
  }

  func run() async throws {
    let tree = try WorkingTree.discovered(from: try WorkingTreeSpecs(at: path).root)
    let (base, head) = (try tree.resolveBase(base), try tree.headCommit())
    let walk = try await CommitWalk.judged(commits, from: base, to: head, in: tree)
    let refused = walk.authority.refusals.values.sorted { $0.path.precedesInBytes($1.path) }
    switch format {
    case .text: printText(refused, base, head)
    case .json: Console.bytes(Self.json(refused, base, head).bytes(pretty: true) + [0x0a])
    }
    if !refused.isEmpty { throw Exit.notAuthorised.code }
  }

  private func printText(_ refused: [Refusal], _ base: ObjectID, _ head: ObjectID) {
    for refusal in refused {
      let found = refusal.diagnostic
      let start = found.span.range.start
      Console.note("\(found.span.file):\(start.line):\(start.column): error: \(found.message) [\(found.code)]")
      if let fix = found.fix { Console.note("  = fix: \(fix)") }
    }
    let scopes = Set(refused.map(\.scope)).sorted().map(\.description).joined(separator: ", ")
    let verdict =
      refused.isEmpty ? "nothing is refused" : "\(plural(refused.count, "file")) refused; NotAuthorised: \(scopes)"
    Console.result("\(base.short)..\(head.short) under \(commits.rawValue): \(verdict)")
  }

  private static func json(_ refused: [Refusal], _ base: ObjectID, _ head: ObjectID) -> JSONValue {
    .object([
      .init("base", .string(base.hex)), .init("head", .string(head.hex)),
      .init(
        "refused",
        .array(
          refused.map { refusal in
            .object([
              .init("path", .string(refusal.path)), .init("scope", .string(refusal.scope.description)),
              .init("commit", .string(refusal.commit.id.hex)), .init("actor", .string(refusal.actor)),
              .init("message", .string(refusal.message)), .init("remedy", .string(refusal.remedy)),
            ])
          })),
    ])
  }
}

extension CommitWalk {
  /// Trusts `base` and judges what comes after it, up to `head`.
  static func judged(
    _ policy: CommitPolicy, from base: ObjectID, to head: ObjectID, in tree: WorkingTree
  ) async throws -> CommitWalk {
    guard try tree.repository.isAncestor(base, of: head) else {
      throw CommandFailure(
        .failed,
        "\(head.short) doesn't descend from \(base.short), so there are no commits between them to judge; rebase, or "
          + "name the merge base with --base")
    }
    var walk = try await CommitWalk(policy, at: base, in: RepositorySpecs(tree.repository, folder: tree.folder))
    _ = try await walk.advance(to: head, at: SystemClock().now)
    return walk
  }
}
