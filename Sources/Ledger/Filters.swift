package import Model

/// A part of a list, newest first: rows are asked for by the last id seen, so new rows never shift it.
package struct Page: Hashable, Sendable {
  /// The most rows that one answer holds.
  package static let largest = 1000

  /// Only rows with a smaller id; `nil` for the newest.
  package var before: Int64?
  /// How many rows at most, 1…``largest``.
  package var limit: Int

  package init(before: Int64? = nil, limit: Int = 100) {
    self.before = before
    self.limit = min(max(limit, 1), Self.largest)
  }
}

/// Which syncs to list. A sync belongs to no tenant: who shows its plan leaves out what a reader may not see.
package struct SyncFilter: Hashable, Sendable {
  /// At least 4 leading digits of the commit tried.
  package var commit: String?
  package var status: SyncStatus?
  /// Ended at this instant or later.
  package var since: Timestamp?

  package init(commit: String? = nil, status: SyncStatus? = nil, since: Timestamp? = nil) {
    self.commit = commit
    self.status = status
    self.since = since
  }
}

/// Which applied resources to list.
package struct ResourceFilter: Hashable, Sendable {
  /// Only what belongs to these tenants, so nothing of the platform; `nil` for everything.
  package var tenants: Set<String>?
  /// Only this scope; a tenant's projects count as the tenant's.
  package var scope: Scope?
  package var kind: Kind?

  package init(tenants: Set<String>? = nil, scope: Scope? = nil, kind: Kind? = nil) {
    self.tenants = tenants
    self.scope = scope
    self.kind = kind
  }
}

/// Which transitions to list or count.
package struct TransitionFilter: Hashable, Sendable {
  /// Only what belongs to these tenants, so nothing of the platform; `nil` for everything.
  package var tenants: Set<String>?
  /// Only this scope; a tenant's projects count as the tenant's.
  package var scope: Scope?
  package var fingerprint: Fingerprint?
  /// The rule's name.
  package var rule: String?
  /// The state that was reached.
  package var state: AlertState?
  /// The label `severity`; empty for alerts without one.
  package var severity: String?
  /// All must accept the labels.
  package var matchers: [Matcher]
  /// At this instant or later.
  package var since: Timestamp?
  /// Before this instant.
  package var until: Timestamp?

  package init(
    tenants: Set<String>? = nil, scope: Scope? = nil, fingerprint: Fingerprint? = nil, rule: String? = nil,
    state: AlertState? = nil, severity: String? = nil, matchers: [Matcher] = [], since: Timestamp? = nil,
    until: Timestamp? = nil
  ) {
    self.tenants = tenants
    self.scope = scope
    self.fingerprint = fingerprint
    self.rule = rule
    self.state = state
    self.severity = severity
    self.matchers = matchers
    self.since = since
    self.until = until
  }
}

/// Which delivery attempts to list.
package struct DeliveryFilter: Hashable, Sendable {
  /// Only what belongs to these tenants, so nothing of the platform; `nil` for everything.
  package var tenants: Set<String>?
  /// Only this scope; a tenant's projects count as the tenant's.
  package var scope: Scope?
  package var channel: ResourceID?
  /// The channel's name, in whatever scope.
  package var channelName: String?
  package var groupKey: String?
  /// Only messages that told of this alert.
  package var alert: Fingerprint?
  /// Only messages that told of an alert of a rule with this name.
  package var rule: String?
  /// Only messages that told of an alert with this label `severity`.
  package var severity: String?
  package var outcome: DeliveryRecord.Outcome?
  /// Begun at this instant or later.
  package var since: Timestamp?
  /// Begun before this instant.
  package var until: Timestamp?

  package init(
    tenants: Set<String>? = nil, scope: Scope? = nil, channel: ResourceID? = nil, channelName: String? = nil,
    groupKey: String? = nil, alert: Fingerprint? = nil, rule: String? = nil, severity: String? = nil,
    outcome: DeliveryRecord.Outcome? = nil, since: Timestamp? = nil, until: Timestamp? = nil
  ) {
    self.tenants = tenants
    self.scope = scope
    self.channel = channel
    self.channelName = channelName
    self.groupKey = groupKey
    self.alert = alert
    self.rule = rule
    self.severity = severity
    self.outcome = outcome
    self.since = since
    self.until = until
  }
}

/// Which rows of the audit to list.
package struct AuditFilter: Hashable, Sendable {
  /// Only what belongs to these tenants, so nothing of the platform; `nil` for everything.
  package var tenants: Set<String>?
  /// Only this scope; a tenant's projects count as the tenant's.
  package var scope: Scope?
  package var actor: String?
  /// An action, or what comes before a dot of it: `scope.held` lists `scope.held.ValidationFailed` too.
  package var action: String?
  /// At least 4 leading digits of the commit that made the change.
  package var commit: String?
  /// The file, from the spec root, or a folder that it is in.
  package var path: String?
  package var kind: Kind?
  /// A resource's name.
  package var name: String?
  /// At this instant or later.
  package var since: Timestamp?
  /// Before this instant.
  package var until: Timestamp?

  package init(
    tenants: Set<String>? = nil, scope: Scope? = nil, actor: String? = nil, action: String? = nil,
    commit: String? = nil, path: String? = nil, kind: Kind? = nil, name: String? = nil, since: Timestamp? = nil,
    until: Timestamp? = nil
  ) {
    self.tenants = tenants
    self.scope = scope
    self.actor = actor
    self.action = action
    self.commit = commit
    self.path = path
    self.kind = kind
    self.name = name
    self.since = since
    self.until = until
  }
}
