package import JSON
package import Model

/// A channel in the list of all channels: how it does, each of its endpoints, and how it did in the last 24 hours.
package struct ChannelListing: Hashable, Sendable {
  /// One endpoint of its pool.
  package struct Endpoint: Hashable, Sendable {
    package var isUp: Bool
    package var failingSince: Timestamp?
    package var lastDeliveredAt: Timestamp?
    package var lastFailedAt: Timestamp?
    /// One line without secrets.
    package var lastError: String?
    /// Nothing is sent to it before.
    package var pausedUntil: Timestamp?

    package init(
      isUp: Bool, failingSince: Timestamp? = nil, lastDeliveredAt: Timestamp? = nil, lastFailedAt: Timestamp? = nil,
      lastError: String? = nil, pausedUntil: Timestamp? = nil
    ) {
      self.isUp = isUp
      self.failingSince = failingSince
      self.lastDeliveredAt = lastDeliveredAt
      self.lastFailedAt = lastFailedAt
      self.lastError = lastError
      self.pausedUntil = pausedUntil
    }
  }

  package var channel: ChannelView
  /// In the order of the spec.
  package var endpoints: [Endpoint]
  package var provenance: Provenance?
  package var lastDay: DeliveryFigures

  package init(
    channel: ChannelView, endpoints: [Endpoint] = [], provenance: Provenance? = nil,
    lastDay: DeliveryFigures = DeliveryFigures()
  ) {
    self.channel = channel
    self.endpoints = endpoints
    self.provenance = provenance
    self.lastDay = lastDay
  }
}

extension ChannelListing: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      channel.writeMembers(to: &$0)
      $0.array("endpoints", endpoints) { endpoint, writer in
        writer.object {
          $0.member("up", endpoint.isUp)
          $0.optional("failingSince", endpoint.failingSince)
          $0.optional("lastDeliveredAt", endpoint.lastDeliveredAt)
          $0.optional("lastFailedAt", endpoint.lastFailedAt)
          $0.optional("lastError", endpoint.lastError)
          $0.optional("pausedUntil", endpoint.pausedUntil)
        }
      }
      $0.key("origin")
      if let provenance { $0.object { provenance.writeMembers(to: &$0) } } else { $0.null() }
      $0.view("last24h", lastDay)
    }
  }
}
