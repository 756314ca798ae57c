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
      $0.member("hash", hash)
    }
  }
}
