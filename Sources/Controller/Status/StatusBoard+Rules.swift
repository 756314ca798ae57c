import Evaluator
import Model
import Notifier
import PromQL
import Specs
import StatusAPI

/// The list of all rules.
extension StatusBoard {
  /// How many groups are taken from the evaluator at once.
  private static let stride = 256

  func rules(
    _ filter: RuleFilter, _ page: PageRequest<RuleKey>, for reader: Visibility
  ) async -> StatusPage<RuleListing> {
    let ids = await evaluator.groupIDs()
    var position = page.after.map { after in ids.firstPosition { $0 >= after.group } } ?? 0
    let text = filter.text.lowercased()
    var found: [(group: RuleGroupState, index: Int)] = []
    scan: while position < ids.count {
      let end = min(position + Self.stride, ids.count)
      let seen = ids[position..<end].filter { reader.allows($0.scope) && $0.scope.isWithin(filter.scope) }
      position = end
      for group in seen.isEmpty ? [] : await evaluator.groups(seen) {
        let isNamed = text.isEmpty || group.definition.spec.name.lowercased().contains(text)
        for index in group.rules.indices {
          if let after = page.after, RuleKey(group: group.id, index: index) <= after { continue }
          guard filter.lets(group.rules[index]),
            isNamed || group.definition.spec.rules[index].name.lowercased().contains(text)
          else { continue }
          found.append((group, index))
          if found.count > page.limit { break scan }
        }
      }
    }
    return StatusPage(await listings(found.prefix(page.limit), for: reader), hasMore: found.count > page.limit)
  }

  private func listings(
    _ rules: ArraySlice<(group: RuleGroupState, index: Int)>, for reader: Visibility
  ) async -> [RuleListing] {
    let view = await view(for: reader)
    var listings: [RuleListing] = []
    for (group, index) in rules {
      let rule = group.definition.spec.rules[index]
      var channels: [ResourceID] = []
      if rule.purpose == .alert, group.rules[index].treatment == .evaluated {
        let labels = group.definition.mergedLabels(index) + [Label("alertname", rule.name)]
        channels = await notifier.preview(Labels(labels), in: group.definition.context.scope).channels
      }
      let counts = view.alertCounts(group.alerts(of: index))
      listings.append(
        RuleListing(
          key: RuleKey(group: group.id, index: index), rule: group.view(of: index, counts), channels: channels))
    }
    return listings
  }
}

extension RuleGroupState {
  fileprivate func view(of index: Int, _ counts: AlertCounts) -> RuleView {
    let (rule, state) = (definition.spec.rules[index], rules[index])
    var health = HealthStanding(status: .unknown, message: state.treatment == .external ? "external" : "")
    var error: String?
    switch state.health {
    case .failing(let failure, let since):
      health = HealthStanding(status: .degraded, message: failure.description, since: since)
      error = failure.description
    case .ok: health = HealthStanding(status: .healthy)
    case .unknown: break
    }
    return RuleView(
      purpose: rule.purpose == .alert ? .alerting : .recording, name: rule.name, query: rule.expression.text,
      hold: rule.hold, keepFiringFor: rule.keepFiringFor, labels: definition.mergedLabels(index),
      annotations: rule.annotations, dataSource: rule.dataSource ?? definition.spec.dataSource,
      isEnabled: rule.enabled, provenance: definition.reference(index).provenance, health: health, state: state.state,
      alerts: counts, lastEvaluationAt: state.evaluatedAt, lastDuration: state.duration, lastError: error)
  }
}

extension RuleFilter {
  fileprivate func lets(_ rule: RuleState) -> Bool {
    guard states.contains(State(rule.state)) else { return false }
    switch (health, rule.health) {
    case (nil, _), (.ok, .ok), (.failing, .failing), (.unknown, .unknown): return true
    case (.ok, _), (.failing, _), (.unknown, _): return false
    }
  }
}

extension [ResourceID] {
  /// The first position from which on all fit, where all that fit stand at the end.
  fileprivate func firstPosition(_ fits: (ResourceID) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if fits(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
