import ArgumentParser
import Git
import JSON
import Model

/// `belfry wait`: until a commit is live, or it is known that it won't be.
struct Wait: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Wait until a commit is live.",
    discussion: """
      Returns when the commit, or a later one that contains it, is applied in every scope, or in those of --tenant and
      --project. Exits with 3 as soon as a scope is held for it (5 when somebody lacked the right, 4 when a guard or a
      rewritten history stops it), and with 6 when the time is over or the controller can't be reached.

      Example: belfry wait --revision HEAD --tenant shop --evaluated --timeout 2m
      """)

  @OptionGroup var options: ClientOptions
  @Option(help: "The commit: at least 7 of its digits, or what names it in the clone here.")
  var revision = "HEAD"
  @Option(help: "Only this tenant and its projects.")
  var tenant: String?
  @Option(help: "Only this project of the tenant.")
  var project: String?
  @Flag(help: "Also wait until each rule group was evaluated once since.")
  var evaluated = false
  @Option(help: "How long to wait.")
  var timeout = "5m"

  func validate() throws {
    guard project == nil || tenant != nil else {
      throw ValidationError("--project '\(project ?? "")' needs --tenant, the tenant that it belongs to")
    }
  }

  func run() async throws {
    let clock = SystemClock()
    let begun = clock.now
    let limit = try limit()
    let client = try options.client()
    let commit = try commit()
    var watch = RevisionWatch(commit: commit, tenant: tenant, project: project, evaluated: evaluated)
    var shown = ""
    var pause = Duration.milliseconds(100)
    var isReached = false
    while true {
      do throws(CommandFailure) {
        watch.note(try await client.find("/api/v1/revisions/" + commit))
        isReached = true
      } catch {
        // Who never answered won't; one that did may be restarting.
        guard isReached, error.exit == .unreachable else { throw error }
        watch.lost(error.description)
      }
      let waited = clock.now - begun
      if let verdict = watch.verdict { return try end(verdict, watch, after: waited) }
      guard waited < limit else { return try end(.timedOut, watch, after: waited) }
      if Console.isWatched, watch.progress != shown {
        shown = watch.progress
        Console.note(shown)
      }
      try await clock.sleep(until: min(clock.now + pause, begun + limit), tolerance: nil)
      pause = min(pause * 2, .seconds(1))
    }
  }

  private func end(_ verdict: RevisionWatch.Verdict, _ watch: RevisionWatch, after waited: Duration) throws {
    if options.format == .json {
      Console.bytes(watch.json(verdict, waited: waited).bytes(pretty: true) + [0x0a])
      if verdict.exit != .done { throw verdict.exit.code }
      return
    }
    let text = watch.text(verdict, waited: waited)
    guard verdict.exit != .done else { return Console.result(text) }
    throw CommandFailure(verdict.exit, text)
  }

  private func limit() throws(CommandFailure) -> Duration {
    do {
      return try Duration(prometheus: timeout)
    } catch {
      throw CommandFailure(.usage, "--timeout '\(timeout)': a duration such as 90s or 5m is accepted")
    }
  }

  /// The digits of the commit; what isn't one is looked up in the clone here.
  private func commit() throws(CommandFailure) -> String {
    let digits = revision.lowercased()
    if 7...64 ~= digits.utf8.count, digits.utf8.allSatisfy(\.isHexadecimalDigit) { return digits }
    do throws(GitError) {
      return try WorkingTree.discover(from: ".").resolve(revision).hex
    } catch {
      throw CommandFailure(
        .usage, "--revision '\(revision)': \(error); accepted: at least 7 hexadecimal digits, or a name in a clone here"
      )
    }
  }
}

extension UInt8 {
  fileprivate var isHexadecimalDigit: Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= self || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self
  }
}
