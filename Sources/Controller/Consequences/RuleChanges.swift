import Evaluator
import Model
import PromQL
import Reconciler
import Specs

/// The rules whose alerts a plan may change, as the evaluator sees them: nothing else is looked at or asked.
struct RuleChanges: Sendable {
  /// A rule in its group.
  struct Place: Hashable, Sendable {
    let group: ResourceID
    let rule: Int
  }

  /// A rule that is new, or says something else than before.
  struct Changed: Sendable {
    let definition: GroupDefinition
    let rule: Int
    /// The same rule as it is live; `nil` for a new one.
    let former: Former?

    var place: Place { Place(group: definition.id, rule: rule) }
    var spec: Rule { definition.spec.rules[rule] }
  }

  /// A rule as it is live.
  struct Former: Sendable {
    let definition: GroupDefinition
    let rule: Int

    var place: Place { Place(group: definition.id, rule: rule) }
    var spec: Rule { definition.spec.rules[rule] }
  }

  /// The groups that the plan touches, as they are live and as they would be.
  private(set) var former: [ResourceID: GroupDefinition] = [:]
  private(set) var current: [ResourceID: GroupDefinition] = [:]
  /// Alerting rules that are new or changed, in order.
  private(set) var changed: [Changed] = []
  /// Alerting rules that nothing continues.
  private(set) var gone: [Former] = []
  /// The rule that continues one that is live.
  private(set) var successors: [Place: Changed] = [:]
  let sourcesBefore: SourceDirectory
  let sourcesAfter: SourceDirectory

  init(_ sides: PlanSides) {
    sourcesBefore = SourceDirectory(sides.before)
    sourcesAfter = SourceDirectory(sides.after)
    collect(sides)
    compare(sides)
  }

  // MARK: Which groups

  private mutating func collect(_ sides: PlanSides) {
    var wide: Set<Scope> = []
    var contexts: [Scope: (before: RuleContext, after: RuleContext)] = [:]
    func contextsOf(_ scope: Scope) -> (before: RuleContext, after: RuleContext) {
      if let known = contexts[scope] { return known }
      let pair = (sides.before.ruleContext(of: scope), sides.after.ruleContext(of: scope))
      contexts[scope] = pair
      return pair
    }
    for step in sides.plan.steps {
      switch step.id.kind {
      case .ruleGroup:
        if let before = step.before {
          former[before.id] = GroupDefinition(before, context: contextsOf(before.id.scope).before)
        }
        if let after = step.after {
          current[after.id] = GroupDefinition(after, context: contextsOf(after.id.scope).after)
        }
      case .platform, .tenant, .project, .dataSource: wide.insert(step.id.scope)
      default: break
      }
    }
    guard !wide.isEmpty else { return }
    for scope in sides.after.scopes.keys where !wide.isDisjoint(with: scope.lineage) {
      let (before, after) = contextsOf(scope)
      for (id, resource) in sides.after.resources(in: scope) where id.kind == .ruleGroup && current[id] == nil {
        guard let old = sides.before[id].flatMap({ GroupDefinition($0, context: before) }),
          let new = GroupDefinition(resource, context: after), old != new || asksOthers(old, new)
        else { continue }
        former[id] = old
        current[id] = new
      }
    }
  }

  private func asksOthers(_ old: GroupDefinition, _ new: GroupDefinition) -> Bool {
    new.spec.rules.indices.contains { index in
      let (before, after) = (sourcesBefore.source(of: index, in: old), sourcesAfter.source(of: index, in: new))
      return before?.id != after?.id || before?.digest != after?.digest
    }
  }

  // MARK: Which rules

  private mutating func compare(_ sides: PlanSides) {
    var meanings: [RuleMeaning: Int] = [:]
    for id in former.keys {
      guard let group = former[id] else { continue }
      for index in group.spec.rules.indices where group.spec.rules[index].purpose == .alert {
        meanings[RuleMeaning(index, of: group, sourcesBefore), default: 0] += 1
      }
    }
    var pairing = RulePairing(former: former, current: current, steps: sides.plan.steps)
    for id in current.keys.sorted() {
      guard let group = current[id] else { continue }
      for index in group.spec.rules.indices where group.spec.rules[index].purpose == .alert {
        let old = pairing.predecessor(of: index, in: group)
        let entry = Changed(definition: group, rule: index, former: old)
        if let old { successors[old.place] = entry }
        let meaning = RuleMeaning(index, of: group, sourcesAfter)
        if let count = meanings[meaning], count > 0 {
          meanings[meaning] = count - 1
        } else {
          changed.append(entry)
        }
      }
    }
    gone = pairing.unclaimed
  }
}

