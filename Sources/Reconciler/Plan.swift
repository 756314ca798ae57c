package import Diagnostics
package import Model
package import Specs

/// What one revision would change, complete and in order: shown, recorded, then applied.
package struct Plan: Sendable {
  package let revision: Revision
  /// One entry for each scope that the revision concerns, in order.
  package let scopes: [ScopePlan]

  package init(revision: Revision, scopes: [ScopePlan]) {
    self.revision = revision
    self.scopes = scopes
  }

  /// Whether there is nothing to apply and nothing held.
  package var isEmpty: Bool { scopes.allSatisfy { $0.steps.isEmpty && $0.decision == .apply } }

  /// How many rules, routes and channels it takes away or would take away but for a guard, and how many alerts that
  /// fire would lose cover.
  package var losses: (count: Int, firing: Int) {
    var losses = (count: 0, firing: 0)
    for part in scopes {
      losses.count += part.lost.count
      losses.firing += part.lost.firing
    }
    return losses
  }

  /// The steps in the order in which they are applied: additions from the platform downwards, then removals upwards.
  package var steps: [Step] {
    let all = scopes.flatMap(\.steps)
    return all.filter { !$0.isDelete } + all.filter(\.isDelete).reversed()
  }

  /// How many steps of each sort there are.
  package var counts: (create: Int, update: Int, move: Int, delete: Int) {
    var counts = (create: 0, update: 0, move: 0, delete: 0)
    for step in scopes.lazy.flatMap(\.steps) {
      switch step {
      case .create: counts.create += 1
      case .update: counts.update += 1
      case .move: counts.move += 1
      case .delete: counts.delete += 1
      }
    }
    return counts
  }
}

/// What a revision means for one scope.
package struct ScopePlan: Sendable {
  /// Whether the scope follows the revision.
  package enum Decision: Hashable, Sendable {
    case apply
    /// The last good revision stays live; steps, if any, are silences, which are units of their own.
    case hold(HeldReason)
    /// `sync: paused`.
    case suspend
  }

  package let scope: Scope
  package let decision: Decision
  /// Creates, moves and updates by stage and name, then deletes backwards.
  package let steps: [Step]
  /// Removed here, but kept live because a held scope still uses them.
  package let retained: [Retained]
  /// What keeps the scope held, and warnings; in reading order.
  package let diagnostics: [Diagnostic]
  /// For a hold that no diagnostic of a file explains: what happened, and the remedy.
  package let explanation: String?
  /// The scope that this one was before its folder was renamed by this revision.
  package var movedFrom: Scope?
  /// What the guard of deletions found, where it had something to find.
  package var deletionGuard: DeletionGuard?
  /// What becomes of alerts that fire, by the id of the step; only steps with some.
  package var firing: [ResourceID: StepAlerts] = [:]
  /// How many rules, routes and channels go or would go but for the guard, and how many alerts would lose cover.
  var lost = (count: 0, firing: 0)

  package init(
    scope: Scope, decision: Decision, steps: [Step], retained: [Retained] = [], diagnostics: [Diagnostic] = [],
    explanation: String? = nil
  ) {
    self.scope = scope
    self.decision = decision
    self.steps = steps
    self.retained = retained
    self.diagnostics = diagnostics
    self.explanation = explanation
  }
}

/// A resource that was removed and stays live, and who needs it.
package struct Retained: Hashable, Sendable {
  package let id: ResourceID
  package let usedBy: [ResourceID]

  package init(id: ResourceID, usedBy: [ResourceID]) {
    self.id = id
    self.usedBy = usedBy
  }
}

/// How many alerts that fire go on after a step, and how many end, since no rule has them any more.
package struct StepAlerts: Hashable, Sendable {
  package var kept = 0
  package var ended = 0
}

/// How many alerts fire, by rule group and by the rule's name.
package typealias FiringAlerts = [ResourceID: [String: Int]]

