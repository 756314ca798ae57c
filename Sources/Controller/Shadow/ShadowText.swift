import Model
import Reconciler

/// The report for a terminal.
struct ShadowText {
  /// How many of one kind are named.
  private static let most = 50
  private static let slowest = 5

  let report: ShadowReport
  private var findings: ShadowFindings { report.findings }

  init(report: ShadowReport) {
    self.report = report
  }

  var text: String {
    var blocks = [head]
    blocks += report.held.map { block($0.lines) }
    blocks += ShadowAlert.Verdict.allCases.filter(\.isDifference).compactMap(alerts)
    if let tellings = findings.tellings { blocks += tellingBlocks(tellings) }
    if let rules { blocks.append(rules) }
    if !findings.gaps.isEmpty {
      blocks.append(block(findings.gaps.map { "not known: \($0.scope): \($0.subject): \($0.message)" }))
    }
    blocks.append(totals)
    return blocks.joined(separator: "\n")
  }

  private func block(_ lines: [String]) -> String { lines.map(\.shownOnOneLine).joined(separator: "\n") + "\n" }

  // MARK: Head and foot

  private var head: String {
    let groups = report.groups
    var lines = [
      "\(report.branch) beside \(report.live) at \(report.address)",
      "\(findings.start) to \(findings.end) (\((findings.end - findings.start).inWords)"
        + (findings.wasInterrupted ? ", interrupted)" : ")"),
      "\(groups.current.count) of \(Self.count(groups.totalCount, "rule group")) evaluated here, of which "
        + "\(groups.changedCount) differ; \(Self.count(findings.evaluations, "evaluation")), "
        + "\(Self.count(findings.looks, "look")) at live"
        + (findings.failedLooks > 0 ? " and \(findings.failedLooks) in vain" : ""),
    ]
    if !report.hasWork { lines.append("no effective change: what is live stays as it is") }
    if let trouble = findings.trouble { lines.append("live isn't known at the end: \(trouble)") }
    if let moved = findings.movedTo { lines.append("live went on to \(moved) meanwhile") }
    return block(lines)
  }

  private var totals: String {
    func number(_ verdict: ShadowAlert.Verdict) -> Int { findings.alerts(verdict).count }
    let different = findings.alerts.count { $0.verdict.isDifference }
    var words = ["alerts: \(different) differ", "\(number(.alike)) alike"]
    if number(.unsettled) > 0 { words.append("\(number(.unsettled)) too late to tell") }
    if number(.unknown) > 0 { words.append("\(number(.unknown)) not known") }
    var lines = [words.joined(separator: ", ")]
    if let tellings = findings.tellings {
      lines.append(
        "notifications: \(tellings.differences.count) differ"
          + (tellings.waiting > 0 ? ", \(tellings.waiting) wait for their group's turn on one side" : ""))
    }
    return block(lines)
  }

  // MARK: Alerts

  private func alerts(_ verdict: ShadowAlert.Verdict) -> String? {
    let all = findings.alerts(verdict)
    guard !all.isEmpty else { return nil }
    var lines = [verdict.title + ":"]
    for entry in all.prefix(Self.most) {
      lines.append("  \(entry.alert.scope) \(Self.shown(entry.alert.labels))")
      if !entry.branch.isEmpty { lines.append("    branch: " + Self.shown(entry.branch)) }
      if !entry.live.isEmpty { lines.append("    live:   " + Self.shown(entry.live)) }
    }
    if all.count > Self.most { lines.append("  and \(all.count - Self.most) more") }
    return block(lines)
  }

  private static func shown(_ labels: Labels) -> String {
    let others = Labels(labels.pairs.filter { !["alertname", "tenant", "project"].contains($0.name) })
    return "\(labels["alertname"]) \(others)"
  }

  private static func shown(_ spans: [AlertTimeline.Span]) -> String {
    spans.map { span in
      var words = span.firedAt.map { "fired \($0)" } ?? "pending since \(span.activeAt)"
      if let end = span.endedAt { words += " to \(end)" }
      return words
    }.joined(separator: "; ")
  }

  // MARK: Notifications

  private func tellingBlocks(_ tellings: ShadowTellings) -> [String] {
    guard !tellings.channels.isEmpty else { return [] }
    var table = Table(["TOLD OF ALERTS", "BRANCH", "LIVE", "ONLY BRANCH", "ONLY LIVE"])
    for (channel, row) in tellings.channels.sorted(by: { $0.key < $1.key }) {
      let failed = row.failedLive > 0 ? " (\(row.failedLive) not taken)" : ""
      table.row([
        "\(channel.scope) \(channel.name)".shownOnOneLine, "\(row.branch)", "\(row.live)" + failed,
        "\(row.onlyBranch)", "\(row.onlyLive)",
      ])
    }
    var lines = tellings.differences.prefix(Self.most).map { difference in
      let key = difference.telling.key
      let name = findings.names[key.alert].map(Self.shown) ?? key.alert.description
      return "\(difference.isBranch ? "only the branch" : "only live") tells \(key.channel.scope) \(key.channel.name): "
        + "\(name) \(key.isFiring ? "fires" : "has resolved") (\(difference.telling.at))"
    }
    if tellings.differences.count > Self.most { lines.append("and \(tellings.differences.count - Self.most) more") }
    return [table.text] + (lines.isEmpty ? [] : [block(lines)])
  }

  // MARK: Queries

  /// The slowest rules, and all that failed.
  private var rules: String? {
    let slow = findings.rules.sorted { $0.record.longest > $1.record.longest }.prefix(Self.slowest).map(\.key)
    let shown = findings.rules.filter { slow.contains($0.key) || $0.record.failures > 0 }.prefix(Self.most)
    guard !shown.isEmpty else { return nil }
    var table = Table(["RULE (SLOWEST, FAILING)", "EVALUATIONS", "FAILED", "MEAN", "LONGEST", "LAST FAILURE"])
    for run in shown {
      table.row([
        "\(run.key.group.scope) \(run.key.group.name) \(run.key.rule)".shownOnOneLine, "\(run.record.evaluations)",
        "\(run.record.failures)", "\(run.mean.wholeMilliseconds)ms", "\(run.record.longest.wholeMilliseconds)ms",
        (run.record.lastFailure ?? "-").shownOnOneLine,
      ])
    }
    return table.text
  }

  private static func count(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}

extension ShadowAlert.Verdict {
  /// Over the alerts of this verdict.
  fileprivate var title: String {
    switch self {
    case .onlyBranch: "only in the branch"
    case .onlyLive: "only live"
    case .firedInBranchOnly: "fired in the branch, pending live"
    case .firedLiveOnly: "fired live, pending in the branch"
    case .otherTimes: "on both sides, at other times"
    case .alike: "alike"
    case .unsettled: "too late to tell"
    case .unknown: "not known"
    }
  }
}
