package import Model

/// A PagerDuty service, by the Events API v2.
package struct PagerDutySpec: Hashable, Sendable {
  /// Where events are taken, for accounts in the US; accounts in the EU name theirs in `api_url`.
  package static let usualAddress = "https://events.pagerduty.com/v2/enqueue"

  /// One endpoint: `api_url`.
  package var pool: EndpointPool
  /// The name of the secret that holds the integration's key.
  package var routingKey: String
  /// Shown beside the alert, in addition to what the message says; sorted by name.
  package var details: [Label] = []

  package init(routingKey: String, url: SecretOr = .plain(PagerDutySpec.usualAddress)) {
    self.routingKey = routingKey
    pool = EndpointPool([ChannelEndpoint(url: url)])
  }
}

extension PagerDutySpec {
  func visit(_ visitor: inout some FieldVisitor) {
    visitor.field("routing_key", routingKey)
    pool.visit(&visitor)
    if !details.isEmpty { visitor.labels("details", details) }
  }
}
