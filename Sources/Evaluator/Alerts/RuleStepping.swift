import Model
import PromQL
import Specs

/// One evaluation of a rule: samples are matched with the alerts there are, then every alert goes one step on.
struct RuleStepping {
  let definition: GroupDefinition
  let index: Int
  let templates: RuleTemplates
  let scene: RuleScene
  /// Whether annotations that depend on labels alone are expanded too.
  let refreshesAll: Bool
  /// Whether every alert that fires is told, also with the annotations that it had.
  let tellsAll: Bool
  /// For each alert the sample that belongs to it; -1 for none.
  private var sampleOfAlert: [Int] = []
  /// Samples without an alert, and the labels that they lead to.
  private var fresh: [(sample: Int, labels: Labels)] = []

  init(
    definition: GroupDefinition, index: Int, templates: RuleTemplates, scene: RuleScene, refreshesAll: Bool,
    tellsAll: Bool
  ) {
    self.definition = definition
    self.index = index
    self.templates = templates
    self.scene = scene
    self.refreshesAll = refreshesAll
    self.tellsAll = tellsAll
  }

  private var now: Timestamp { scene.now }
  private var hold: Hold { definition.spec.rules[index].firingHold }

  /// Finds each sample's alert and checks for duplicates and for the limit, without changing anything.
  mutating func match(_ samples: [QuerySample], with alerts: [ActiveAlert]) throws(RuleFailure) {
    sampleOfAlert = Array(repeating: -1, count: alerts.count)
    var finder = AlertFinder(alerts)
    var freshFingerprints: Set<Fingerprint> = []
    for (position, sample) in samples.enumerated() {
      if !templates.labelsVary, let found = finder.alert(from: sample.labels) {
        try pair(found, position, alerts[found].labels)
        continue
      }
      let labels = templates.expandedLabels(sample, in: scene)
      let fingerprint = Fingerprint(labels)
      if let found = finder.alert(of: fingerprint) {
        try pair(found, position, labels)
      } else {
        guard freshFingerprints.insert(fingerprint).inserted else { throw .duplicateLabels(labels) }
        fresh.append((position, labels))
      }
    }
    try checkLimit(alerts)
  }

  private mutating func pair(_ alert: Int, _ sample: Int, _ labels: Labels) throws(RuleFailure) {
    guard sampleOfAlert[alert] < 0 else { throw .duplicateLabels(labels) }
    sampleOfAlert[alert] = sample
  }

  /// Alerts that go on firing without a sample count as well.
  private func checkLimit(_ alerts: [ActiveAlert]) throws(RuleFailure) {
    let limit = definition.limit
    guard limit > 0, alerts.count + fresh.count > limit else { return }
    var count = fresh.count
    for (alert, sample) in zip(alerts, sampleOfAlert) {
      var phase = alert.phase
      if sample >= 0 || phase.step(isActive: false, at: now, hold: hold) != .ended { count += 1 }
    }
    guard count <= limit else { throw .limitExceeded(limit: limit, count: count) }
  }

  /// Moves every alert on, removes those that ended and adds the new ones.
  func apply(_ samples: [QuerySample], to alerts: inout [ActiveAlert]) -> RuleStep {
    var step = RuleStep()
    var ended: [Int] = []
    for position in alerts.indices {
      let sample = sampleOfAlert[position]
      let before = alerts[position].state
      let isRefreshed = sample >= 0 && refresh(&alerts[position], with: samples[sample])
      let change = alerts[position].phase.step(isActive: sample >= 0, at: now, hold: hold)
      if change == .ended { ended.append(position) }
      if let change {
        step.transitions.append(transition(from: before, alerts[position], change))
      } else if isRefreshed, before == .firing {
        step.refreshed.append(whole(alerts[position]))
      }
    }
    if !ended.isEmpty { Self.remove(ended, from: &alerts) }
    for (position, labels) in fresh { alerts.append(begin(samples[position], labels, &step)) }
    if step.transitions.count > 1 { step.transitions.sort { $0.alert.labels < $1.alert.labels } }
    return step
  }

