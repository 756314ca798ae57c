import CLibgit2
package import Model

extension Repository {
  /// The commit that a full ref leads to; `nil` where the ref doesn't exist.
  package func head(of ref: String) throws(GitError) -> ObjectID? {
    try locked { (repository) throws(GitError) in
      var reference: OpaquePointer?
      let code = git_reference_lookup(&reference, repository, ref)
      if code == GIT_ENOTFOUND.rawValue { return nil }
      guard code == 0, let reference else { throw GitError(storing: path, LibraryFailure.last(code: code)) }
      defer { git_reference_free(reference) }
      var object: OpaquePointer?
      guard git_reference_peel(&object, reference, GIT_OBJECT_COMMIT) == 0, let object else {
        throw .noSuchRevision(ref)
      }
      defer { git_object_free(object) }
      return git_object_id(object).map { ObjectID($0.pointee) }
    }
  }

  /// The full names of the refs that begin with `prefix`, sorted, with the object each names.
  ///
  /// A ref whose file was cut short by a crash is passed over.
  func refs(under prefix: String) throws(GitError) -> [(name: String, target: ObjectID)] {
    let all = try locked { (repository) throws(GitError) -> [String: ObjectID] in
      var names = git_strarray()
      guard git_reference_list(&names, repository) == 0 else {
        throw GitError(storing: path, LibraryFailure.last())
      }
      defer { git_strarray_dispose(&names) }
      var found: [String: ObjectID] = [:]
      for index in 0..<names.count {
        guard let text = names.strings[index] else { continue }
        let name = String(cString: text)
        var id = git_oid()
        guard name.hasPrefix(prefix), git_reference_name_to_id(&id, repository, name) == 0 else { continue }
        found[name] = ObjectID(id)
      }
      return found
    }
    return all.sorted { $0.key < $1.key }.map { (name: $0.key, target: $0.value) }
  }

  /// Makes `ref` name the commit `target`, whatever it named before.
  func setRef(_ ref: String, to target: ObjectID) throws(GitError) {
    try locked { (repository) throws(GitError) in
      _ = try LoadedCommit(target, in: repository, path: path)
      var id = try target.libraryID()
      var reference: OpaquePointer?
      let code = git_reference_create(&reference, repository, ref, &id, 1, nil)
      guard code == 0 else { throw GitError(storing: path, LibraryFailure.last(code: code)) }
      git_reference_free(reference)
    }
  }

  /// Removes `ref`; that it doesn't exist is no error.
  func deleteRef(_ ref: String) throws(GitError) {
    try locked { (repository) throws(GitError) in
      let code = git_reference_remove(repository, ref)
      guard code == 0 || code == GIT_ENOTFOUND.rawValue else {
        throw GitError(storing: path, LibraryFailure.last(code: code))
      }
    }
  }
}
