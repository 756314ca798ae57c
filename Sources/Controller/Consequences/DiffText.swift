import Model
import PromQL
import Reconciler
import Specs

/// The report for a terminal.
struct DiffText {
  /// How many alerts of one line are named.
  private static let examples = 5

  let report: DiffReport
  let isSummary: Bool

  var text: String {
    var blocks = isSummary ? [] : report.sections.map(section)
    if report.findings != nil {
      let matrix = matrix
      if !matrix.isEmpty { blocks.append(matrix) }
      blocks.append(alertTotals)
    }
    blocks.append(
      report.hasNoEffect && report.ends.live != nil
        ? "no effective change: what is live stays as it is\n" : report.plan.summary)
    return blocks.joined(separator: "\n")
  }

  private var alertTotals: String {
    let words = report.totals.words
    guard !words.isEmpty else { return "alerts: nothing happens to those that are pending or fire now\n" }
    return "alerts: " + words.joined(separator: ", ") + "\n"
  }

  // MARK: A scope

  private func section(_ section: DiffReport.Section) -> String {
    var lines = section.plan.map(\.lines) ?? [section.scope.description]
    if let loss = section.guarded { lines += guarded(loss) }
    lines += kept(section)
    let alerts = ConsequenceLine.lines(of: section.alerts)
    if !alerts.isEmpty { lines += ["  alerts now:"] + alerts.flatMap(line) }
    if !section.rules.isEmpty { lines += ["  rules:"] + section.rules.flatMap(outlook) }
    if !section.gaps.isEmpty { lines += section.gaps.map { "  not known: \($0.subject): \($0.message)" } }
    return lines.map(\.shownOnOneLine).joined(separator: "\n") + "\n"
  }

  private func guarded(_ loss: DiffReport.GuardedLoss) -> [String] {
    let names = loss.steps.map { "    - \($0.id.kind.rawValue) \($0.id.name)" }
    let more = names.count > 30 ? ["    and \(names.count - 30) more"] : []
    let alerts =
      report.ends.live == nil ? "" : " (\(loss.firing) firing and \(loss.pending) pending alerts lose their rule)"
    return ["  would go without the guard\(alerts):"] + names.prefix(30) + more
  }

  private func kept(_ section: DiffReport.Section) -> [String] {
    section.kept.sorted { $0.key < $1.key }.map { id, kept in
      let from = section.plan?.steps.lazy.compactMap { step -> String? in
        guard case .move(let before, let after) = step, after.id == id else { return nil }
        return "; moved from \(before.id.name)"
      }.first
      return "  kept: \(kept.words) of \(id.name)\(from ?? "")"
    }
  }

  private func line(_ line: ConsequenceLine) -> [String] {
    let count = line.alerts.count
    var named = line.examples(Self.examples).map { "        " + $0 }
    if count > named.count { named.append("        and \(count - named.count) more") }
    let detail = line.detail.isEmpty ? "" : " (\(line.detail))"
    return ["    \(count) \(line.name) \(line.verb)\(detail)"] + named
  }

  private func outlook(_ outlook: RuleOutlook) -> [String] {
    var lines = ["    \(outlook.rule) (\(outlook.change.rawValue)): " + outlook.nowWords]
    for (name, past) in [("as it is live", outlook.pastBefore), ("as it would be", outlook.pastAfter)] {
      guard let past else { continue }
      lines.append("      \(name), the last \(past.window): \(past.words)")
    }
    return lines
  }

  // MARK: Who is told

  private var matrix: String {
    guard let matrix = report.findings?.consequences.matrix, !matrix.moves.isEmpty else { return "" }
    var counts = Table(["FIRING ALERTS TOLD TO", "BEFORE", "AFTER"])
    for row in matrix.changed {
      counts.row([row.destination.description.shownOnOneLine, "\(row.before)", "\(row.after)"])
    }
    var moves = Table(["FROM", "TO", "ALERTS"])
    for (move, alerts) in matrix.sortedMoves {
      moves.row(
        [move.from, move.to].map { $0.map(\.description).joined(separator: ", ").shownOnOneLine } + ["\(alerts)"])
    }
    return counts.text + "\n" + moves.text
  }
}

extension Consequences.Kept {
  /// `3 firing`, `3 firing and 1 pending`.
  var words: String {
    let parts = [(firing, "firing"), (pending, "pending")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return parts.isEmpty ? "none" : parts.joined(separator: " and ")
  }
}

extension RuleOutlook {
  /// What it has now, and what it would have.
  var nowWords: String {
    if change == .removed { return "has \(before.words) now" }
    guard isEnabled else { return "switched off; has \(before.words) now" }
    guard let now else { return "not known what it would have now; has \(before.words)" }
    return change == .new ? "would have \(now.words) now" : "would have \(now.words) now; has \(before.words)"
  }
}

extension RuleOutlook.Past {
  /// `7d every 2m`.
  var window: String {
    "\(length.prometheus) every \((backtest.times.step ?? .zero).prometheus)"
  }

  /// How often, how long, and who would have been told.
  var words: String {
    var text = "would not have fired"
    if backtest.firings > 0 {
      text =
        "\(backtest.firings) \(backtest.firings == 1 ? "firing" : "firings") of \(backtest.fired.count) "
        + (backtest.fired.count == 1 ? "alert" : "alerts")
        + ", \(backtest.total.inWords) in all, the longest \(backtest.longest.inWords)"
      let told = channels.sorted { $0.key < $1.key }.map { "\($0.key.scope) \($0.key.name) \($0.value)" }
      text += told.isEmpty ? "" : "; told: " + told.joined(separator: ", ")
      if unrouted > 0 { text += "; nobody \(unrouted)" }
      if backtest.firingAtEnd > 0 { text += "; \(backtest.firingAtEnd) still firing" }
    } else if backtest.activations > 0 {
      text += ", pending \(backtest.activations) times"
    }
    if let failure = backtest.failure { text += "; failed \(backtest.failures) times: \(failure)" }
    return text
  }
}
