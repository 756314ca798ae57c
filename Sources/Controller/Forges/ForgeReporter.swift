import Forge
import Model
import Reconciler
import Synchronization

/// Tells a forge what became of merged changes: commit statuses, and a comment where a scope is held.
///
/// Taking a report in never waits and never fails; sending happens in ``run()``, one request after the other.
final class ForgeReporter: Sendable {
  private struct State {
    var reports: ForgeReports
    var queue = ForgeReportQueue()
  }

  private let settings: ForgeSettings
  private let url: String
  private let transport: any HTTPTransport
  private let clock: any WallClock
  private let log: EventLog
  private let state: Mutex<State>
  private let doorbell = Doorbell()
  private let comments = Mutex<CommentMemory>(CommentMemory())

  /// What the comments say that this process has written, by pull request.
  private struct CommentMemory {
    var sections: [Int: [Scope: HeldSection]] = [:]
    /// The login whose comments are ours, once it is known.
    var login: String?
  }

  /// How often a forge is asked again for the pull request of a commit: it may know of a merge a little after the push.
  private static let searchLimit = 3
  /// How many pull requests are remembered; beyond, a comment is written anew with what is news alone.
  private static let memoryLimit = 200

  init(
    _ settings: ForgeSettings, folder: String, externalURL: String, transport: any HTTPTransport, clock: any WallClock,
    log: EventLog
  ) {
    self.settings = settings
    url = externalURL
    self.transport = transport
    self.clock = clock
    self.log = log
    state = Mutex(State(reports: ForgeReports(folder: folder, url: externalURL)))
  }

  /// How many reports ended how, and how many wait.
  var counters: (ended: ForgeReportQueue.Counters, waiting: Int) {
    state.withLock { ($0.queue.counters, $0.queue.count) }
  }

  /// The held scopes of a plan of which something is news.
  func news(in plan: Plan, touched: Set<Scope>) -> [Scope] {
    state.withLock { $0.reports.news(in: plan, touched: touched) }
  }

  /// A sync was recorded.
  func note(_ sync: ForgeReports.Sync, isHeld: (Scope) -> Bool) {
    let now = clock.now
    state.withLock { state in
      for report in state.reports.reports(of: sync, isHeld: isHeld) { state.queue.add(report, at: now) }
    }
    doorbell.ring()
  }

  /// A whole revision was refused.
  func noteRefused(_ revision: Revision, _ words: String) {
    let status = CommitStatus(.failure, context: "belfry", description: "Held: " + words, targetURL: url)
    state.withLock { $0.queue.add(.status(revision.commit, status), at: clock.now) }
    doorbell.ring()
  }

  // MARK: Sending

  /// Sends what waits, until cancelled.
  func run() async {
    while !Task.isCancelled {
      if let (report, attempts) = state.withLock({ [now = clock.now] in $0.queue.next(at: now) }) {
        await send(report, attempts)
      } else if let due = state.withLock({ $0.queue.due }) {
        await doorbell.wait(until: due, on: clock)
      } else {
        await doorbell.wait()
      }
    }
  }

  private func send(_ report: ForgeReport, _ attempts: Int) async {
    do throws(ForgeError) {
      if try await tell(report) || attempts >= Self.searchLimit {
        state.withLock { $0.queue.sent() }
      } else {
        _ = state.withLock { [now = clock.now] in
          $0.queue.failed(report, attempts: attempts, pause: nil, at: now)
        }
      }
    } catch {
      if Task.isCancelled { return }
      var isKept = false
      if error.isTransient {
        var pause: Duration?
        if case .throttled(let wait) = error { pause = wait }
        isKept = state.withLock { [now = clock.now] in
          $0.queue.failed(report, attempts: attempts, pause: pause, at: now)
        }
      } else {
        state.withLock { $0.queue.refused() }
      }
      log.event(
        isKept ? "forge.unreachable" : "forge.report-failed", isKept ? .warning : .error,
        ["report": report.key.words, "attempt": "\(attempts + 1)", "error": error.description])
    }
  }

  /// - Returns: whether it was told; not while the forge doesn't name the pull request of a commit.
  private func tell(_ report: ForgeReport) async throws(ForgeError) -> Bool {
    let session = try session()
    switch report {
    case .status(let commit, let status): try await session.setStatus(status, of: commit)
    case .outcome(let locator, let news):
      guard let number = try await number(of: locator, session) else { return false }
      try await comment(on: number, news, session)
    }
    return true
  }

  private func session() throws(ForgeError) -> ForgeSession {
    var forge = settings.forge
    do throws(CommandFailure) {
      forge.token = try ForgeToken.read(settings.tokenFile)
    } catch {
      throw .unauthorised(error.description)
    }
    return ForgeSession(forge, transport: transport, clock: clock)
  }

  private func number(of locator: PullLocator, _ session: ForgeSession) async throws(ForgeError) -> Int? {
    if let number = locator.number { return number }
    for commit in locator.commits {
      if let number = try await session.pullRequest(of: commit) { return number }
    }
    return nil
  }

  private func comment(
    on number: Int, _ news: [Scope: HeldSection], _ session: ForgeSession
  ) async throws(ForgeError) {
    let known = comments.withLock { $0 }
    let sections = (known.sections[number] ?? [:]).merging(news) { $1 }
    let words = HeldComment(sections: sections.sorted { $0.key < $1.key }.map(\.value), url: url).markdown
    guard let marker = CommentMarker(HeldComment.key) else { return }
    let body: CommentBody
    do throws(CommentBody.TooLong) {
      body = try CommentBody(words, marker: marker, limit: settings.forge.kind.commentLimit)
    } catch {
      throw .refused(status: 422, error.description)
    }
    let login: String
    if let earlier = known.login { login = earlier } else { login = try await session.login() }
    _ = try await session.post(body, on: number, author: login)
    let isOver = sections.values.allSatisfy { if case .released = $0.standing { true } else { false } }
    comments.withLock { memory in
      memory.login = login
      memory.sections[number] = isOver ? nil : sections
      if memory.sections.count > Self.memoryLimit, let oldest = memory.sections.keys.min() {
        memory.sections[oldest] = nil
      }
    }
  }
}

extension ForgeReport.Key {
  fileprivate var words: String {
    switch self {
    case .status(let commit, let context): "status \(context) of \(commit.short)"
    case .outcome(let locator):
      locator.number.map { "comment on #\($0)" }
        ?? "comment on the pull request of \(locator.commits.first?.short ?? "?")"
    }
  }
}
