import CLibgit2
import Synchronization

/// An open repository on disk: its objects and refs, read by any number of tasks, one at a time.
///
/// Reads are short and block; nothing here touches the network.
package final class Repository: Sendable {
  /// The repository's own folder: the bare repository, or `.git`.
  package let path: String
  private let handle: Mutex<RepositoryHandle>

  /// Opens the repository whose folder is `path`.
  package convenience init(at path: String) throws(GitError) {
    try self.init(RepositoryHandle(at: path), path: path)
  }

  init(_ handle: consuming RepositoryHandle, path: String) {
    self.path = path
    self.handle = Mutex(handle)
  }

  /// Runs `body` with the library's repository, alone.
  ///
  /// Objects that were packed anew since the repository was opened are found by opening it again, once.
  func locked<Result: Sendable>(
    _ body: (OpaquePointer) throws(GitError) -> Result
  ) throws(GitError) -> Result {
    try handle.withLock { (handle: inout sending RepositoryHandle) throws(GitError) -> Result in
      do throws(GitError) {
        return try body(handle.pointer)
      } catch {
        switch error {
        case .objectMissing, .corruptMirror: break
        default: throw error
        }
        handle = try RepositoryHandle(at: path)
        return try body(handle.pointer)
      }
    }
  }

  /// Forgets what is known of the packs on disk, after another process has replaced them.
  package func reopen() throws(GitError) {
    try handle.withLock { (handle: inout sending RepositoryHandle) throws(GitError) in
      handle = try RepositoryHandle(at: path)
    }
  }
}
