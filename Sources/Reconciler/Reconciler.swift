package import Model
package import Specs

/// Desired and live side by side: takes a repository's changes in, and says what each revision changes.
///
/// A value without effects. Its work follows what changed: for every scope it keeps the ids in which desired and live
/// differ, and looks at nothing else.
package struct Reconciler: Sendable {
  package private(set) var tree = SpecTree()
  package private(set) var live = LiveState()
  /// The ids in which desired and live differ, by scope.
  private var differing: [Scope: Set<ResourceID>] = [:]
  /// Scopes that the last plan held, suspended, or had to retain something in: every plan looks at them again.
  private var unsettled: Set<Scope> = []
  package var limits: DeletionLimits
  /// The files whose change nobody had the right to make, by scope; what is seen of them is what was authorised last.
  package private(set) var refusals: [Scope: [Refusal]] = [:]

  package init(limits: DeletionLimits = .init()) {
    self.limits = limits
  }

  /// Takes over what an earlier process had applied, read again from the last good revision of each scope.
  ///
  /// It belongs at the start, before the first ``see(_:)``.
  package mutating func restore(_ resources: [Resource], of scope: Scope, at revision: Revision) {
    for resource in resources { live.put(resource) }
    live.setApplied(revision, to: scope)
    for resource in resources { compare(resource.id) }
    unsettled.insert(scope)
  }

  /// Brings back what a held scope uses of the scopes above it that they no longer have.
  ///
  /// It comes after every ``restore(_:of:at:)``; `earlier` is what those scopes said at the revision that `scope` is
  /// held at.
  package mutating func restoreUsed(by scope: Scope, from earlier: [Resource]) {
    var declarers: [ResourceID: Resource] = [:]
    for resource in earlier {
      for name in resource.mentionNames { declarers[ResourceID(resource.id.scope, resource.id.kind, name)] = resource }
    }
    var pending = Array(live.resources(in: scope).values)
    while let user = pending.popLast() {
      let levels = user.id.scope.lineage
      for reference in user.references
      where live.resolve(reference.kind, reference.name, from: user.id.scope) == nil {
        let known = levels.lazy.compactMap { declarers[ResourceID($0, reference.kind, reference.name)] }.first
        guard let known else { continue }
        let lost = known.mentionNames.filter { live.declarer(of: known.id.kind, $0, in: known.id.scope) == nil }
        let kept = known.keeping(Set(lost), beside: live[known.id])
        live.put(kept)
        compare(kept.id)
        unsettled.insert(kept.id.scope)
        pending.append(kept)
      }
    }
  }

  /// Takes in what a revision changed in the repository's files; follow it with ``plan(for:at:)``.
  ///
  /// - Returns: the scopes that may need a plan.
  @discardableResult
  package mutating func see(_ files: [(path: String, file: SpecFile?)]) -> Set<Scope> {
    let change = tree.update(files)
    for id in change.resources { compare(id) }
    unsettled.formUnion(change.scopes)
    return unsettled
  }

  /// Takes in which files are refused now, all of them; their scopes are held.
  package mutating func setRefusals(_ refusals: some Sequence<Refusal>) {
    let now = Dictionary(grouping: refusals, by: \.scope)
    let concerned = Set(now.keys).union(self.refusals.keys)
    unsettled.formUnion(concerned.filter { Set(now[$0] ?? []) != Set(self.refusals[$0] ?? []) })
    self.refusals = now
  }

  /// What `revision`, whose files were seen, changes; `now` decides which pauses and approvals still hold.
  ///
  /// `firing`: what fires of ``changingGroups``, for what the plan tells.
  package func plan(for revision: Revision, at now: Timestamp, firing: FiringAlerts = [:]) -> Plan {
    var planning = Planning(reconciler: self, firing: firing, now: now)
    return Plan(revision: revision, scopes: planning.scopes(unsettled.union(dependants).sorted()))
  }

  /// The live rule groups that a plan may change.
  package var changingGroups: [ResourceID] {
    unsettled.flatMap { differing[$0] ?? [] }.filter { $0.kind == .ruleGroup && live[$0] != nil }.sorted()
  }

  /// Records that a plan's steps were applied.
  package mutating func applied(_ plan: Plan) {
    for step in plan.steps {
      if let before = step.before, before.id != step.after?.id { live.remove(before.id) }
      if let after = step.after { live.put(after) }
      for id in [step.before?.id, step.after?.id] { if let id { compare(id) } }
    }
    for scope in plan.scopes { settle(scope, at: plan.revision) }
  }

  private mutating func settle(_ plan: ScopePlan, at revision: Revision) {
    guard plan.decision == .apply else {
      unsettled.insert(plan.scope)
      return
    }
    live.setApplied(revision, to: plan.scope)
    if plan.retained.isEmpty { unsettled.remove(plan.scope) } else { unsettled.insert(plan.scope) }
    if let former = plan.movedFrom {
      live.forget(former)
      unsettled.remove(former)
    }
    if !tree.hasFiles(plan.scope) { live.forget(plan.scope) }
  }

  /// Scopes below one that is unsettled and names something that comes or goes there.
  private var dependants: Set<Scope> {
    var found: Set<Scope> = []
    for scope in unsettled {
      for id in differing[scope] ?? [] {
        for name in Set((tree.resource(id)?.mentionNames ?? []) + (live[id]?.mentionNames ?? [])) {
          for user in tree.referrers(of: id.kind, named: name, below: scope) { found.insert(user.scope) }
        }
      }
    }
    return found
  }

  /// Notes whether desired and live differ in this id. A change of place alone is taken over at once.
  private mutating func compare(_ id: ResourceID) {
    let desired = tree.resource(id)
    let current = live[id]
    if let desired, let current, desired.digest == current.digest {
      live.put(desired)
      differing[id.scope]?.remove(id)
    } else if current == nil, !tree.declares(id) {
      differing[id.scope]?.remove(id)
    } else {
      differing[id.scope, default: []].insert(id)
    }
  }

  /// The ids of a scope in which desired and live differ, in order.
  package func differences(in scope: Scope) -> [ResourceID] {
    (differing[scope] ?? []).sorted()
  }
}

/// How many rules, routes and channels one revision may delete from a scope without an approval.
package struct DeletionLimits: Hashable, Sendable {
  /// More than this many are refused.
  package var count: Int
  /// More than this share of a scope is refused, where the scope has at least ``minimum``.
  package var share: Double
  package var minimum: Int

  package init(count: Int = 25, share: Double = 0.5, minimum: Int = 10) {
    self.count = count
    self.share = share
    self.minimum = minimum
  }

  /// Reads a share: `50%` or `0.5`; `nil` for anything that isn't from 0 to 1.
  package static func share(parsing text: String) -> Double? {
    let isPercent = text.hasSuffix("%")
    guard let number = Double(isPercent ? String(text.dropLast()) : text) else { return nil }
    let share = isPercent ? number / 100 : number
    return 0...1 ~= share ? share : nil
  }
}
