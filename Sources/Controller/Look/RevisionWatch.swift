import JSON
import Model

/// What `belfry wait` knows of a commit, and whether that is the end of its waiting.
struct RevisionWatch: Sendable {
  /// How waiting ended.
  enum Verdict: Hashable, Sendable {
    case applied
    /// Some scope stays at an older commit; the code says of what sort the reasons are.
    case held(Exit)
    case suspended
    /// A rewritten history doesn't contain the commit any more.
    case replaced
    /// There is no such tenant or project in the revision.
    case noSuchScope
    case timedOut

    var exit: Exit {
      switch self {
      case .applied: .done
      case .held(let exit): exit
      case .suspended, .replaced: .guarded
      case .noSuchScope: .failed
      case .timedOut: .unreachable
      }
    }

    fileprivate var word: String {
      switch self {
      case .applied: "applied"
      case .held: "held"
      case .suspended: "suspended"
      case .replaced: "replaced"
      case .noSuchScope: "noSuchScope"
      case .timedOut: "timedOut"
      }
    }
  }

  private let commit: String
  private let tenant: String?
  private let project: String?
  private let evaluated: Bool
  /// The last answer; `nil` while the controller hasn't seen the commit.
  private var answer: JSONValue?
  private var trouble: String?

  init(commit: String, tenant: String?, project: String?, evaluated: Bool) {
    self.commit = commit
    self.tenant = tenant
    self.project = project
    self.evaluated = evaluated
  }

  mutating func note(_ answer: JSONValue?) {
    self.answer = answer
    trouble = nil
  }

  /// The controller can't be reached at the moment.
  mutating func lost(_ words: String) { trouble = words }

  // MARK: Judging

  /// The scopes that are waited for, of those that the controller names.
  private var scopes: [JSONValue] {
    (answer?["scopes"]?.array ?? []).filter { scope in
      guard let tenant else { return true }
      guard scope["tenant"]?.string == tenant else { return false }
      return project.map { scope["project"]?.string == $0 } ?? true
    }
  }

  private func outcome(_ scope: JSONValue) -> String { scope["outcome"]?.string ?? "pending" }
  private func isApplied(_ scope: JSONValue) -> Bool { scope["applied"] == .bool(true) }
  private func isDone(_ scope: JSONValue) -> Bool {
    isApplied(scope) && (!evaluated || scope["evaluatedAt"]?.string != nil)
  }

  /// How it ended; `nil` while there is something to wait for.
  var verdict: Verdict? {
    guard let answer else { return nil }
    let scopes = scopes
    guard !scopes.isEmpty else {
      let isTried = answer["attemptedAt"]?.string != nil || answer["appliedEverywhere"] == .bool(true)
      return isTried && tenant != nil ? .noSuchScope : nil
    }
    let held = scopes.filter { outcome($0) == "held" }
    if !held.isEmpty { return .held(Exit.worst(held.map { Self.exit(reason: $0["sync"]?["reason"]?.string) })) }
    // A scope that somebody paused isn't waited for among others, and can't be waited for alone.
    let active = scopes.filter { outcome($0) != "suspended" }
    if active.isEmpty { return .suspended }
    if active.contains(where: { outcome($0) == "replaced" }) { return .replaced }
    return active.allSatisfy(isDone) ? .applied : nil
  }

  private static func exit(reason: String?) -> Exit {
    switch reason.flatMap(HeldReason.init(rawValue:)) {
    case .notAuthorised: .notAuthorised
    case .guardTripped, .historyRewritten: .guarded
    default: .unsound
    }
  }

  // MARK: Telling

  private var short: String { String(commit.prefix(8)) }

  private func names(_ scopes: [JSONValue], limit: Int = 5) -> String {
    let names = scopes.prefix(limit).map { $0["scope"]?.string ?? "?" }.joined(separator: ", ")
    return scopes.count > limit ? names + " and \(scopes.count - limit) more" : names
  }

