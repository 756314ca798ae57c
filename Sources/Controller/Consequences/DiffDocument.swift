import JSON
import Model
import PromQL
import Reconciler

/// The report as JSON, described in docs/diff.md.
enum DiffDocument {
  static let schemaVersion = "1.0"

  static func json(_ report: DiffReport) -> JSONValue {
    let counts = report.plan.counts
    var members: [JSONValue.Member] = [
      .init("schemaVersion", .string(schemaVersion)), .init("observedAt", .string(report.observedAt.description)),
      .init("base", .object([.init("revision", .string(report.ends.base)), .init("live", report.ends.live.json)])),
      .init("head", .object([.init("revision", .string(report.ends.head))])),
      .init("revision", .string(report.plan.revision.description)),
      .init("planDigest", .string(report.digest.overall)), .init("trailer", .string(report.trailer)),
      .init("noEffect", .bool(report.hasNoEffect)),
      .init(
        "changes",
        .object([
          .init("create", counts.create.json), .init("update", counts.update.json), .init("move", counts.move.json),
          .init("delete", counts.delete.json),
        ])),
      .init("totals", report.findings == nil ? .null : totals(report.totals)),
    ]
    let matrix = report.findings?.consequences.matrix
    members.append(.init("channels", .array((matrix?.changed ?? []).map(channel))))
    members.append(.init("moves", .array((matrix?.sortedMoves ?? []).map(move))))
    members.append(.init("scopes", .array(report.sections.map { scope($0, isAsked: report.findings != nil) })))
    members.append(.init("gaps", .array((report.findings?.gaps ?? []).map(gap))))
    return .object(members)
  }

  private static func totals(_ totals: ConsequenceTotals) -> JSONValue {
    .object([
      .init("resolve", totals.resolve.json), .init("relabel", totals.relabel.json),
      .init("losesClock", totals.losesClock.json), .init("begin", totals.begin.json),
      .init("reroute", totals.reroute.json), .init("toNobody", totals.toNobody.json),
      .init("toldAgain", totals.toldAgain.json), .init("unknown", totals.unknown.json),
    ])
  }

  // MARK: Who is told

  private static func channel(_ row: (destination: ChannelMatrix.Destination, before: Int, after: Int)) -> JSONValue {
    .object([
      .init("destination", destination(row.destination)), .init("before", row.before.json),
      .init("after", row.after.json),
    ])
  }

  private static func move(_ move: (move: ChannelMatrix.Move, alerts: Int)) -> JSONValue {
    .object([
      .init("from", .array(move.move.from.map(destination))), .init("to", .array(move.move.to.map(destination))),
      .init("alerts", move.alerts.json),
    ])
  }

  private static func destination(_ destination: ChannelMatrix.Destination) -> JSONValue {
    switch destination {
    case .channel(let id): .object([.init("channel", reference(id))])
    case .nobody(let reason): .object([.init("nobody", .string(reason.rawValue))])
    case .none: .object([.init("firing", false)])
    }
  }

  private static func reference(_ id: ResourceID) -> JSONValue {
    .object([
      .init("scope", .string(id.scope.description)), .init("kind", .string(id.kind.rawValue)),
      .init("name", .string(id.name)),
    ])
  }

  // MARK: A scope

  private static func scope(_ section: DiffReport.Section, isAsked: Bool) -> JSONValue {
    var members: [JSONValue.Member] = []
    if let plan = section.plan, case .object(let planned) = PlanDocument.scope(plan, section.digest) {
      members = planned
    } else {
      members = [
        .init("scope", .string(section.scope.description)), .init("decision", "none"), .init("planDigest", .null),
        .init("steps", .array([])),
      ]
    }
    members.insert(.init("owner", section.owner.json), at: 1)
    if let loss = section.guarded { members.append(.init("guard", guarded(loss))) }
    guard isAsked else { return .object(members) }
    members.append(.init("alerts", .array(section.alerts.map(alert))))
    members.append(
      .init(
        "kept",
        .array(
          section.kept.sorted { $0.key < $1.key }.map { id, kept in
            .object([
              .init("group", .string(id.name)), .init("firing", kept.firing.json), .init("pending", kept.pending.json),
            ])
          })))
    members.append(.init("rules", .array(section.rules.map(rule))))
    members.append(.init("gaps", .array(section.gaps.map(gap))))
    return .object(members)
  }

  private static func guarded(_ loss: DiffReport.GuardedLoss) -> JSONValue {
    .object([
      .init("steps", .array(loss.steps.map { PlanDocument.step($0) })), .init("firing", loss.firing.json),
      .init("pending", loss.pending.json),
    ])
  }