/// What an alerting rule says of its alerts: rules of equal meaning have the same ones.
private struct RuleMeaning: Hashable {
  let name: String
  let labels: [Label]
  let expression: UInt64
  let hold: Hold
  let isEnabled: Bool
  let source: ResourceID?
  let sourceDigest: UInt64?
  let offset: Duration?
  let limit: Int
  let scope: Scope
  let added: Labels
  let external: Labels

  init(_ index: Int, of group: GroupDefinition, _ sources: SourceDirectory) {
    let rule = group.spec.rules[index]
    let asked = sources.source(of: index, in: group)
    name = rule.name
    labels = group.mergedLabels(index)
    expression = rule.expression.digest
    hold = rule.firingHold
    isEnabled = rule.enabled
    source = asked?.id
    sourceDigest = asked?.digest
    offset = group.spec.queryOffset
    limit = group.limit
    scope = group.context.scope
    added = group.context.addedLabels
    external = group.context.externalLabels
  }
}

/// Finds for each rule the one that it continues: the n-th of its name, else the same expression under another name,
/// in the group's former self; else one of its name that another group of the scope let go.
private struct RulePairing {
  private let former: [ResourceID: GroupDefinition]
  private let origins: [ResourceID: ResourceID]
  private var claimed: Set<RuleChanges.Place> = []
  /// Rules of former groups by scope and name.
  private var byName: [Scope: [String: [RuleChanges.Former]]] = [:]
  /// The names that each present group has.
  private let names: [ResourceID: Set<String>]

  init(former: [ResourceID: GroupDefinition], current: [ResourceID: GroupDefinition], steps: [Step]) {
    self.former = former
    var origins: [ResourceID: ResourceID] = [:]
    for case .move(let before, let after) in steps where after.id.kind == .ruleGroup { origins[after.id] = before.id }
    self.origins = origins
    names = current.mapValues { Set($0.spec.rules.filter { $0.purpose == .alert }.map(\.name)) }
    for id in former.keys.sorted() {
      guard let group = former[id] else { continue }
      for (index, rule) in group.spec.rules.enumerated() where rule.purpose == .alert {
        byName[id.scope, default: [:]][rule.name, default: []].append(.init(definition: group, rule: index))
      }
    }
  }

  mutating func predecessor(of index: Int, in group: GroupDefinition) -> RuleChanges.Former? {
    let rule = group.spec.rules[index]
    let own = former[origins[group.id] ?? group.id]
    let found =
      own.flatMap { old in
        free(in: old) { $0.name == rule.name }
          ?? free(in: old) { other in
            other.expression.digest == rule.expression.digest && !(names[group.id]?.contains(other.name) ?? false)
          }
      } ?? byName[group.id.scope]?[rule.name]?.first { !claimed.contains($0.place) && isLetGo($0) }
    if let found { claimed.insert(found.place) }
    return found
  }

  private func free(in group: GroupDefinition, _ fits: (Rule) -> Bool) -> RuleChanges.Former? {
    for (index, rule) in group.spec.rules.enumerated() where rule.purpose == .alert && fits(rule) {
      let place = RuleChanges.Place(group: group.id, rule: index)
      if !claimed.contains(place) { return .init(definition: group, rule: index) }
    }
    return nil
  }

  /// Whether the group that a rule is in no longer has its name.
  private func isLetGo(_ old: RuleChanges.Former) -> Bool {
    let id = origins.first { $0.value == old.definition.id }?.key ?? old.definition.id
    return !(names[id]?.contains(old.spec.name) ?? false)
  }

  var unclaimed: [RuleChanges.Former] {
    former.keys.sorted().flatMap { id -> [RuleChanges.Former] in
      guard let group = former[id] else { return [] }
      return group.spec.rules.indices.filter { group.spec.rules[$0].purpose == .alert }
        .map { RuleChanges.Former(definition: group, rule: $0) }
    }.filter { !claimed.contains($0.place) }
  }
}
