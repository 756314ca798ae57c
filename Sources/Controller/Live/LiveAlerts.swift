import Evaluator
import Model
import Notifier
import Specs
import StatusAPI

/// Every live alert with what the notifier makes of it, kept up to date in proportion to what changes.
struct LiveAlerts: Sendable {
  /// The rule groups, as the evaluator gave them last.
  private(set) var groups: [ResourceID: RuleGroupState] = [:]
  /// The groups of which a rule fails.
  private(set) var failing: Set<ResourceID> = []
  private(set) var alerts = AlertList()
  /// The alerts of each tenant with its projects, and those of the platform itself.
  private(set) var owners: [Scope: AlertList] = [:]
  /// By the very scope of the alert.
  private(set) var counts: [Scope: AlertCounts] = [:]
  /// Alerts that no rule group has: the controller's own.
  private var own: [AlertKey: Alert] = [:]

  init() {}

  /// What a look at the evaluator found.
  struct Findings: Sendable {
    /// Alerts that are new or not as they were, one of each key.
    var changed: [AlertKey: Alert] = [:]
    var gone: Set<AlertKey> = []
    /// Scopes of which a rule began to fail, or works again.
    var health: Set<Scope> = []

    fileprivate mutating func put(_ alert: Alert) {
      let key = AlertKey(alert)
      changed[key] = alert
      gone.remove(key)
    }
  }

  // MARK: Finding

  /// Takes groups in that came, went (`nil`) or were evaluated.
  mutating func take(_ touched: [ResourceID: RuleGroupState?], into findings: inout Findings) {
    for (id, group) in touched {
      let former = groups[id]
      groups[id] = group
      note(former: former, current: group, of: id, into: &findings)
      let fails = group.map { $0.failure != nil } ?? false
      guard former?.failureText != group?.failureText || fails != failing.contains(id) else { continue }
      findings.health.insert(id.scope)
      if fails { failing.insert(id) } else { failing.remove(id) }
    }
  }

  /// Takes in the alerts that there are beside those of rule groups.
  mutating func take(own current: [Alert], into findings: inout Findings) {
    let alerts = Dictionary(current.map { (AlertKey($0), $0) }, uniquingKeysWith: { $1 })
    for key in own.keys where alerts[key] == nil { findings.gone.insert(key) }
    for (key, alert) in alerts where own[key] != alert { findings.put(alert) }
    own = alerts
  }

  private func note(
    former: RuleGroupState?, current: RuleGroupState?, of id: ResourceID, into findings: inout Findings
  ) {
    if let former, let current, former.isComparable(with: current) {
      for index in current.rules.indices { note(former, current, index, into: &findings) }
      return
    }
    for alert in former?.alerts ?? [] { findings.gone.insert(AlertKey(alert)) }
    for alert in current?.alerts ?? [] { findings.put(alert) }
  }

