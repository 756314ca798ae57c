import CLibgit2
import Glibc
package import Model

/// A local repository as a person works in it: for `check`, `diff` and `silence add`.
package struct WorkingTree: Sendable {
  /// The folder that holds the files, without a `/` at the end.
  package let root: String
  /// The folder that was asked for, from the root; empty for the root itself.
  package let folder: String
  /// Its objects, for reading.
  package let repository: Repository

  /// Finds the repository that `path` lies in.
  package static func discover(from path: String) throws(GitError) -> WorkingTree {
    try Libgit2.prepare()
    var opened: OpaquePointer?
    let code = git_repository_open_ext(&opened, path, 0, nil)
    guard code == 0, let opened else { throw GitError(opening: path, LibraryFailure.last(code: code)) }
    let handle = RepositoryHandle(opened)
    guard let folder = git_repository_path(opened).map({ String(cString: $0) }),
      let root = git_repository_workdir(opened).map({ String(cString: $0) })
    else { throw .noRepository(path: path) }
    let top = root.hasSuffix("/") ? String(root.dropLast()) : root
    let below = Self.resolved(path).flatMap { place in
      Self.resolved(top).flatMap { place.hasPrefix($0 + "/") ? String(place.dropFirst($0.utf8.count + 1)) : nil }
    }
    return WorkingTree(root: top, folder: below ?? "", repository: Repository(handle, path: folder))
  }

  /// The path with every symbolic link and `..` followed.
  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The commit that is checked out; `nil` before the first.
  package func head() throws(GitError) -> ObjectID? {
    try repository.locked { (repository) throws(GitError) in
      var id = git_oid()
      return git_reference_name_to_id(&id, repository, "HEAD") == 0 ? ObjectID(id) : nil
    }
  }

  /// The commit that a branch, tag, commit id or expression such as `HEAD~2` names.
  package func resolve(_ revision: String) throws(GitError) -> ObjectID {
    try repository.locked { (repository) throws(GitError) in
      var (object, commit): (OpaquePointer?, OpaquePointer?)
      defer {
        git_object_free(object)
        git_object_free(commit)
      }
      guard !revision.hasPrefix("-"), git_revparse_single(&object, repository, revision) == 0,
        git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0, let id = git_object_id(commit)
      else { throw .noSuchRevision(revision) }
      return ObjectID(id.pointee)
    }
  }

  /// Whether the history was cut off when it was cloned, as continuous integration does.
  package func isShallow() throws(GitError) -> Bool {
    try repository.locked { (repository) throws(GitError) in git_repository_is_shallow(repository) == 1 }
  }

  /// The best common ancestor of two commits; `nil` where they share none, as in a shallow clone.
  package func mergeBase(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID? {
    try repository.mergeBase(one, other)
  }

  /// The files that differ from `commit`, saved or not, tracked or not (but not ignored), as paths from the root.
  package func changedFiles(since commit: ObjectID) throws(GitError) -> Set<String> {
    try repository.locked { (repository) throws(GitError) in
      let reader = TreeReader(repository: repository, path: self.repository.path)
      guard let tree = try reader.tree(at: commit, under: "") else { return [] }
      var options = git_diff_options()
      git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
      options.flags = GIT_DIFF_INCLUDE_UNTRACKED.rawValue | GIT_DIFF_RECURSE_UNTRACKED_DIRS.rawValue
      var difference: OpaquePointer?
      let code = tree.withRaw { git_diff_tree_to_workdir_with_index(&difference, repository, $0, &options) }
      guard code == 0, let difference else {
        throw GitError(storing: root, LibraryFailure.last(code: code))
      }
      defer { git_diff_free(difference) }
      var files: Set<String> = []
      for index in 0..<git_diff_num_deltas(difference) {
        guard let delta = git_diff_get_delta(difference, index)?.pointee else { continue }
        for path in [delta.old_file.path, delta.new_file.path] { if let path { files.insert(String(cString: path)) } }
      }
      return files
    }
  }
}
