package import JSON
package import Model

/// One scope in a list: how it stands, in a few words and numbers.
package struct ScopeSummary: Hashable, Sendable {
  package var scope: Scope
  package var displayName: String?
  package var owner: String?
  package var desired: Revision?
  /// The last good revision, which is live.
  package var applied: Revision?
  package var appliedAt: Timestamp?
  package var sync: SyncStanding
  package var health: HealthStanding
  /// `send`, `observe` or `none`, as the spec says.
  package var notify: String
  package var counts: ResourceCounts
  package var alerts: AlertCounts
  /// A tenant's projects, ascending by name.
  package var projects: [ScopeSummary]
  /// Over what the last plan that changed the scope did; `nil` before the first since the process began.
  package var planDigest: String?

  package init(
    scope: Scope, displayName: String? = nil, owner: String? = nil, desired: Revision? = nil,
    applied: Revision? = nil, appliedAt: Timestamp? = nil, sync: SyncStanding, health: HealthStanding,
    notify: String = "send", counts: ResourceCounts, alerts: AlertCounts, projects: [ScopeSummary] = [],
    planDigest: String? = nil
  ) {
    self.scope = scope
    self.displayName = displayName
    self.owner = owner
    self.desired = desired
    self.applied = applied
    self.appliedAt = appliedAt
    self.sync = sync
    self.health = health
    self.notify = notify
    self.counts = counts
    self.alerts = alerts
    self.projects = projects
    self.planDigest = planDigest
  }

  /// The tenant's or project's own name, or `platform`.
  package var name: String { scope.project ?? scope.tenant ?? "platform" }
}

extension ScopeSummary: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object { writeMembers(to: &$0) }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writeIdentity(to: &writer)
    writer.optional("displayName", displayName)
    writer.optional("owner", owner)
    writeStanding(to: &writer)
    writer.member("notify", notify)
    writer.optional("planDigest", planDigest)
    writer.view("counts", counts)
    writer.view("alerts", alerts)
    if scope.project == nil, scope.tenant != nil { writer.views("projects", projects) }
  }

  /// Without counts and projects.
  func writeShort(to writer: inout JSONWriter) {
    writer.object {
      writeIdentity(to: &$0)
      writeStanding(to: &$0)
    }
  }

  private func writeIdentity(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.scope(scope)
    writer.member("path", scope.path)
  }

  private func writeStanding(to writer: inout JSONWriter) {
    writer.object("revision") {
      $0.optional("desired", desired)
      $0.optional("applied", applied)
      $0.optional("lastGoodAt", appliedAt)
    }
    writer.view("sync", sync)
    writer.view("health", health)
  }
}