  /// What is waited for, in one line.
  var progress: String {
    if let trouble { return "waiting: " + trouble }
    guard answer != nil else { return "waiting: the controller hasn't seen \(short) yet" }
    let missing = scopes.filter { !isApplied($0) && outcome($0) != "suspended" }
    if !missing.isEmpty { return "waiting: \(short) is not applied yet in \(names(missing))" }
    let unevaluated = scopes.filter { isApplied($0) && !isDone($0) }
    if !unevaluated.isEmpty {
      return "waiting: \(short) is applied; rule groups wait for their first evaluation in \(names(unevaluated))"
    }
    return "waiting: the controller has seen \(short) and not tried it yet"
  }

  /// The result for people.
  func text(_ verdict: Verdict, waited: Duration) -> String {
    switch verdict {
    case .applied: applied(after: waited)
    case .held: held
    case .suspended: "sync of \(names(scopes)) is paused; \(short) is applied once the pause is lifted"
    case .replaced:
      "\(short) was tried, and the history that is followed now doesn't contain it: it was rewritten"
    case .noSuchScope:
      "\(short) was tried, and there is no \(project.map { "project '\($0)' of " } ?? "")tenant '\(tenant ?? "")' in it"
        + " that this token may see"
    case .timedOut: "the time is over after \(shown(waited)); " + progress
    }
  }

  private func applied(after waited: Duration) -> String {
    var parts = ["applied \(short) in \(names(scopes.filter(isApplied), limit: 3))"]
    if let later = scopes.lazy.compactMap({ $0["supersededBy"]?.string }).first {
      parts[0] += " (by \(Revision(later)?.commit.short ?? later), which contains it)"
    }
    let paused = scopes.filter { outcome($0) == "suspended" }
    if !paused.isEmpty { parts.append("paused: \(names(paused))") }
    parts.append("waited \(shown(waited))")
    let timings = (answer?["timingsMs"]?.members ?? []).compactMap { member in
      member.value.double.map { "\(member.name) \(shown(.milliseconds(Int64($0))))" }
    }
    return (parts + timings).joined(separator: ", ")
  }

  private var held: String {
    let held = scopes.filter { outcome($0) == "held" }
    var lines = ["\(short) is held in \(names(held))"]
    for scope in held.prefix(20) {
      let sync = scope["sync"]
      lines.append(
        "\(scope["scope"]?.string ?? "?"): \(sync?["reason"]?.string ?? "Held"): \(sync?["message"]?.string ?? "")")
      lines += (scope["diagnostics"]?.array ?? []).flatMap(DiagnosticLines.lines).map { "  " + $0 }
    }
    return lines.joined(separator: "\n")
  }

  /// `1.4s`, `210ms`.
  private func shown(_ duration: Duration) -> String {
    let milliseconds = duration.wholeMilliseconds
    guard milliseconds >= 1000 else { return "\(milliseconds)ms" }
    return "\(milliseconds / 1000).\(milliseconds % 1000 / 100)s"
  }

  /// The result for programs.
  func json(_ verdict: Verdict, waited: Duration) -> JSONValue {
    .object([
      .init("outcome", .string(verdict.word)),
      .init("sha", answer?["sha"] ?? .string(commit)),
      .init("supersededBy", answer?["supersededBy"] ?? .null),
      .init("waitedMs", .integer(Int64(waited.wholeMilliseconds))),
      .init("timingsMs", answer?["timingsMs"] ?? .object([])),
      .init("message", .string(text(verdict, waited: waited))),
      .init("scopes", .array(scopes)),
    ])
  }
}

/// A finding of the API in lines for people: place, message, the commit that brought it, the remedy.
enum DiagnosticLines {
  static func lines(_ finding: JSONValue) -> [String] {
    let start = finding["range"]?["start"]
    let place = "\(finding["file"]?.string ?? "?"):\(start?["line"]?.int ?? 0):\(start?["column"]?.int ?? 0)"
    let text = "\(finding["message"]?.string ?? "?") [\(finding["code"]?.string ?? "?")]"
    var lines = ["\(place): \(finding["severity"]?.string ?? "?"): \(text)"]
    if let commit = finding["introducedBy"]?.string { lines.append("  = note: since commit \(commit.prefix(8))") }
    if let fix = finding["fix"]?.string { lines.append("  = fix: \(fix)") }
    return lines
  }
}
