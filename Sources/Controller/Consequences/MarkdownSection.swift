import Diagnostics
import Model
import PromQL
import Reconciler
import Specs

/// One scope of the comment: a fold with what is held, what changes, and what that means.
struct MarkdownSection {
  /// How many alerts of one line are named, and how many lines and rules there are at most.
  private static let examples = 5
  private static let most = 50

  private let section: DiffReport.Section

  init(_ section: DiffReport.Section) {
    self.section = section
  }

  /// `withContext`: with the fields of changed rules that stay as they are.
  func text(withContext: Bool) -> String {
    MarkdownText.fold(summary, isOpen: section.isGrave, held + guarded + steps(withContext) + alerts + rules + gaps)
  }

  private var summary: String {
    let (create, update, move, delete) = section.counts
    let counts = [(create, "+"), (update, "~"), (move, "&gt;"), (delete, "−")].filter { $0.0 > 0 }.map {
      $0.1 + "\($0.0)"
    }
    let totals = ConsequenceTotals(section.alerts).words
    let owner = section.owner.map { " · " + MarkdownText.code($0) } ?? ""
    let parts = [counts.joined(separator: " "), totals.joined(separator: ", ")].filter { !$0.isEmpty }
    return "<b>\(MarkdownText.code(section.scope.description))</b>\(owner)"
      + (parts.isEmpty ? "" : " · " + parts.joined(separator: " · "))
  }

  // MARK: What is held

  private var held: String {
    guard let plan = section.plan, plan.decision != .apply else { return "" }
    var text = ""
    switch plan.decision {
    case .hold(let reason): text += "**Held: \(reason.rawValue).** What is live of this scope stays.\n\n"
    case .suspend: text += "**Suspended.** Nothing is applied here.\n\n"
    case .apply: break
    }
    if let explanation = plan.explanation { text += MarkdownText.code(explanation) + "\n\n" }
    let errors = plan.diagnostics.filter { $0.severity == .error }
    guard !errors.isEmpty else { return text }
    let lines = errors.prefix(Self.most).map { found in
      let start = found.span.range.start
      let fix = found.fix.map { "; " + $0 } ?? ""
      return "\(found.span.file):\(start.line):\(start.column): \(found.message)\(fix) [\(found.code)]"
    }
    let more = errors.count > lines.count ? ["and \(errors.count - lines.count) more"] : []
    return text + MarkdownText.block(lines + more, language: "") + "\n"
  }

  private var guarded: String {
    guard let loss = section.guarded else { return "" }
    let lines = loss.steps.prefix(Self.most).map { "- \($0.id.kind.rawValue) \($0.id.name)" }
    let more = loss.steps.count > lines.count ? ["and \(loss.steps.count - lines.count) more"] : []
    let alerts = loss.firing + loss.pending
    return "Without the guard this would go"
      + (alerts == 0 ? "" : ", and with it the rules of \(loss.firing) firing and \(loss.pending) pending alerts")
      + ":\n\n" + MarkdownText.block(lines + more, language: "diff") + "\n"
  }

  // MARK: What changes

  private func steps(_ withContext: Bool) -> String {
    guard let steps = section.plan?.steps, !steps.isEmpty else { return "" }
    return MarkdownText.block(steps.flatMap { lines($0, withContext) }, language: "diff") + "\n"
  }

  private func lines(_ step: Step, _ withContext: Bool) -> [String] {
    let origin = (step.after ?? step.before).map { "  (\($0.origin.file):\($0.origin.line))" } ?? ""
    let name = "\(step.id.kind.rawValue) \(step.id.name)\(origin)"
    switch step {
    case .create(let resource): return ["+ " + name] + resource.names.map { "+   " + $0 }
    case .delete(let resource): return ["- " + name] + resource.names.map { "-   " + $0 }
    case .update(let before, let after): return ["! " + name] + fields(before, after, withContext)
    case .move(let before, let after):
      return ["! \(name), was \(before.id.name) (\(before.origin.file):\(before.origin.line))"]
        + fields(before, after, withContext)
    }
  }

