import CLibgit2
import Model

/// A commit in memory, freed when this goes; used under the repository's lock only.
final class LoadedCommit {
  private let pointer: OpaquePointer

  init(_ id: ObjectID, in repository: OpaquePointer, path: String) throws(GitError) {
    var name = try id.libraryID()
    var commit: OpaquePointer?
    let code = git_commit_lookup(&commit, repository, &name)
    guard code == 0, let commit else { throw GitError(reading: id, in: path, code) }
    pointer = commit
  }

  deinit {
    git_commit_free(pointer)
  }

  /// The library's own commit, which only this keeps alive.
  var raw: OpaquePointer { pointer }

  var parents: [ObjectID] {
    (0..<git_commit_parentcount(pointer)).compactMap { git_commit_parent_id(pointer, $0).map { ObjectID($0.pointee) } }
  }

  /// Seconds since the epoch.
  var time: Int64 { git_commit_time(pointer) }

  func info(_ id: ObjectID) -> CommitInfo {
    let (author, committer) = (git_commit_author(pointer), git_commit_committer(pointer))
    let message = git_commit_message(pointer).map { String(cString: $0) } ?? ""
    return CommitInfo(
      id: id,
      authorName: Self.text(author?.pointee.name), authorEmail: Self.text(author?.pointee.email),
      committerName: Self.text(committer?.pointee.name), committerEmail: Self.text(committer?.pointee.email),
      authoredAt: Self.timestamp(author?.pointee.when.time), committedAt: Self.timestamp(committer?.pointee.when.time),
      subject: message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "",
      message: message, parents: parents
    )
  }

  private static func text(_ text: UnsafeMutablePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? ""
  }

  private static func timestamp(_ seconds: Int64?) -> Timestamp {
    let (milliseconds, overflow) = (seconds ?? 0).multipliedReportingOverflow(by: 1000)
    return Timestamp(millisecondsSinceEpoch: overflow ? ((seconds ?? 0) < 0 ? .min : .max) : milliseconds)
  }
}
