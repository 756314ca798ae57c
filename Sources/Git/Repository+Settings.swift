import CLibgit2

extension Repository {
  /// A text in the repository's own configuration file.
  func setting(_ key: String) throws(GitError) -> String? {
    try locked { (repository) throws(GitError) in
      var configuration: OpaquePointer?
      guard git_repository_config_snapshot(&configuration, repository) == 0, let configuration else {
        throw GitError(storing: path, LibraryFailure.last())
      }
      defer { git_config_free(configuration) }
      var value: UnsafePointer<CChar>?
      guard git_config_get_string(&value, configuration, key) == 0 else { return nil }
      return value.map { String(cString: $0) }
    }
  }

  /// Writes a text to the repository's own configuration file.
  func setSetting(_ key: String, to value: String) throws(GitError) {
    try locked { (repository) throws(GitError) in
      var configuration: OpaquePointer?
      guard git_repository_config(&configuration, repository) == 0, let configuration else {
        throw GitError(storing: path, LibraryFailure.last())
      }
      defer { git_config_free(configuration) }
      guard git_config_set_string(configuration, key, value) == 0 else {
        throw GitError(storing: path, LibraryFailure.last())
      }
    }
  }
}
