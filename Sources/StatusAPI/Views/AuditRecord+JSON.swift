package import JSON
package import Model

extension AuditRecord: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("id", id)
      $0.member("at", at.description)
      $0.member("actor", actor)
      $0.member("action", action)
      $0.scope(scope)
      $0.optional("commit", commit)
      $0.member("subject", subject)
      $0.stored("before", before)
      $0.stored("after", after)
      writeOrigin(to: &$0)
      $0.member("hash", hash)
    }
  }

  /// By whom and how the change came, and where it stands.
  private func writeOrigin(to writer: inout JSONWriter) {
    writer.optional("committer", committer.isEmpty ? nil : committer)
    writer.optional("merger", merger.isEmpty ? nil : merger)
    writer.array("approvers", approvers) { approver, writer in
      writer.object {
        $0.member("trailer", approver.name)
        $0.member("by", approver.value)
      }
    }
    writer.optional("pullRequest", pullRequest)
    writer.optional("path", path.isEmpty ? nil : path)
    writer.optional("line", line)
    writer.optional("kind", resource?.kind.rawValue)
    writer.optional("name", resource?.name)
    writer.optional("trigger", trigger?.rawValue)
    writer.optional("revision", revision)
  }
}
