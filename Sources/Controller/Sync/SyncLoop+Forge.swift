import Git
import Model
import Reconciler
import Specs
import StatusAPI

extension SyncLoop {
  /// Hands what a recorded sync did to the forge's reporter, where there is one. It never waits and never fails.
  ///
  /// `paths`: the files that changed since the sync before.
  func tellForge(_ plan: Plan, changed paths: [String]) {
    guard let forge, let head = state.commit else { return }
    var sync = ForgeReports.Sync(plan: plan, touched: Set(paths.compactMap(SpecFile.scope(ofPath:))), head: head)
    // Where very many are held at once, one cause is likely, and the head's: the others aren't looked up.
    for (index, scope) in forge.news(in: plan, touched: sync.touched).enumerated() {
      let applied = state.applied(scope)
      sync.applied[scope] = applied
      guard index < ForgeReports.statusLimit else { continue }
      sync.bringers[scope] = bringer(of: scope, after: applied?.commit, upTo: head.id)
    }
    forge.note(sync) { state.scopes[$0]?.sync.status == .held }
  }

  /// The newest commit on the branch itself, not on what was merged into it, that changed a file of a scope since it was
  /// last good: the one that merged a pull request. Not found among the last 200, it isn't told.
  private func bringer(of scope: Scope, after base: ObjectID?, upTo head: ObjectID) -> CommitInfo? {
    guard let chain = try? mirror.repository.commits(after: base, upTo: head, limit: 200) else { return nil }
    let prefix = settings.path.isEmpty ? 0 : settings.path.count + 1
    return chain.commits.last { commit in
      let changes = try? mirror.repository.changes(
        from: commit.parents.first, to: commit.id, under: specs.repositoryPath(scope.path))
      return changes?.contains { SpecFile.scope(ofPath: String($0.path.dropFirst(prefix))) == scope } ?? false
    }
  }
}
