import Diagnostics
import Model
import Specs

/// Decides, from the platform downwards, which scopes follow a revision; then, upwards, what they must keep.
struct Planning {
  let tree: SpecTree
  let live: LiveState
  let reconciler: Reconciler
  let firing: FiringAlerts
  let now: Timestamp
  var decisions: [Scope: ScopePlan.Decision] = [:]
  var explanations: [Scope: String] = [:]
  var guards: [Scope: DeletionGuard] = [:]
  /// Folders under new names.
  var renames = FolderRenames()
  /// Rule groups that moved within a tenant.
  var crossings = GroupCrossings()
  private var extra: [Scope: [Diagnostic]] = [:]
  /// What stays live though it was removed, and who uses it.
  var kept: [ResourceID: Set<ResourceID>] = [:]

  init(reconciler: Reconciler, firing: FiringAlerts, now: Timestamp) {
    self.reconciler = reconciler
    self.firing = firing
    tree = reconciler.tree
    live = reconciler.live
    self.now = now
  }

  /// The plans of these scopes, which are given in order: platform, then each tenant with its projects behind it.
  mutating func scopes(_ scopes: [Scope]) -> [ScopePlan] {
    findRenames(in: scopes)
    findCrossings(in: scopes)
    for scope in scopes where renames.successors[scope] == nil { decide(scope) }
    settleCrossings()
    settleRenames(in: scopes)
    // From the lowest upwards: what is kept there may itself use what is removed above.
    for scope in scopes.reversed() where decisions[scope] == .apply { keep(in: scope) }
    return scopes.compactMap(plan)
  }

  mutating func decide(_ scope: Scope) {
    let refusals = reconciler.refusals[scope] ?? []
    if !tree.hasFiles(scope), live.scopes[scope] == nil, refusals.isEmpty { return }
    extra[scope] = refusals.map(\.diagnostic).sorted()
    if tree.fileCount == 0 {
      decisions[scope] = .hold(.guardTripped)
      explanations[scope] = "the revision has no spec file at all, so nothing is deleted; check --path and --branch"
      guards[scope] = emptyTreeGuard(scope)
    } else if scope.lineage.contains(where: { tree.settings(of: $0).sync(at: now) == .paused }) {
      decisions[scope] = .suspend
    } else if !tree.isSound(scope) {
      decisions[scope] = .hold(.validationFailed)
    } else if let refused = Refusal.explanation(of: refusals) {
      decisions[scope] = .hold(.notAuthorised)
      explanations[scope] = refused
    } else if let missing = missingDependency(of: scope) {
      decisions[scope] = .hold(.dependencyHeld)
      extra[scope] = [missing]
    } else if trips(scope) {
      decisions[scope] = .hold(.guardTripped)
    } else {
      decisions[scope] = .apply
    }
  }

  // MARK: Downwards: what a scope names must be live after this plan.

  /// A mention in `scope` of something that a held scope above declares but doesn't have live.
  private func missingDependency(of scope: Scope) -> Diagnostic? {
    for upper in scope.lineage.dropFirst() where !follows(upper) {
      for id in reconciler.differences(in: upper) {
        for name in tree.resource(id)?.mentionNames ?? [id.name]
        where live.declarer(of: id.kind, name, in: upper) == nil {
          guard let user = tree.referrers(of: id.kind, named: name, below: scope).filter({ $0.scope == scope }).min(),
            tree.resolve(id.kind, name, from: scope) == id, let resource = tree.resource(user),
            let reference = resource.references.first(where: { $0.kind == id.kind && $0.name == name })
          else { continue }
          return missing(reference, of: resource, because: upper)
        }
      }
    }
    return missingTemplate(of: scope)
  }

  /// A call in `scope` of a template that a document above may define which can't be read, and that isn't live.
  private func missingTemplate(of scope: Scope) -> Diagnostic? {
    let upper = scope.lineage.dropFirst().filter { !follows($0) }
    guard let nearest = upper.first else { return nil }
    for (id, calls) in tree.looseCalls(in: scope).sorted(by: { $0.key < $1.key }) {
      let call = calls.first { call in !upper.contains { live.declarer(of: .template, call.name, in: $0) != nil } }
      if let call, let resource = tree.resource(id) { return missing(call, of: resource, because: nearest) }
    }
    return nil
  }

  private func missing(_ reference: Reference, of resource: Resource, because upper: Scope) -> Diagnostic {
    Diagnostic(
      .error, "dependency-held", "\(reference.kind.words) '\(reference.name)' isn't live, because \(upper) is held",
      at: SourceSpan(file: resource.origin.file, range: reference.range),
      fix: "release \(upper): see its own diagnostics")
  }

  func follows(_ scope: Scope) -> Bool {
    // A scope that this revision doesn't concern has desired and live equal.
    decisions[scope] == .apply || decisions[scope] == nil
  }

