import CLibgit2
package import Model

/// The bytes of a file, or how many there would be.
package enum BlobContent: Hashable, Sendable {
  case bytes([UInt8])
  /// The file is larger than was asked for; its size in bytes.
  case tooLarge(Int)
}

extension Repository {
  /// The content of one file; above `limit` bytes it is refused unread.
  package func blob(_ id: ObjectID, limit: Int = 64 << 20) throws(GitError) -> [UInt8] {
    let content = try blobs([id], limit: limit)
    switch content.first {
    case .bytes(let bytes): return bytes
    case .tooLarge(let size): throw .fileTooLarge(id, bytes: size, limit: limit)
    case nil: throw .objectMissing(id)
    }
  }

  /// The contents of many files, in the order asked for.
  package func blobs(_ ids: [ObjectID], limit: Int = 64 << 20) throws(GitError) -> [BlobContent] {
    try locked { (repository) throws(GitError) in
      var database: OpaquePointer?
      guard git_repository_odb(&database, repository) == 0, let database else {
        throw GitError(storing: path, LibraryFailure.last())
      }
      defer { git_odb_free(database) }
      var contents: [BlobContent] = []
      contents.reserveCapacity(ids.count)
      for id in ids { contents.append(try read(id, from: database, limit: limit)) }
      return contents
    }
  }

  private func read(_ id: ObjectID, from database: OpaquePointer, limit: Int) throws(GitError) -> BlobContent {
    var name = try id.libraryID()
    var size = 0
    var kind = GIT_OBJECT_ANY
    var code = git_odb_read_header(&size, &kind, database, &name)
    guard code == 0 else { throw GitError(reading: id, in: path, code) }
    guard kind == GIT_OBJECT_BLOB else { throw .objectMissing(id) }
    guard size <= limit else { return .tooLarge(size) }
    var object: OpaquePointer?
    code = git_odb_read(&object, database, &name)
    guard code == 0, let object else { throw GitError(reading: id, in: path, code) }
    defer { git_odb_object_free(object) }
    return .bytes(
      [UInt8](UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object))))
  }
}
