import ArgumentParser
import Dispatch
import Git
import Glibc
import JSON
import Model
import Reconciler
import Specs
import Transport

/// `belfry shadow`: a branch beside the live controller, for a while.
struct Shadow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate a branch beside the live controller, notify nobody, and report the difference.",
    discussion: """
      Takes the live alerts over with their clocks, evaluates the rule groups that differ at their own intervals against
      the same data sources, and records what would be sent. After --for, or at Ctrl-C, it says which alerts fired on one
      side only or at other times, and who would have been told. It exits with 0; with --detailed-exitcode with 2 where
      they differ; with 3 where specs of the branch have errors; with 6 where the controller can't be reached.

      Example: belfry shadow feature --url http://127.0.0.1:8080 --for 10m
      Example: belfry shadow working-tree --url http://127.0.0.1:8080 --tenant shop --format json
      """)

  @Argument(help: "The branch or revision; '.' or 'working-tree' for the working tree.")
  var ref: String
  @Argument(help: "The spec root, a folder of a git repository.")
  var path = "."
  @OptionGroup var options: ClientOptions
  @Option(name: .customLong("for"), help: "How long, from 1s to 7d.")
  var length = "10m"
  @Option(help: "Evaluate all rule groups of this tenant and its projects, and only those.")
  var tenant: String?
  @Flag(help: "Evaluate all rule groups, and not only those that differ.")
  var all = false
  @Option(help: "Where secrets of data sources are, as for belfry run.")
  var secretsDir: String?
  @Flag(help: "Exit with 2 when branch and live differ.")
  var detailedExitcode = false

  func validate() throws {
    guard !all || tenant == nil else { throw ValidationError("--all and --tenant exclude each other") }
  }

  func run() async throws {
    let length = try duration()
    let specs = try WorkingTreeSpecs(at: path)
    let tree = try WorkingTree.discovered(from: specs.root)
    let repository = RepositorySpecs(tree.repository, folder: tree.folder)
    let revision = try revision(tree)
    let address = options.url ?? environment("BELFRY_URL") ?? "http://127.0.0.1:8080"
    let client = try options.client()
    var base = DiffBase(repository: repository, tree: tree)
    try await base.restore(live: client)
    base.reconciler.see(try await files(repository, specs, at: revision))
    let plan = base.reconciler.plan(for: revision, at: SystemClock().now)
    let sides = PlanSides(plan, of: base.reconciler)
    try checkTenant(sides)
    let groups = ShadowGroups(sides, all ? .all : tenant.map { .tenant($0) } ?? .changed)
    let hasWork = !plan.steps.isEmpty || !groups.current.isEmpty
    Console.note(
      "\(revision) beside \(base.name): \(groups.current.count) of \(groups.totalCount) rule groups are evaluated, "
        + (hasWork ? "for \(length.prometheus); Ctrl-C reports at once" : "since nothing differs"))
    let run = ShadowRun(
      client: client,
      sources: AskedSources(
        secrets: SecretStore(folder: secretsDir), transport: try CurlTransport(version: belfryVersion)),
      sides: sides, groups: groups, owners: owners(sides), told: tenant.map { [.tenant($0)] },
      length: hasWork ? length : .zero, clock: SystemClock())
    let findings = try await run.findings(until: Signals.endings())
    let report = ShadowReport(
      branch: revision.description, live: base.name, address: redactedURL(address), groups: groups,
      plan: plan.restricted(to: tenant), hasWork: hasWork, findings: findings)
    switch options.format {
    case .text: Console.result(ShadowText(report: report).text)
    case .json: Console.bytes(ShadowDocument.json(report).bytes(pretty: true) + [0x0a])
    }
    let exit = report.exit(detailed: detailedExitcode)
    if exit != .done { throw exit.code }
  }

  private var isWorkingTree: Bool { [".", "working-tree"].contains(ref) }

  private func revision(_ tree: WorkingTree) throws -> Revision {
    isWorkingTree
      ? Revision(ref: "working-tree", commit: try tree.headCommit())
      : Revision(ref: ref, commit: try tree.resolve(ref))
  }

  private func files(
    _ repository: RepositorySpecs, _ specs: WorkingTreeSpecs, at revision: Revision
  ) async throws -> [(path: String, file: SpecFile?)] {
    guard isWorkingTree else { return try await repository.files(at: revision.commit) }
    return await SpecReading.read(try specs.sources(), SpecReading.withoutLints)
  }

  /// Whose alerts are followed: those that the plan can concern, or what was asked for; `nil` for everybody's.
  private func owners(_ sides: PlanSides) -> Set<Scope>? {
    guard let tenant else { return all ? nil : sides.owners }
    return sides.inhibitsAcrossTenants ? nil : [.tenant(tenant)]
  }

  private func checkTenant(_ sides: PlanSides) throws {
    guard let tenant, ![sides.before, sides.after].contains(where: { $0.scopes.keys.contains(.tenant(tenant)) }) else {
      return
    }
    throw CommandFailure(.failed, "neither \(ref) nor the controller has a tenant '\(tenant)'")
  }

  private func duration() throws -> Duration {
    guard let duration = try? Duration(prometheus: length), duration >= .seconds(1), duration <= .seconds(7 * 86400)
    else { throw CommandFailure(.usage, "--for '\(length)': a duration from 1s to 7d is accepted, such as 10m") }
    return duration
  }
}

extension Signals {
  /// One element for each SIGINT or SIGTERM, which from then on end nothing by themselves.
  static func endings() -> AsyncStream<Void> {
    AsyncStream { continuation in
      let held = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { continuation.yield() }
        source.activate()
        return HeldSource(source)
      }
      continuation.onTermination = { _ in for source in held { source.cancel() } }
    }
  }
}
