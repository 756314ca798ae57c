import ArgumentParser
import Diagnostics
import Glibc
import JSON
import Model
import Patterns
import Specs

/// `belfry test`: unit tests of rules, routes and messages, under a virtual clock.
struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run unit tests of rules, routes and messages.",
    discussion: """
      Runs files in promtool's unit-test format, which may hold tests of routes and messages as well. PATH is a test
      file, or a folder with some; without one, all below the working folder run. Exits with 3 when a test fails.

      Example: belfry test tenants/shop
      Example: belfry test --run 'errors|latency' --format junit > report.xml
      """)

  /// How results are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, github, gitlab, sarif, junit, checkstyle
  }

  @Argument(help: "Test files, or folders with test files.")
  var paths: [String] = []
  @Option(help: "How results are printed.")
  var format = Format.text
  @Option(help: "Run the tests whose name matches this regular expression; may be given several times.")
  var run: [String] = []

  func run() async throws {
    let began = ContinuousClock.now
    let patterns = try run.map { text in
      do throws(PatternSyntaxError) {
        return try Pattern(unanchored: text)
      } catch {
        throw ValidationError("--run '\(text)' is no regular expression: \(error)")
      }
    }
    var files = TestFiles()
    let found = try files.files(of: paths)
    guard !found.isEmpty else {
      throw CommandFailure(
        .failed, "no unit tests are below \(paths.isEmpty ? "the working folder" : "the folders named")")
    }
    let plan = try await files.plan(found)
    for note in files.notes { Console.note("belfry: " + note) }
    var report = TestReport(files: await TestRunner(plan, patterns).run())
    report.took = began.duration(to: .now)
    try print(report)
    if !report.isGood { throw Exit.unsound.code }
  }

  private func print(_ report: TestReport) throws {
    switch format {
    case .text:
      let problems = report.files.flatMap(\.problems)
      if !problems.isEmpty {
        var all = Diagnostics()
        for problem in Set(problems) { all.report(problem) }
        Console.note(all.rendered(RenderingStyle(colour: Console.colourful)) { SpecReading.bytes(at: $0) })
      }
      let isColourful = isatty(STDOUT_FILENO) == 1 && environment("NO_COLOR").map(\.isEmpty) ?? true
      Console.result(report.text(colour: isColourful))
    case .json: Console.bytes(report.json.bytes(pretty: true) + [0x0a])
    case .junit: Console.result(report.junit(FindingPaths(at: ".").ofFile).xml)
    case .github, .gitlab, .sarif, .checkstyle: try report.showFindings(as: format.rawValue)
    }
  }
}

/// Runs tests, as many at once as there are processors.
struct TestRunner: Sendable {
  private let files: [(outcome: TestFileOutcome, rehearsal: Rehearsal?)]
  /// The file and the number of each test to run.
  private let jobs: [(file: Int, test: Int)]

  /// With `patterns`, only tests whose name matches one of them, and only files that have some.
  init(_ plan: RehearsalPlan, _ patterns: [Pattern]) {
    var files: [(outcome: TestFileOutcome, rehearsal: Rehearsal?)] = []
    var jobs: [(file: Int, test: Int)] = []
    for (outcome, rehearsal) in plan.rehearsals() {
      let tests = rehearsal?.spec.tests ?? []
      let chosen = tests.indices.filter { index in
        patterns.isEmpty || patterns.contains { $0.matches(tests[index].name) }
      }
      if !patterns.isEmpty, rehearsal != nil, chosen.isEmpty { continue }
      jobs += chosen.map { (files.count, $0) }
      files.append((outcome, rehearsal))
    }
    self.files = files
    self.jobs = jobs
  }

  /// The outcomes, in the order of the files.
  func run() async -> [TestFileOutcome] {
    var outcomes = [TestOutcome?](repeating: nil, count: jobs.count)
    var progress = TestProgress(total: jobs.count)
    await withTaskGroup(of: (Int, TestOutcome?).self) { group in
      var next = 0
      func start(_ group: inout TaskGroup<(Int, TestOutcome?)>) {
        guard next < jobs.count else { return }
        let (job, index) = (jobs[next], next)
        let rehearsal = files[job.file].rehearsal
        group.addTask { (index, rehearsal.map { Self.timed($0, job.test) }) }
        next += 1
      }
      for _ in 0..<max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) { start(&group) }
      while let (index, outcome) = await group.next() {
        outcomes[index] = outcome
        progress.advance()
        start(&group)
      }
    }
    progress.end()
    var results = files.map(\.outcome)
    for (job, outcome) in zip(jobs, outcomes) {
      if let outcome { results[job.file].tests.append(outcome) }
    }
    return results
  }

  private static func timed(_ rehearsal: Rehearsal, _ test: Int) -> TestOutcome {
    let began = ContinuousClock.now
    var outcome = rehearsal.run(test)
    outcome.took = began.duration(to: .now)
    return outcome
  }
}

/// A line on a terminal that tells how far a run is, once it has taken more than a second.
private struct TestProgress {
  private let total: Int
  private let began = ContinuousClock.now
  private var shown = ContinuousClock.now
  private var done = 0
  private var isVisible = false

  init(total: Int) {
    self.total = total
  }

  mutating func advance() {
    done += 1
    let now = ContinuousClock.now
    guard began.duration(to: now) > .seconds(1), shown.duration(to: now) > .milliseconds(200),
      isatty(STDERR_FILENO) == 1
    else { return }
    shown = now
    isVisible = true
    Self.show("\r\(done) of \(total) tests")
  }

  /// Takes the line away.
  func end() {
    if isVisible { Self.show("\r\u{1b}[K") }
  }

  private static func show(_ text: String) {
    Array(text.utf8).withUnsafeBytes { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
