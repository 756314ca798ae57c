import Diagnostics
import Git
import JSON
import Ledger
import Model
import Reconciler
import Specs
import StatusAPI

extension SyncLoop {
  /// More creations, updates and moves of one scope in one sync are counted, and not told one by one; deletions always
  /// are, since the table of resources doesn't have them any more.
  private static let mostChanges = 1000

  /// What a plan's outcome adds to the audit: a row for each change, and one for each scope that was changed, or that is
  /// held by what the revision touched.
  ///
  /// At the first import a scope has one row, with counts: its resources are in the table of resources.
  func auditRows(
    _ plan: Plan, _ attribution: ChangeAttribution, since before: [Scope: SyncStanding], _ touched: Set<Scope>
  ) -> [AuditRecord] {
    var rows: [AuditRecord] = []
    for part in plan.scopes {
      if !attribution.isImport { rows += changes(part, attribution) }
      if let row = outcome(part, plan.revision, since: before[part.scope], touched.contains(part.scope)) {
        rows.append(row)
      }
    }
    return rows
  }

  /// A row about a commit as a whole, by its author.
  func auditRow(
    _ action: String, _ scope: Scope, _ commit: ObjectID, _ subject: String, _ trigger: SyncTrigger? = nil
  ) -> AuditRecord {
    var row = AuditRecord(
      at: clock.now, actor: "controller", action: action, scope: scope, commit: commit, subject: subject,
      trigger: trigger, revision: commit)
    if let info = try? mirror.repository.commit(commit) { row.sign(ChangeAuthor(commit: info, merge: nil)) }
    return row
  }

  // MARK: Scopes

  private func outcome(
    _ part: ScopePlan, _ revision: Revision, since before: SyncStanding?, _ isTouched: Bool
  ) -> AuditRecord? {
    var row = AuditRecord(
      at: clock.now, actor: "controller", action: "scope.applied", scope: part.scope, commit: revision.commit,
      subject: part.explanation ?? "\(part.steps.count) changes")
    switch part.decision {
    case .apply where part.steps.isEmpty: return nil
    case .apply: row.after = part.countsText
    case .hold(let reason):
      if before?.status == .held, before?.reason == reason, !isTouched { return nil }
      row.action = "scope.held." + reason.rawValue
      row.after = heldText(part)
    case .suspend:
      if before?.status == .suspended, !isTouched { return nil }
      row.action = "scope.suspended"
      row.after = heldText(part)
    }
    let first = part.decision == .apply ? nil : part.diagnostics.first { $0.severity == .error }
    if let first {
      row.path = first.span.file
      row.line = Int(first.span.range.start.line)
      if part.explanation == nil { row.subject = Redaction.redacted(first.message) }
    }
    if let culprit = first.flatMap({ lastCommits[$0.span.file] }) ?? state.commit {
      row.sign(ChangeAuthor(commit: culprit, merge: nil))
    }
    return row
  }

  /// What waits in a scope that doesn't follow.
  private func heldText(_ part: ScopePlan) -> String {
    let waiting = reconciler.differences(in: part.scope)
    var members: [JSONValue.Member] = [
      .init("waiting", .array(waiting.prefix(100).map { .string($0.kind.rawValue + "/" + $0.name) }))
    ]
    if waiting.count > 100 { members.append(.init("more", .integer(Int64(waiting.count - 100)))) }
    members.append(.init("errors", .integer(Int64(part.diagnostics.count { $0.severity == .error }))))
    return JSONValue.object(members).text
  }

  // MARK: Resources

  private func changes(_ part: ScopePlan, _ attribution: ChangeAttribution) -> [AuditRecord] {
    let isCounted = part.steps.count { !$0.isDelete } > Self.mostChanges
    return part.steps.filter { $0.isDelete || !isCounted }.flatMap { rows($0, attribution) }
  }

  /// A row for each commit that had a part in a step.
  private func rows(_ step: Step, _ attribution: ChangeAttribution) -> [AuditRecord] {
    let differences = AuditFields.differences(step.before, step.after)
    let fallback = attribution.authors[step.id] ?? state.commit.map { ChangeAuthor(commit: $0, merge: nil) }
    guard step.before != nil, step.after != nil, let rules = attribution.ruleAuthors[step.id] else {
      return [row(step, differences, fallback, rule: nil)]
    }
    var parts: [(author: ChangeAuthor?, fields: [AuditFields.Difference])] = []
    for field in differences {
      let author = field.rule.flatMap { rules[$0] } ?? fallback
      if let index = parts.firstIndex(where: { $0.author?.commit.id == author?.commit.id }) {
        parts[index].fields.append(field)
      } else {
        parts.append((author, [field]))
      }
    }
    if parts.isEmpty { parts = [(fallback, [])] }
    return parts.map { part in
      let places = Set(part.fields.map(\.rule))
      return row(step, part.fields, part.author, rule: places.count == 1 ? places.first ?? nil : nil)
    }
  }

  private func row(
    _ step: Step, _ fields: [AuditFields.Difference], _ author: ChangeAuthor?, rule: Int?
  ) -> AuditRecord {
    let shown = step.after ?? step.before
    let (before, after) = AuditFields.json(fields)
    var row = AuditRecord(
      at: clock.now, actor: "controller", action: "resource." + step.participle, scope: step.id.scope, commit: nil,
      subject: step.subject, before: before, after: after, path: shown?.origin.file ?? "", resource: step.id)
    row.line = rule.flatMap { step.after?.line(ofRule: $0) } ?? shown?.origin.line
    if let author { row.sign(author) }
    return row
  }
}

extension AuditRecord {
  /// Says who made the change, and who let it in.
  mutating func sign(_ author: ChangeAuthor) {
    actor = author.author
    commit = author.commit.id
    committer = author.committer
    merger = author.merger
    approvers = author.approvers
    pullRequest = author.pullRequest
  }
}

extension Step {
  /// `created`, `updated`, `moved` or `deleted`.
  fileprivate var participle: String {
    switch self {
    case .create: "created"
    case .update: "updated"
    case .move: "moved"
    case .delete: "deleted"
    }
  }

  fileprivate var subject: String {
    let name = id.kind.rawValue + " " + id.name
    guard case .move(let from, _) = self else { return name }
    return name + ", was " + from.id.name + " (" + from.origin.file + ")"
  }
}

extension ScopePlan {
  /// How many resources were created, updated, moved and deleted.
  fileprivate var countsText: String {
    var counts: [String: Int64] = [:]
    for step in steps { counts[step.participle, default: 0] += 1 }
    return JSONValue.object(
      ["created", "updated", "moved", "deleted"].map { .init($0, .integer(counts[$0] ?? 0)) }
    ).text
  }
}
