package import Model
import Specs

/// What the guard of deletions found in one scope: what would go, and whether it may.
package struct DeletionGuard: Hashable, Sendable {
  /// Whether they may go.
  package enum Status: String, Hashable, Sendable {
    /// The deletions wait for an approval.
    case tripped = "Tripped"
    /// They would wait, and an approval lets them through.
    case approved = "Approved"
  }

  /// Why deletions have to wait.
  package enum Cause: Hashable, Sendable {
    /// The revision has no spec file at all.
    case emptyTree
    /// The scope's folder is gone.
    case folderGone
    /// More than ``DeletionLimits/count``.
    case count
    /// More than ``DeletionLimits/share``.
    case share
  }

  /// A rule, route or channel that would go.
  package struct Lost: Hashable, Sendable {
    package let kind: Kind
    /// Of a rule its own name; the group stands in `group`.
    package let name: String
    package let group: String?
    package let file: String
    package let line: Int
    /// How many of its alerts fire.
    package let firing: Int
  }

  /// The most that are listed.
  package static let listLimit = 20

  package let status: Status
  package let cause: Cause
  package let limits: DeletionLimits
  /// How many rules, routes and channels would go, and of how many.
  package let deletions: Int
  package let total: Int
  /// How many alerts that fire would end, or go on without a rule that watches for them.
  package let firing: Int
  /// The first of them, in order; at most ``listLimit``.
  package let resources: [Lost]
  /// The approval that lets them through.
  package let approval: ResourceID?
  /// What is said of approvals that don't: ended, or for less.
  package let unusable: [String]
}

extension DeletionGuard {
  /// What would have gone and why it doesn't, with the remedy.
  func explanation(of scope: Scope) -> String {
    var text = "\(deletions) of \(total) rules, routes and channels of \(scope) would be deleted, "
    switch cause {
    case .emptyTree: return "the revision has no spec file at all, so nothing is deleted; check --path and --branch"
    case .folderGone: text += "since the folder \(scope.path) is gone"
    case .count: text += "more than \(limits.count)"
    case .share: text += "more than \(limits.percent) %"
    }
    if firing > 0 { text += ", and \(firing) firing \(firing == 1 ? "alert" : "alerts") would lose cover" }
    for words in unusable { text += "; " + words }
    if cause == .folderGone {
      let name = scope.project ?? scope.tenant ?? ""
      let kind = scope.project == nil ? "Tenant" : "Project"
      text += "; if the folder has another name now, list '\(name)' in the 'previous_names' of its \(kind)"
    }
    return text + "; if that is meant, add an Approval with 'deletions: \(deletions)' and an 'until' in "
      + (cause == .folderGone && scope.project == nil ? "platform/" : scope.approvers)
  }
}

extension DeletionLimits {
  /// The share in whole percent.
  package var percent: Int { Int((share * 100).rounded()) }
}

extension Scope {
  /// The folders in which an approval for this scope counts.
  fileprivate var approvers: String {
    switch self {
    case .platform, .tenant: "platform/" + (tenant.map { " or tenants/\($0)/" } ?? "")
    case .project(let tenant, _): "tenants/\(tenant)/ or platform/"
    }
  }
}
