import ArgumentParser
import Git
import JSON
import Model
import Reconciler
import Specs
import Transport

/// `belfry diff`: the plan between two states of the specs.
struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a change of the specs would change.",
    discussion: """
      Compares the working tree with the merge base of the upstream's default branch (or HEAD where there is none),
      with any revision, or with what a controller has applied.

      Example: belfry diff --base main --detailed-exitcode
      Example: belfry diff --live http://127.0.0.1:8080
      """)

  /// How the plan is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, github, gitlab, sarif, junit, checkstyle
  }

  @Argument(help: "The spec root, a folder of a git repository.")
  var path = "."
  @Option(help: "The revision to compare with.")
  var base: String?
  @Option(help: "The revision to compare (default: the working tree).")
  var head: String?
  @Option(help: "Compare with what the controller at this address has applied.")
  var live: String?
  @Option(help: "A token for --live (or BELFRY_TOKEN).")
  var token: String?
  @Option(help: "Show this tenant only.")
  var tenant: String?
  @Option(help: "How the plan is printed.")
  var format = Format.text
  @Option(help: "Judge the commits from the base on by author or signed; exit with 5 when something is refused.")
  var commits = CommitPolicy.off
  @Flag(help: "Exit with 2 when there are changes, 3 when specs have errors, 4 when a guard would stop it.")
  var detailedExitcode = false

  func validate() throws {
    guard base == nil || live == nil else { throw ValidationError("--base and --live exclude each other") }
  }

  func run() async throws {
    let specs = try WorkingTreeSpecs(at: path)
    let tree = try WorkingTree.discovered(from: specs.root)
    let repository = RepositorySpecs(tree.repository, folder: tree.folder)
    var reconciler = Reconciler()
    try await restoreBase(into: &reconciler, from: repository, tree)
    let files = try await headFiles(repository, specs, tree)
    reconciler.see(try await permitted(files, for: &reconciler, tree))
    let revision = Revision(ref: head ?? "working-tree", commit: try tree.headCommit())
    let plan = reconciler.plan(for: revision, at: SystemClock().now).restricted(to: tenant)
    switch format {
    case .text: Console.result(plan.text())
    case .json: Console.bytes(PlanDocument.json(plan).bytes(pretty: true) + [0x0a])
    case .github, .gitlab, .sarif, .junit, .checkstyle: try plan.showFindings(as: format.rawValue, at: specs.root)
    }
    if let code = exit(for: plan), code != .done { throw code.code }
  }

  /// What the comparison starts from, taken as if it were live.
  private func restoreBase(
    into reconciler: inout Reconciler, from repository: RepositorySpecs, _ tree: WorkingTree
  ) async throws {
    if let live {
      let client = try StatusClient(url: live, token: token)
      for (scope, revision) in try await client.appliedRevisions() {
        guard tree.contains(revision.commit) else {
          throw CommandFailure(
            .failed, "\(scope) runs at \(revision.commit.short), which isn't in this clone; run git fetch first")
        }
        reconciler.restore(try await repository.files(at: revision.commit, only: [scope]), at: revision)
      }
      return
    }
    let commit = try tree.resolveBase(base)
    reconciler.restore(try await repository.files(at: commit), at: Revision(ref: base, commit: commit))
  }

  private func headFiles(
    _ repository: RepositorySpecs, _ specs: WorkingTreeSpecs, _ tree: WorkingTree
  ) async throws -> [(path: String, file: SpecFile?)] {
    guard let head else { return await SpecReading.read(try specs.sources(), SpecReading.withoutLints) }
    return try await repository.files(at: try tree.resolve(head))
  }

  /// The files as they are followed: of those whose change a commit had no right to make, the last authorised content.
  private func permitted(
    _ files: [(path: String, file: SpecFile?)], for reconciler: inout Reconciler, _ tree: WorkingTree
  ) async throws -> [(path: String, file: SpecFile?)] {
    guard commits != .off else { return files }
    let end = try head.map { try tree.resolve($0) } ?? tree.headCommit()
    let walk = try await CommitWalk.judged(commits, from: try tree.resolveBase(base), to: end, in: tree)
    reconciler.setRefusals(walk.authority.refusals.values)
    return try await walk.replacingRefused(in: files)
  }

  /// The exit code that the plan asks for: errors always fail, the rest only with `--detailed-exitcode`.
  private func exit(for plan: Plan) -> Exit? {
    var exits: [Exit] = []
    for scope in plan.scopes {
      switch scope.decision {
      case .apply, .suspend, .hold(.dependencyHeld), .hold(.stillReferenced): break
      case .hold(.validationFailed): exits.append(.unsound)
      case .hold(.notAuthorised): exits.append(.notAuthorised)
      case .hold(.guardTripped), .hold(.historyRewritten): exits.append(.guarded)
      }
    }
    if !plan.steps.isEmpty { exits.append(.changes) }
    let worst = Exit.worst(exits)
    return detailedExitcode || worst == .unsound || worst == .notAuthorised ? worst : nil
  }
}

extension Reconciler {
  /// Takes these files as what is live, scope by scope.
  mutating func restore(_ files: [(path: String, file: SpecFile?)], at revision: Revision) {
    var byScope: [Scope: [Resource]] = [:]
    for case let file? in files.map(\.file) {
      guard let scope = file.scope else { continue }
      byScope[scope, default: []] += file.resources
    }
    for (scope, resources) in byScope { restore(resources, of: scope, at: revision) }
  }
}

extension Plan {
  /// Only the scopes of one tenant; `nil` keeps all.
  fileprivate func restricted(to tenant: String?) -> Plan {
    guard let tenant else { return self }
    return Plan(revision: revision, scopes: scopes.filter { $0.scope.tenant == tenant })
  }
}
