import CLibgit2
import Model

/// Does a request in this process, and blocks until it is done, however long the remote takes.
///
/// Meant for the child process that ``FetchChild`` starts. The CA file, where there is one, is trusted from then on by
/// the whole process. With `isDurable`, what was brought is on disk for certain before it counts as brought.
package func fetchInProcess(_ request: FetchRequest, isDurable: Bool = false) -> FetchOutcome {
  do throws(GitError) {
    try Libgit2.prepare()
    if isDurable { _ = belfry_git_set_fsync(true) }
    if let file = request.remote.certificateAuthorityFile { try Libgit2.trust(certificateFile: file) }
    let repository = try RepositoryHandle(at: request.repository)
    let session = try RemoteSession(repository.pointer, request.remote)
    switch request.operation {
    case .fetch(let tracks):
      var report = try session.fetch(tracks)
      if report.receivedObjects > 0 {
        report.isRepacked = try Packs(repository: repository.pointer, path: request.repository).putSmallOnesTogether()
      }
      return .fetched(report)
    case .push(let commit, let ref):
      try session.push(commit, to: ref)
      return .pushed
    }
  } catch {
    return .failed(error)
  }
}
