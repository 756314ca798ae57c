import Diagnostics
package import Model
import Specs

extension Plan {
  /// The plan for people: a block per scope, a line per step with its mark, the fields that differ, and a total.
  ///
  /// `scopes`: shows only these; `nil` for all.
  package func text(only scopes: Set<Scope>? = nil) -> String {
    let shown = self.scopes.filter { scopes?.contains($0.scope) ?? true }
    let blocks = shown.filter(\.hasSomethingToTell).map { $0.lines.joined(separator: "\n") + "\n" }
    return (blocks + [Plan(revision: revision, scopes: shown).summary]).joined(separator: "\n")
  }

  /// One line: what there is to do, and which scopes don't follow.
  package var summary: String {
    let counts = counts
    let held = scopes.filter { $0.decision != .apply }.map(\.scope.description)
    let total = counts.create + counts.update + counts.move + counts.delete
    var line =
      total == 0
      ? "no changes"
      : "\(counts.create) to create, \(counts.update) to update, \(counts.move) to move, \(counts.delete) to delete"
    if !held.isEmpty { line += "; held: " + held.joined(separator: ", ") }
    return line + "\n"
  }
}

extension ScopePlan {
  fileprivate var hasSomethingToTell: Bool {
    !steps.isEmpty || !retained.isEmpty || decision != .apply || movedFrom != nil
  }

  /// What happens in the scope, line by line, the scope and what is decided first.
  package var lines: [String] {
    var lines = [scope.description + decision.suffix + (movedFrom.map { "  moved from \($0)" } ?? "")]
    if let explanation { lines.append("  " + explanation) }
    if let deletionGuard { lines += deletionGuard.lines }
    for diagnostic in diagnostics where diagnostic.severity == .error && decision != .apply {
      let start = diagnostic.span.range.start
      lines.append(
        "  \(diagnostic.span.file):\(start.line):\(start.column): \(diagnostic.message) [\(diagnostic.code)]")
    }
    let unchanged = steps.filter(isMoveAlone)
    if !unchanged.isEmpty {
      let kept = unchanged.reduce(0) { $0 + (firing[$1.id]?.kept ?? 0) }
      lines.append("  > \(unchanged.count) as they are" + (kept == 0 ? "" : ", \(kept) firing kept"))
    }
    for step in steps where !isMoveAlone(step) { lines += step.lines(firing[step.id]) }
    for kept in retained {
      let users = kept.usedBy.map(\.description).joined(separator: ", ")
      lines.append("  = \(kept.id.kind.rawValue) \(kept.id.name) stays live (StillReferenced): used by \(users)")
    }
    return lines
  }
}

extension ScopePlan {
  /// Whether a step only goes with the folder that has another name.
  fileprivate func isMoveAlone(_ step: Step) -> Bool {
    guard let movedFrom, case .move(let before, let after) = step, before.id.scope == movedFrom else { return false }
    return before.digest == after.digest
  }
}

extension DeletionGuard {
  /// What would go, a line each, and who lets it.
  fileprivate var lines: [String] {
    var lines = resources.map { lost in
      let kind = lost.group == nil ? lost.kind.words : "rule"
      let firing = lost.firing == 0 ? "" : ", \(lost.firing) firing"
      return "    - \(kind) \(lost.name)  (\(lost.file):\(lost.line))" + firing
    }
    if deletions > resources.count { lines.append("    and \(deletions - resources.count) more") }
    if let approval {
      lines.insert("  \(deletions) deletions allowed by Approval '\(approval.name)' of \(approval.scope)", at: 0)
    }
    return lines
  }
}

extension ScopePlan.Decision {
  fileprivate var suffix: String {
    switch self {
    case .apply: ""
    case .hold(let reason): "  Held: \(reason.rawValue)"
    case .suspend: "  Suspended"
    }
  }
}

extension Step {
  /// `+`, `~`, `>` or `-`.
  package var mark: Character {
    switch self {
    case .create: "+"
    case .update: "~"
    case .move: ">"
    case .delete: "-"
    }
  }

  /// `alerts`: what becomes of its alerts that fire.
  fileprivate func lines(_ alerts: StepAlerts?) -> [String] {
    let shown = after ?? before
    let place = shown.map { "  (\($0.origin.file):\($0.origin.line))" } ?? ""
    let head = "  \(mark) \(id.kind.rawValue) \(id.name)" + place + (alerts?.words ?? "")
    switch self {
    case .create(let resource): return [head] + resource.summaryLines
    case .delete(let resource): return [head] + resource.summaryLines
    case .update(let from, let to): return [head] + FieldChange.between(from, to).map(\.line)
    case .move(let from, let to):
      let former = from.id.scope == id.scope ? from.id.name : "\(from.id.name) of \(from.id.scope)"
      return ["\(head), was \(former) (\(from.origin.file):\(from.origin.line))"]
        + FieldChange.between(from, to).map(\.line)
    }
  }
}

extension StepAlerts {
  /// `, 3 firing kept, 1 ends`.
  fileprivate var words: String {
    (kept == 0 ? "" : ", \(kept) firing kept") + (ended == 0 ? "" : ", \(ended) firing \(ended == 1 ? "ends" : "end")")
  }
}

extension FieldChange {
  fileprivate var line: String {
    switch (before, after) {
    case (let before?, let after?): "      \(path): \(before.oneLine) -> \(after.oneLine)"
    case (nil, let after?): "      + \(path): \(after.oneLine)"
    case (let before, nil): "      - \(path): \((before ?? "").oneLine)"
    }
  }
}

extension Resource {
  /// What a group holds, by the names of its rules.
  fileprivate var summaryLines: [String] {
    guard case .ruleGroup(let group) = spec else { return [] }
    return group.rules.map { "      \($0.purpose == .alert ? "alert" : "record"): \($0.name)" }
  }
}

extension String {
  /// The text on one line, quoted where it has a line break.
  fileprivate var oneLine: String {
    utf8.contains(0x0a) ? quotedAsGo : self
  }
}
