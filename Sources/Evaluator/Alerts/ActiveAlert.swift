package import Model

/// An alert of a rule that is pending or firing: what is its own, without what it shares with the rule.
package struct ActiveAlert: Hashable, Sendable {
  /// The final labels.
  package internal(set) var labels: Labels
  /// Of `labels`.
  package internal(set) var fingerprint: Fingerprint
  /// The labels of the sample it comes from; `nil` where they aren't known, after a restart or a change.
  var sampleLabels: Labels?
  /// Expanded, sorted by name.
  package internal(set) var annotations: [Label]
  package internal(set) var value: Double
  package internal(set) var phase: ActivePhase

  init(labels: Labels, sampleLabels: Labels?, annotations: [Label], value: Double, phase: ActivePhase) {
    self.labels = labels
    fingerprint = Fingerprint(labels)
    self.sampleLabels = sampleLabels
    self.annotations = annotations
    self.value = value
    self.phase = phase
  }

  /// Whether it fires or is pending.
  package var state: AlertState {
    switch phase {
    case .pending: .pending
    case .firing: .firing
    }
  }

  /// The whole alert, as the rule at `reference` has it.
  package func alert(scope: Scope, rule reference: RuleReference, generatorURL: String) -> Alert {
    var firedAt: Timestamp?
    var keptSince: Timestamp?
    if case .firing(_, let since, let kept) = phase { (firedAt, keptSince) = (since, kept) }
    return Alert(
      scope: scope, labels: labels, annotations: annotations, state: state, value: value, activeAt: phase.activeAt,
      firedAt: firedAt, keepFiringSince: keptSince, rule: reference, generatorURL: generatorURL
    )
  }
}

extension ActiveAlert {
  /// An alert as it was recorded; `nil` for a resolved one.
  package init?(_ alert: Alert) {
    switch (alert.state, alert.firedAt) {
    case (.pending, _): phase = .pending(since: alert.activeAt)
    case (.firing, let firedAt):
      let since = firedAt ?? alert.activeAt
      phase = .firing(activeAt: alert.activeAt, since: since, keptSince: alert.keepFiringSince)
    case (.resolved, _): return nil
    }
    labels = alert.labels
    fingerprint = alert.fingerprint
    annotations = alert.annotations
    value = alert.value
  }
}