  /// Removes the alerts at `positions`, which ascend.
  private static func remove(_ positions: [Int], from alerts: inout [ActiveAlert]) {
    var kept = 0
    var next = 0
    for position in alerts.indices {
      if next < positions.count, positions[next] == position {
        next += 1
        continue
      }
      if kept < position { alerts.swapAt(kept, position) }
      kept += 1
    }
    alerts.removeLast(alerts.count - kept)
  }

  /// Takes over value and annotations; whether there is news: other annotations, or another place of the rule.
  private func refresh(_ alert: inout ActiveAlert, with sample: QuerySample) -> Bool {
    alert.value = sample.value
    let isNewSample = alert.sampleLabels == nil || templates.labelsVary
    if isNewSample || alert.sampleLabels != sample.labels { alert.sampleLabels = sample.labels }
    guard refreshesAll || isNewSample || templates.annotationsVary else { return false }
    let annotations = templates.expandedAnnotations(sample, in: scene)
    guard annotations != alert.annotations else { return tellsAll }
    alert.annotations = annotations
    return true
  }

  private func begin(_ sample: QuerySample, _ labels: Labels, _ step: inout RuleStep) -> ActiveAlert {
    var alert = ActiveAlert(
      labels: labels, sampleLabels: sample.labels,
      annotations: templates.expandedAnnotations(sample, in: scene), value: sample.value,
      phase: .pending(since: now)
    )
    _ = alert.phase.step(isActive: true, at: now, hold: hold)
    step.transitions.append(AlertTransition(from: nil, alert: whole(alert), reason: .conditionMet, at: now))
    return alert
  }

  private func transition(
    from before: AlertState, _ alert: ActiveAlert, _ change: ActivePhase.Change
  ) -> AlertTransition {
    switch change {
    case .startedFiring: AlertTransition(from: before, alert: whole(alert), reason: .heldLongEnough, at: now)
    case .holdRaised: AlertTransition(from: before, alert: whole(alert), reason: .holdRaised, at: now)
    case .ended: alert.ended(.conditionEnded, at: now, alert: whole(alert))
    }
  }

  private func whole(_ alert: ActiveAlert) -> Alert {
    alert.alert(
      scope: definition.context.scope, rule: definition.reference(index), generatorURL: templates.generatorURL)
  }
}

/// Finds alerts by the sample they come from or by their own labels.
///
/// A source mostly gives its series in the same order, so the alert after the one found last is tried first; an index
/// is made only when that fails.
private struct AlertFinder {
  private let alerts: [ActiveAlert]
  private var expected = 0
  private var bySample: [Labels: Int]?
  private var byFingerprint: [Fingerprint: Int]?

  init(_ alerts: [ActiveAlert]) {
    self.alerts = alerts
  }

  mutating func alert(from sampleLabels: Labels) -> Int? {
    if expected < alerts.count, alerts[expected].sampleLabels == sampleLabels { return found(expected) }
    guard !alerts.isEmpty else { return nil }
    if bySample == nil {
      bySample = [:]
      for (index, alert) in alerts.enumerated() {
        if let labels = alert.sampleLabels { bySample?[labels] = index }
      }
    }
    return bySample?[sampleLabels].map { found($0) }
  }

  mutating func alert(of fingerprint: Fingerprint) -> Int? {
    if expected < alerts.count, alerts[expected].fingerprint == fingerprint { return found(expected) }
    guard !alerts.isEmpty else { return nil }
    if byFingerprint == nil {
      byFingerprint = [:]
      for (index, alert) in alerts.enumerated() { byFingerprint?[alert.fingerprint] = index }
    }
    return byFingerprint?[fingerprint].map { found($0) }
  }

  private mutating func found(_ index: Int) -> Int {
    expected = index + 1
    return index
  }
}
