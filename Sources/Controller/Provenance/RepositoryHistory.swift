import Git
import Model
import Reconciler

/// The history of the mirror's files, for searches.
struct RepositoryHistory: FileHistory {
  let repository: Repository

  /// Larger files are no specs.
  private static let largestFile = 16 << 20
  /// Where a commit touched more files, nobody looks for what moved among them.
  private static let mostSources = 5000
  private static let sourcesRead = 20

  func commit(_ id: ObjectID) throws(GitError) -> (parents: [ObjectID], committedAt: Timestamp) {
    let commit = try repository.commit(id)
    return (commit.parents, commit.committedAt)
  }

  func differing(
    from parent: ObjectID, to commit: ObjectID, among paths: Set<String>
  ) throws(GitError) -> [String: ObjectID?] {
    try repository.differing(from: parent, to: commit, among: paths)
  }

  func sources(from parent: ObjectID, to commit: ObjectID) throws(GitError) -> [(path: String, blob: ObjectID)] {
    let changes: [FileChange]
    do throws(GitError) {
      changes = try repository.changes(from: parent, to: commit, limit: Self.mostSources)
    } catch {
      guard case .treeTooLarge = error else { throw error }
      return []
    }
    let files = changes.filter { change in
      change.mode.isReadable && (change.path.hasSuffix(".yaml") || change.path.hasSuffix(".yml"))
    }
    // What was added has the same content as something that was removed: a move as it is, first of all.
    let added = Set(files.filter { $0.old == nil }.compactMap(\.new))
    let removed = files.filter { $0.new == nil }
    let moved = removed.filter { $0.old.map(added.contains) ?? false }
    let others = removed.filter { $0.old.map { !added.contains($0) } ?? false }
    let changed = files.filter { $0.new != nil && $0.old != nil }
    let few = (others + changed).prefix(Self.sourcesRead)
    return (moved + few).compactMap { change in change.old.map { (change.path, $0) } }
  }

  func content(_ blob: ObjectID) throws(GitError) -> [UInt8]? {
    guard case .bytes(let bytes)? = try repository.blobs([blob], limit: Self.largestFile).first else { return nil }
    return bytes
  }
}
