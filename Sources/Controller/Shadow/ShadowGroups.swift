import Evaluator
import Model
import Reconciler
import Specs

/// The rule groups that a shadow evaluates: those that differ from what is live, or those that were asked for.
///
/// Alerts of all other groups are taken from the live controller as they are, and cost no query.
struct ShadowGroups: Sendable {
  /// Which groups are evaluated.
  enum Extent: Hashable, Sendable {
    case changed
    /// Those of a tenant and its projects, and no others.
    case tenant(String)
    case all

    fileprivate func includes(_ scope: Scope) -> Bool {
      switch self {
      case .changed: false
      case .tenant(let name): scope.tenant == name
      case .all: true
      }
    }
  }

  /// A rule by its group and its name, as alerts refer to it.
  struct RuleKey: Hashable, Comparable, Sendable {
    let group: ResourceID
    let rule: String

    static func < (left: Self, right: Self) -> Bool {
      left.group != right.group ? left.group < right.group : left.rule.precedesInBytes(right.rule)
    }
  }

  /// The groups as they are live, whose alerts are taken over.
  private(set) var former: [ResourceID: GroupDefinition]
  /// The groups as the branch has them.
  private(set) var current: [ResourceID: GroupDefinition]
  /// How many of `current` differ from what is live.
  let changedCount: Int
  /// All rule groups that the branch has.
  let totalCount: Int
  /// What may not be asked: reasons by data source.
  let refusals: [ResourceID: String]
  let sources: SourceDirectory
  private let successors: [(former: RuleKey, current: RuleKey)]

  init(_ sides: PlanSides, _ extent: Extent) {
    let changes = RuleChanges(sides)
    (former, current) = (changes.former, changes.current)
    if case .tenant(let name) = extent {
      former = former.filter { $0.key.scope.tenant == name }
      current = current.filter { $0.key.scope.tenant == name }
    }
    changedCount = current.count
    sources = changes.sourcesAfter
    successors = changes.successors.compactMap { place, entry in
      guard let rules = changes.former[place.group]?.spec.rules, rules.indices.contains(place.rule) else { return nil }
      return (
        RuleKey(group: place.group, rule: rules[place.rule].name),
        RuleKey(group: entry.definition.id, rule: entry.spec.name)
      )
    }
    var total = 0
    for scope in sides.after.scopes.keys {
      let isAsked = extent.includes(scope)
      let context = isAsked ? sides.after.ruleContext(of: scope) : nil
      for (id, resource) in sides.after.resources(in: scope) where id.kind == .ruleGroup {
        total += 1
        guard let context, current[id] == nil, let group = GroupDefinition(resource, context: context) else { continue }
        current[id] = group
        former[id] = sides.before.group(id)
      }
    }
    totalCount = total
    refusals = Self.refusals(current.values, changes)
  }

  private static func refusals(_ groups: some Sequence<GroupDefinition>, _ changes: RuleChanges) -> [ResourceID: String]
  {
    var refusals: [ResourceID: String] = [:]
    for group in groups {
      for index in group.spec.rules.indices {
        guard let source = changes.sourcesAfter.source(of: index, in: group) else { continue }
        refusals[source.id] = AskedSources.refusal(source, in: changes)
      }
    }
    return refusals
  }

  /// Whether a group's alerts are the shadow's own, and not taken from the live controller.
  func owns(_ group: ResourceID) -> Bool { former[group] != nil || current[group] != nil }

  /// How often a group is evaluated, on the side where that is less often; `nil` for one that isn't evaluated.
  func interval(of group: ResourceID) -> Duration? {
    [former[group]?.interval, current[group]?.interval].compactMap { $0 }.max()
  }

  var shortestInterval: Duration? { current.values.map(\.interval).min() }
  var longestInterval: Duration { (Array(former.values) + Array(current.values)).map(\.interval).max() ?? .zero }

  /// The first change brings the groups as they are live, the second leads to those of the branch: so rules take alerts
  /// over as they would in the controller.
  var changes: (former: [EvaluatorChange.Groups], current: [EvaluatorChange.Groups]) {
    let before = Dictionary(grouping: former.values, by: \.id.scope)
    var after: [Scope: EvaluatorChange.Groups] = [:]
    for id in former.keys.sorted() where current[id] == nil {
      after[id.scope, default: .init(id.scope)].remove.append(id)
    }
    for id in current.keys.sorted() {
      if let group = current[id] { after[id.scope, default: .init(id.scope)].put.append(group) }
    }
    return (
      before.map { .init($0, put: $1.sorted { $0.id < $1.id }) }.sorted { $0.scope < $1.scope },
      after.values.sorted { $0.scope < $1.scope }
    )
  }

  /// The alerting rules that are enabled, each with why its data source isn't asked, if it isn't.
  var alertingRules: [RuleKey: String?] {
    var rules: [RuleKey: String?] = [:]
    for group in current.values {
      for (index, rule) in group.spec.rules.enumerated() where rule.purpose == .alert && rule.enabled {
        let refusal = sources.source(of: index, in: group).flatMap { refusals[$0.id] }
        rules[RuleKey(group: group.id, rule: rule.name)] = .some(refusal)
      }
    }
    return rules
  }

  /// These rules of the branch, and those that are live of which they are the continuation.
  func withFormer(_ rules: Set<RuleKey>) -> Set<RuleKey> {
    rules.union(successors.filter { rules.contains($0.current) }.map(\.former))
  }
}
