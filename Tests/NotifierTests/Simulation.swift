import Model
import Notifier
import Specs
import TestKit

/// A whole notifier under virtual time, with receivers that remember what they were told.
struct Simulation {
  /// One firing of one alert.
  struct Episode: Hashable {
    let fingerprint: Fingerprint
    let firedAt: Timestamp?
  }

  /// What one message said.
  struct Told {
    let at: Timestamp
    let channel: ResourceID
    let groupKey: String
    let firing: Set<Episode>
    let resolved: Set<Episode>
    let reason: NotificationReason
    let alerts: [Alert]
  }

  var state: NotifierState
  var now = start
  var told: [Told] = []
  /// What the evaluator holds to be so: the last word on each alert.
  var alerts: [Fingerprint: Alert] = [:]
  var ledger: [NotificationLogEntry.Key: NotificationLogEntry] = [:]
  /// How a try ends; `nil` for a yes.
  var outcome: (EndpointQueue.Attempt) -> DeliveryError? = { _ in nil }

  init(_ resources: [Resource]) {
    var configuration = NotifierConfiguration()
    _ = configuration.apply(NotifierChange(set: resources), at: start)
    state = NotifierState(configuration: configuration)
  }

  mutating func fire(_ labels: Labels, in scope: Scope = shop) {
    let fingerprint = Fingerprint(labels)
    guard alerts[fingerprint]?.state != .firing else { return }
    let alert = alert(labels, in: scope, firedAt: now)
    alerts[fingerprint] = alert
    state.receive([alert.fires], at: now)
  }

  mutating func resolve(_ labels: Labels) {
    guard let alert = alerts[Fingerprint(labels)], alert.state == .firing else { return }
    alerts[alert.fingerprint] = alert.resolved(at: now)
    state.receive([alert.resolves(at: now)], at: now)
  }

  /// Does everything that is due now.
  mutating func settle() {
    var rounds = 0
    while let wake = state.nextWake(), wake <= now, rounds < 1000 {
      rounds += 1
      for attempt in state.tick(at: now) { send(attempt) }
    }
    record()
  }

  /// Moves time to `end`, stopping wherever there is something to do.
  mutating func run(until end: Timestamp) {
    settle()
    while let wake = state.nextWake(), wake <= end {
      now = max(now, wake)
      settle()
    }
    now = max(now, end)
    settle()
  }

  private mutating func send(_ attempt: EndpointQueue.Attempt) {
    if let error = outcome(attempt) {
      state.finished(attempt, .failure(error), at: now)
      return
    }
    let message = attempt.delivery.message
    func episodes(_ alerts: ArraySlice<Alert>) -> Set<Episode> {
      Set(alerts.map { Episode(fingerprint: $0.fingerprint, firedAt: $0.firedAt) })
    }
    told.append(
      Told(
        at: now, channel: message.channel, groupKey: message.groupKey, firing: episodes(message.firing),
        resolved: episodes(message.resolved), reason: message.reason, alerts: message.alerts))
    state.finished(attempt, .success(Receipt(detail: "")), at: now)
  }

  private mutating func record() {
    for entry in state.takeRecords().entries { ledger[entry.key] = entry }
  }

  /// Ends the process and begins another with what the ledger has.
  mutating func restart() {
    record()
    state = NotifierState(configuration: state.configuration)
    state.restore(alerts: alerts.values.sorted { $0.fingerprint < $1.fingerprint }, log: Array(ledger.values), at: now)
    record()
  }
}
