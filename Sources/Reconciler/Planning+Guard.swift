import Model
import Specs

extension Planning {
  /// Whether the deletions of `scope` have to wait; notes what the guard found.
  mutating func trips(_ scope: Scope) -> Bool {
    guards[scope] = nil
    let losses = Losses(steps(of: scope), firing)
    let total = live.scopes[renames.former[scope] ?? scope]?.guarded ?? 0
    guard losses.count > 0, let cause = cause(of: losses.count, in: scope, total: total) else { return false }
    let (approval, unusable) = approval(of: losses.count, in: scope)
    let found = deletionGuard(approval == nil ? .tripped : .approved, cause, losses, total, approval, unusable)
    guards[scope] = found
    guard approval == nil else { return false }
    explanations[scope] = found.explanation(of: scope)
    return true
  }

  private func cause(of count: Int, in scope: Scope, total: Int) -> DeletionGuard.Cause? {
    let limits = reconciler.limits
    if !tree.hasFolder(scope) { return .folderGone }
    if count > limits.count { return .count }
    return total >= limits.minimum && Double(count) > limits.share * Double(total) ? .share : nil
  }

  /// What an empty tree would take away.
  func emptyTreeGuard(_ scope: Scope) -> DeletionGuard {
    let losses = Losses(live.resources(in: scope).values.sorted { $0.id < $1.id }.map(Step.delete), firing)
    return deletionGuard(.tripped, .emptyTree, losses, live.scopes[scope]?.guarded ?? 0, nil, [])
  }

  private func deletionGuard(
    _ status: DeletionGuard.Status, _ cause: DeletionGuard.Cause, _ losses: Losses, _ total: Int,
    _ approval: ResourceID?, _ unusable: [String]
  ) -> DeletionGuard {
    DeletionGuard(
      status: status, cause: cause, limits: reconciler.limits, deletions: losses.count, total: total,
      firing: losses.firing, resources: losses.listed, approval: approval, unusable: unusable)
  }

  // MARK: Approvals

  /// The approval that allows so many deletions in a scope; else what is to be said of those that don't.
  private func approval(of count: Int, in scope: Scope) -> (ResourceID?, [String]) {
    var unusable: [String] = []
    for resource in approvals(for: scope).sorted(by: { $0.id < $1.id }) {
      guard case .approval(let approval) = resource.spec, approval.scope ?? scope == scope else { continue }
      let name = "Approval '\(resource.id.name)' (\(resource.origin.file):\(resource.origin.line))"
      if approval.until <= now {
        unusable.append("\(name) ended at \(approval.until)")
      } else if approval.deletions < count {
        unusable.append("\(name) allows \(approval.deletions)")
      } else {
        return (resource.id, [])
      }
    }
    return (nil, unusable)
  }

  /// The approvals of the scope and of those above it: as the revision has them where it is followed, else as they are
  /// live. One in a file that can't be read whole counts nowhere.
  private func approvals(for scope: Scope) -> [Resource] {
    scope.lineage.flatMap { level -> [Resource] in
      guard level == scope || follows(level) else {
        return (live.scopes[level]?.approvals ?? []).compactMap { live[$0] }
      }
      return tree.resources(in: level).filter { $0.id.kind == .approval && tree.isReadable($0.origin.file) }
    }
  }

  // MARK: Alerts

  /// Says what the plan's steps take away, and what becomes of the alerts that fire, step by step.
  func tellAlerts(in plan: inout ScopePlan) {
    let losses = Losses(plan.steps, firing)
    plan.lost = (losses.count, losses.firing)
    guard !firing.isEmpty else { return }
    for step in plan.steps {
      guard let before = step.before, let counts = firing[before.id] else { continue }
      let total = counts.values.reduce(0, +)
      guard total > 0 else { continue }
      let ended = losses.ended[before.id] ?? 0
      plan.firing[step.id] = StepAlerts(kept: total - ended, ended: ended)
    }
  }
}
