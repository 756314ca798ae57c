import Evaluator
import Model
import Specs

/// Brings together what ended and what began, so that an alert whose labels change is told of once.
struct AlertFates {
  private let changes: RuleChanges
  private let carried: KeptAlerts
  private var ended: [(alert: Alert, reason: AlertTransition.Reason)] = []
  private var begun: [Alert] = []
  private var stepped: [AlertIdentity: Alert] = [:]
  private(set) var consequences: [AlertConsequence] = []
  private(set) var kept: [ResourceID: Consequences.Kept] = [:]

  /// Names a rule among those of its group, as alerts do.
  private struct RuleName: Hashable {
    let group: ResourceID
    let rule: String
  }

  private var successors: [RuleName: RuleChanges.Changed] = [:]
  private var unanswered: [RuleName: String] = [:]

  init(_ changes: RuleChanges, _ carried: KeptAlerts) {
    self.changes = changes
    self.carried = carried
    for (place, entry) in changes.successors {
      guard let old = changes.former[place.group] else { continue }
      let name = RuleName(group: place.group, rule: old.spec.rules[place.rule].name)
      // Where several have the name, one that goes on counts before one that is switched off.
      if successors[name].map({ !$0.spec.enabled }) ?? true { successors[name] = entry }
    }
    for (place, words) in carried.gaps {
      guard let group = changes.current[place.group] else { continue }
      unanswered[RuleName(group: place.group, rule: group.spec.rules[place.rule].name)] = words
    }
  }

  /// Decides what becomes of every live alert of the rules that the plan touches, and of those that begin.
  mutating func decide() {
    let former = Dictionary(
      carried.former.map { (AlertIdentity($0), $0) }, uniquingKeysWith: { first, _ in first })
    let scopeRenames = Set(carried.relabelled.map { AlertIdentity($0.former) })
    let renamed = Set(carried.relabelled.map { AlertIdentity($0.current) })
    for transition in carried.transitions {
      let identity = AlertIdentity(transition.alert)
      if transition.alert.state == .resolved {
        guard !scopeRenames.contains(identity), let alert = former[identity] else { continue }
        ended.append((alert, transition.reason))
      } else if transition.from == nil {
        if !renamed.contains(identity) { begun.append(transition.alert) }
      } else {
        stepped[identity] = transition.alert
      }
    }
    for pair in carried.relabelled {
      consequences.append(AlertConsequence(fate: .carried, former: pair.former, current: pair.current))
    }
    pairLabels()
    decideRest(former)
  }

  /// Pairs an alert that ends with one that begins: the rule that continues its own made both, of the same sample as
  /// far as the labels say that no rule sets.
  private mutating func pairLabels() {
    struct Trace: Hashable {
      let rule: RuleName
      let labels: Labels
    }
    var open: [Trace: [Int]] = [:]
    for (index, alert) in begun.enumerated() {
      let rule = RuleName(group: alert.rule.group, rule: alert.rule.rule)
      open[Trace(rule: rule, labels: bare(alert, rule, nil)), default: []].append(index)
    }
    var taken: Set<Int> = []
    for (alert, reason) in ended {
      let old = RuleName(group: alert.rule.group, rule: alert.rule.rule)
      let next = successors[old].map { RuleName(group: $0.definition.id, rule: $0.spec.name) }
      let match = next.flatMap { next -> Int? in
        let trace = Trace(rule: next, labels: bare(alert, next, old))
        return open[trace]?.first { !taken.contains($0) }
      }
      if let match {
        taken.insert(match)
        consequences.append(AlertConsequence(fate: .relabelled, former: alert, current: begun[match]))
      } else {
        consequences.append(AlertConsequence(fate: end(of: alert, reason, next), former: alert, current: nil))
      }
    }
    for (index, alert) in begun.enumerated() where !taken.contains(index) {
      consequences.append(AlertConsequence(fate: .begins, former: nil, current: alert))
    }
  }

  private func end(
    of alert: Alert, _ reason: AlertTransition.Reason, _ next: RuleName?
  ) -> AlertConsequence.Fate {
    let old = RuleName(group: alert.rule.group, rule: alert.rule.rule)
    guard reason == .ruleRemoved else { return .resolves(.conditionEnded) }
    guard let successor = successors[old] else { return .resolves(.ruleRemoved) }
    if !successor.spec.enabled { return .resolves(.ruleDisabled) }
    if let next, let words = unanswered[next] { return .unknown(words) }
    return .resolves(.labelsChanged)
  }

  /// The labels that neither rule sets, and no scope adds.
  private func bare(_ alert: Alert, _ rule: RuleName, _ old: RuleName?) -> Labels {
    var labels = alert.labels
    var names: Set<String> = ["alertname"]
    for (groups, place) in [(changes.current, rule), (changes.former, old ?? rule)] {
      guard let group = groups[place.group] else { continue }
      names.formUnion(group.context.addedLabels.pairs.map(\.name))
      for (index, spec) in group.spec.rules.enumerated() where spec.name == place.rule {
        names.formUnion(group.mergedLabels(index).map(\.name))
      }
    }
    // What continues a rule may set labels that its predecessor took from the sample, and the other way round.
    if old == nil {
      for (place, entry) in changes.successors where entry.definition.id == rule.group && entry.spec.name == rule.rule {
        guard let group = changes.former[place.group] else { continue }
        names.formUnion(group.mergedLabels(place.rule).map(\.name))
        names.formUnion(group.context.addedLabels.pairs.map(\.name))
      }
    }
    for name in names { labels[name] = "" }
    return labels
  }

  /// The alerts that go on.
  private mutating func decideRest(_ former: [AlertIdentity: Alert]) {
    let decided = Set(consequences.compactMap { $0.former.map(AlertIdentity.init) })
    for id in carried.groups.keys.sorted() {
      guard let group = carried.groups[id] else { continue }
      for (index, _) in group.rules.enumerated() {
        let words = carried.gaps[RuleChanges.Place(group: id, rule: index)]
        for current in group.alerts(of: index) {
          guard let old = former[AlertIdentity(current)], !decided.contains(AlertIdentity(current)) else { continue }
          goOn(old, current, words, in: id)
        }
      }
    }
  }

  private mutating func goOn(_ old: Alert, _ current: Alert, _ gap: String?, in group: ResourceID) {
    let fate: AlertConsequence.Fate
    if let gap {
      fate = .unknown(gap)
    } else if let stepped = stepped[AlertIdentity(current)] {
      fate = stepped.state == .firing ? .fires : .stepsBack
    } else if current.keepFiringSince != nil, old.keepFiringSince == nil {
      fate = .runsOut
    } else {
      fate = .kept
    }
    if fate == .kept {
      if current.state == .firing { kept[group, default: .init()].firing += 1 }
      if current.state == .pending { kept[group, default: .init()].pending += 1 }
    }
    consequences.append(AlertConsequence(fate: fate, former: old, current: current))
  }
}
