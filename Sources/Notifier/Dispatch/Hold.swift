package import Model

/// What keeps firing alerts back for a while, beside muting.
package struct Hold: Hashable, Sendable {
  /// Which bound was reached; the raw values are for the API.
  package enum Reason: String, Hashable, Sendable, CaseIterable {
    /// A rule's `cooldown`.
    case cooldown
    /// A rule's `max_per_day`.
    case dailyLimit
    /// `notifications_per_hour` of a tenant or project.
    case hourlyLimit
  }

  package let reason: Reason
  package let until: Timestamp
  /// The bound, as the specs have it: `10m`, `3`, `100 in shop`.
  package let bound: String

  /// `held back until 2026-11-20T09:00:00Z: the rule's 'cooldown' of 10m`.
  var text: String {
    let field =
      switch reason {
      case .cooldown: "the rule's 'cooldown' of "
      case .dailyLimit: "the rule's 'max_per_day' of "
      case .hourlyLimit: "'notifications_per_hour' of "
      }
    return "held back until \(until): " + field + bound
  }
}

/// The bounds that were reached, as one flush sees them.
struct Caps {
  /// Holds all alerts of the group.
  var cooldown: Hold?
  /// Holds those that aren't critical.
  var daily: Hold?
  /// Of scopes, by their positions in the alert store; hold those that aren't critical.
  var hourly: [Int: Hold] = [:]
  let severities: SeverityScale

  var isEmpty: Bool { cooldown == nil && daily == nil && hourly.isEmpty }

  /// What holds an alert back, the longest first; `nil` when nothing does.
  func hold(scope: Int, labels: Labels) -> Hold? {
    var holds = [cooldown]
    if daily != nil || hourly[scope] != nil, !severities.isCritical(labels) { holds += [daily, hourly[scope]] }
    return holds.compactMap { $0 }.max { $0.until < $1.until }
  }
}

extension SeverityScale {
  /// Whether an alert with these labels is told whatever the day or hour has had.
  func isCritical(_ labels: Labels) -> Bool { level(of: labels["severity"]) == .critical }
}

/// What one group has to remember of bounds on its notifications.
struct GroupHold: Sendable {
  /// Of the alerts held back at the last flush, the one that ends first.
  var hold: Hold?
  /// Those alerts: each is counted once.
  var alerts: Set<Fingerprint> = []
  /// For which hold, by its end, a channel has a record already.
  var recorded: [ResourceID: Timestamp] = [:]
  /// Channels that haven't got the group's last notification yet, since it is on its way or failed: they get it,
  /// whatever holds meanwhile. The value says whether the notification counts already, since another channel got it.
  var unheard: [ResourceID: Bool] = [:]

  var isEmpty: Bool { hold == nil && unheard.isEmpty }
}

/// A rule with controls, and what it has used up.
struct RuleState: Sendable {
  let key: RuleKey
  /// `nil` once a sync took them away.
  var controls: RuleControls?
  var quota: RuleQuota
  /// Its own channels before the last change.
  var formerChannels: [ResourceID] = []
  /// Notifications that nobody has got yet, by their group's serial number.
  var flights: [UInt64: Flight] = [:]

  struct Flight: Sendable {
    let at: Timestamp
    let isCritical: Bool
  }

  /// The end of the rule's cooldown, if it is later than `now`. Groups that are flushed at one instant are told
  /// together, so that none waits for the other.
  func cooldown(at now: Timestamp) -> Hold? {
    guard let cooldown = controls?.cooldown else { return nil }
    let last = ([quota.lastNotifiedAt] + flights.values.map(\.at)).compactMap { $0 }.filter { $0 < now }.max()
    guard let last, last + cooldown > now else { return nil }
    return Hold(reason: .cooldown, until: last + cooldown, bound: cooldown.prometheus)
  }

  /// The end of the day in `zone`, if the rule has used it up.
  func dailyLimit(at now: Timestamp, in zone: ZoneRules) -> Hold? {
    guard let limit = controls?.maxPerDay else { return nil }
    let today = zone.civilTime(at: now).dateText
    let underWay = flights.values.count { !$0.isCritical && zone.civilTime(at: $0.at).dateText == today }
    guard (quota.day == today ? quota.count : 0) + underWay >= limit else { return nil }
    return Hold(reason: .dailyLimit, until: zone.nextDay(after: now), bound: String(limit))
  }

  /// Counts a notification that was made at `instant`.
  mutating func count(at instant: Timestamp, isCritical: Bool, heldBack: Int, in zone: ZoneRules) {
    quota.lastNotifiedAt = max(quota.lastNotifiedAt ?? instant, instant)
    quota.heldBack = max(0, quota.heldBack - heldBack)
    guard controls?.maxPerDay != nil, !isCritical else { return }
    let day = zone.civilTime(at: instant).dateText
    if quota.day != day { (quota.day, quota.count) = (day, 0) }
    quota.count += 1
  }
}

/// How many notifications a scope has had in its hour, which begins with the first of them.
struct HourMeter: Sendable {
  private var start: Timestamp?
  private var count = 0
  /// Alerts held back since the last message.
  var heldBack = 0

  private static let hour = Duration.seconds(3600)

  /// The end of the hour, if it has had `limit` already.
  func end(of limit: Int, at now: Timestamp) -> Timestamp? {
    guard let start, count >= limit, start + Self.hour > now else { return nil }
    return start + Self.hour
  }

  mutating func add(at now: Timestamp) {
    if let start, start + Self.hour > now {
      count += 1
    } else {
      (start, count) = (now, 1)
    }
  }
}

extension ZoneRules {
  /// The instant at which the next calendar day begins here; always later than `now`.
  func nextDay(after now: Timestamp) -> Timestamp {
    let today = civilTime(at: now)
    let midnight = Timestamp(millisecondsSinceEpoch: Int64(today.daysSinceEpoch + 1) * 86_400_000)
    let guess = midnight - .seconds(offset(at: now).secondsEastOfUTC)
    var instant = midnight - .seconds(offset(at: guess).secondsEastOfUTC)
    // Where clocks change around midnight, the guess may be off by that.
    for _ in 0..<48 where instant <= now || civilTime(at: instant).dateText == today.dateText {
      instant = instant + .seconds(1800)
    }
    return max(instant, now + .seconds(1))
  }
}
