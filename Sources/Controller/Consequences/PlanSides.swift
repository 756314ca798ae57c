import Evaluator
import Model
import Notifier
import Reconciler
import Specs

/// A plan, with what is live before it and what would be after it.
struct PlanSides: Sendable {
  let plan: Plan
  let before: LiveState
  let after: LiveState

  init(_ plan: Plan, of reconciler: Reconciler) {
    self.plan = plan
    before = reconciler.live
    var later = reconciler
    later.applied(plan)
    after = later.live
  }

  /// What the plan changes for notification, as the engine gives it to the notifier.
  var notifierChange: NotifierChange {
    var set: [ResourceID: Resource] = [:]
    var removed: Set<ResourceID> = []
    var renamed: [ResourceID: ResourceID] = [:]
    for step in plan.steps {
      if let before = step.before, before.id != step.after?.id {
        set[before.id] = nil
        removed.insert(before.id)
      }
      if let after = step.after {
        set[after.id] = after
        removed.remove(after.id)
      }
      if case .move(let before, let after) = step, [.channel, .ruleGroup].contains(after.id.kind) {
        renamed[before.id] = after.id
      }
    }
    return NotifierChange(
      set: set.values.sorted { $0.id < $1.id }, removed: removed.sorted(), renamed: renamed)
  }

  /// Whose dispatchers the plan can concern; `nil` for all.
  ///
  /// A tenant's change concerns its own, unless an inhibit rule of the platform may carry it further.
  var owners: Set<Scope>? {
    let owners = Set(plan.steps.map(\.id.scope.owner))
    return inhibitsAcrossTenants || owners.contains(.platform) ? nil : owners
  }

  /// Whether an inhibit rule of the platform may have one tenant's alert mute another's.
  var inhibitsAcrossTenants: Bool {
    [before, after].contains { side in side.resources(in: .platform).keys.contains { $0.kind == .inhibitRule } }
  }
}

extension LiveState {
  /// The settings of a scope and of those above it, nearest first.
  func settings(of scope: Scope) -> [ScopeSettings] {
    scope.lineage.compactMap { level in
      switch self[SpecTree.settingsID(of: level)]?.spec {
      case .platform(let settings), .tenant(let settings), .project(let settings): settings
      default: nil
      }
    }
  }

  /// What a scope gives to its rules.
  func ruleContext(of scope: Scope) -> RuleContext {
    RuleContext(scope: scope, settings: settings(of: scope))
  }

  /// A rule group as the evaluator has it; `nil` where there is none of this id.
  func group(_ id: ResourceID) -> GroupDefinition? {
    self[id].flatMap { GroupDefinition($0, context: ruleContext(of: id.scope)) }
  }
}

/// The data sources of one side, and which of them a rule asks.
struct SourceDirectory: Sendable {
  private(set) var sources: [ResourceID: Resource] = [:]
  private var defaults: [Scope: ResourceID] = [:]

  init(_ live: LiveState) {
    for scope in live.scopes.keys {
      for (id, resource) in live.resources(in: scope) where id.kind == .dataSource { sources[id] = resource }
    }
    for id in sources.keys.sorted() {
      guard defaults[id.scope] == nil, let spec = sources[id]?.dataSource, spec.isDefault else { continue }
      defaults[id.scope] = id
    }
  }

  /// The source of a rule: the one it names, or the nearest default.
  func source(of rule: Int, in group: GroupDefinition) -> Resource? {
    let name = group.sourceName(rule)
    for scope in group.context.scope.lineage {
      let id = name.map { ResourceID(scope, .dataSource, $0) } ?? defaults[scope]
      if let id, let found = sources[id] { return found }
    }
    return nil
  }
}

extension Resource {
  /// The spec of a `DataSource`; `nil` for other kinds.
  var dataSource: DataSourceSpec? {
    if case .dataSource(let spec) = spec { spec } else { nil }
  }
}
