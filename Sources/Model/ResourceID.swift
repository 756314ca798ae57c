/// What a spec document can be; the raw value is its `kind` in YAML.
package enum Kind: String, Hashable, Sendable, CaseIterable {
  case platform = "Platform"
  case tenant = "Tenant"
  case project = "Project"
  case dataSource = "DataSource"
  case ruleGroup = "RuleGroup"
  case route = "Route"
  case channel = "Channel"
  case silence = "Silence"
  case timeInterval = "TimeInterval"
  case inhibitRule = "InhibitRule"
  case template = "Template"
  case roleBinding = "RoleBinding"
  case approval = "Approval"

  /// The order in which a plan creates resources; it deletes them backwards: what is referred to comes first.
  package var stage: Int {
    switch self {
    case .platform: 0
    case .tenant: 1
    case .project: 2
    case .roleBinding: 3
    case .approval: 4
    case .dataSource: 5
    case .template: 6
    case .timeInterval: 7
    case .channel: 8
    case .inhibitRule: 9
    case .silence: 10
    case .route: 11
    case .ruleGroup: 12
    }
  }
}

/// The identity of a resource: scope, kind and name; where it is written plays no part.
///
/// A group of a native rule file is named `<file within its scope>:<group name>`.
package struct ResourceID: Hashable, Sendable {
  package let scope: Scope
  package let kind: Kind
  package let name: String

  package init(_ scope: Scope, _ kind: Kind, _ name: String) {
    self.scope = scope
    self.kind = kind
    self.name = name
  }
}

extension ResourceID: Comparable, CustomStringConvertible {
  /// `shop/checkout RuleGroup rules.yaml:checkout`.
  package var description: String { "\(scope) \(kind.rawValue) \(name)" }

  /// By scope, then stage, then name: the order of plans and lists.
  package static func < (left: Self, right: Self) -> Bool {
    if left.scope != right.scope { return left.scope < right.scope }
    if left.kind != right.kind { return left.kind.stage < right.kind.stage }
    return left.name.precedesInBytes(right.name)
  }
}

/// Where a resource or rule is written, and who changed it last: it travels beside the labels, never among them.
package struct Provenance: Hashable, Sendable {
  /// The path in the repository.
  package var file: String
  /// 1-based.
  package var line: Int
  /// The last commit that changed it in meaning, and its author and time, where known.
  package var commit: ObjectID?
  package var author: String?
  package var committedAt: Timestamp?
  /// The pull request that brought that commit, where a merge named it.
  package var pullRequest: PullRequest?
  /// The request's page; `nil` where the forge's addresses aren't known.
  package var pullRequestURL: String?

  package init(
    file: String, line: Int, commit: ObjectID? = nil, author: String? = nil, committedAt: Timestamp? = nil,
    pullRequest: PullRequest? = nil, pullRequestURL: String? = nil
  ) {
    self.file = file
    self.line = line
    self.commit = commit
    self.author = author
    self.committedAt = committedAt
    self.pullRequest = pullRequest
    self.pullRequestURL = pullRequestURL
  }
}
