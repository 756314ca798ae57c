import Model

/// When each alert was pending and fired on one side of a shadow.
struct AlertTimeline: Sendable {
  /// One life of an alert, from its first true evaluation to its end.
  struct Span: Hashable, Sendable {
    let activeAt: Timestamp
    var firedAt: Timestamp?
    /// `nil` while it goes on.
    var endedAt: Timestamp?
  }

  /// One alert with its lives, in order; never empty.
  struct Entry: Sendable {
    /// As it was seen last.
    var alert: Alert
    var spans: [Span]

    var hasFired: Bool { spans.contains { $0.firedAt != nil } }
  }

  private(set) var entries: [AlertIdentity: Entry] = [:]
  /// Those that go on.
  private var open: Set<AlertIdentity> = []

  init() {}

  /// Takes up the alerts that are there when the shadow begins.
  init(_ alerts: [Alert]) {
    for alert in alerts where alert.state != .resolved { begin(alert) }
  }

  // MARK: By what an evaluator says

  mutating func take(_ transitions: [AlertTransition]) {
    for transition in transitions { take(transition) }
  }

  private mutating func take(_ transition: AlertTransition) {
    let alert = transition.alert
    let id = AlertIdentity(alert)
    guard alert.state != .resolved else { return end(id, alert, at: transition.at) }
    goOn(id, alert, at: transition.at)
  }

  // MARK: By looking

  /// Takes in the alerts that there are at `now`; gives what has changed since the last look.
  ///
  /// What began has the instant that the alert itself names; an end has that of the look.
  mutating func look(_ alerts: [Alert], at now: Timestamp) -> [AlertTransition] {
    var transitions: [AlertTransition] = []
    var seen: Set<AlertIdentity> = []
    for alert in alerts where alert.state != .resolved {
      let id = AlertIdentity(alert)
      guard seen.insert(id).inserted else { continue }
      let former = open.contains(id) ? entries[id]?.alert.state : nil
      let isAnother = former != nil && entries[id]?.alert.activeAt != alert.activeAt
      if isAnother, let ended = ended(id, at: now) { transitions.append(ended) }
      goOn(id, alert, at: now)
      if former != alert.state || isAnother {
        transitions.append(
          AlertTransition(from: isAnother ? nil : former, alert: alert, reason: .conditionMet, at: now))
      }
    }
    for id in open.subtracting(seen).sorted(by: { ($0.scope, $0.fingerprint) < ($1.scope, $1.fingerprint) }) {
      if let ended = ended(id, at: now) { transitions.append(ended) }
    }
    return transitions
  }

  private mutating func ended(_ id: AlertIdentity, at now: Timestamp) -> AlertTransition? {
    guard var alert = entries[id]?.alert else { return nil }
    let former = alert.state
    alert.state = .resolved
    alert.resolvedAt = now
    end(id, alert, at: now)
    return AlertTransition(from: former, alert: alert, reason: .conditionEnded, at: now)
  }

  // MARK: Lives

  private mutating func begin(_ alert: Alert) {
    let id = AlertIdentity(alert)
    let span = Span(activeAt: alert.activeAt, firedAt: alert.state == .firing ? alert.firedAt : nil)
    entries[id, default: Entry(alert: alert, spans: [])].spans.append(span)
    entries[id]?.alert = alert
    open.insert(id)
  }

  private mutating func goOn(_ id: AlertIdentity, _ alert: Alert, at now: Timestamp) {
    guard open.contains(id), let entry = entries[id], let last = entry.spans.indices.last else { return begin(alert) }
    let hadFired = entry.spans[last].firedAt != nil
    // A longer `for` takes a firing alert back to pending: its firing is over.
    if hadFired, alert.state == .pending {
      end(id, alert, at: now)
      return begin(alert)
    }
    entries[id]?.alert = alert
    if !hadFired, alert.state == .firing { entries[id]?.spans[last].firedAt = alert.firedAt ?? now }
  }

  private mutating func end(_ id: AlertIdentity, _ alert: Alert, at now: Timestamp) {
    guard open.remove(id) != nil, let last = entries[id]?.spans.indices.last else { return }
    entries[id]?.spans[last].endedAt = now
    entries[id]?.alert = alert
  }
}
