package import Model
import PromQL
import Specs
import Templates

/// The alerts of rules that a change removes or replaces, until a new rule takes them over or they end.
///
/// A rule takes over what its own labels allow: same scope, same alert name, and each label that it sets to a fixed
/// text has that text on the alert. Expression, `for`, annotations, file, group and order play no part. A rule whose
/// labels were edited takes its own alerts over under their new labels, where nobody can doubt that it is the same
/// rule: the only one of its name in its group, before and after.
struct AlertPool {
  /// An alert on offer; `former` is what it was before its scope was renamed, or other labels came from its scope.
  struct Entry {
    var alert: ActiveAlert
    var former: Alert?
  }

  struct OldRule {
    var reference: RuleReference
    var scope: Scope
    /// What its scope gave to its alerts; `nil` for alerts from the ledger.
    var context: RuleContext?
    var purpose = Rule.Purpose.alert
    var offset = Duration.zero
    var generatorURL: String
    /// As written; `nil` for alerts from the ledger, which doesn't know.
    var labels: [Label]?
    var digest: UInt64?
    var health: RuleState
    var entries: [Entry]
    var isClaimed = false
  }

  enum Key: Hashable {
    case written(Rule.Purpose, name: String, labels: [Label])
    case recorded(name: String, group: ResourceID)
  }

  /// A rule of a new group.
  struct NewRule: Hashable {
    let group: ResourceID
    let index: Int
  }

  /// The alerting rules of one name in one group.
  struct Place: Hashable {
    let group: ResourceID
    let name: String
  }

  var rules: [OldRule] = []
  /// Rules as they are written, and rules from the ledger by their group.
  private(set) var byKey: [Key: [Int]] = [:]
  /// Rules with alerts.
  private var byName: [String: [Int]] = [:]
  /// Alerting rules by group and name.
  private(set) var byPlace: [Place: [Int]] = [:]
  /// New rules that go on as an old one; those of alerts from the ledger aren't known to be whole.
  var continued: Set<NewRule> = []
  /// Alerts that were taken over under other labels or in another scope.
  var relabelled: [RelabelledAlert] = []
  /// Alerts that were taken over as they are, by a rule of another group.
  private(set) var regrouped: [RelabelledAlert] = []
  /// How many alerts were taken over.
  var carried = AlertTally()

  /// Offers the alerts of a group to the scope of `context`, which is another than its own when that was renamed.
  mutating func add(_ group: RuleGroupState, for context: RuleContext) {
    let old = group.definition
    for (index, rule) in group.rules.enumerated() {
      let reference = old.reference(index)
      let entries = rule.alerts.map { alert in
        Entry(moving: alert, from: old.context, to: context, rule: reference, generatorURL: rule.generatorURL)
      }
      var health = rule
      health.alerts = []
      health.templates = nil
      health.binding = .none
      add(
        OldRule(
          reference: reference, scope: old.context.scope, context: old.context, purpose: old.spec.rules[index].purpose,
          offset: old.spec.queryOffset ?? .zero, generatorURL: rule.generatorURL,
          labels: old.mergedLabels(index), digest: old.spec.rules[index].expression.digest, health: health,
          entries: entries))
    }
  }

  /// Offers alerts from the ledger to their own scope, or to that of `context` when theirs was renamed.
  mutating func add(restored alerts: [Alert], for context: RuleContext? = nil) {
    var indices: [RuleReference: Int] = [:]
    for alert in alerts {
      guard let active = ActiveAlert(alert) else { continue }
      var key = alert.rule
      key.provenance = Provenance(file: "", line: 0)
      let entry = context.map { new in
        let old = RuleContext(scope: alert.scope, scopeLabels: new.scopeLabels)
        return Entry(moving: active, from: old, to: new, rule: alert.rule, generatorURL: alert.generatorURL)
      }
      if let index = indices[key] {
        rules[index].entries.append(entry ?? Entry(alert: active))
      } else {
        indices[key] = rules.count
        add(
          OldRule(
            reference: alert.rule, scope: alert.scope, generatorURL: alert.generatorURL, health: RuleState(),
            entries: [entry ?? Entry(alert: active)]))
      }
    }
  }

