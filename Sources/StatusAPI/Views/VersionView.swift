package import JSON

/// What was built: the answer of `/version`.
package struct VersionView: Hashable, Sendable {
  package var version: String
  /// The commit it was built from, where known.
  package var commit: String?

  package init(version: String, commit: String? = nil) {
    self.version = version
    self.commit = commit
  }
}

extension VersionView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("version", version)
      $0.optional("commit", commit)
    }
  }
}
