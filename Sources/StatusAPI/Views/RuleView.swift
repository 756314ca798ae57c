package import JSON
package import Model

/// One rule of a group: what it asks, and how its last evaluation went.
package struct RuleView: Hashable, Sendable {
  /// Alerting or recording, in Prometheus's words.
  package enum Purpose: String, Hashable, Sendable {
    case alerting, recording
  }

  package var purpose: Purpose
  /// The `alert` or `record` name.
  package var name: String
  package var query: String
  /// `for`.
  package var hold: Duration
  package var keepFiringFor: Duration
  package var labels: [Label]
  package var annotations: [Label]
  /// The name of the source it asks.
  package var dataSource: String?
  package var isEnabled: Bool
  package var provenance: Provenance
  package var health: HealthStanding
  /// The most urgent state of its alerts; `nil` while it has none.
  package var state: AlertState?
  package var alerts: AlertCounts
  package var lastEvaluationAt: Timestamp?
  package var lastDuration: Duration?
  /// Why the last evaluation brought no answer; `nil` when it did.
  package var lastError: String?

  package init(
    purpose: Purpose, name: String, query: String, hold: Duration = .zero, keepFiringFor: Duration = .zero,
    labels: [Label] = [], annotations: [Label] = [], dataSource: String? = nil, isEnabled: Bool = true,
    provenance: Provenance, health: HealthStanding, state: AlertState? = nil, alerts: AlertCounts,
    lastEvaluationAt: Timestamp? = nil, lastDuration: Duration? = nil, lastError: String? = nil
  ) {
    self.purpose = purpose
    self.name = name
    self.query = query
    self.hold = hold
    self.keepFiringFor = keepFiringFor
    self.labels = labels
    self.annotations = annotations
    self.dataSource = dataSource
    self.isEnabled = isEnabled
    self.provenance = provenance
    self.health = health
    self.state = state
    self.alerts = alerts
    self.lastEvaluationAt = lastEvaluationAt
    self.lastDuration = lastDuration
    self.lastError = lastError
  }
}

extension RuleView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object { writeMembers(to: &$0) }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.member("type", purpose.rawValue)
    writer.member("name", name)
    writer.member("query", query)
    writer.member("for", hold.prometheus)
    writer.member("keepFiringFor", keepFiringFor.prometheus)
    writer.labels("labels", labels)
    writer.labels("annotations", annotations)
    writer.optional("dataSource", dataSource)
    writer.member("enabled", isEnabled)
    writer.object("origin") { provenance.writeMembers(to: &$0) }
    writer.view("health", health)
    writer.member("state", state?.rawValue ?? "inactive")
    writer.view("alerts", alerts)
    writer.optional("lastEvaluationAt", lastEvaluationAt)
    writer.optional("lastEvaluationMs", lastDuration.map { Int($0.wholeMilliseconds) })
    writer.optional("lastError", lastError)
  }
}