  private mutating func add(_ rule: OldRule) {
    let name = rule.reference.rule
    let key =
      rule.labels.map { Key.written(rule.purpose, name: name, labels: $0) }
      ?? .recorded(name: name, group: rule.reference.group)
    byKey[key, default: []].append(rules.count)
    if rule.purpose == .alert {
      byPlace[Place(group: rule.reference.group, name: name), default: []].append(rules.count)
    }
    if !rule.entries.isEmpty { byName[name, default: []].append(rules.count) }
    rules.append(rule)
  }

  var isEmpty: Bool { rules.isEmpty }

  /// Lets the rules of new groups take over alerts, the closest match first.
  ///
  /// First the same rule (name, labels as written, expression), then the n-th of those with the same name and labels
  /// for the n-th, then rules whose labels were edited, then each alert that is left for the first rule whose labels
  /// allow it. `successors`: groups under new ids, old to new.
  mutating func distribute(
    to groups: inout [RuleGroupState], successors: [ResourceID: ResourceID] = [:], at now: Timestamp
  ) {
    guard !rules.isEmpty else { return }
    for closeness in [Closeness.sameRule, .sameLabels] { distribute(closeness, to: &groups) }
    distributeEdited(to: &groups, successors, at: now)
    distribute(.anything, to: &groups)
  }

  private mutating func distribute(_ closeness: Closeness, to groups: inout [RuleGroupState]) {
    for group in groups.indices {
      for index in groups[group].rules.indices { distribute(closeness, to: &groups[group], rule: index) }
    }
  }

  private enum Closeness {
    case sameRule, sameLabels, anything
  }

  private mutating func distribute(_ closeness: Closeness, to group: inout RuleGroupState, rule index: Int) {
    let rule = group.definition.spec.rules[index]
    guard group.rules[index].treatment == .evaluated else { return }
    let labels = group.definition.mergedLabels(index)
    if closeness == .anything {
      guard rule.purpose == .alert else { return }
      for candidate in byName[rule.name] ?? [] { take(from: candidate, to: &group, rule: index, labels) }
      return
    }
    guard group.rules[index].evaluatedAt == nil else { return }
    let written = byKey[.written(rule.purpose, name: rule.name, labels: labels)] ?? []
    let recorded = rule.purpose == .alert ? byKey[.recorded(name: rule.name, group: group.id)] ?? [] : []
    for candidate in written + recorded {
      let isSame = rules[candidate].digest.map { $0 == rule.expression.digest } ?? true
      guard !rules[candidate].isClaimed, isSame || closeness == .sameLabels else { continue }
      rules[candidate].isClaimed = true
      if rules[candidate].labels != nil { continued.insert(NewRule(group: group.id, index: index)) }
      group.rules[index].continue(rules[candidate].health)
      take(from: candidate, to: &group, rule: index, labels)
      return
    }
  }

  private mutating func take(
    from candidate: Int, to group: inout RuleGroupState, rule index: Int, _ labels: [Label]
  ) {
    let reference = group.definition.reference(index)
    let scope = group.definition.context.scope
    var left: [Entry] = []
    for entry in rules[candidate].entries {
      guard labels.allow(entry.alert.labels) else {
        left.append(entry)
        continue
      }
      var alert = entry.alert
      alert.sampleLabels = nil
      group.rules[index].alerts.append(alert)
      carried.count(alert.state)
      let old = rules[candidate].reference
      guard entry.former != nil || old.group != reference.group else { continue }
      let former =
        entry.former
        ?? entry.alert.alert(scope: scope, rule: old, generatorURL: rules[candidate].generatorURL)
      let current = alert.alert(scope: scope, rule: reference, generatorURL: former.generatorURL)
      let pair = RelabelledAlert(former: former, current: current)
      if entry.former == nil { regrouped.append(pair) } else { relabelled.append(pair) }
    }
    guard left.count < rules[candidate].entries.count else { return }
    keep(left, of: candidate, in: &group, rule: index)
  }

