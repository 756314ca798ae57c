import CLibgit2
package import Model

extension Repository {
  /// The commit's signature; `nil` for an unsigned commit.
  package func signature(of commit: ObjectID) throws(GitError) -> CommitSignature? {
    CommitSignature(commit: try rawCommit(commit))
  }

  /// What checking the commit's signature comes to. Whose the key is, and what it may do, is judged elsewhere.
  package func signatureStanding(of commit: ObjectID) throws(GitError) -> SignatureStanding {
    CommitSignature.standing(ofCommit: try rawCommit(commit))
  }

  /// The bytes of a commit object.
  private func rawCommit(_ id: ObjectID) throws(GitError) -> [UInt8] {
    try locked { (repository) throws(GitError) in
      var (database, object): (OpaquePointer?, OpaquePointer?)
      guard git_repository_odb(&database, repository) == 0, let database else {
        throw GitError(storing: path, LibraryFailure.last())
      }
      defer { git_odb_free(database) }
      var name = try id.libraryID()
      let code = git_odb_read(&object, database, &name)
      guard code == 0, let object else { throw GitError(reading: id, in: path, code) }
      defer { git_odb_object_free(object) }
      guard git_odb_object_type(object) == GIT_OBJECT_COMMIT else { throw .noSuchRevision(id.hex) }
      return [UInt8](
        UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }
  }
}
