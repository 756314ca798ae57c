package import Model

extension Dispatcher {
  /// One group that an alert belongs to, but for its labels.
  struct Place: Hashable {
    let target: RouteSet.Target
    let rule: Int
  }

  /// Where an alert belongs; nowhere when it is unrouted.
  mutating func places(of slot: Int) -> [Place] {
    guard let labels = alerts[slot]?.alert.labels, let scope = alerts[slot]?.scope else { return [] }
    guard !routes.controls.isEmpty, let rule = alerts[slot]?.alert.rule,
      let (key, controls) = routes.controls.find(rule, labels)
    else {
      return routes.targets(of: labels, in: alerts.scopes[scope]).map { Place(target: $0, rule: Group.noRule) }
    }
    let position = position(of: key, controls)
    return routes.targets(of: labels, in: alerts.scopes[scope], under: controls).map {
      Place(target: $0.target, rule: $0.isControlled ? position : Group.noRule)
    }
  }

  /// The position of a rule with controls, which is given one when it has none.
  private mutating func position(of key: RuleKey, _ controls: RuleControls) -> Int {
    if let known = rulePositions[key] { return known }
    rulePositions[key] = rules.count
    let quota = RuleQuota(owner: owner, group: key.group, rule: key.rule)
    rules.append(RuleState(key: key, controls: controls, quota: quota))
    return rules.count - 1
  }

  /// The controls of a group's rule; `nil` for a group of no rule.
  func controls(of group: Group) -> RuleControls? {
    let rule = group.identity.rule
    return rule == Group.noRule ? nil : rules[rule].controls
  }

  /// The channels that a group is told to.
  func channels(of group: Group) -> [ResourceID] {
    guard let own = controls(of: group)?.channels, !own.isEmpty else { return routes[group.identity.target].channels }
    return own
  }

  func repeatInterval(of group: Group) -> Duration {
    controls(of: group)?.repeatInterval ?? routes[group.identity.target].repeatInterval
  }

  /// After the routes changed: what the known rules say now. What a rule has used up goes with its group's new name.
  mutating func refreshRules() {
    for index in rules.indices {
      let key = rules[index].key
      rules[index].formerChannels = rules[index].controls?.channels ?? []
      rules[index].controls = routes.controls[key]
      guard rules[index].controls == nil else { continue }
      let quota = rules[index].quota
      rules[index].quota = RuleQuota(owner: owner, group: key.group, rule: key.rule)
      if !quota.isEmpty { changedQuotas[key] = rules[index].quota }
      guard let group = routes.controls.renamed[key.group] else { continue }
      let new = RuleKey(group: group, rule: key.rule)
      guard let controls = routes.controls[new], rulePositions[new] == nil else { continue }
      adopt(quota, as: new, controls)
    }
  }

  private mutating func adopt(_ quota: RuleQuota, as key: RuleKey, _ controls: RuleControls) {
    let position = position(of: key, controls)
    rules[position].quota = quota
    rules[position].quota.group = key.group
    rules[position].quota.rule = key.rule
    noteQuota(of: position)
  }

  mutating func noteQuota(of rule: Int) {
    changedQuotas[rules[rule].key] = rules[rule].quota
  }

  /// What rules with controls have used up, where that changed since this was asked last: the ledger should have it,
  /// and need not keep an entry that is empty.
  package mutating func takeChangedQuotas() -> [RuleQuota] {
    guard !changedQuotas.isEmpty else { return [] }
    defer { changedQuotas = [:] }
    return changedQuotas.values.sorted { ($0.group, $0.rule) < ($1.group, $1.rule) }
  }

  /// What rules with controls have used up.
  package var quotas: [RuleQuota] { rules.map(\.quota).filter { !$0.isEmpty } }

  /// Takes up what rules had used up before a restart; the routes have to be there already. Entries of rules that have
  /// no controls any more come back empty from ``takeChangedQuotas()``.
  package mutating func restore(quotas: some Sequence<RuleQuota>) {
    for quota in quotas where quota.owner == owner {
      let key = RuleKey(group: quota.group, rule: quota.rule)
      if let controls = routes.controls[key] {
        rules[position(of: key, controls)].quota = quota
      } else {
        changedQuotas[key] = RuleQuota(owner: owner, group: key.group, rule: key.rule)
      }
    }
  }
}
