import Model

/// Alertmanagers that alerts are forwarded to: each endpoint is a member of one cluster and gets all of them.
package struct AlertmanagerSpec: Hashable, Sendable {
  package var pool: EndpointPool

  package init(pool: EndpointPool) {
    self.pool = pool
  }
}

extension AlertmanagerSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
  }
}

extension ChannelKind {
  /// Whether the destination forgets an alert that isn't told again, so that firing ones are told at each flush of
  /// their group and not only when something changes.
  package var forgetsAlerts: Bool { self == .alertmanager }
}
