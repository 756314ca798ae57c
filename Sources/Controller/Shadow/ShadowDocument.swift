import JSON
import Model
import Reconciler

/// The report as JSON, with everything in it.
enum ShadowDocument {
  private static let schemaVersion = "1.0"

  static func json(_ report: ShadowReport) -> JSONValue {
    let (findings, groups) = (report.findings, report.groups)
    return .object([
      .init("schemaVersion", .string(schemaVersion)), .init("branch", .string(report.branch)),
      .init("live", .object([.init("revision", .string(report.live)), .init("url", .string(report.address))])),
      .init("from", instant(findings.start)), .init("to", instant(findings.end)),
      .init("interrupted", .bool(findings.wasInterrupted)), .init("differs", .bool(findings.differs)),
      .init(
        "ruleGroups",
        .object([
          .init("evaluated", number(groups.current.count)), .init("differ", number(groups.changedCount)),
          .init("total", number(groups.totalCount)), .init("evaluations", number(findings.evaluations)),
        ])),
      .init(
        "looks",
        .object([
          .init("done", number(findings.looks)), .init("failed", number(findings.failedLooks)),
          .init("trouble", text(findings.trouble?.description)), .init("movedTo", text(findings.movedTo?.description)),
        ])),
      .init(
        "held",
        .array(
          report.held.map { part in
            .object([
              .init("scope", .string(part.scope.description)),
              .init("lines", .array(part.lines.map { .string($0) })),
            ])
          })),
      .init("alerts", .array(findings.alerts.map(alert))),
      .init("notifications", findings.tellings.map { notifications($0, findings.names) } ?? .null),
      .init("rules", .array(findings.rules.map(rule))),
      .init(
        "gaps",
        .array(
          findings.gaps.map { gap in
            .object([
              .init("scope", .string(gap.scope.description)), .init("subject", .string(gap.subject)),
              .init("message", .string(gap.message)),
            ])
          })),
    ])
  }

  private static func number(_ number: Int) -> JSONValue { .integer(Int64(number)) }
  private static func instant(_ time: Timestamp?) -> JSONValue { text(time?.description) }
  private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  private static func labels(_ labels: Labels) -> JSONValue {
    .object(labels.pairs.map { .init($0.name, .string($0.value)) })
  }

  private static func alert(_ entry: ShadowAlert) -> JSONValue {
    .object([
      .init("verdict", .string(entry.verdict.rawValue)), .init("scope", .string(entry.alert.scope.description)),
      .init("fingerprint", .string(entry.alert.fingerprint.description)),
      .init("group", .string(entry.alert.rule.group.name)), .init("rule", .string(entry.alert.rule.rule)),
      .init("labels", labels(entry.alert.labels)), .init("branch", .array(entry.branch.map(span))),
      .init("live", .array(entry.live.map(span))),
    ])
  }

  private static func span(_ span: AlertTimeline.Span) -> JSONValue {
    .object([
      .init("activeAt", instant(span.activeAt)), .init("firedAt", instant(span.firedAt)),
      .init("endedAt", instant(span.endedAt)),
    ])
  }

  private static func notifications(_ tellings: ShadowTellings, _ names: [Fingerprint: Labels]) -> JSONValue {
    .object([
      .init(
        "channels",
        .array(
          tellings.channels.sorted { $0.key < $1.key }.map { channel, row in
            .object([
              .init("scope", .string(channel.scope.description)), .init("name", .string(channel.name)),
              .init("branch", number(row.branch)), .init("live", number(row.live)),
              .init("onlyBranch", number(row.onlyBranch)), .init("onlyLive", number(row.onlyLive)),
              .init("failedLive", number(row.failedLive)),
            ])
          })),
      .init("differences", .array(tellings.differences.map { difference($0, names) })),
      .init("waiting", number(tellings.waiting)),
    ])
  }

  private static func difference(
    _ difference: ShadowTellings.Difference, _ names: [Fingerprint: Labels]
  ) -> JSONValue {
    let key = difference.telling.key
    return .object([
      .init("side", .string(difference.isBranch ? "branch" : "live")), .init("at", instant(difference.telling.at)),
      .init("scope", .string(key.channel.scope.description)), .init("channel", .string(key.channel.name)),
      .init("fingerprint", .string(key.alert.description)), .init("labels", names[key.alert].map(labels) ?? .null),
      .init("state", .string(key.isFiring ? "firing" : "resolved")),
      .init("reason", .string(difference.telling.reason)),
    ])
  }

  private static func rule(_ run: ShadowFindings.RuleRun) -> JSONValue {
    .object([
      .init("scope", .string(run.key.group.scope.description)), .init("group", .string(run.key.group.name)),
      .init("rule", .string(run.key.rule)), .init("evaluations", number(run.record.evaluations)),
      .init("failures", number(run.record.failures)),
      .init("meanMilliseconds", .integer(run.mean.wholeMilliseconds)),
      .init("longestMilliseconds", .integer(run.record.longest.wholeMilliseconds)),
      .init("lastFailure", text(run.record.lastFailure)),
    ])
  }
}
