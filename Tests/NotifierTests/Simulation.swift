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
  var quotas: [String: RuleQuota] = [:]
  /// What was recorded as held back.
  var held: [DeliveryRecord] = []
  /// What was recorded as delivered.
  var delivered: [DeliveryRecord] = []
  /// How many alerts each message says were held back.
  var heldBack: [Int] = []
  /// How a try ends; `nil` for a yes.
  var outcome: (ChannelQueue.Attempt) -> DeliveryError? = { _ in nil }
  /// How many seconds a try takes.
  var duration: (ChannelQueue.Attempt) -> Int = { _ in 0 }
  /// Tries that take time, by when they end.
  private var underWay: [(end: Timestamp, attempt: ChannelQueue.Attempt)] = []

  init(_ resources: [Resource], zones: Zones = .utcOnly) {
    var configuration = NotifierConfiguration(zones: zones)
    _ = configuration.apply(NotifierChange(set: resources), at: start)
    state = NotifierState(configuration: configuration)
  }

  mutating func fire(_ labels: Labels, in scope: Scope = shop, rule: String = "rule") {
    let fingerprint = Fingerprint(labels)
    guard alerts[fingerprint]?.state != .firing else { return }
    let alert = alert(labels, in: scope, firedAt: now, rule: rule)
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
    while let wake = nextWake, wake <= now, rounds < 1000 {
      rounds += 1
      let ended = underWay.filter { $0.end <= now }
      underWay.removeAll { $0.end <= now }
      for (_, attempt) in ended { send(attempt) }
      for attempt in state.tick(at: now) {
        let seconds = duration(attempt)
        if seconds > 0 { underWay.append((now + .seconds(seconds), attempt)) } else { send(attempt) }
      }
    }
    record()
  }

  private var nextWake: Timestamp? { ([state.nextWake()] + underWay.map(\.end)).compactMap { $0 }.min() }

  /// Moves time to `end`, stopping wherever there is something to do.
  mutating func run(until end: Timestamp) {
    settle()
    while let wake = nextWake, wake <= end {
      now = max(now, wake)
      settle()
    }
    now = max(now, end)
    settle()
  }

  private mutating func send(_ attempt: ChannelQueue.Attempt) {
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
    heldBack.append(message.heldBack)
    state.finished(attempt, .success(Receipt(detail: "")), at: now)
  }

  private mutating func record() {
    let records = state.takeRecords()
    for entry in records.entries { ledger[entry.key] = entry }
    held += records.deliveries.filter { $0.outcome == .held }
    delivered += records.deliveries.filter { $0.outcome == .delivered }
    for quota in records.quotas { quotas["\(quota.group) \(quota.rule)"] = quota.isEmpty ? nil : quota }
  }

  /// Ends the process and begins another with what the ledger has.
  mutating func restart() {
    record()
    underWay = []
    state = NotifierState(configuration: state.configuration)
    state.restore(
      alerts: alerts.values.sorted { $0.fingerprint < $1.fingerprint }, log: Array(ledger.values),
      quotas: Array(quotas.values), at: now)
    record()
  }
}
