import Diagnostics
import JSON
import Model
import Reconciler
import Specs

/// A plan as JSON: what the ledger keeps of a sync, and a part of what `diff --format json` prints.
enum PlanDocument {
  static func json(_ plan: Plan, _ review: PlanReview) -> JSONValue {
    let counts = plan.counts
    return .object([
      // These come first, so that lists needn't read the rest.
      .init("planDigest", .string(review.digest.overall)),
      .init("planMatch", review.isMatch.map(JSONValue.bool) ?? .null),
      .init("reviewedPlans", .array(review.declared.map(JSONValue.string))),
      .init("revision", .string(plan.revision.description)),
      .init(
        "changes",
        .object([
          .init("create", .integer(Int64(counts.create))), .init("update", .integer(Int64(counts.update))),
          .init("move", .integer(Int64(counts.move))), .init("delete", .integer(Int64(counts.delete))),
        ])),
      .init("scopes", .array(plan.scopes.filter(isTold).map { scope($0, review.digest.scopes[$0.scope]) })),
    ])
  }

  /// The digests of a stored plan's scopes, by the scopes' names.
  static func digests(in json: String) -> [String: String] {
    guard let plan = try? JSONValue(parsing: Array(json.utf8)) else { return [:] }
    var digests: [String: String] = [:]
    for scope in plan["scopes"]?.array ?? [] {
      guard let name = scope["scope"]?.string, let digest = scope["planDigest"]?.string else { continue }
      digests[name] = digest
    }
    return digests
  }

  /// The diagnostics of the scopes that a plan holds, by scope.
  static func diagnostics(_ plan: Plan) -> JSONValue {
    .array(
      plan.scopes.filter { $0.decision != .apply || !$0.diagnostics.isEmpty }.map { scope in
        .object([
          .init("scope", .string(scope.scope.description)),
          .init("diagnostics", .array(scope.diagnostics.map(\.json))),
          .init("explanation", scope.explanation.map(JSONValue.string) ?? .null),
        ])
      })
  }

  private static func isTold(_ scope: ScopePlan) -> Bool {
    !scope.steps.isEmpty || !scope.retained.isEmpty || scope.decision != .apply || scope.movedFrom != nil
  }

  /// One scope's part; `digest`: over what it does, where it does something.
  static func scope(_ plan: ScopePlan, _ digest: String?) -> JSONValue {
    var members: [JSONValue.Member] = [.init("scope", .string(plan.scope.description))]
    switch plan.decision {
    case .apply: members.append(.init("decision", "apply"))
    case .hold(let reason):
      members.append(.init("decision", "hold"))
      members.append(.init("reason", .string(reason.rawValue)))
    case .suspend: members.append(.init("decision", "suspend"))
    }
    members.append(.init("planDigest", digest.map(JSONValue.string) ?? .null))
    if let former = plan.movedFrom { members.append(.init("movedFrom", .string(former.description))) }
    if let found = plan.deletionGuard { members.append(.init("guard", found.json)) }
    members.append(.init("steps", .array(plan.steps.map { step($0, plan.firing[$0.id]) })))
    if !plan.retained.isEmpty {
      members.append(
        .init(
          "stillReferenced",
          .array(
            plan.retained.map { kept in
              .object([
                .init("kind", .string(kept.id.kind.rawValue)), .init("name", .string(kept.id.name)),
                .init("usedBy", .array(kept.usedBy.map { .string($0.description) })),
              ])
            })))
    }
    if !plan.diagnostics.isEmpty { members.append(.init("diagnostics", .array(plan.diagnostics.map(\.json)))) }
    if let explanation = plan.explanation { members.append(.init("explanation", .string(explanation))) }
    return .object(members)
  }

  static func step(_ step: Step, _ alerts: StepAlerts? = nil) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("action", .string(step.action)), .init("kind", .string(step.id.kind.rawValue)),
      .init("name", .string(step.id.name)),
    ]
    if let shown = step.after ?? step.before {
      members.append(.init("file", .string(shown.origin.file)))
      members.append(.init("line", .integer(Int64(shown.origin.line))))
    }
    if case .move(let from, _) = step {
      members.append(.init("from", .string(from.id.name)))
      if from.id.scope != step.id.scope { members.append(.init("fromScope", .string(from.id.scope.description))) }
    }
    if let alerts {
      members.append(
        .init(
          "firing",
          .object([.init("kept", .integer(Int64(alerts.kept))), .init("ended", .integer(Int64(alerts.ended)))])))
    }
    if let before = step.before, let after = step.after {
      members.append(.init("fields", .array(FieldChange.between(before, after).map(field))))
    }
    return .object(members)
  }

  private static func field(_ change: FieldChange) -> JSONValue {
    .object([
      .init("path", .string(change.path)), .init("before", change.before.map(JSONValue.string) ?? .null),
      .init("after", change.after.map(JSONValue.string) ?? .null),
    ])
  }
}

extension Step {
  /// `create`, `update`, `move` or `delete`.
  var action: String {
    switch self {
    case .create: "create"
    case .update: "update"
    case .move: "move"
    case .delete: "delete"
    }
  }
}
