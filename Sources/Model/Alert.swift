/// Where an alert stands.
package enum AlertState: String, Hashable, Sendable, CaseIterable {
  /// Its condition holds, but not yet for as long as the rule's `for`.
  case pending
  case firing
  /// It fired, and its condition no longer holds.
  case resolved
}

/// The rule that an alert comes from.
package struct RuleReference: Hashable, Sendable {
  /// The rule group's id.
  package var group: ResourceID
  /// The rule's `alert` name.
  package var rule: String
  package var provenance: Provenance

  package init(group: ResourceID, rule: String, provenance: Provenance) {
    self.group = group
    self.rule = rule
    self.provenance = provenance
  }
}

/// One alert, as a rule and a label set make it: the value that the evaluator hands to notifier, ledger and API.
package struct Alert: Hashable, Sendable {
  /// The owner: isolation and routing go by it, not by labels.
  package var scope: Scope
  /// The final labels: the sample's, the rule's, `alertname`, the external labels, `tenant` and `project`.
  package var labels: Labels
  /// ``Fingerprint`` of `labels`.
  package var fingerprint: Fingerprint
  /// Expanded; sorted by name; empty values are kept.
  package var annotations: [Label]
  package var state: AlertState
  /// The value of the sample at the last evaluation that returned it.
  package var value: Double
  /// Since when the condition holds.
  package var activeAt: Timestamp
  /// When it began to fire; `nil` while pending. Alertmanager's `startsAt`.
  package var firedAt: Timestamp?
  /// Since when it fires only by `keep_firing_for`.
  package var keepFiringSince: Timestamp?
  /// When it resolved; set only in state `resolved`. Alertmanager's `endsAt`.
  package var resolvedAt: Timestamp?
  package var rule: RuleReference
  /// A link to the expression on its data source, or `""`.
  package var generatorURL: String

  package init(
    scope: Scope, labels: Labels, annotations: [Label], state: AlertState, value: Double, activeAt: Timestamp,
    firedAt: Timestamp? = nil, keepFiringSince: Timestamp? = nil, resolvedAt: Timestamp? = nil,
    rule: RuleReference, generatorURL: String
  ) {
    self.scope = scope
    self.labels = labels
    fingerprint = Fingerprint(labels)
    self.annotations = annotations
    self.state = state
    self.value = value
    self.activeAt = activeAt
    self.firedAt = firedAt
    self.keepFiringSince = keepFiringSince
    self.resolvedAt = resolvedAt
    self.rule = rule
    self.generatorURL = generatorURL
  }
}

/// A change of an alert's state, as the evaluator reports it.
package struct AlertTransition: Hashable, Sendable {
  /// Why an alert changed state.
  package enum Reason: String, Hashable, Sendable {
    /// The condition began to hold.
    case conditionMet = "condition met"
    /// It held for as long as the rule's `for`.
    case heldLongEnough = "held for long enough"
    /// `for` was raised beyond the time it had held.
    case holdRaised = "hold raised"
    /// The condition no longer holds.
    case conditionEnded = "condition ended"
    /// The rule's labels were edited, or its tenant or project has another name: the alert goes on.
    case relabelled = "labels changed"
    /// The rule is no longer there, or was disabled.
    case ruleRemoved = "rule removed"
  }

  /// The state before; `nil` for a new alert.
  package var from: AlertState?
  /// The alert as it is now; a pending alert that vanished is given as `resolved` with `firedAt` nil.
  package var alert: Alert
  package var reason: Reason
  package var at: Timestamp

  package init(from: AlertState?, alert: Alert, reason: Reason, at: Timestamp) {
    self.from = from
    self.alert = alert
    self.reason = reason
    self.at = at
  }
}
