package import JSON
package import Model

/// What a channel does right now.
package struct ChannelView: Hashable, Sendable {
  package var id: ResourceID
  /// The destination's word in the spec: `webhook`, `email`, `slack`, …
  package var type: String
  package var health: HealthStanding
  /// Messages waiting to be sent.
  package var queued: Int
  package var lastDeliveredAt: Timestamp?
  package var lastFailedAt: Timestamp?
  /// The last failure in one line without secrets.
  package var lastError: String?

  package init(
    id: ResourceID, type: String, health: HealthStanding, queued: Int = 0, lastDeliveredAt: Timestamp? = nil,
    lastFailedAt: Timestamp? = nil, lastError: String? = nil
  ) {
    self.id = id
    self.type = type
    self.health = health
    self.queued = queued
    self.lastDeliveredAt = lastDeliveredAt
    self.lastFailedAt = lastFailedAt
    self.lastError = lastError
  }
}

extension ChannelView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object { writeMembers(to: &$0) }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.reference(to: id)
    writer.member("type", type)
    writer.view("health", health)
    writer.member("queued", queued)
    writer.optional("lastDeliveredAt", lastDeliveredAt)
    writer.optional("lastFailedAt", lastFailedAt)
    writer.optional("lastError", lastError)
  }
}

extension JSONWriter {
  /// Members that name a resource: its opaque `id`, `name` and `scope`.
  mutating func reference(to id: ResourceID) {
    member("id", id.opaque)
    member("name", id.name)
    member("scope", id.scope.description)
  }
}