  private static func gap(_ gap: ConsequenceGap) -> JSONValue {
    .object([
      .init("scope", .string(gap.scope.description)), .init("subject", .string(gap.subject)),
      .init("message", .string(gap.message)),
    ])
  }

  // MARK: Alerts

  private static func alert(_ alert: AlertConsequence) -> JSONValue {
    let shown = alert.former ?? alert.current
    var members: [JSONValue.Member] = [
      .init("fate", .string(alert.word)), .init("reason", reason(alert.fate)), .init("routing", alert.routing.json),
      .init("fingerprint", (alert.former?.fingerprint.description).json),
      .init("rule", .string(alert.name)), .init("group", (shown?.rule.group.name).json),
      .init("labels", labels(shown?.labels ?? .empty)),
      .init("state", state(alert.former?.state, alert.current?.state)),
      .init("activeAt", (alert.former?.activeAt.description).json),
      .init("value", (shown?.value.plainAsGo).json),
    ]
    members.append(
      .init(
        "labelChanges",
        .array(
          alert.labelChanges.map {
            .object([
              .init("name", .string($0.name)), .init("before", .string($0.before)), .init("after", .string($0.after)),
            ])
          })))
    members.append(.init("toldBefore", alert.before.map(standing) ?? .null))
    members.append(.init("toldAfter", alert.after.map(standing) ?? .null))
    members.append(.init("toldOnceFiring", .array(alert.awaited.map(reference))))
    return .object(members)
  }

  private static func reason(_ fate: AlertConsequence.Fate) -> JSONValue {
    switch fate {
    case .resolves(let reason): .string(reason.rawValue)
    case .unknown(let words): .string(words)
    case .kept, .relabelled, .carried, .stepsBack, .fires, .runsOut, .begins: .null
    }
  }

  private static func state(_ before: AlertState?, _ after: AlertState?) -> JSONValue {
    .object([.init("before", (before?.rawValue).json), .init("after", (after?.rawValue).json)])
  }

  private static func labels(_ labels: Labels) -> JSONValue {
    .object(labels.pairs.map { .init($0.name, .string($0.value)) })
  }

  private static func standing(_ standing: AlertStanding) -> JSONValue {
    .object([
      .init("channels", .array(standing.told.sorted().map(reference))),
      .init("nobody", (standing.reasonForNobody?.rawValue).json),
      .init("causes", .array(standing.causes.map(reference))),
    ])
  }

  // MARK: Rules

  private static func rule(_ rule: RuleOutlook) -> JSONValue {
    .object([
      .init("rule", .string(rule.rule)), .init("group", .string(rule.group.name)),
      .init("change", .string(rule.change.rawValue)), .init("enabled", .bool(rule.isEnabled)),
      .init("before", kept(rule.before)), .init("after", rule.now.map(kept) ?? .null),
      .init(
        "backtest",
        rule.pastBefore == nil && rule.pastAfter == nil
          ? .null
          : .object([
            .init("before", rule.pastBefore.map(past) ?? .null), .init("after", rule.pastAfter.map(past) ?? .null),
          ])),
    ])
  }

  private static func kept(_ kept: Consequences.Kept) -> JSONValue {
    .object([.init("firing", kept.firing.json), .init("pending", kept.pending.json)])
  }

  private static func past(_ past: RuleOutlook.Past) -> JSONValue {
    let test = past.backtest
    return .object([
      .init("from", .string(test.times.start.description)), .init("to", .string(test.times.end.description)),
      .init("stepSeconds", .number((test.times.step ?? .zero).inSeconds)), .init("firings", test.firings.json),
      .init("alerts", test.fired.count.json), .init("activations", test.activations.json),
      .init("firingSeconds", .number(test.total.inSeconds)),
      .init("longestSeconds", .number(test.longest.inSeconds)), .init("firingAtEnd", test.firingAtEnd.json),
      .init(
        "channels",
        .array(
          past.channels.sorted { $0.key < $1.key }.map {
            .object([.init("channel", reference($0.key)), .init("firings", $0.value.json)])
          })),
      .init("unrouted", past.unrouted.json), .init("failures", test.failures.json),
      .init("failure", test.failure.json),
    ])
  }
}

extension Int {
  fileprivate var json: JSONValue { .integer(Int64(self)) }
}

extension String? {
  fileprivate var json: JSONValue { map(JSONValue.string) ?? .null }
}