/// One change of one resource.
package enum Step: Sendable {
  case create(Resource)
  case update(from: Resource, to: Resource)
  /// The same resource under another id (a file was moved, or `previous_names`); its content may differ too.
  case move(from: Resource, to: Resource)
  case delete(Resource)

  /// The id that the step leaves live; for a deletion, the one it takes away.
  package var id: ResourceID {
    switch self {
    case .create(let resource), .update(_, let resource), .move(_, let resource), .delete(let resource): resource.id
    }
  }

  package var isDelete: Bool {
    if case .delete = self { true } else { false }
  }

  /// The resource before; `nil` for a creation.
  package var before: Resource? {
    switch self {
    case .create: nil
    case .update(let before, _), .move(let before, _), .delete(let before): before
    }
  }

  /// The resource after; `nil` for a deletion.
  package var after: Resource? {
    switch self {
    case .delete: nil
    case .create(let after), .update(_, let after), .move(_, let after): after
    }
  }
}

/// One field that differs between two versions of a resource.
package struct FieldChange: Hashable, Sendable {
  /// The path within the spec, such as `rules[0] DiskFull.for`.
  package let path: String
  /// `nil` where the field is new.
  package let before: String?
  /// `nil` where the field is gone.
  package let after: String?

  /// The fields that differ, in the order of the later version, those gone last.
  ///
  /// The rules of a group are compared by name, so that one that is put in doesn't make those behind it differ; another
  /// order of the same rules is a change of its own.
  package static func between(_ before: Resource, _ after: Resource) -> [FieldChange] {
    var (old, new) = (FieldList(), FieldList())
    before.visitFields(&old)
    after.visitFields(&new)
    let (oldKeys, newKeys) = (before.comparisonKeys(of: old.fields), after.comparisonKeys(of: new.fields))
    let known = Dictionary(zip(oldKeys, old.fields), uniquingKeysWith: { first, _ in first })
    var changes: [FieldChange] = []
    for (key, field) in zip(newKeys, new.fields) {
      let earlier = known[key]
      if earlier?.value != field.value {
        changes.append(FieldChange(path: field.name, before: earlier?.value, after: field.value))
      } else if earlier.map({ old.whole[$0.name] }) ?? nil != new.whole[field.name] {
        changes.append(
          FieldChange(
            path: field.name, before: field.value, after: field.value + " (it differs in what isn't shown)"))
      }
    }
    if let order = order(before, after) { changes.append(order) }
    let kept = Set(newKeys)
    for (key, field) in zip(oldKeys, old.fields) where !kept.contains(key) {
      changes.append(FieldChange(path: field.name, before: field.value, after: nil))
    }
    return changes
  }

  /// How the rules that both versions have stand in another order; `nil` where they don't.
  private static func order(_ before: Resource, _ after: Resource) -> FieldChange? {
    let (old, new) = (before.ruleKeys, after.ruleKeys)
    let (wasThere, isThere) = (Set(old), Set(new))
    let (earlier, later) = (old.filter(isThere.contains), new.filter(wasThere.contains))
    guard earlier != later else { return nil }
    return FieldChange(
      path: "rules (order)", before: earlier.joined(separator: ", "), after: later.joined(separator: ", "))
  }

  private init(path: String, before: String?, after: String?) {
    self.path = path
    self.before = before
    self.after = after
  }
}

extension Resource {
  /// The names of a group's rules; the second of a name has `#2` behind it. Empty for other kinds.
  package var ruleKeys: [String] {
    guard case .ruleGroup(let group) = spec else { return [] }
    var counts: [String: Int] = [:]
    return group.rules.map { rule in
      counts[rule.name, default: 0] += 1
      let count = counts[rule.name, default: 1]
      return count == 1 ? rule.name : "\(rule.name)#\(count)"
    }
  }

  /// The paths of fields, those of rules by the rule's name instead of its place.
  fileprivate func comparisonKeys(of fields: [Label]) -> [String] {
    guard case .ruleGroup(let group) = spec else { return fields.map(\.name) }
    let keys = ruleKeys
    return fields.map { field in
      guard field.name.hasPrefix("rules["), let end = field.name.firstIndex(of: "]"),
        let place = Int(field.name[..<end].dropFirst(6)), group.rules.indices.contains(place)
      else { return field.name }
      return "rules " + keys[place] + " " + field.name[end...].dropFirst(2 + group.rules[place].name.count)
    }
  }
}
