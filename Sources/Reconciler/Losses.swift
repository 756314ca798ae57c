import Model
import Specs

/// What some steps take away: rules one each, routes and channels.
///
/// A rule that another step brings under the same name isn't lost: it moved. Nor are rules of a group that has as many
/// afterwards: they were renamed.
struct Losses {
  private(set) var count = 0
  private(set) var firing = 0
  private(set) var listed: [DeletionGuard.Lost] = []
  /// How many alerts that fire end with a group's rules, by the group's id before.
  private(set) var ended: [ResourceID: Int] = [:]

  /// A rule by what it is called.
  private struct Name: Hashable {
    let purpose: Rule.Purpose
    let name: String

    init(_ rule: Rule) {
      purpose = rule.purpose
      name = rule.name
    }
  }

  init(_ steps: [Step], _ firing: FiringAlerts) {
    var arrivals: [Name: Int] = [:]
    for step in steps {
      let differences = Self.differences(step)
      for rule in differences.came { arrivals[Name(rule), default: 0] += 1 }
    }
    for step in steps {
      guard let before = step.before else { continue }
      switch before.spec {
      case .ruleGroup: addRules(of: step, before, &arrivals, firing)
      case .route, .channel: if step.isDelete { add(before.id.kind, before.id.name, of: before, nil, firing: 0) }
      case .platform, .tenant, .project, .dataSource, .silence, .timeInterval, .inhibitRule, .template, .roleBinding,
        .approval:
        break
      }
    }
  }

  private mutating func addRules(
    of step: Step, _ before: Resource, _ arrivals: inout [Name: Int], _ firing: FiringAlerts
  ) {
    let differences = Self.differences(step)
    let lost = differences.gone.filter { place in
      guard let waiting = arrivals[Name(place.rule)], waiting > 0 else { return true }
      arrivals[Name(place.rule)] = waiting - 1
      return false
    }
    var told: Set<String> = []
    let renamed = min(lost.count, step.after == nil ? 0 : differences.came.count)
    for (position, place) in lost.enumerated() {
      // Several rules of one name share what is known of their alerts.
      let isFirst = place.rule.purpose == .alert && told.insert(place.rule.name).inserted
      let alerts = isFirst ? firing[before.id]?[place.rule.name] ?? 0 : 0
      ended[before.id, default: 0] += alerts
      if position >= renamed {
        add(.ruleGroup, place.rule.name, of: before, place.index, firing: alerts)
      } else {
        self.firing += alerts
      }
    }
  }

  private mutating func add(
    _ kind: Kind, _ name: String, of resource: Resource, _ index: Int?, firing alerts: Int
  ) {
    count += 1
    firing += alerts
    guard listed.count < DeletionGuard.listLimit else { return }
    var line = resource.origin.line
    if let index, index < resource.origin.ruleLines.count { line = Int(resource.origin.ruleLines[index]) }
    var group: String?
    if case .ruleGroup(let spec) = resource.spec { group = spec.name }
    listed.append(
      DeletionGuard.Lost(
        kind: kind, name: name, group: group, file: resource.origin.file, line: line, firing: alerts))
  }

  /// The rules that a step takes away and those that it brings, each as often as it does.
  private static func differences(_ step: Step) -> (gone: [(index: Int, rule: Rule)], came: [Rule]) {
    var gone: [(index: Int, rule: Rule)] = []
    var came: [Rule] = []
    var before: [Name: Int] = [:]
    for rule in step.before?.rules ?? [] { before[Name(rule), default: 0] += 1 }
    for rule in step.after?.rules ?? [] {
      if let count = before[Name(rule)], count > 0 { before[Name(rule)] = count - 1 } else { came.append(rule) }
    }
    for (index, rule) in (step.before?.rules ?? []).enumerated().reversed() {
      guard let count = before[Name(rule)], count > 0 else { continue }
      before[Name(rule)] = count - 1
      gone.append((index, rule))
    }
    return (gone.reversed(), came)
  }
}

extension Resource {
  fileprivate var rules: [Rule] {
    if case .ruleGroup(let group) = spec { group.rules } else { [] }
  }
}
