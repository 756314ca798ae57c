import Model
import PromQL
import Specs

// Alerts that go on although their labels change.
extension AlertPool {
  /// Lets rules whose labels were edited take over their own alerts, under the labels that they have now.
  ///
  /// It is the same rule when it is the only alerting rule of its name that is left in its group, before and after; or
  /// the only one of its name and expression. Where several could be meant nobody guesses: the alerts end.
  mutating func distributeEdited(
    to groups: inout [RuleGroupState], _ successors: [ResourceID: ResourceID], at now: Timestamp
  ) {
    var new: [Place: [(group: Int, rule: Int)]] = [:]
    for group in groups.indices {
      for index in groups[group].rules.indices where isFree(groups[group], rule: index) {
        let place = Place(group: groups[group].id, name: groups[group].definition.spec.rules[index].name)
        new[place, default: []].append((group, index))
      }
    }
    guard !new.isEmpty else { return }
    for (place, candidates) in byPlace.sorted(by: { $0.value[0] < $1.value[0] }) {
      let here = Place(group: successors[place.group] ?? place.group, name: place.name)
      let old = candidates.filter { isOpen($0) }
      guard let rules = new[here], !old.isEmpty else { continue }
      for (candidate, rule) in pairs(old, rules, groups) {
        takeEdited(from: candidate, to: &groups[rule.group], rule: rule.rule, at: now)
      }
    }
  }

  /// Whether no old rule goes on as this alerting rule.
  private func isFree(_ group: RuleGroupState, rule index: Int) -> Bool {
    group.definition.spec.rules[index].purpose == .alert && group.rules[index].treatment == .evaluated
      && !continued.contains(NewRule(group: group.id, index: index))
  }

  /// Whether nobody goes on as this rule. One from the ledger, whose labels aren't known, may be there in part.
  private func isOpen(_ candidate: Int) -> Bool {
    rules[candidate].labels == nil ? !rules[candidate].entries.isEmpty : !rules[candidate].isClaimed
  }

  /// Which old rule is which new one, as far as there is no doubt.
  private func pairs(
    _ old: [Int], _ new: [(group: Int, rule: Int)], _ groups: [RuleGroupState]
  ) -> [(old: Int, new: (group: Int, rule: Int))] {
    if old.count == 1, new.count == 1 { return [(old[0], new[0])] }
    let oldByDigest = Dictionary(grouping: old) { rules[$0].digest }
    let newByDigest = Dictionary(grouping: new) { place in
      groups[place.group].definition.spec.rules[place.rule].expression.digest
    }
    return oldByDigest.compactMap { digest, candidates in
      guard let digest, candidates.count == 1, let same = newByDigest[digest], same.count == 1 else { return nil }
      return (candidates[0], same[0])
    }.sorted { $0.old < $1.old }
  }

  private mutating func takeEdited(
    from candidate: Int, to group: inout RuleGroupState, rule index: Int, at now: Timestamp
  ) {
    let old = rules[candidate]
    if old.labels != nil {
      rules[candidate].isClaimed = true
      group.rules[index].continue(old.health)
    }
    continued.insert(NewRule(group: group.id, index: index))
    let edit = LabelEdit(from: old.labels, to: group.definition, rule: index, at: now)
    let names = old.entries.map { edit.labels(of: $0.alert) }
    var seen = Set(group.rules[index].alerts.map(\.labels))
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    var left: [Entry] = []
    for (entry, labels) in zip(old.entries, names) {
      guard counts[labels] == 1, seen.insert(labels).inserted else {
        left.append(entry)
        continue
      }
      hand(entry, of: old, under: labels, to: &group, rule: index)
    }
    keep(left, of: candidate, in: &group, rule: index)
  }

  /// Hands one alert to a rule under these labels.
  mutating func hand(
    _ entry: Entry, of old: OldRule, under labels: Labels, to group: inout RuleGroupState, rule index: Int
  ) {
    let former =
      entry.former ?? entry.alert.alert(scope: old.scope, rule: old.reference, generatorURL: old.generatorURL)
    var alert = entry.alert
    alert.labels = labels
    alert.fingerprint = Fingerprint(labels)
    alert.sampleLabels = nil
    group.rules[index].alerts.append(alert)
    carried.count(alert.state)
    let current = alert.alert(
      scope: group.definition.context.scope, rule: group.definition.reference(index), generatorURL: old.generatorURL)
    relabelled.append(RelabelledAlert(former: former, current: current))
  }
}

/// What an edit of a rule's labels makes of its alerts.
private struct LabelEdit {
  private let former: [Label]
  private let templates: RuleTemplates
  private let scene: RuleScene

  /// `former`: the labels as they were written; `nil` where nobody knows.
  init(from former: [Label]?, to definition: GroupDefinition, rule index: Int, at now: Timestamp) {
    self.former = former ?? []
    templates = RuleTemplates(definition, rule: index, sourceURL: "")
    scene = RuleScene(context: definition.context, now: now)
  }

  /// The labels that the rule gives the alert's series now.
  ///
  /// Where the series' own labels aren't known, they are the alert's without those that the rule had set.
  func labels(of alert: ActiveAlert) -> Labels {
    if let series = alert.sampleLabels {
      return templates.expandedLabels(QuerySample(series, alert.value), in: scene)
    }
    var series = alert.labels
    for label in former { series[label.name] = "" }
    return templates.expandedLabels(QuerySample(series, alert.value), in: scene)
  }
}
