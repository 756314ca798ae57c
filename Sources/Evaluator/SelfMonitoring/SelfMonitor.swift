package import Model

/// Turns what is wrong with Belfry into alerts that go the way of the scope's own.
package struct SelfMonitor: Sendable {
  fileprivate struct Entry: Sendable {
    var condition: Condition
    var labels: Labels
    var phase: ActivePhase
  }

  /// The group that built-in alerts name as theirs; no file has it.
  package static let group = ResourceID(.platform, .ruleGroup, "belfry")

  private let scopeLabels: ScopeLabels
  private var entries: [Trouble: Entry] = [:]

  package init(scopeLabels: ScopeLabels = ScopeLabels()) {
    self.scopeLabels = scopeLabels
  }

  /// The alerts that are pending or firing, sorted by scope and labels.
  package var alerts: [Alert] {
    entries.values.map(\.alert).sorted { ($0.scope, $0.labels) < ($1.scope, $1.labels) }
  }

  /// Goes on to `now`, when exactly `conditions` last; the changes, sorted by scope and labels.
  package mutating func step(_ conditions: [Condition], at now: Timestamp) -> [AlertTransition] {
    var transitions: [AlertTransition] = []
    let current = Dictionary(conditions.map { ($0.trouble, $0) }) { first, _ in first }
    for (trouble, entry) in entries {
      if let transition = advance(trouble, entry, current[trouble], at: now) { transitions.append(transition) }
    }
    for (trouble, condition) in current where entries[trouble] == nil {
      transitions.append(begin(trouble, condition, at: now))
    }
    return transitions.sorted { ($0.alert.scope, $0.alert.labels) < ($1.alert.scope, $1.alert.labels) }
  }

  /// Takes over built-in alerts from the ledger, so that what fired before a restart goes on or resolves.
  package mutating func restore(_ alerts: [Alert]) {
    for alert in alerts {
      guard let trouble = Trouble(alert), let active = ActiveAlert(alert) else { continue }
      let detail = alert.annotations.first { $0.name == "description" }?.value ?? ""
      let condition = Condition(trouble, since: alert.activeAt, detail: detail, place: alert.rule.provenance)
      entries[trouble] = Entry(condition: condition, labels: alert.labels, phase: active.phase)
    }
  }

  private mutating func advance(
    _ trouble: Trouble, _ entry: Entry, _ condition: Condition?, at now: Timestamp
  ) -> AlertTransition? {
    var entry = entry
    let before = entry.phase
    let state = entry.alert.state
    if let condition { entry.condition = condition }
    let change = entry.phase.step(isActive: condition != nil, at: now, hold: trouble.alert.hold)
    entries[trouble] = change == .ended ? nil : entry
    switch change {
    case nil: return nil
    case .startedFiring: return AlertTransition(from: state, alert: entry.alert, reason: .heldLongEnough, at: now)
    case .holdRaised: return AlertTransition(from: state, alert: entry.alert, reason: .holdRaised, at: now)
    case .ended:
      entry.phase = before
      var resolved = entry.alert
      resolved.state = .resolved
      resolved.resolvedAt = now
      return AlertTransition(from: state, alert: resolved, reason: .conditionEnded, at: now)
    }
  }

  private mutating func begin(_ trouble: Trouble, _ condition: Condition, at now: Timestamp) -> AlertTransition {
    var entry = Entry(
      condition: condition, labels: labels(of: trouble), phase: .pending(since: min(condition.since, now)))
    _ = entry.phase.step(isActive: true, at: now, hold: trouble.alert.hold)
    entries[trouble] = entry
    return AlertTransition(from: nil, alert: entry.alert, reason: .conditionMet, at: now)
  }

  private func labels(of trouble: Trouble) -> Labels {
    var labels = Labels([Label("alertname", trouble.alert.name), Label("severity", trouble.alert.severity)])
    if let own = trouble.ownLabel { labels[own.name] = own.value }
    return labels.filled(from: scopeLabels.labels(of: trouble.scope))
  }
}

extension SelfMonitor.Entry {
  fileprivate var alert: Alert {
    let trouble = condition.trouble
    let reference = RuleReference(
      group: SelfMonitor.group, rule: trouble.alert.name,
      provenance: condition.place ?? Provenance(file: "", line: 0)
    )
    let active = ActiveAlert(
      labels: labels, sampleLabels: nil,
      annotations: [Label("description", condition.detail), Label("summary", trouble.summary)], value: 1, phase: phase
    )
    return active.alert(scope: trouble.scope, rule: reference, generatorURL: "")
  }
}
