import JSON
import Model

/// That a channel was told of an alert, or would have been.
struct ShadowTelling: Hashable, Sendable {
  /// Which channel, of which alert, and of what.
  struct Key: Hashable, Sendable {
    let owner: Scope
    let channel: ResourceID
    let alert: Fingerprint
    let isFiring: Bool
  }

  let key: Key
  let at: Timestamp
  let outcome: DeliveryRecord.Outcome
  let reason: String

  /// Whether it left, or was meant to: failures are the destination's.
  var isMeant: Bool { ![.observed, .held].contains(outcome) }

  /// What one delivery says of each of its alerts.
  static func all(of record: DeliveryRecord) -> [ShadowTelling] {
    record.alerts.enumerated().map { index, alert in
      ShadowTelling(
        key: Key(owner: record.owner, channel: record.channel, alert: alert, isFiring: index < record.firing),
        at: record.startedAt, outcome: record.outcome, reason: record.reason)
    }
  }

  /// What one element of the API's deliveries says; nothing where it isn't one.
  static func all(fromAPI value: JSONValue) -> [ShadowTelling] {
    guard let owner = value["owner"]?.string.flatMap({ Scope(named: $0[...]) }),
      let channel = value["channel"], let name = channel["name"]?.string,
      let scope = channel["scope"]?.string.flatMap({ Scope(named: $0[...]) }),
      let at = value["startedAt"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
      let outcome = value["outcome"]?.string.flatMap(DeliveryRecord.Outcome.init(rawValue:))
    else { return [] }
    let firing = value["firing"]?.int ?? 0
    let alerts = (value["alerts"]?.array ?? []).compactMap(\.string).compactMap { Fingerprint($0) }
    return alerts.enumerated().map { index, alert in
      ShadowTelling(
        key: Key(
          owner: owner, channel: ResourceID(scope, .channel, name), alert: alert, isFiring: Int64(index) < firing),
        at: at, outcome: outcome, reason: value["reason"]?.string ?? "")
    }
  }
}

/// Who would have been told by the branch, beside whom live told in the same time.
struct ShadowTellings: Sendable {
  /// Something that one side told and the other didn't.
  struct Difference: Sendable {
    let telling: ShadowTelling
    let isBranch: Bool
  }

  /// One channel's share; the counts are of alerts and what they were told of, repetitions not counted.
  struct Channel: Sendable {
    var branch = 0
    var live = 0
    var onlyBranch = 0
    var onlyLive = 0
    /// What live meant to tell and the destination never took.
    var failedLive = 0
  }

  private(set) var channels: [ResourceID: Channel] = [:]
  /// By time.
  private(set) var differences: [Difference] = []
  /// What one side told and the other will tell at its group's next turn.
  private(set) var waiting = 0

  /// `assumed`: what was told before the shadow began.
  /// `waitingBranch`, `waitingLive`: what stands in a group of that side that has its turn later.
  init(
    branch: [ShadowTelling], live: [ShadowTelling], assumed: Set<ShadowTelling.Key>,
    waitingBranch: Set<ShadowTelling.Key>, waitingLive: Set<ShadowTelling.Key>
  ) {
    let (ours, theirs) = (Self.news(branch, assumed), Self.news(live, assumed))
    let taken = Set(live.filter { $0.outcome == .delivered }.map(\.key))
    for (key, telling) in ours {
      channels[key.channel, default: Channel()].branch += 1
      guard theirs[key] == nil else { continue }
      if waitingLive.contains(key) {
        waiting += 1
      } else {
        channels[key.channel]?.onlyBranch += 1
        differences.append(Difference(telling: telling, isBranch: true))
      }
    }
    for (key, telling) in theirs {
      channels[key.channel, default: Channel()].live += 1
      if !taken.contains(key) { channels[key.channel]?.failedLive += 1 }
      guard ours[key] == nil else { continue }
      if waitingBranch.contains(key) {
        waiting += 1
      } else {
        channels[key.channel]?.onlyLive += 1
        differences.append(Difference(telling: telling, isBranch: false))
      }
    }
    differences.sort { Self.order($0) < Self.order($1) }
  }

  /// The first telling of each sort, without what a channel knew before and heard again as part of a message.
  private static func news(
    _ tellings: [ShadowTelling], _ assumed: Set<ShadowTelling.Key>
  ) -> [ShadowTelling.Key: ShadowTelling] {
    var known = assumed
    var first: [ShadowTelling.Key: ShadowTelling] = [:]
    for telling in tellings.sorted(by: { $0.at < $1.at }) where telling.isMeant {
      let key = telling.key
      if !key.isFiring { known.remove(.init(owner: key.owner, channel: key.channel, alert: key.alert, isFiring: true)) }
      if first[key] == nil, !known.contains(key) { first[key] = telling }
    }
    return first
  }

  private static func order(_ one: Difference) -> (Timestamp, ResourceID, Fingerprint, Int) {
    let key = one.telling.key
    return (one.telling.at, key.channel, key.alert, (one.isBranch ? 0 : 2) + (key.isFiring ? 0 : 1))
  }
}
