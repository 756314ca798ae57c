import CLibgit2
package import Model

extension Repository {
  /// Of `paths`, those whose file differs between a commit and one of its parents, with the parent's file; `nil` where
  /// the parent has none.
  ///
  /// A few paths are looked up one by one; for many the two trees are compared, which costs what differs.
  package func differing(
    from parent: ObjectID, to commit: ObjectID, among paths: Set<String>
  ) throws(GitError) -> [String: ObjectID?] {
    guard paths.count <= 16 else {
      var found: [String: ObjectID?] = [:]
      for change in try changes(from: parent, to: commit) where paths.contains(change.path) {
        found[change.path] = .some(change.old)
      }
      return found
    }
    return try locked { (repository) throws(GitError) in
      let reader = TreeReader(repository: repository, path: path)
      let before = try reader.tree(at: parent, under: "")
      let after = try reader.tree(at: commit, under: "")
      var found: [String: ObjectID?] = [:]
      if let before, let after, isEqual(before.id, after.id) { return found }
      for file in paths {
        let old = before?.entry(atPath: file).map { ObjectID($0.id) }
        if old != after?.entry(atPath: file).map({ ObjectID($0.id) }) { found[file] = .some(old) }
      }
      return found
    }
  }

  /// The commits that a merge brought into the history of its first parent, the merge itself not among them.
  package func commits(broughtBy merge: CommitInfo, limit: Int = 10_000) throws(GitError) -> Set<ObjectID> {
    guard let base = merge.parents.first, merge.parents.count > 1 else { return [] }
    return try locked { (repository) throws(GitError) in
      var walker: OpaquePointer?
      guard git_revwalk_new(&walker, repository) == 0, let walker else {
        throw GitError(storing: path, LibraryFailure.last())
      }
      defer { git_revwalk_free(walker) }
      var hidden = try base.libraryID()
      guard git_revwalk_hide(walker, &hidden) == 0 else {
        throw GitError(reading: base, in: path, GIT_ENOTFOUND.rawValue)
      }
      for parent in merge.parents.dropFirst() {
        var id = try parent.libraryID()
        let code = git_revwalk_push(walker, &id)
        guard code == 0 else { throw GitError(reading: parent, in: path, code) }
      }
      var found: Set<ObjectID> = []
      var id = git_oid()
      while found.count < limit, git_revwalk_next(&id, walker) == 0 { found.insert(ObjectID(id)) }
      return found
    }
  }
}

extension CommitInfo {
  /// The trailers of the message, by git's rules.
  package var trailers: [Trailer] {
    var found = git_message_trailer_array()
    guard git_message_trailers(&found, message) == 0 else { return [] }
    defer { git_message_trailer_array_free(&found) }
    return (0..<found.count).compactMap { index in
      guard let trailer = found.trailers?[index], let name = trailer.key, let value = trailer.value else { return nil }
      return Trailer(String(cString: name), String(cString: value))
    }
  }
}
