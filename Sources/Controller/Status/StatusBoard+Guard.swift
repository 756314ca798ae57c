import Model
import Reconciler
import Specs
import StatusAPI

extension StatusBoard {
  /// The guard of deletions, for scopes that the reader may see.
  func guardView(_ view: View) -> GuardView {
    let limits = settings.deletionLimits
    return GuardView(
      limits: .init(count: limits.count, percent: limits.percent, minimum: limits.minimum),
      findings: view.sync.scopes.keys.filter { view.reader.allows($0) }.sorted().compactMap { scope in
        view.sync.scopes[scope]?.deletionGuard.map { GuardView.Finding($0, in: scope) }
      }, approvals: approvals(view))
  }

  private func approvals(_ view: View) -> [GuardView.Approval] {
    view.approvals.sorted().compactMap { id in
      guard let resource = view.live[id.scope]?[id], case .approval(let approval) = resource.spec else { return nil }
      let used = view.sync.usedApprovals[id]
      return GuardView.Approval(
        scope: id.scope, name: id.name, deletions: approval.deletions, until: approval.until,
        state: used != nil ? .used : approval.until <= view.at ? .ended : .unused, usedAt: used,
        file: resource.origin.file, line: resource.origin.line)
    }
  }

  /// Whether the followed branch was rewritten; what was lost is for who may see everything.
  func rewriteView(_ view: View) -> RewriteView {
    let found = view.sync.rewrite.map { rewrite in
      RewriteView.Found(
        from: rewrite.from, to: rewrite.to, mergeBase: rewrite.mergeBase, lost: rewrite.lost,
        lostCount: rewrite.lostCount, deletions: rewrite.deletions, firing: rewrite.firing, at: rewrite.at)
    }
    return RewriteView(
      policy: settings.rewrittenHistory.rawValue, isDetected: found != nil, found: view.reader == .all ? found : nil)
  }
}

extension GuardView.Finding {
  fileprivate init(_ found: DeletionGuard, in scope: Scope) {
    self.init(
      scope: scope, status: found.status == .tripped ? .tripped : .approved, cause: found.cause.word,
      deletions: found.deletions, total: found.total, firing: found.firing,
      resources: found.resources.map { lost in
        GuardView.Lost(
          kind: lost.group == nil ? lost.kind.rawValue : "Rule", name: lost.name, file: lost.file, line: lost.line,
          firing: lost.firing)
      })
  }
}
