import Model
import PromQL
import Specs

/// Alerts of rules that moved between a tenant and its projects, or between two of them.
struct ScopeCrossing {
  private struct OldPlace {
    let scope: Scope
    let rule: Int
  }

  /// What makes two rules the same wherever they are written: name, labels and expression.
  private struct Identity: Hashable {
    let tenant: String
    let name: String
    let labels: [Label]
    let digest: UInt64
  }

  private var old: [Identity: [OldPlace]] = [:]

  /// Notes what is left in the pools; rules of the platform, and rules without alerts, go nowhere.
  init(_ pools: [Scope: AlertPool]) {
    for (scope, pool) in pools {
      guard let tenant = scope.tenant else { continue }
      for (index, rule) in pool.rules.enumerated() where !rule.isClaimed && !rule.entries.isEmpty {
        guard rule.purpose == .alert, let labels = rule.labels, let digest = rule.digest else { continue }
        let identity = Identity(tenant: tenant, name: rule.reference.rule, labels: labels, digest: digest)
        old[identity, default: []].append(OldPlace(scope: scope, rule: index))
      }
    }
  }

  var isEmpty: Bool { old.isEmpty }

  /// Hands the alerts over, each rule's to the only new rule of its tenant that is the same; nobody guesses.
  func distribute(_ pools: inout [Scope: AlertPool], to groups: inout [Scope: [RuleGroupState]]) {
    var new: [Identity: [(scope: Scope, group: Int, rule: Int)]] = [:]
    for (scope, list) in groups {
      guard let tenant = scope.tenant else { continue }
      for (position, group) in list.enumerated() {
        for (index, rule) in group.definition.spec.rules.enumerated() {
          guard rule.purpose == .alert, group.rules[index].treatment == .evaluated else { continue }
          let isKnown = pools[scope]?.continued.contains(.init(group: group.id, index: index)) ?? false
          guard !isKnown, group.rules[index].alerts.isEmpty else { continue }
          let identity = Identity(
            tenant: tenant, name: rule.name, labels: group.definition.mergedLabels(index),
            digest: rule.expression.digest)
          guard old[identity] != nil else { continue }
          new[identity, default: []].append((scope, position, index))
        }
      }
    }
    for (identity, places) in new {
      guard places.count == 1, let from = old[identity], from.count == 1, from[0].scope != places[0].scope else {
        continue
      }
      let to = places[0]
      guard var group = groups[to.scope]?[to.group] else { continue }
      pools[from[0].scope]?.hand(rule: from[0].rule, to: &group, rule: to.rule)
      groups[to.scope]?[to.group] = group
    }
  }
}

extension AlertPool {
  /// Hands all alerts of an old rule to a rule of another scope, under the labels that this scope adds.
  fileprivate mutating func hand(rule candidate: Int, to group: inout RuleGroupState, rule index: Int) {
    let old = rules[candidate]
    guard let context = old.context else { return }
    rules[candidate].isClaimed = true
    group.rules[index].continue(old.health)
    for entry in old.entries {
      let moved = Entry(
        moving: entry.alert, from: context, to: group.definition.context, rule: old.reference,
        generatorURL: old.generatorURL)
      hand(moved, of: old, under: moved.alert.labels, to: &group, rule: index)
    }
    keep([], of: candidate, in: &group, rule: index)
  }
}
