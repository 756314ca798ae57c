package import Model
import Specs

/// What a rule says of its own notifications, whatever the route says.
package struct RuleControls: Hashable, Sendable {
  /// In place of the route's; empty for those.
  package var channels: [ResourceID] = []
  package var repeatInterval: Duration?
  /// How long nothing new is told after a notification of firing alerts.
  package var cooldown: Duration?
  /// The most notifications of firing alerts in one calendar day; alerts of level critical are told all the same.
  package var maxPerDay: Int?

  package init() {}

  /// Whether some notifications may have to wait.
  var hasCap: Bool { cooldown != nil || maxPerDay != nil }
}

/// Names a rule in its group.
struct RuleKey: Hashable, Sendable {
  let group: ResourceID
  /// The rule's name, with its labels behind it where several rules of the group have that name.
  let rule: String

  /// In keys of groups: `checkout/rules.yaml:checkout/HighErrors`.
  var text: String { (group.scope.project.map { $0 + "/" } ?? "") + group.name + "/" + rule }
}

/// The controls of one rule group.
struct GroupControls: Hashable, Sendable {
  /// A rule, also one without controls where another of the same name has some.
  private struct Entry: Hashable {
    let key: String
    /// Those of the rule and its group that aren't templates: they tell rules of one name apart.
    let labels: [Label]
    let controls: RuleControls?
  }

  private var entries: [String: [Entry]] = [:]

  /// `nil` when no rule has controls. `resolve`: the id of the channel that a name means in the group's scope.
  init?(_ spec: RuleGroupSpec, resolve: (String) -> ResourceID) {
    let controlled = Set(spec.rules.lazy.filter(\.hasControls).map(\.name))
    guard !controlled.isEmpty else { return nil }
    for rule in spec.rules where rule.purpose == .alert && controlled.contains(rule.name) {
      let labels = rule.fixedLabels(in: spec)
      entries[rule.name, default: []].append(
        Entry(key: rule.name + labels.description, labels: labels.pairs, controls: RuleControls(rule, resolve)))
    }
    for (name, several) in entries where several.count == 1 {
      entries[name] = [Entry(key: name, labels: [], controls: several[0].controls)]
    }
  }

  func find(_ name: String, _ labels: Labels) -> (key: String, controls: RuleControls)? {
    let entry = entries[name]?.first { entry in entry.labels.allSatisfy { labels[$0.name] == $0.value } }
    return entry.flatMap { entry in entry.controls.map { (entry.key, $0) } }
  }

  subscript(key: String) -> RuleControls? {
    for entry in entries.values.joined() where entry.key == key { return entry.controls }
    return nil
  }

  var namesChannels: Bool { entries.values.joined().contains { $0.controls?.channels.isEmpty == false } }
}

/// The rules of one dispatcher that have controls; the others have no place in it.
package struct RuleControlSet: Hashable, Sendable {
  private var groups: [ResourceID: GroupControls] = [:]
  /// Groups with a new id, old to new: alerts go on naming the old one.
  private(set) var renamed: [ResourceID: ResourceID] = [:]

  package init() {}

  init(_ groups: [ResourceID: GroupControls], renamed: [ResourceID: ResourceID]) {
    self.groups = groups
    self.renamed = groups.isEmpty ? [:] : renamed
  }

  var isEmpty: Bool { groups.isEmpty }
  var namesChannels: Bool { groups.values.contains(where: \.namesChannels) }

  /// The controls of the rule that an alert with `labels` comes from.
  func find(_ rule: RuleReference, _ labels: Labels) -> (key: RuleKey, controls: RuleControls)? {
    var id = rule.group
    if groups[id] == nil, let new = renamed[id] { id = new }
    return groups[id]?.find(rule.rule, labels).map { (RuleKey(group: id, rule: $0.key), $0.controls) }
  }

  subscript(key: RuleKey) -> RuleControls? { groups[key.group]?[key.rule] }
}

extension Rule {
  fileprivate var hasControls: Bool {
    purpose == .alert && (!channels.isEmpty || repeatInterval != nil || cooldown != nil || maxPerDay != nil)
  }

  fileprivate func fixedLabels(in group: RuleGroupSpec) -> Labels {
    let own = Set(labels.map(\.name))
    let all = labels + group.labels.filter { !own.contains($0.name) }
    return Labels(all.filter { !$0.value.contains("{{") && !$0.value.isEmpty })
  }
}

extension RuleControls {
  fileprivate init?(_ rule: Rule, _ resolve: (String) -> ResourceID) {
    guard rule.hasControls else { return nil }
    channels = rule.channels.map(resolve)
    repeatInterval = rule.repeatInterval
    cooldown = rule.cooldown
    maxPerDay = rule.maxPerDay
  }
}
