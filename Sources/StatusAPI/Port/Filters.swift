package import Model

/// Which resources are asked for.
package struct ResourceFilter: Hashable, Sendable {
  /// A tenant together with its projects, or one project; `nil` for all.
  package var scope: Scope?
  package var kind: Kind?

  package init(scope: Scope? = nil, kind: Kind? = nil) {
    self.scope = scope
    self.kind = kind
  }
}

/// Which live alerts are asked for.
package struct AlertFilter: Hashable, Sendable {
  /// `pending`, `firing` or both.
  package var states: Set<AlertState>
  /// A tenant together with its projects, or one project; `nil` for all.
  package var scope: Scope?
  /// All must accept the labels.
  package var matchers: [Matcher]

  package init(states: Set<AlertState> = [.pending, .firing], scope: Scope? = nil, matchers: [Matcher] = []) {
    self.states = states
    self.scope = scope
    self.matchers = matchers
  }
}

/// Which transitions are asked for.
package struct HistoryFilter: Hashable, Sendable {
  /// A tenant together with its projects, or one project; `nil` for all.
  package var scope: Scope?
  package var fingerprint: Fingerprint?
  /// The rule's `alert` name.
  package var rule: String?
  /// The state that was reached.
  package var state: AlertState?
  /// The label `severity`.
  package var severity: String?
  /// All must accept the labels.
  package var matchers: [Matcher]
  package var time: TimeSpan

  package init(
    scope: Scope? = nil, fingerprint: Fingerprint? = nil, rule: String? = nil, state: AlertState? = nil,
    severity: String? = nil, matchers: [Matcher] = [], time: TimeSpan = TimeSpan()
  ) {
    self.scope = scope
    self.fingerprint = fingerprint
    self.rule = rule
    self.state = state
    self.severity = severity
    self.matchers = matchers
    self.time = time
  }
}

/// Which deliveries are asked for.
package struct DeliveryFilter: Hashable, Sendable {
  /// A tenant together with its projects; `nil` for all.
  package var tenant: String?
  /// The channel's name, in whatever scope.
  package var channel: String?
  package var outcome: DeliveryRecord.Outcome?
  /// An alert that was in the message.
  package var fingerprint: Fingerprint?
  /// The group's key.
  package var group: String?
  /// The name of a rule that an alert in the message is of.
  package var rule: String?
  /// The label `severity` of an alert in the message.
  package var severity: String?
  package var time: TimeSpan

  package init(
    tenant: String? = nil, channel: String? = nil, outcome: DeliveryRecord.Outcome? = nil,
    fingerprint: Fingerprint? = nil, group: String? = nil, rule: String? = nil, severity: String? = nil,
    time: TimeSpan = TimeSpan()
  ) {
    self.tenant = tenant
    self.channel = channel
    self.outcome = outcome
    self.fingerprint = fingerprint
    self.group = group
    self.rule = rule
    self.severity = severity
    self.time = time
  }
}

/// Which rows of the audit are asked for.
package struct AuditFilter: Hashable, Sendable {
  /// A tenant together with its projects, or one project; `nil` for all.
  package var scope: Scope?
  package var actor: String?
  /// An action, or what comes before a dot of it.
  package var action: String?
  /// At least 7 leading digits.
  package var commit: String?
  /// The file, from the spec root, or a folder that it is in.
  package var path: String?
  package var kind: Kind?
  /// A resource's name.
  package var name: String?
  package var time: TimeSpan

  package init(
    scope: Scope? = nil, actor: String? = nil, action: String? = nil, commit: String? = nil, path: String? = nil,
    kind: Kind? = nil, name: String? = nil, time: TimeSpan = TimeSpan()
  ) {
    self.scope = scope
    self.actor = actor
    self.action = action
    self.commit = commit
    self.path = path
    self.kind = kind
    self.name = name
    self.time = time
  }
}

/// From `since` up to and without `until`; open where either is `nil`.
package struct TimeSpan: Hashable, Sendable {
  package var since: Timestamp?
  package var until: Timestamp?

  package init(since: Timestamp? = nil, until: Timestamp? = nil) {
    self.since = since
    self.until = until
  }

  package func contains(_ instant: Timestamp) -> Bool {
    since.map { $0 <= instant } ?? true && until.map { instant < $0 } ?? true
  }
}

extension Scope {
  /// Whether this scope is the one asked for, or a project of the tenant asked for; `nil` asks for all.
  package func isWithin(_ filter: Scope?) -> Bool {
    guard let filter else { return true }
    return self == filter || (filter.project == nil && filter.tenant != nil && tenant == filter.tenant)
  }
}
