import Evaluator
import Model
import Notifier
import Reconciler
import Specs

/// Who is told of an alert that fires, and what keeps others from being told.
struct AlertStanding: Hashable, Sendable {
  /// Why nobody, or not everybody, is told; the raw values are the words of the report.
  enum Reason: String, Hashable, Sendable, CaseIterable {
    case unrouted, observed, inhibited, silenced, muted
  }

  /// Where its routes, or its rule, lead.
  var channels: Set<ResourceID> = []
  /// Of these, those that are told at present.
  var told: Set<ResourceID> = []
  /// What keeps the others from being told.
  var reasons: Set<Reason> = []
  /// The silences, inhibit rules and time intervals behind the reasons, in order.
  var causes: [ResourceID] = []

  /// The gravest reason; `nil` where somebody is told.
  var reasonForNobody: Reason? {
    guard told.isEmpty else { return nil }
    return Reason.allCases.first(where: reasons.contains) ?? .unrouted
  }
}

/// An alert that fires, by the scope that it belongs to and its labels.
struct AlertIdentity: Hashable, Sendable {
  let scope: Scope
  let fingerprint: Fingerprint

  init(_ alert: Alert) {
    scope = alert.scope
    fingerprint = alert.fingerprint
  }
}

/// The live notifier's value over one side of a plan: dispatchers, routes, silences, inhibition.
struct AlertWorld: Sendable {
  private var state: NotifierState
  /// Whose dispatchers are looked at; `nil` for all.
  private let owners: Set<Scope>?
  private let now: Timestamp

  /// What is live, with the alerts that fire.
  init(_ side: LiveState, _ live: LiveAlerting, of owners: Set<Scope>?, zones: Zones, at now: Timestamp) {
    self.owners = owners
    self.now = now
    var configuration = NotifierConfiguration(zones: zones)
    let scopes = side.scopes.keys.filter { $0 == .platform || owners?.contains($0.owner) ?? true }
    var resources = scopes.flatMap { Array(side.resources(in: $0).values) }
    resources += live.runtimeSilences.filter { side[$0.id] == nil }
    resources.sort { $0.id < $1.id }
    _ = configuration.apply(NotifierChange(set: resources, firstApplied: live.silenceStarts), at: now)
    state = NotifierState(configuration: configuration)
    let firing = live.alerts.filter { $0.state == .firing && owners?.contains($0.scope.owner) ?? true }
    receive(firing.map { AlertTransition(from: nil, alert: $0, reason: .conditionMet, at: $0.firedAt ?? now) })
  }

  /// Goes on to the other side of a plan.
  mutating func apply(_ change: NotifierChange, _ transitions: [AlertTransition]) {
    _ = state.apply(change, at: now)
    receive(transitions)
  }

  private mutating func receive(_ transitions: [AlertTransition]) {
    let own = transitions.filter { owners?.contains($0.alert.scope.owner) ?? true }
    for (_, own) in Dictionary(grouping: own, by: \.alert.scope.owner).sorted(by: { $0.key < $1.key }) {
      state.receive(own, at: now)
    }
  }

  /// How each firing alert stands; one that isn't among them is unrouted.
  var standings: [AlertIdentity: AlertStanding] {
    var standings: [AlertIdentity: AlertStanding] = [:]
    for owner in owners.map({ $0.sorted() }) ?? state.dispatchers.keys.sorted() {
      for group in state.groups(of: owner, at: now) {
        for (alert, muting) in group.alerts where alert.state == .firing {
          add(muting, group.channels, to: &standings[AlertIdentity(alert), default: AlertStanding()], alert.scope)
        }
      }
    }
    for alert in state.unroutedAlerts where alert.state == .firing {
      standings[AlertIdentity(alert)] = AlertStanding(reasons: [.unrouted])
    }
    return standings
  }

  private func add(_ muting: Muting, _ channels: [ResourceID], to standing: inout AlertStanding, _ scope: Scope) {
    standing.channels.formUnion(channels)
    var causes = standing.causes
    if channels.isEmpty { standing.reasons.insert(.unrouted) }
    if state.configuration.surroundings.notify(in: scope, at: now) != .send { standing.reasons.insert(.observed) }
    if let inhibition = muting.inhibitedBy {
      standing.reasons.insert(.inhibited)
      causes.append(inhibition.rule)
    }
    if !muting.silencedBy.isEmpty {
      standing.reasons.insert(.silenced)
      causes += muting.silencedBy
    }
    if !muting.timeIntervals.isEmpty {
      standing.reasons.insert(.muted)
      causes += muting.timeIntervals
    }
    let isQuiet = muting.isMuted || standing.reasons.contains(.observed)
    if !isQuiet { standing.told.formUnion(channels) }
    standing.causes = Set(causes).sorted()
  }

  /// Where alerts with these labels would be sent if they fired, whatever mutes them now.
  func channels(of alerts: [Alert]) -> [AlertIdentity: Set<ResourceID>] {
    var other = self
    other.state = NotifierState(configuration: state.configuration)
    other.receive(
      alerts.map {
        var alert = $0
        alert.state = .firing
        alert.firedAt = alert.firedAt ?? now
        return AlertTransition(from: nil, alert: alert, reason: .conditionMet, at: now)
      })
    return other.standings.mapValues(\.channels)
  }
}
