import Evaluator
import Model
import Notifier
import Reconciler
import Specs

/// What a plan means for alerts: computed from values only, so that the same inputs always say the same.
struct Consequences: Sendable {
  /// How many pending and firing alerts a group takes over unchanged.
  struct Kept: Hashable, Sendable {
    var firing = 0
    var pending = 0
  }

  /// Those that there is something to tell of, by scope, name and labels.
  private(set) var alerts: [AlertConsequence] = []
  /// By the id of the group as it would be; groups that the plan touches and that have alerts.
  private(set) var kept: [ResourceID: Kept] = [:]
  private(set) var gaps: [ConsequenceGap]
  /// How firing alerts are told before and after, where that can differ.
  private(set) var matrix = ChannelMatrix()

  /// `carried`: the live alerts of touched rules, handed over, with what sources answered.
  init(
    _ sides: PlanSides, _ changes: RuleChanges, _ carried: KeptAlerts, _ live: LiveAlerting, zones: Zones,
    at now: Timestamp
  ) {
    gaps = live.gaps
    let world = AlertWorld(sides.before, live, of: sides.owners, zones: zones, at: now)
    let before = world.standings
    var later = world
    later.apply(sides.notifierChange, carried.transitions)
    let after = later.standings
    var fates = AlertFates(changes, carried)
    fates.decide()
    kept = fates.kept
    addGaps(changes, carried)
    addAlerts(fates.consequences, live, of: sides.owners, before, after)
    foresee(later)
  }

  /// Where alerts that are pending and new would be sent.
  private mutating func foresee(_ world: AlertWorld) {
    let places = alerts.indices.filter { alerts[$0].current?.state == .pending && alerts[$0].fate != .kept }
    guard !places.isEmpty else { return }
    let channels = world.channels(of: places.compactMap { alerts[$0].current })
    for place in places {
      guard let current = alerts[place].current else { continue }
      alerts[place].awaited = (channels[AlertIdentity(current)] ?? []).sorted()
    }
  }

  private mutating func addGaps(_ changes: RuleChanges, _ carried: KeptAlerts) {
    for entry in changes.changed {
      guard let words = carried.gaps[entry.place] else { continue }
      gaps.append(ConsequenceGap(scope: entry.definition.id.scope, subject: entry.spec.name, message: words))
    }
  }

  private mutating func addAlerts(
    _ fates: [AlertConsequence], _ live: LiveAlerting, of owners: Set<Scope>?,
    _ before: [AlertIdentity: AlertStanding], _ after: [AlertIdentity: AlertStanding]
  ) {
    var decided: Set<AlertIdentity> = []
    var all = fates
    for consequence in fates { if let former = consequence.former { decided.insert(AlertIdentity(former)) } }
    for alert in live.alerts where alert.state == .firing {
      guard owners?.contains(alert.scope.owner) ?? true, !decided.contains(AlertIdentity(alert)) else { continue }
      all.append(AlertConsequence(fate: .kept, former: alert, current: alert))
    }
    for index in all.indices {
      if let former = all[index].former, former.state == .firing { all[index].before = before[AlertIdentity(former)] }
      if let current = all[index].current, current.state == .firing { all[index].after = after[AlertIdentity(current)] }
      matrix.add(all[index])
    }
    alerts = all.filter(\.isTold).sorted { left, right in
      (left.scope, left.name) != (right.scope, right.name)
        ? (left.scope, left.name) < (right.scope, right.name) : left.labels < right.labels
    }
  }
}

extension AlertConsequence {
  fileprivate var labels: Labels { (former ?? current)?.labels ?? .empty }
}
