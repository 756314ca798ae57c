import Git
import Ledger
import Model
import Reconciler
import Specs

extension SyncLoop {
  /// Brings back what was live: each scope at its last good revision, without asking the remote.
  ///
  /// `resources`: what the ledger knows of them, so that git isn't asked who changed them.
  func restore(_ records: [ScopeRecord], resources: [ResourceRecord] = []) async {
    do throws(GitError) {
      let applied = try mirror.applied()
      guard let newest = applied[Self.newestName] else {
        appliedByLedger = records.compactMap { $0.applied?.commit }
        return
      }
      let head = try mirror.head(.specs)
      let ref = settings.remote.ref ?? head?.revision.ref
      let revision = Revision(ref: ref, commit: newest)
      let files = try await restoredFiles(at: newest, applied)
      var exceptions: [Scope: Revision] = [:]
      var unapplied: Set<Scope> = []
      for record in records where record.status == .held || record.status == .suspended {
        // The ref is the root of trust; the ledger's word counts where there is none.
        let commit = applied[record.scope.path] ?? record.applied?.commit
        exceptions[record.scope] = commit.map { Revision(ref: ref, commit: $0) }
        // Nothing of it was ever live.
        if commit == nil { unapplied.insert(record.scope) }
      }
      for name in applied.keys where name != Self.newestName {
        guard let scope = SpecFile.scope(ofPath: name + "/x.yaml"), exceptions[scope] == nil else { continue }
        exceptions[scope] = applied[name].map { Revision(ref: ref, commit: $0) }
      }
      let following = files.filter { file in
        let scope = file.file?.scope ?? .platform
        return exceptions[scope] == nil && !unapplied.contains(scope)
      }
      reconciler.restore(following, at: revision)
      for (scope, held) in exceptions {
        reconciler.restore(
          try await specs.files(at: held.commit, only: [scope], leavingOut: ignoreRulesInForce), at: held)
      }
      for (scope, held) in exceptions where scope != .platform {
        let above = try await specs.files(
          at: held.commit, only: Set(scope.lineage.dropFirst()), leavingOut: ignoreRulesInForce)
        reconciler.restoreUsed(by: scope, from: above.flatMap { $0.file?.resources ?? [] })
      }
      reconciler.see(files)
      seen = newest
      isUnjudged = true
      let told = Set(records.filter { $0.status == .held || $0.status == .suspended }.map(\.scope))
      let untold = exceptions.filter { !told.contains($0.key) }.map { scope, held in
        ScopeRecord(
          scope: scope, applied: held, appliedAt: nil, attempted: nil, status: .held, reason: nil, since: clock.now)
      }
      state.restore(records + untold, live: Set(reconciler.live.scopes.keys), newest: revision)
      restoreProvenance(resources, at: newest)
      await engine.load(reconciler.live, book, at: clock.now)
      refinement.wake()
      log.event(
        "state.restored", .info, ["revision": revision.description, "scopes": "\(reconciler.live.scopes.count)"])
    } catch {
      log.event("state.not-restored", .error, ["error": error.description])
    }
  }

  /// The name under which the mirror keeps the revision that scopes are at which aren't held.
  static let newestName = "newest"
}
