import Git
import Model
import Reconciler
import Specs

/// What a comparison starts from, taken as if it were live.
struct DiffBase {
  let repository: RepositorySpecs
  let tree: WorkingTree
  var reconciler = Reconciler()
  /// For people: the revision.
  private(set) var name = ""

  init(repository: RepositorySpecs, tree: WorkingTree) {
    self.repository = repository
    self.tree = tree
  }

  /// The specs at a revision; `nil` for the merge base with the upstream.
  mutating func restore(revision: String?) async throws {
    let commit = try tree.resolveBase(revision)
    reconciler.restore(try await repository.files(at: commit), at: Revision(ref: revision, commit: commit))
    name = Revision(ref: revision, commit: commit).description
  }

  /// What a controller has live: each scope at its own revision, and what held scopes use besides.
  mutating func restore(live client: StatusClient) async throws {
    let applied = try await client.appliedRevisions()
    for (scope, revision) in applied.scopes where !tree.contains(revision.commit) {
      throw CommandFailure(
        .failed, "\(scope) runs at \(revision.commit.short), which isn't in this clone; run git fetch first")
    }
    // Mostly all scopes are at one commit, whose tree is read once.
    let byRevision = Dictionary(grouping: applied.scopes, by: \.revision)
    for (revision, scopes) in byRevision.sorted(by: { $0.key.commit < $1.key.commit }) {
      let files = try await repository.files(at: revision.commit, only: Set(scopes.map(\.scope)))
      reconciler.restore(files, at: revision)
    }
    // As the controller does at its start: what held scopes use of those above stays, though it is gone there.
    for (scope, revision) in applied.scopes where scope != .platform && revision.commit != applied.newest?.commit {
      let above = try await repository.files(at: revision.commit, only: Set(scope.lineage.dropFirst()))
      reconciler.restoreUsed(by: scope, from: above.flatMap { $0.file?.resources ?? [] })
    }
    name = (applied.newest ?? applied.scopes.first?.revision)?.description ?? "nothing"
  }
}

extension Reconciler {
  /// Takes these files as what is live, scope by scope.
  mutating func restore(_ files: [(path: String, file: SpecFile?)], at revision: Revision) {
    var byScope: [Scope: [Resource]] = [:]
    for case let file? in files.map(\.file) {
      guard let scope = file.scope else { continue }
      byScope[scope, default: []] += file.resources
    }
    for (scope, resources) in byScope { restore(resources, of: scope, at: revision) }
  }
}
