import CLibgit2
package import Model

/// The commits between two states.
package struct CommitRange: Hashable, Sendable {
  /// Oldest first.
  package let commits: [CommitInfo]
  /// Whether there were more than asked for; those left out are the oldest.
  package let isTruncated: Bool
}

extension Repository {
  /// What a commit says of itself.
  package func commit(_ id: ObjectID) throws(GitError) -> CommitInfo {
    try locked { (repository) throws(GitError) in
      let commit = try LoadedCommit(id, in: repository, path: path)
      return commit.info(id)
    }
  }

  /// Whether `ancestor` is `descendant` or one of the commits before it.
  package func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) throws(GitError) -> Bool {
    guard ancestor != descendant else { return true }
    return try locked { (repository) throws(GitError) in
      var (old, new) = (try ancestor.libraryID(), try descendant.libraryID())
      for id in [ancestor, descendant] { _ = try LoadedCommit(id, in: repository, path: path) }
      let code = git_graph_descendant_of(repository, &new, &old)
      guard code >= 0 else { throw GitError(reading: descendant, in: path, code) }
      return code == 1
    }
  }

  /// The best common ancestor of two commits; `nil` where they share none.
  package func mergeBase(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID? {
    try locked { (repository) throws(GitError) in
      var (first, second, base) = (try one.libraryID(), try other.libraryID(), git_oid())
      let code = git_merge_base(&base, repository, &first, &second)
      if code == GIT_ENOTFOUND.rawValue { return nil }
      guard code == 0 else { throw GitError(reading: one, in: path, code) }
      return ObjectID(base)
    }
  }

  /// The commits from `base`, which is left out, to `head`, along first parents.
  ///
  /// All of `head`'s history where `base` is `nil`. A merge counts as one commit: what it changed against its first
  /// parent.
  package func commits(after base: ObjectID?, upTo head: ObjectID, limit: Int = 10_000) throws(GitError) -> CommitRange
  {
    try locked { (repository) throws(GitError) in
      var walker: OpaquePointer?
      guard git_revwalk_new(&walker, repository) == 0, let walker else {
        throw GitError(storing: path, LibraryFailure.last())
      }
      defer { git_revwalk_free(walker) }
      _ = git_revwalk_sorting(walker, GIT_SORT_TOPOLOGICAL.rawValue)
      _ = git_revwalk_simplify_first_parent(walker)
      var id = try head.libraryID()
      var code = git_revwalk_push(walker, &id)
      guard code == 0 else { throw GitError(reading: head, in: path, code) }
      if let base {
        var hidden = try base.libraryID()
        code = git_revwalk_hide(walker, &hidden)
        guard code == 0 else { throw GitError(reading: base, in: path, code) }
      }
      var found: [CommitInfo] = []
      while git_revwalk_next(&id, walker) == 0 {
        guard found.count < limit else { return CommitRange(commits: found.reversed(), isTruncated: true) }
        let name = ObjectID(id)
        found.append(try LoadedCommit(name, in: repository, path: path).info(name))
      }
      return CommitRange(commits: found.reversed(), isTruncated: false)
    }
  }
}