  // MARK: Steps

  private func plan(_ scope: Scope) -> ScopePlan? {
    guard let decision = decisions[scope] else { return nil }
    let problems = tree.problems(in: scope) + (extra[scope] ?? [])
    guard decision == .apply else {
      var plan = ScopePlan(
        scope: scope, decision: decision, steps: decision == .suspend ? [] : silenceSteps(scope),
        diagnostics: problems, explanation: explanations[scope])
      plan.deletionGuard = guards[scope]
      plan.lost = guards[scope].map { ($0.deletions, $0.firing) } ?? (0, 0)
      return plan
    }
    let retained = reconciler.differences(in: scope).compactMap { id in
      kept[id].map { Retained(id: id, usedBy: $0.sorted()) }
    }
    let steps = steps(of: scope)
    var plan = ScopePlan(
      scope: scope, decision: decision, steps: steps, retained: retained, diagnostics: problems)
    plan.movedFrom = renames.former[scope]
    plan.deletionGuard = guards[scope]
    tellAlerts(in: &plan)
    return plan
  }

  /// What becomes of a kept resource: of a `Template` only the definitions stay that nobody else has.
  private func reduction(of id: ResourceID) -> Step? {
    guard let current = live[id] else { return nil }
    let later = current.keeping(Set(lostNames(of: current)), beside: tree.resource(id))
    return later.digest == current.digest ? nil : .update(from: current, to: later)
  }

  /// Pairs what came with what went, so that a moved resource keeps its state.
  func steps(of scope: Scope) -> [Step] {
    var ids = reconciler.differences(in: scope)
    if let former = renames.former[scope] { ids = reconciler.differences(in: former) + ids }
    var gone = GoneResources()
    for id in ids where tree.resource(id) == nil && kept[id] == nil && crossings.target(of: id) == nil {
      if let resource = live[id] { gone.insert(resource) }
    }
    var changed: [Step] = []
    for id in ids {
      if kept[id] != nil {
        if let step = reduction(of: id) { changed.append(step) }
        continue
      }
      guard let desired = tree.resource(id) else { continue }
      if let current = live[id] {
        changed.append(.update(from: current, to: desired))
      } else if let origin = crossings.origin(of: id).flatMap({ live[$0] }) {
        changed.append(.move(from: origin, to: desired))
      } else if let origin = gone.predecessor(of: desired, in: renames.former[scope]) {
        gone.remove(origin)
        changed.append(.move(from: origin, to: desired))
      } else {
        changed.append(.create(desired))
      }
    }
    return changed + gone.all.sorted { $0.id > $1.id }.map(Step.delete)
  }

  /// The silences of a held scope: each is a unit of its own.
  ///
  /// One is taken away only when its file is gone or still parses: a silence whose file can't be read stays in force.
  private func silenceSteps(_ scope: Scope) -> [Step] {
    let ids = reconciler.differences(in: scope).filter { $0.kind == .silence }
    return ids.compactMap { id in
      switch (live[id], tree.resource(id)) {
      case (let current?, let desired?) where tree.isSound(id): .update(from: current, to: desired)
      case (nil, let desired?) where tree.isSound(id): .create(desired)
      case (let current?, nil) where !tree.contains(current.origin.file) || tree.isReadable(current.origin.file):
        .delete(current)
      default: nil
      }
    }
  }

  // MARK: Upwards: what a scope below still uses stays.

  /// Finds what a scope must keep, and what that uses in turn.
  private mutating func keep(in scope: Scope) {
    var pending: [ResourceID] = []
    for id in reconciler.differences(in: scope) {
      guard let current = live[id] else { continue }
      for name in lostNames(of: current) {
        for user in live.referrers(of: id.kind, named: name, below: scope) where user.scope != scope {
          guard !follows(user.scope) || kept[user] != nil, live.resolve(id.kind, name, from: user.scope) == id
          else { continue }
          if kept[id] == nil { pending.append(id) }
          kept[id, default: []].insert(user)
        }
      }
    }
    while let user = pending.popLast() {
      for reference in live[user]?.references ?? [] {
        guard let id = live.resolve(reference.kind, reference.name, from: scope), id.scope == scope, id != user,
          isLost(id.kind, reference.name, in: scope)
        else { continue }
        if kept[id] == nil { pending.append(id) }
        kept[id, default: []].insert(user)
      }
    }
  }

  /// The names under which others mention a live resource and that its scope no longer has in this revision.
  private func lostNames(of current: Resource) -> [String] {
    current.mentionNames.filter { isLost(current.id.kind, $0, in: current.id.scope) }
  }

  private func isLost(_ kind: Kind, _ name: String, in scope: Scope) -> Bool {
    tree.resolve(kind, name, from: scope)?.scope != scope
  }
}
