import ArgumentParser
import Git
import JSON
import Model
import Reconciler
import Specs
import Transport

/// `belfry diff`: the plan between two states of the specs, and what it would mean.
struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a change of the specs would change, and what that means for alerts.",
    discussion: """
      Compares the working tree with the merge base of the upstream's default branch (or HEAD where there is none),
      with any revision, or with what a controller has live. With --live it also says what becomes of the alerts that
      are pending or fire now, and who is told of them.

      Example: belfry diff --base main --detailed-exitcode
      Example: belfry diff --live http://127.0.0.1:8080
      Example: belfry diff --live http://127.0.0.1:8080 --backtest 7d --format markdown > comment.md
      """)

  /// How the report is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, markdown, github, gitlab, sarif, junit, checkstyle
  }

  @Argument(help: "The spec root, a folder of a git repository.")
  var path = "."
  @Option(help: "The revision to compare with.")
  var base: String?
  @Option(help: "The revision to compare (default: the working tree).")
  var head: String?
  @Option(help: "Compare with what the controller at this address has live, and say what the change means for alerts.")
  var live: String?
  @Option(help: "A token for --live (or BELFRY_TOKEN).")
  var token: String?
  @Option(help: "Show this tenant only.")
  var tenant: String?
  @Option(help: "Try new and changed rules over so much of the past, such as 7d.")
  var backtest: String?
  @Option(help: "The distance of evaluations in --backtest (default: the group's interval, or a multiple of it).")
  var backtestStep: String?
  @Option(help: "Where secrets of data sources are, as for belfry run.")
  var secretsDir: String?
  @Option(help: "How the report is printed.")
  var format = Format.text
  @Option(help: "Judge the commits from the base on by author or signed; exit with 5 when something is refused.")
  var commits = CommitPolicy.off
  @Option(help: "The hidden first line of a Markdown comment, by which the next one finds it.")
  var marker = "belfry:diff"
  @Flag(help: "Totals only, without the scopes.")
  var summaryOnly = false
  @Option(help: "Write the report as JSON to this file, too.")
  var out: String?
  @Flag(help: "Exit with 2 when there are changes, 3 when specs have errors, 4 when a guard would stop it.")
  var detailedExitcode = false

  func validate() throws {
    guard base == nil || live == nil else { throw ValidationError("--base and --live exclude each other") }
    guard backtestStep == nil || backtest != nil else { throw ValidationError("--backtest-step goes with --backtest") }
    let accepted = marker.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ">") }
    guard accepted, !marker.isEmpty, !marker.contains("--") else {
      throw ValidationError("--marker '\(marker)': letters, digits and signs but '>' and '--' are accepted")
    }
  }

  func run() async throws {
    let window = try window()
    let specs = try WorkingTreeSpecs(at: path)
    let tree = try WorkingTree.discovered(from: specs.root)
    let repository = RepositorySpecs(tree.repository, folder: tree.folder)
    let client = try live.map { try StatusClient(url: $0, token: token) }
    var base = DiffBase(repository: repository, tree: tree)
    if let client { try await base.restore(live: client) } else { try await base.restore(revision: self.base) }
    let files = try await headFiles(repository, specs, tree)
    base.reconciler.see(try await permitted(files, for: &base.reconciler, tree))
    let now = SystemClock().now
    let commit = if let head { try tree.resolve(head) } else { try tree.headCommit() }
    let revision = Revision(ref: head ?? "working-tree", commit: commit)
    let maker = DiffMaker(
      reconciler: base.reconciler, revision: revision, base: base.name, address: live.map { redactedURL($0) },
      client: client, tenant: tenant, window: window, secretsFolder: secretsDir, now: now)
    let report = try await maker.report()
    if let out { try Files.write(DiffDocument.json(report).bytes(pretty: true) + [0x0a], to: out) }
    try show(report, at: specs.root)
    if let code = exit(for: report.plan), code != .done { throw code.code }
  }

  private func show(_ report: DiffReport, at root: String) throws {
    switch format {
    case .text: Console.result(DiffText(report: report, isSummary: summaryOnly).text)
    case .json: Console.bytes(DiffDocument.json(report).bytes(pretty: true) + [0x0a])
    case .markdown: Console.result(DiffMarkdown(report: report, marker: marker, isSummary: summaryOnly).text)
    case .github, .gitlab, .sarif, .junit, .checkstyle: try report.plan.showFindings(as: format.rawValue, at: root)
    }
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

  private func window() throws -> BacktestWindow? {
    guard let backtest else { return nil }
    let length = try Self.duration(backtest, "--backtest")
    let step = try backtestStep.map { try Self.duration($0, "--backtest-step") }
    if let step, length.wholeMilliseconds / max(1, step.wholeMilliseconds) > BacktestWindow.mostPoints {
      throw CommandFailure(
        .usage, "--backtest \(backtest) every \(step.prometheus) is more than \(BacktestWindow.mostPoints) evaluations")
    }
    return BacktestWindow(length: length, step: step)
  }

  private static func duration(_ text: String, _ option: String) throws -> Duration {
    guard let duration = try? Duration(prometheus: text), duration > .zero else {
      throw CommandFailure(.usage, "\(option) '\(text)': a duration such as 7d or 30s is accepted")
    }
    return duration
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