  /// What became of the alerts of one rule, which mostly come in the same order as before.
  private func note(
    _ former: RuleGroupState, _ current: RuleGroupState, _ index: Int, into findings: inout Findings
  ) {
    let (before, after) = (former.rules[index], current.rules[index])
    guard !before.alerts.isEmpty || !after.alerts.isEmpty else { return }
    let definition = current.definition
    let reference = definition.reference(index)
    let isSame = before.generatorURL == after.generatorURL && former.definition.reference(index) == reference
    func put(_ active: ActiveAlert) {
      findings.put(
        active.alert(scope: definition.context.scope, rule: reference, generatorURL: after.generatorURL))
    }
    let shared = min(before.alerts.count, after.alerts.count)
    var position = 0
    while position < shared, before.alerts[position].fingerprint == after.alerts[position].fingerprint {
      if !isSame || before.alerts[position] != after.alerts[position] { put(after.alerts[position]) }
      position += 1
    }
    guard position < max(before.alerts.count, after.alerts.count) else { return }
    var others = Dictionary(
      before.alerts[position...].map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
    for active in after.alerts[position...] {
      let known = others.removeValue(forKey: active.fingerprint)
      if !isSame || known != active { put(active) }
    }
    for fingerprint in others.keys {
      findings.gone.insert(AlertKey(fingerprint: fingerprint, group: reference.group, rule: reference.rule))
    }
  }

  // MARK: Settling

  /// The alerts whose treatment isn't known, or may be another than before.
  func unknown(_ findings: Findings) -> [Alert] {
    findings.changed.compactMap { key, alert in
      alerts[key].map { $0.view.alert.isTreatedLike(alert) } ?? false ? nil : alert
    }
  }

  /// Takes over what was found, with the treatments of those that weren't known.
  ///
  /// - Returns: the scopes in which something that is shown changed.
  mutating func settle(_ findings: Findings, _ treatments: [(alert: Alert, treatment: AlertTreatment)]) -> Set<Scope> {
    var known: [AlertKey: AlertTreatment] = [:]
    for (alert, treatment) in treatments { known[AlertKey(alert)] = treatment }
    var changes = findings.gone.map { AlertList.Change.remove($0) }
    for (key, alert) in findings.changed {
      let former = alerts[key]
      let view = known[key].map { AlertView(alert, $0) } ?? former?.view.with(alert) ?? AlertView(alert: alert)
      if former?.view != view { changes.append(.put(AlertEntry(view, replacing: former))) }
    }
    return apply(changes)
  }

  /// Takes over what the notifier makes now of alerts that didn't change themselves.
  mutating func treatAnew(_ treatments: [(alert: Alert, treatment: AlertTreatment)]) -> Set<Scope> {
    apply(
      treatments.compactMap { alert, treatment in
        let (former, view) = (alerts[AlertKey(alert)], AlertView(alert, treatment))
        return former == nil || former?.view == view ? nil : .put(AlertEntry(view, replacing: former))
      })
  }

  private mutating func apply(_ changes: [AlertList.Change]) -> Set<Scope> {
    guard !changes.isEmpty else { return [] }
    var scopes: Set<Scope> = []
    var byOwner: [Scope: [AlertList.Change]] = [:]
    for change in changes {
      let former: AlertEntry?
      switch change {
      case .put(let entry):
        former = alerts[entry.key]
        let scope = entry.view.alert.scope
        scopes.insert(scope)
        counts[scope, default: AlertCounts()].note(entry.view, by: 1)
        byOwner[scope.owner, default: []].append(change)
      case .remove(let key): former = alerts[key]
      }
      guard let former else { continue }
      let scope = former.view.alert.scope
      scopes.insert(scope)
      counts[scope]?.note(former.view, by: -1)
      if counts[scope] == AlertCounts() { counts[scope] = nil }
      byOwner[scope.owner, default: []].append(.remove(former.key))
    }
    alerts.apply(changes)
    for (owner, changes) in byOwner {
      // What goes stands before what comes in its place.
      let ordered = changes.filter(\.isRemoval) + changes.filter { !$0.isRemoval }
      owners[owner, default: AlertList()].apply(ordered)
      if owners[owner]?.isEmpty ?? true { owners[owner] = nil }
    }
    return scopes
  }
}

extension RuleGroupState {
  /// Whether its alerts may be held against those of `other` rule by rule: both are the same group with the same rules,
  /// of which no two that have alerts share a name.
  fileprivate func isComparable(with other: RuleGroupState) -> Bool {
    guard rules.count == other.rules.count, definition.context.scope == other.definition.context.scope else {
      return false
    }
    var names: Set<String> = []
    for index in rules.indices where !rules[index].alerts.isEmpty || !other.rules[index].alerts.isEmpty {
      let name = definition.spec.rules[index].name
      guard name == other.definition.spec.rules[index].name, names.insert(name).inserted else { return false }
    }
    return true
  }

  fileprivate var failureText: String? { failure.map { "\($0.rule.name) \($0.failure) \($0.since)" } }
}

extension Alert {
  /// Whether the notifier makes the same of both.
  fileprivate func isTreatedLike(_ other: Alert) -> Bool {
    state == other.state && firedAt == other.firedAt && scope == other.scope && labels == other.labels
      && rule.group == other.rule.group && rule.rule == other.rule.rule
  }
}

extension AlertView {
  init(_ alert: Alert, _ treatment: AlertTreatment) {
    self.init(
      alert: alert, silencedBy: treatment.silencedBy.map(\.description),
      inhibitedBy: treatment.inhibitedBy.map { [$0] } ?? [], mutedBy: treatment.timeIntervals.map(\.name).sorted(),
      channels: treatment.channels)
  }

  /// The same treatment with the alert as it is now.
  fileprivate func with(_ alert: Alert) -> AlertView {
    var view = self
    view.alert = alert
    return view
  }
}

extension AlertCounts {
  /// Counts one alert in, or out.
  mutating func note(_ view: AlertView, by one: Int) {
    guard view.alert.state == .firing else {
      pending += one
      return
    }
    firing += one
    if view.channels.isEmpty { unrouted += one }
    if !view.silencedBy.isEmpty { silenced += one }
    if !view.inhibitedBy.isEmpty { inhibited += one }
  }

  static func + (left: Self, right: Self) -> Self {
    AlertCounts(
      firing: left.firing + right.firing, pending: left.pending + right.pending,
      unrouted: left.unrouted + right.unrouted, silenced: left.silenced + right.silenced,
      inhibited: left.inhibited + right.inhibited)
  }
}

extension AlertList.Change {
  fileprivate var isRemoval: Bool {
    if case .remove = self { true } else { false }
  }
}
