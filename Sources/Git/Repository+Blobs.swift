import CLibgit2
package import Model

/// The bytes of a file, or how many there would be.
package enum BlobContent: Hashable, Sendable {
  case bytes([UInt8])
  /// The file is larger than was asked for; its size in bytes.
  case tooLarge(Int)
  /// The bytes in the store don't hash to their name: damage, or an attempt to pass one content off as another.
  case damaged
}

extension Repository {
  /// The content of one file; above `limit` bytes it is refused unread.
  package func blob(_ id: ObjectID, limit: Int = 64 << 20) throws(GitError) -> [UInt8] {
    let content = try blobs([id], limit: limit)
    switch content.first {
    case .bytes(let bytes): return bytes
    case .tooLarge(let size): throw .fileTooLarge(id, bytes: size, limit: limit)
    case .damaged: throw .corruptMirror(path: path, detail: "the bytes of \(id.short) don't hash to that name")
    case nil: throw .objectMissing(id)
    }
  }

  /// The contents of many files, in the order asked for.
  ///
  /// `budget`: no more are read once these are so many bytes together; the contents that come are those of the first
  /// ids, at least one.
  package func blobs(
    _ ids: some Sequence<ObjectID>, limit: Int = 64 << 20, budget: Int = .max
  ) throws(GitError) -> [BlobContent] {
    try locked { (repository) throws(GitError) in
      var database: OpaquePointer?
      guard git_repository_odb(&database, repository) == 0, let database else {
        throw GitError(storing: path, LibraryFailure.last())
      }
      defer { git_odb_free(database) }
      var contents: [BlobContent] = []
      var bytes = 0
      for id in ids {
        guard bytes < budget else { break }
        let content = try read(id, from: database, limit: limit)
        if case .bytes(let read) = content { bytes += read.count }
        contents.append(content)
      }
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
    if code == GIT_EMISMATCH.rawValue { return .damaged }
    guard code == 0, let object else { throw GitError(reading: id, in: path, code) }
    defer { git_odb_object_free(object) }
    return .bytes(
      [UInt8](UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object))))
  }
}
