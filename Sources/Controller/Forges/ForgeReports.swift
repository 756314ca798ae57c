import Diagnostics
import Forge
import Model
import Reconciler
import StatusAPI

/// What a sync has to tell the forge, worked out from its plan: a value that remembers which scopes it said are held.
struct ForgeReports: Sendable {
  /// One sync that was recorded.
  struct Sync: Sendable {
    var plan: Plan
    /// The scopes in whose files something changed since the sync before.
    var touched: Set<Scope>
    /// The commit that the plan is of.
    var head: CommitInfo
    /// For each scope that is held: the commit that brought it about.
    var bringers: [Scope: CommitInfo] = [:]
    /// The last good revision of each scope that is held.
    var applied: [Scope: Revision] = [:]
  }

  /// A scope that was said to be held.
  private struct Held: Sendable {
    /// What was said, and where.
    var sections: [PullLocator: HeldSection]
    var words: String
  }

  private var held: [Scope: Held] = [:]
  /// Whether a sync was told before.
  private var hasBegun = false
  /// The spec root's path in the repository, with a slash behind it; `""` for the root.
  private let prefix: String
  /// The status page.
  private let url: String

  /// Above so many scopes one status tells of all.
  static let statusLimit = 50

  init(folder: String, url: String) {
    prefix = folder.isEmpty ? "" : folder + "/"
    self.url = url
  }

  /// The scopes that a sync says are held and of which something is news: whose bringers are worth looking up.
  func news(in plan: Plan, touched: Set<Scope>) -> [Scope] {
    plan.scopes.compactMap { part in
      guard case .hold = part.decision else { return nil }
      return touched.contains(part.scope) || held[part.scope]?.words != words(of: part) ? part.scope : nil
    }
  }

  /// What to tell. `isHeld`: how a scope stands now.
  mutating func reports(of sync: Sync, isHeld: (Scope) -> Bool) -> [ForgeReport] {
    var outcomes: [PullLocator: [Scope: HeldSection]] = [:]
    var concerned = sync.touched
    for part in sync.plan.scopes where !part.steps.isEmpty { concerned.insert(part.scope) }
    for scope in held.keys where !isHeld(scope) {
      guard let known = held.removeValue(forKey: scope) else { continue }
      concerned.insert(scope)
      for (locator, var section) in known.sections {
        section.standing = .released(sync.head.id)
        outcomes[locator, default: [:]][scope] = section
      }
    }
    defer { hasBegun = true }
    let news = Set(news(in: sync.plan, touched: sync.touched))
    for part in sync.plan.scopes where news.contains(part.scope) {
      guard case .hold(let reason) = part.decision else { continue }
      // After a start nothing is known, and what was held before is no news of the head.
      if hasBegun { concerned.insert(part.scope) }
      let bringer = sync.bringers[part.scope] ?? sync.head
      let locator = PullLocator(number: bringer.pullRequest?.number, commits: [bringer.id])
      let section = section(of: part, reason, bringer, sync.applied[part.scope])
      var said = held[part.scope] ?? Held(sections: [:], words: "")
      said.sections[locator] = section
      said.words = words(of: part)
      held[part.scope] = said
      outcomes[locator, default: [:]][part.scope] = section
    }
    return statuses(of: sync, concerned) + outcomes.map { ForgeReport.outcome($0.key, $0.value) }
  }

  // MARK: Statuses

  private func statuses(of sync: Sync, _ concerned: Set<Scope>) -> [ForgeReport] {
    let parts = Dictionary(sync.plan.scopes.map { ($0.scope, $0) }, uniquingKeysWith: { first, _ in first })
    guard concerned.count <= Self.statusLimit else {
      return [.status(sync.head.id, summary(concerned.map { parts[$0] }, of: concerned.count))]
    }
    return concerned.sorted().map { scope in
      .status(sync.head.id, status(of: scope, parts[scope]))
    }
  }

  private func status(of scope: Scope, _ part: ScopePlan?) -> CommitStatus {
    let context = "belfry/" + scope.description
    switch part?.decision {
    case .hold:
      return CommitStatus(
        .failure, context: context, description: "Held: " + (part.map { words(of: $0) } ?? ""), targetURL: url)
    case .suspend:
      return CommitStatus(.pending, context: context, description: "Suspended: sync is paused", targetURL: url)
    case .apply, nil:
      let count = part?.steps.count ?? 0
      let words = count == 0 ? "Synced: nothing changed in meaning" : "Synced: \(plural(count, "change")) applied"
      return CommitStatus(.success, context: context, description: words, targetURL: url)
    }
  }

  private func summary(_ parts: [ScopePlan?], of count: Int) -> CommitStatus {
    var held = 0
    var suspended = 0
    for part in parts {
      switch part?.decision {
      case .hold: held += 1
      case .suspend: suspended += 1
      case .apply, nil: break
      }
    }
    var words = "\(count - held - suspended) scopes Synced"
    if held > 0 { words += ", \(held) Held" }
    if suspended > 0 { words += ", \(suspended) Suspended" }
    return CommitStatus(
      held > 0 ? .failure : .success, context: "belfry", description: words, targetURL: url)
  }

  // MARK: Words

  /// `file:line: message` of the first error, else what happened.
  private func words(of part: ScopePlan) -> String {
    if let first = part.diagnostics.first(where: { $0.severity == .error }) {
      return "\(prefix)\(first.span.file):\(first.span.range.start.line): \(first.message)"
    }
    if let explanation = part.explanation { return explanation }
    guard case .hold(let reason) = part.decision else { return "" }
    return reason.rawValue
  }

  private func section(
    of part: ScopePlan, _ reason: HeldReason, _ bringer: CommitInfo, _ applied: Revision?
  ) -> HeldSection {
    let errors = part.diagnostics.filter { $0.severity == .error }
    var problems = errors.prefix(HeldSection.problemLimit).map { found in
      let place = found.span.range.start
      return "\(prefix)\(found.span.file):\(place.line):\(place.column): \(found.message)"
        + (found.fix.map { " (fix: \($0))" } ?? "")
    }
    if let explanation = part.explanation { problems.insert(explanation, at: 0) }
    return HeldSection(
      scope: part.scope, standing: .held(reason), commit: bringer.id, author: bringer.authorName, problems: problems,
      more: max(0, errors.count - HeldSection.problemLimit), applied: applied)
  }
}
