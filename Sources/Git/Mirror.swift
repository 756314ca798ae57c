import CLibgit2
import Glibc
package import Model

/// The local copy of a remote repository: a bare repository on disk that outlives restarts and the remote's absence.
///
/// Its refs are written by this process alone; the child process of ``FetchChild`` only adds objects.
package struct Mirror: Sendable {
  package let path: String
  /// Its objects, for reading.
  package let repository: Repository

  /// A mirror that couldn't be used, and where it was put.
  package struct SetAside: Hashable, Sendable {
    package let path: String
    /// Why, for people.
    package let reason: String
  }

  /// The refs that are followed.
  package enum Branch: String, CaseIterable, Hashable, Sendable {
    /// Where the specs are.
    case specs
    /// The second ref, from which silences are read.
    case silences

    var ref: String { "refs/belfry/remote/" + rawValue }
    var nameKey: String { "belfry." + rawValue + ".ref" }
  }

  /// Where a followed ref stood at the last fetch.
  package struct Head: Hashable, Sendable {
    /// The remote's full ref, such as `refs/heads/main`.
    package let ref: String
    package let commit: ObjectID

    /// `main@sha1:…`: branches and tags by their short names.
    package var revision: Revision { Revision(ref: shortRefName(ref), commit: commit) }
  }

  /// Opens the mirror at `path`, or begins one.
  ///
  /// One that is damaged is renamed and an empty one begun; what it knew of applied revisions is then lost.
  package static func open(at path: String) throws(GitError) -> (mirror: Mirror, setAside: SetAside?) {
    try Libgit2.prepare()
    try makeFolder(path)
    removeLeftovers(in: path)
    let isNew = access(path + "/HEAD", F_OK) != 0 && access(path + "/objects", F_OK) != 0
    if isNew { return (try begin(at: path), nil) }
    do throws(GitError) {
      let mirror = Mirror(path: path, repository: try Repository(at: path))
      try mirror.check()
      return (mirror, nil)
    } catch {
      guard let target = (1...9999).lazy.map({ path + ".damaged-\($0)" }).first(where: { access($0, F_OK) != 0 }),
        rename(path, target) == 0
      else { throw .storage(path: path, detail: String(cString: strerror(errno))) }
      try makeFolder(path)
      return (try begin(at: path), SetAside(path: target, reason: error.description))
    }
  }

  private static func begin(at path: String) throws(GitError) -> Mirror {
    var created: OpaquePointer?
    let code = git_repository_init(&created, path, 1)
    guard code == 0, let created else { throw GitError(storing: path, LibraryFailure.last(code: code)) }
    return Mirror(path: path, repository: Repository(RepositoryHandle(created), path: path))
  }

  /// Makes the folder and those above it, and makes sure that it can be written to.
  private static func makeFolder(_ path: String) throws(GitError) {
    var end = path.startIndex
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      let folder = String(path[..<end])
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST || access(folder, F_OK) == 0 else {
        throw .storage(path: folder, detail: String(cString: strerror(errno)))
      }
    }
    guard access(path, R_OK | W_OK | X_OK) == 0 else {
      throw .storage(path: path, detail: String(cString: strerror(errno)))
    }
  }

  /// Makes sure that what the refs name can be read.
  private func check() throws(GitError) {
    for (name, target) in try repository.refs(under: "refs/belfry/") {
      do throws(GitError) {
        _ = try repository.commit(target)
        _ = try repository.tree(at: target)
      } catch {
        throw .corruptMirror(path: path, detail: "'\(name)' names \(target.short), which can't be read")
      }
    }
  }

  /// Where a followed ref stood at the last fetch; `nil` before the first.
  package func head(_ branch: Branch) throws(GitError) -> Head? {
    guard let commit = try repository.head(of: branch.ref) else { return nil }
    return Head(ref: try repository.setting(branch.nameKey) ?? branch.ref, commit: commit)
  }
}

/// `main` for `refs/heads/main`, `v1` for `refs/tags/v1`; other refs as they are.
func shortRefName(_ ref: String) -> String {
  for prefix in ["refs/heads/", "refs/tags/"] where ref.hasPrefix(prefix) { return String(ref.dropFirst(prefix.count)) }
  return ref
}
