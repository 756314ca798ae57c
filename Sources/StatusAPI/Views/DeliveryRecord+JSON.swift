package import JSON
package import Model

extension DeliveryRecord: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("id", id)
      $0.member("owner", owner.description)
      $0.object("channel") { $0.reference(to: channel) }
      $0.member("groupKey", groupKey)
      $0.member("attempt", attempt)
      $0.member("startedAt", startedAt.description)
      $0.member("finishedAt", finishedAt.description)
      $0.member("outcome", outcome.rawValue)
      $0.member("detail", detail)
      if !error.isEmpty { $0.member("error", error) }
      $0.member("endpoint", endpoint)
      $0.member("bytes", bytes)
      $0.member("groups", merged)
      $0.optional("nextAttemptAt", nextAttemptAt)
      $0.member("reason", reason)
      $0.member("firing", firing)
      $0.member("resolved", resolved)
      $0.strings("alerts", alerts)
    }
  }
}
