package import Model

/// The live alerts at one moment, prepared for reading: sorted, and shared by all readers.
///
/// Taking it costs no more than a reference; alerts that didn't change are the same entries from one book to the next,
/// with what was rendered of them.
package struct AlertBook: Sendable {
  /// Grows with each change of what is in it, values included.
  package let generation: UInt64
  package let takenAt: Timestamp
  /// Pending and firing alerts of every scope, ascending by ``AlertKey``.
  package let alerts: AlertList
  /// The alerts of each tenant with its projects; tenants without any aren't there.
  private let tenants: [String: AlertList]

  /// `tenants` holds the same entries as `alerts`, without the platform's own.
  package init(generation: UInt64, takenAt: Timestamp, alerts: AlertList, tenants: [String: AlertList]) {
    self.generation = generation
    self.takenAt = takenAt
    self.alerts = alerts
    self.tenants = tenants
  }

  /// A book of these alerts, in whatever order.
  package init(generation: UInt64, takenAt: Timestamp, alerts: [AlertView]) {
    let entries = alerts.map { AlertEntry($0) }
    var tenants: [String: [AlertEntry]] = [:]
    for entry in entries {
      if let tenant = entry.view.alert.scope.tenant { tenants[tenant, default: []].append(entry) }
    }
    self.init(
      generation: generation, takenAt: takenAt, alerts: AlertList(entries),
      tenants: tenants.mapValues { AlertList($0) })
  }

  /// The alerts of one tenant with its projects, ascending; no other tenant's are walked.
  package func alerts(of tenant: String) -> AlertList { tenants[tenant] ?? AlertList() }

  /// What a reader may see of them, ascending; of one tenant where `tenant` says so.
  package func alerts(of tenant: String? = nil, for reader: Visibility) -> AlertList {
    switch (reader, tenant) {
    case (.all, nil): alerts
    case (_, let tenant?): reader.allows(.tenant(tenant)) ? alerts(of: tenant) : AlertList()
    case (.tenants(let visible), nil):
      visible.count == 1
        ? visible.first.map { alerts(of: $0) } ?? AlertList()
        : AlertList(visible.flatMap { alerts(of: $0) })
    }
  }
}
