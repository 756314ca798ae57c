import CLibgit2
package import Model

extension WorkingTree {
  /// The repository that this one follows, as its own configuration names it.
  package struct Upstream: Hashable, Sendable {
    /// The remote's name, such as `origin`.
    package let remote: String
    /// Its address, which may carry user information; pass it to ``RemoteSettings``, don't show it.
    package let url: String
    /// The full name of the remote-tracking ref of its default branch, where one is known locally.
    package let defaultRef: String?
  }

  /// The upstream: the remote of the branch that is checked out, else `origin`, else the only one.
  package func upstream() throws(GitError) -> Upstream? {
    let names = try remoteNames()
    let followed = try followedRemote()
    guard
      let name = [followed, "origin", names.count == 1 ? names.first : nil].compactMap({ $0 }).first(
        where: names.contains),
      let url = try repository.setting("remote.\(name).url")
    else { return nil }
    return Upstream(remote: name, url: url, defaultRef: try defaultRef(of: name))
  }

  /// What a change is compared with: the merge base of `head` and the upstream's default branch.
  ///
  /// `nil` where there is no upstream, its default branch isn't known here, or no ancestor is shared.
  package func base(of head: ObjectID) throws(GitError) -> ObjectID? {
    guard let ref = try upstream()?.defaultRef, let tip = try repository.head(of: ref) else { return nil }
    return try mergeBase(head, tip)
  }

  private func remoteNames() throws(GitError) -> [String] {
    try repository.locked { (repository) throws(GitError) in
      var names = git_strarray()
      guard git_remote_list(&names, repository) == 0 else {
        throw GitError(storing: root, LibraryFailure.last())
      }
      defer { git_strarray_dispose(&names) }
      return (0..<names.count).compactMap { names.strings[$0].map { String(cString: $0) } }
    }
  }

  /// The remote that the branch in `HEAD` is set to follow.
  private func followedRemote() throws(GitError) -> String? {
    let branch = try repository.locked { (repository) throws(GitError) -> String? in
      var reference: OpaquePointer?
      guard git_reference_lookup(&reference, repository, "HEAD") == 0 else { return nil }
      defer { git_reference_free(reference) }
      return git_reference_symbolic_target(reference).map { String(cString: $0) }
    }
    guard let branch, branch.hasPrefix("refs/heads/") else { return nil }
    return try repository.setting("branch.\(branch.dropFirst("refs/heads/".count)).remote")
  }

  /// `refs/remotes/<name>/HEAD` says it after a clone; continuous integration often has the branch alone.
  private func defaultRef(of remote: String) throws(GitError) -> String? {
    let folder = "refs/remotes/" + remote + "/"
    let named = try repository.locked { (repository) throws(GitError) -> String? in
      var reference: OpaquePointer?
      guard git_reference_lookup(&reference, repository, folder + "HEAD") == 0 else { return nil }
      defer { git_reference_free(reference) }
      return git_reference_symbolic_target(reference).map { String(cString: $0) }
    }
    for ref in [named, folder + "main", folder + "master"] {
      if let ref, try repository.head(of: ref) != nil { return ref }
    }
    return nil
  }
}
