package import Model

/// The history of a repository's files, as far as a search for the last change in meaning needs it.
///
/// Paths are those from the root of the repository.
package protocol FileHistory {
  associatedtype Failure: Error

  /// The parents of a commit, and when it was committed.
  func commit(_ id: ObjectID) throws(Failure) -> (parents: [ObjectID], committedAt: Timestamp)

  /// Of `paths`, those whose file differs between a commit and one of its parents, with the parent's file; `nil` where
  /// the parent has none.
  func differing(
    from parent: ObjectID, to commit: ObjectID, among paths: Set<String>
  ) throws(Failure) -> [String: ObjectID?]

  /// The files of the parent that a commit removed or changed, those removed first: where something that moved may
  /// have been before. Nothing where the commit touched too many.
  func sources(from parent: ObjectID, to commit: ObjectID) throws(Failure) -> [(path: String, blob: ObjectID)]

  /// The bytes of a file; `nil` where it is too large to be a spec.
  func content(_ blob: ObjectID) throws(Failure) -> [UInt8]?
}
