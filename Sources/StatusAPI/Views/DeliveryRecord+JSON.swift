package import JSON
package import Model

extension DeliveryRecord: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object { writeMembers(id: id, to: &$0) }
  }

  /// `id`: the ledger's; `nil` while it has given none.
  func writeMembers(id: Int64?, to writer: inout JSONWriter) {
    writer.identifier(id)
    writer.member("owner", owner.description)
    writer.object("channel") { $0.reference(to: channel) }
    writer.member("groupKey", groupKey)
    writer.member("attempt", attempt)
    writer.member("startedAt", startedAt.description)
    writer.member("finishedAt", finishedAt.description)
    writer.member("outcome", outcome.rawValue)
    writer.member("detail", detail)
    if !error.isEmpty { writer.member("error", error) }
    writer.member("endpoint", endpoint)
    writer.member("bytes", bytes)
    writer.member("groups", merged)
    writer.optional("nextAttemptAt", nextAttemptAt)
    writer.member("reason", reason)
    writer.member("firing", firing)
    writer.member("resolved", resolved)
    writer.strings("alerts", alerts)
  }
}
