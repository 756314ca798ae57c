import JSON
import Model
import Reconciler

extension DeletionGuard {
  /// As plans and the ledger have it.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("status", .string(status.rawValue)), .init("cause", .string(cause.word)),
      .init("deletions", .integer(Int64(deletions))), .init("of", .integer(Int64(total))),
      .init("firing", .integer(Int64(firing))), .init("limits", limits.json),
      .init("resources", .array(resources.map(\.json))),
    ]
    if let approval {
      members.append(
        .init(
          "approval",
          .object([.init("scope", .string(approval.scope.description)), .init("name", .string(approval.name))])))
    }
    return .object(members)
  }
}

extension DeletionGuard.Cause {
  /// One word in CamelCase.
  var word: String {
    switch self {
    case .emptyTree: "EmptyTree"
    case .folderGone: "FolderGone"
    case .count: "DeletionCount"
    case .share: "DeletionShare"
    }
  }
}

extension DeletionLimits {
  fileprivate var json: JSONValue {
    .object([
      .init("maxDeletions", .integer(Int64(count))), .init("maxDeletionPercent", .integer(Int64(percent))),
      .init("minimum", .integer(Int64(minimum))),
    ])
  }
}

extension DeletionGuard.Lost {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("kind", .string(group == nil ? kind.rawValue : "Rule")), .init("name", .string(name)),
    ]
    if let group { members.append(.init("group", .string(group))) }
    members += [
      .init("file", .string(file)), .init("line", .integer(Int64(line))), .init("firing", .integer(Int64(firing))),
    ]
    return .object(members)
  }
}