  /// The fields that differ; with context, beside them those of the same rule that don't.
  private func fields(_ before: Resource, _ after: Resource, _ withContext: Bool) -> [String] {
    let changes = FieldChange.between(before, after)
    guard withContext else { return changes.flatMap(lines) }
    let changed = Dictionary(changes.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let touched = Set(changes.map { Self.part(of: $0.path) })
    var shown: [String] = []
    for field in after.fields {
      if let change = changed[field.name] {
        shown += lines(change)
      } else if touched.contains(Self.part(of: field.name)) {
        shown += Self.lines("    ", field.name, field.value)
      }
    }
    return shown + changes.filter { $0.after == nil }.flatMap(lines)
  }

  /// The part of a path that names a rule; `""` for what stands outside of rules.
  private static func part(of path: String) -> Substring {
    guard path.hasPrefix("rules["), let end = path.firstIndex(of: "]") else { return "" }
    return path[...end]
  }

  private func lines(_ change: FieldChange) -> [String] {
    (change.before.map { Self.lines("-   ", change.path, $0) } ?? [])
      + (change.after.map { Self.lines("+   ", change.path, $0) } ?? [])
  }

  private static func lines(_ mark: String, _ path: String, _ value: String) -> [String] {
    let parts = value.split(separator: "\n", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return [mark + path + ": " + value] }
    return [mark + path + ":"] + parts.map { mark + "  " + $0 }
  }

  // MARK: What that means

  private var alerts: String {
    var lines = ConsequenceLine.lines(of: section.alerts).prefix(Self.most).flatMap { line -> [String] in
      let count = line.alerts.count
      let named = line.examples(Self.examples).map(MarkdownText.code).joined(separator: ", ")
      let more = count > Self.examples ? ", and \(count - Self.examples) more" : ""
      let detail = line.detail.isEmpty ? "" : " (\(MarkdownText.code(line.detail)))"
      return ["- \(count) \(MarkdownText.code(line.name)) **\(line.verb)**\(detail): \(named)\(more)"]
    }
    lines += section.kept.sorted { $0.key < $1.key }.prefix(Self.most).map { id, kept in
      "- kept: \(kept.words) of \(MarkdownText.code(id.name))"
    }
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n\n"
  }

  private var rules: String {
    guard !section.rules.isEmpty else { return "" }
    let hasPast = section.rules.contains { $0.pastBefore != nil || $0.pastAfter != nil }
    var text = MarkdownText.row(["rule", "", "now"] + (hasPast ? ["as it is live", "as it would be"] : []))
    text += MarkdownText.row(["---", "---", "---"] + (hasPast ? ["---", "---"] : []))
    for rule in section.rules.prefix(Self.most) {
      let past = [rule.pastBefore, rule.pastAfter].map { past in
        past.map { "\($0.window): " + MarkdownText.code($0.words) } ?? "–"
      }
      text += MarkdownText.row(
        [MarkdownText.code(rule.rule), rule.change.rawValue, rule.nowWords] + (hasPast ? past : []))
    }
    let more = section.rules.count - Self.most
    return text + (more > 0 ? "\nand \(more) more rules\n" : "") + "\n"
  }

  private var gaps: String {
    guard !section.gaps.isEmpty else { return "" }
    var lines = section.gaps.prefix(Self.most).map { gap in
      "- not known: \(MarkdownText.code(gap.subject)): \(MarkdownText.code(gap.message))"
    }
    if section.gaps.count > lines.count { lines.append("- and \(section.gaps.count - lines.count) more") }
    return lines.joined(separator: "\n") + "\n\n"
  }
}

extension Resource {
  /// What a group holds, by the names of its rules, each with its expression.
  fileprivate var names: [String] {
    guard case .ruleGroup(let group) = spec else { return [] }
    return group.rules.map { ($0.purpose == .alert ? "alert: " : "record: ") + $0.name + "  " + $0.expression.text }
  }
}
