import CLibgit2
package import Model

extension Repository {
  /// The commit whose name begins with these hexadecimal digits; `nil` where there is none, or more than one object.
  package func commit(beginningWith digits: String) throws(GitError) -> ObjectID? {
    try locked { (repository) throws(GitError) in
      let length = digits.utf8.count
      var prefix = git_oid()
      guard 4...40 ~= length, git_oid_fromstrn(&prefix, digits, length) == 0 else { return nil }
      var object: OpaquePointer?
      defer { git_object_free(object) }
      guard git_object_lookup_prefix(&object, repository, &prefix, length, GIT_OBJECT_COMMIT) == 0,
        let id = git_object_id(object)
      else { return nil }
      return ObjectID(id.pointee)
    }
  }
}
