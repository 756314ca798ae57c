package import Model
import Specs

/// What the notifier makes of one alert at one moment.
package struct AlertTreatment: Hashable, Sendable {
  /// Where its routes lead, or the channels of its rule; each once.
  package var channels: [ResourceID] = []
  /// The silences in force for it, nearest scope first.
  package var silencedBy: [ResourceID] = []
  /// The firing alert that inhibits it; pending alerts aren't inhibited.
  package var inhibitedBy: Fingerprint?
  /// The intervals that mute its routes now; pending alerts aren't muted.
  package var timeIntervals: [ResourceID] = []

  package init() {}
}

/// By what an owner's treatments go: while this is equal and no time of ``NotifierState/nextTreatmentChange(after:)``
/// passes, so are they.
package struct TreatmentMark: Hashable, Sendable {
  fileprivate let changes: UInt64
  fileprivate let inhibition: UInt64
  fileprivate let platformInhibition: UInt64
}

extension NotifierState {
  /// The mark of each of these owners.
  package func treatmentMarks(of owners: some Sequence<Scope>) -> [Scope: TreatmentMark] {
    let platform = configuration.surroundings.platformInhibitor.revision
    return owners.reduce(into: [:]) { marks, owner in
      marks[owner] = TreatmentMark(
        changes: changes, inhibition: dispatchers[owner]?.inhibitor.revision ?? 0, platformInhibition: platform)
    }
  }

  /// When a silence begins or ends next, or, with intervals that recur, the next minute; `nil`: nothing waits for time.
  package func nextTreatmentChange(after now: Timestamp) -> Timestamp? {
    let surroundings = configuration.surroundings
    var next: Timestamp?
    func note(_ instant: Timestamp) {
      if instant > now, next.map({ instant < $0 }) ?? true { next = instant }
    }
    for silence in surroundings.silences.all {
      note(silence.startsAt)
      // A silence is in force to the end of its last millisecond.
      note(silence.endsAt + .milliseconds(1))
    }
    if !surroundings.timeIntervals.isEmpty {
      let minute: Int64 = 60_000
      note(Timestamp(millisecondsSinceEpoch: (now.millisecondsSinceEpoch / minute + 1) * minute))
    }
    return next
  }

  /// What becomes of each of these alerts at `now`, in their order.
  package func treatments(of alerts: [Alert], at now: Timestamp) -> [AlertTreatment] {
    var views: [Scope: TreatmentView] = [:]
    return alerts.map { alert in
      let view = views[alert.scope] ?? TreatmentView(of: alert.scope, in: self)
      views[alert.scope] = view
      return view.treatment(of: alert, at: now, in: configuration.surroundings)
    }
  }

  /// All silences with their states, without counting what they match.
  package func silenceStates(at now: Timestamp) -> [SilenceSnapshot] {
    let surroundings = configuration.surroundings
    return surroundings.silences.all.map {
      SilenceSnapshot(silence: $0, state: $0.state(at: now, in: surroundings.zones), matchingAlerts: nil)
    }
  }
}

/// What all alerts of a scope are held against.
private struct TreatmentView {
  let routes: RouteSet
  let inhibitor: Inhibitor?
  let silences: SilenceView

  init(of scope: Scope, in state: NotifierState) {
    let dispatcher = state.dispatchers[scope.owner]
    routes = dispatcher?.routes ?? state.configuration.routes(of: scope.owner)
    inhibitor = dispatcher?.inhibitor
    silences = state.configuration.surroundings.silences.view(of: scope)
  }

  func treatment(of alert: Alert, at now: Timestamp, in surroundings: Surroundings) -> AlertTreatment {
    var treatment = AlertTreatment()
    let isFiring = alert.state == .firing
    let controls = routes.controls.isEmpty ? nil : routes.controls.find(alert.rule, alert.labels)?.controls
    let targets: [(target: RouteSet.Target, isControlled: Bool)] =
      controls.map { routes.targets(of: alert.labels, in: alert.scope, under: $0) }
      ?? routes.targets(of: alert.labels, in: alert.scope).map { ($0, false) }
    for (target, isControlled) in targets {
      let node = routes[target]
      let own = isControlled ? controls?.channels ?? [] : []
      for channel in own.isEmpty ? node.channels : own where !treatment.channels.contains(channel) {
        treatment.channels.append(channel)
      }
      guard isFiring else { continue }
      for interval in surroundings.mutingIntervals(of: node, at: now)
      where !treatment.timeIntervals.contains(interval) {
        treatment.timeIntervals.append(interval)
      }
    }
    if !silences.isEmpty {
      treatment.silencedBy = silences.muting(
        alert.labels, firingSince: isFiring ? alert.firedAt : nil, at: now, zones: surroundings.zones)
    }
    guard isFiring else { return treatment }
    treatment.inhibitedBy =
      (inhibitor?.inhibition(of: alert.labels, in: alert.scope)
      ?? surroundings.platformInhibitor.inhibition(of: alert.labels, in: alert.scope))?.source
    return treatment
  }
}