  /// Notes what is left of a rule after another has taken some of its alerts.
  mutating func keep(_ left: [Entry], of candidate: Int, in group: inout RuleGroupState, rule index: Int) {
    if group.rules[index].generatorURL.isEmpty { group.rules[index].generatorURL = rules[candidate].generatorURL }
    group.rules[index].isStale = true
    let reference = group.definition.reference(index)
    if rules[candidate].reference.provenance != reference.provenance { group.rules[index].hasMoved = true }
    rules[candidate].entries = left
  }

  /// The last words of rules whose series nobody took over: staleness markers.
  func lastWords(at now: Timestamp) -> [(source: ResourceID, markers: [QuerySample], at: Timestamp)] {
    rules.compactMap { rule in rule.isClaimed ? nil : rule.health.output.ended(at: now, offset: rule.offset) }
  }

  /// Ends alerts that nobody took over.
  func ended(at now: Timestamp) -> [AlertTransition] {
    rules.flatMap { rule in
      rule.entries.map { entry in
        let alert =
          entry.former ?? entry.alert.alert(scope: rule.scope, rule: rule.reference, generatorURL: rule.generatorURL)
        return entry.alert.ended(.ruleRemoved, at: now, alert: alert)
      }
    }
  }
}

/// An alert that goes on as another: under other labels, in another scope, or as that of another group.
package struct RelabelledAlert: Hashable, Sendable {
  package var former: Alert
  package var current: Alert

  package init(former: Alert, current: Alert) {
    self.former = former
    self.current = current
  }
}

/// How many alerts of some rules fire and are pending.
package struct AlertTally: Hashable, Sendable {
  package var firing = 0
  package var pending = 0

  package init(firing: Int = 0, pending: Int = 0) {
    self.firing = firing
    self.pending = pending
  }

  mutating func count(_ state: AlertState) {
    switch state {
    case .firing: firing += 1
    case .pending: pending += 1
    case .resolved: break
    }
  }

  static func += (left: inout Self, right: Self) {
    left.firing += right.firing
    left.pending += right.pending
  }
}

extension AlertPool.Entry {
  /// `alert` as the rules of `new` have it: what `old` added to its labels makes way for what `new` adds.
  init(
    moving alert: ActiveAlert, from old: RuleContext, to new: RuleContext, rule: RuleReference, generatorURL: String
  ) {
    self.init(alert: alert)
    guard old.scope != new.scope || old.addedLabels != new.addedLabels else { return }
    former = alert.alert(scope: old.scope, rule: rule, generatorURL: generatorURL)
    for pair in old.addedLabels.pairs where alert.labels[pair.name] == pair.value {
      self.alert.labels[pair.name] = ""
    }
    self.alert.labels = self.alert.labels.filled(from: new.addedLabels)
    self.alert.fingerprint = Fingerprint(self.alert.labels)
    if old.scope == new.scope, self.alert.labels == alert.labels { former = nil }
  }
}

extension RuleState {
  /// Takes over how the last evaluation of the same rule went.
  mutating func `continue`(_ old: RuleState) {
    let (alerts, treatment, hasMoved) = (alerts, treatment, hasMoved)
    self = old
    self.alerts = alerts
    self.treatment = treatment
    self.hasMoved = hasMoved || old.hasMoved
  }
}

extension [Label] {
  /// Whether a rule with these labels may have made an alert with those: texts that are no templates must agree.
  fileprivate func allow(_ labels: Labels) -> Bool {
    allSatisfy { $0.name == "alertname" || Template.hasActions($0.value) || labels[$0.name] == $0.value }
  }
}
