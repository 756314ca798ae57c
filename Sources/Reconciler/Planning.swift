import Diagnostics
import Model
import Specs

/// Decides, from the platform downwards, which scopes follow a revision; then, upwards, what they must keep.
struct Planning {
  private let tree: SpecTree
  private let live: LiveState
  private let reconciler: Reconciler
  private let now: Timestamp
  private var decisions: [Scope: ScopePlan.Decision] = [:]
  private var explanations: [Scope: String] = [:]
  private var extra: [Scope: [Diagnostic]] = [:]
  /// What stays live though it was removed, and who uses it.
  private var kept: [ResourceID: Set<ResourceID>] = [:]

  init(reconciler: Reconciler, now: Timestamp) {
    self.reconciler = reconciler
    tree = reconciler.tree
    live = reconciler.live
    self.now = now
  }

  /// The plans of these scopes, which are given in order: platform, then each tenant with its projects behind it.
  mutating func scopes(_ scopes: [Scope]) -> [ScopePlan] {
    for scope in scopes { decide(scope) }
    // From the lowest upwards: what is kept there may itself use what is removed above.
    for scope in scopes.reversed() where decisions[scope] == .apply { keep(in: scope) }
    return scopes.compactMap(plan)
  }

  private mutating func decide(_ scope: Scope) {
    let refusals = reconciler.refusals[scope] ?? []
    if !tree.hasFiles(scope), live.scopes[scope] == nil, refusals.isEmpty { return }
    extra[scope] = refusals.map(\.diagnostic).sorted()
    if tree.fileCount == 0 {
      decisions[scope] = .hold(.guardTripped)
      explanations[scope] = "the revision has no spec file at all, so nothing is deleted; check --path and --branch"
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
    } else if let trip = guardTrip(scope) {
      decisions[scope] = .hold(.guardTripped)
      explanations[scope] = trip
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

  private func follows(_ scope: Scope) -> Bool {
    // A scope that this revision doesn't concern has desired and live equal.
    decisions[scope] == .apply || decisions[scope] == nil
  }

  // MARK: Steps

  private func plan(_ scope: Scope) -> ScopePlan? {
    guard let decision = decisions[scope] else { return nil }
    let problems = tree.problems(in: scope) + (extra[scope] ?? [])
    guard decision == .apply else {
      return ScopePlan(
        scope: scope, decision: decision, steps: decision == .suspend ? [] : silenceSteps(scope),
        diagnostics: problems, explanation: explanations[scope])
    }
    let differing = reconciler.differences(in: scope)
    let retained = differing.compactMap { id in kept[id].map { Retained(id: id, usedBy: $0.sorted()) } }
    return ScopePlan(
      scope: scope, decision: decision, steps: steps(for: differing), retained: retained, diagnostics: problems)
  }

  /// What becomes of a kept resource: of a `Template` only the definitions stay that nobody else has.
  private func reduction(of id: ResourceID) -> Step? {
    guard let current = live[id] else { return nil }
    let later = current.keeping(Set(lostNames(of: current)), beside: tree.resource(id))
    return later.digest == current.digest ? nil : .update(from: current, to: later)
  }

  /// Pairs what came with what went, so that a moved resource keeps its state.
  private func steps(for ids: [ResourceID]) -> [Step] {
    var gone: [ResourceID: Resource] = [:]
    for id in ids where tree.resource(id) == nil && kept[id] == nil { gone[id] = live[id] }
    var changed: [Step] = []
    for id in ids {
      if kept[id] != nil {
        if let step = reduction(of: id) { changed.append(step) }
        continue
      }
      guard let desired = tree.resource(id) else { continue }
      if let current = live[id] {
        changed.append(.update(from: current, to: desired))
      } else if let origin = predecessor(of: desired, among: gone) {
        gone[origin.id] = nil
        changed.append(.move(from: origin, to: desired))
      } else {
        changed.append(.create(desired))
      }
    }
    return changed + gone.values.sorted { $0.id > $1.id }.map(Step.delete)
  }

  /// The removed resource that `desired` continues: one of its previous names, or equal in content and group name.
  private func predecessor(of desired: Resource, among gone: [ResourceID: Resource]) -> Resource? {
    for name in desired.previousNames {
      if let found = gone[ResourceID(desired.id.scope, desired.id.kind, name)] { return found }
    }
    guard case .ruleGroup(let group) = desired.spec else { return nil }
    let candidates = gone.values.filter { candidate in
      guard case .ruleGroup(let other) = candidate.spec else { return false }
      return other.name == group.name && candidate.origin.format != .belfry
    }
    let equal = candidates.filter { $0.digest == desired.digest }
    return (equal.isEmpty && candidates.count == 1 ? candidates : equal).min { $0.id < $1.id }
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

  // MARK: Guard

  /// Why the deletions of `scope` are too many, or `nil`.
  private func guardTrip(_ scope: Scope) -> String? {
    let differing = reconciler.differences(in: scope)
    let gone = steps(for: differing).reduce(0) { $0 + lost($1) }
    let total = live.scopes[scope]?.guarded ?? 0
    guard gone > 0, gone > allowed(scope) else { return nil }
    let limits = reconciler.limits
    let tooMany = gone > limits.count
    let tooLargeShare = total >= limits.minimum && Double(gone) > limits.share * Double(total)
    guard tooMany || tooLargeShare else { return nil }
    let bound = tooMany ? "more than \(limits.count)" : "more than \(Int(limits.share * 100)) %"
    return "\(gone) of \(total) rules, routes and channels of \(scope) would be deleted, \(bound); "
      + "if that is meant, add an Approval with 'deletions: \(gone)' and an 'until'"
  }

  /// How many rules, routes and channels a step takes away.
  private func lost(_ step: Step) -> Int {
    max(0, (step.before?.guardedCount ?? 0) - (step.after?.guardedCount ?? 0))
  }

  private func allowed(_ scope: Scope) -> Int {
    scope.lineage.lazy.flatMap { tree.resources(in: $0) }.reduce(0) { most, resource in
      guard case .approval(let approval) = resource.spec, approval.until > now else { return most }
      return max(most, approval.deletions)
    }
  }
}
