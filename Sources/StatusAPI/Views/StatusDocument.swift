package import JSON
package import Model

/// The whole at a glance, as far as its reader may see: the answer of `/api/v1/status`.
package struct StatusDocument: Hashable, Sendable {
  /// Fields may be added within a major version; none changes its meaning.
  package static let schemaVersion = "1.0"

  /// The process that answers.
  package struct Controller: Hashable, Sendable {
    package var version: String
    /// The host's or pod's name.
    package var instance: String
    package var startedAt: Timestamp

    package init(version: String, instance: String, startedAt: Timestamp) {
      self.version = version
      self.instance = instance
      self.startedAt = startedAt
    }
  }

  package var generation: UInt64
  package var observedAt: Timestamp
  package var controller: Controller
  package var source: SourceView
  package var sync: SyncStanding
  /// The scopes that keep an older revision; ascending.
  package var held: [Scope]
  package var health: HealthStanding
  /// The sync under way, or the last one.
  package var operation: OperationView?
  package var drift: DriftView
  package var deletionGuard = GuardView()
  package var tenantCount: Int
  package var tenantsDegraded: Int
  package var projectCount: Int
  package var suspended: Int
  package var counts: ResourceCounts
  package var alerts: AlertCounts
  package var conditions: [ConditionView]
  /// `nil` for readers who may not see the platform.
  package var platform: ScopeSummary?
  /// Ascending by name.
  package var tenants: [ScopeSummary]

  package init(
    generation: UInt64, observedAt: Timestamp, controller: Controller, source: SourceView, sync: SyncStanding,
    held: [Scope] = [], health: HealthStanding, operation: OperationView? = nil, drift: DriftView, tenantCount: Int,
    tenantsDegraded: Int, projectCount: Int, suspended: Int = 0, counts: ResourceCounts, alerts: AlertCounts,
    conditions: [ConditionView], platform: ScopeSummary? = nil, tenants: [ScopeSummary]
  ) {
    self.generation = generation
    self.observedAt = observedAt
    self.controller = controller
    self.source = source
    self.sync = sync
    self.held = held
    self.health = health
    self.operation = operation
    self.drift = drift
    self.tenantCount = tenantCount
    self.tenantsDegraded = tenantsDegraded
    self.projectCount = projectCount
    self.suspended = suspended
    self.counts = counts
    self.alerts = alerts
    self.conditions = conditions
    self.platform = platform
    self.tenants = tenants
  }
}

extension StatusDocument {
  /// This document without scopes that the reader may not see, should its source have given any.
  func limited(to reader: Visibility) -> StatusDocument {
    guard reader != .all else { return self }
    var limited = self
    limited.platform = nil
    limited.tenants.removeAll { !reader.allows($0.scope) }
    limited.held.removeAll { !reader.allows($0) }
    limited.drift.runtimeOnly.removeAll { !reader.allows($0.scope) }
    limited.deletionGuard = deletionGuard.limited(to: reader)
    limited.source.rewrite.found = nil
    return limited
  }
}

extension StatusDocument: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("schemaVersion", Self.schemaVersion)
      $0.member("generation", generation)
      $0.member("observedAt", observedAt.description)
      writeController(to: &$0)
      $0.view("source", source)
      $0.object("sync") {
        sync.writeMembers(to: &$0)
        $0.strings("held", held)
      }
      $0.view("health", health)
      $0.view("operation", operation)
      $0.timings("timingsMs", operation?.timings ?? [])
      $0.view("guard", deletionGuard)
      $0.view("drift", drift)
      writeCounts(to: &$0)
      $0.view("alerts", alerts)
      $0.views("conditions", conditions)
      $0.key("platform")
      if let platform { platform.writeShort(to: &$0) } else { $0.null() }
      $0.array("tenants", tenants) { $0.writeShort(to: &$1) }
    }
  }

  private func writeController(to writer: inout JSONWriter) {
    writer.object("controller") {
      $0.member("version", controller.version)
      $0.member("instance", controller.instance)
      $0.member("startedAt", controller.startedAt.description)
      $0.member("uptimeSeconds", max(0, (observedAt - controller.startedAt).components.seconds))
    }
  }

  private func writeCounts(to writer: inout JSONWriter) {
    writer.object("counts") {
      $0.member("tenants", tenantCount)
      $0.member("tenantsDegraded", tenantsDegraded)
      $0.member("projects", projectCount)
      $0.member("suspended", suspended)
      counts.writeMembers(to: &$0)
    }
  }
}
