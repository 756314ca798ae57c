import CLibgit2
import Model

/// The library's open repository, closed when this goes.
///
/// `@unchecked Sendable`: libgit2 lets a repository be used by any thread, but by one at a time. The only holder is the
/// `Mutex` in ``Repository``, and no pointer obtained from it outlives the lock.
struct RepositoryHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
  }

  /// Opens the repository whose folder is exactly `path`.
  init(at path: String) throws(GitError) {
    try Libgit2.prepare()
    var opened: OpaquePointer?
    let code = git_repository_open_ext(&opened, path, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)
    guard code == 0, let opened else { throw GitError(opening: path, LibraryFailure.last(code: code)) }
    pointer = opened
  }

  deinit {
    git_repository_free(pointer)
  }
}

extension GitError {
  /// Why the repository at `path` wasn't opened.
  init(opening path: String, _ failure: LibraryFailure) {
    if failure.code == GIT_ENOTFOUND.rawValue {
      self = .noRepository(path: path)
    } else if failure.message.contains("objectformat") {
      self = .unsupported(detail: "'\(path)' names its objects by SHA-256, which libgit2 1.5 can't read; use SHA-1")
    } else if failure.message.contains("extension") {
      self = .unsupported(detail: "'\(path)' uses a repository extension that libgit2 1.5 can't read: \(failure.fact)")
    } else {
      self = GitError(storing: path, failure)
    }
  }

  /// Why the object `id` wasn't read.
  init(reading id: ObjectID, in path: String, _ code: Int32) {
    let failure = LibraryFailure.last(code: code)
    switch code {
    case GIT_ENOTFOUND.rawValue: self = .objectMissing(id)
    case GIT_EPEEL.rawValue, GIT_EINVALIDSPEC.rawValue, GIT_EAMBIGUOUS.rawValue: self = .noSuchRevision(id.hex)
    default: self = GitError(storing: path, failure)
    }
  }

  /// Why the repository's files weren't read or written: they are damaged, or the disk refuses.
  init(storing path: String, _ failure: LibraryFailure) {
    switch failure.area {
    case GIT_ERROR_ODB, GIT_ERROR_ZLIB, GIT_ERROR_OBJECT, GIT_ERROR_TREE, GIT_ERROR_INDEXER:
      self = .corruptMirror(path: path, detail: failure.fact)
    default: self = .storage(path: path, detail: failure.fact)
    }
  }
}
