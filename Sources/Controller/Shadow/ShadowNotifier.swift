import Evaluator
import Model
import Notifier
import Reconciler
import Specs

/// The notifier's value at the moment a shadow begins: what is live, with the firing alerts as told, led over to the
/// branch as a sync would.
struct ShadowNotifier: Sendable {
  let state: NotifierState
  /// What counts as told before: every firing alert that the live routes lead to a channel, and nothing mutes.
  let assumed: Set<ShadowTelling.Key>

  /// `owners`: whose dispatchers there are; `nil` for all.
  init(_ sides: PlanSides, _ live: LiveAlerting, of owners: Set<Scope>?, zones: Zones, at now: Timestamp) {
    var configuration = NotifierConfiguration(zones: zones)
    let scopes = sides.before.scopes.keys.filter { $0 == .platform || owners?.contains($0.owner) ?? true }
    var resources = scopes.flatMap { Array(sides.before.resources(in: $0).values) }
    resources += live.runtimeSilences.filter { sides.before[$0.id] == nil }
    resources.sort { $0.id < $1.id }
    _ = configuration.apply(NotifierChange(set: resources, firstApplied: live.silenceStarts), at: now)
    let firing = live.alerts.filter { $0.state == .firing && owners?.contains($0.scope.owner) ?? true }
    var fresh = NotifierState(configuration: configuration)
    fresh.restore(alerts: firing, log: [], at: now)
    let log = Self.log(fresh.groups(at: now), at: now)
    assumed = Set(
      log.flatMap { entry in
        entry.firing.map {
          ShadowTelling.Key(owner: entry.key.owner, channel: entry.key.channel, alert: $0, isFiring: true)
        }
      })
    var state = NotifierState(configuration: configuration)
    state.restore(alerts: firing, log: log, at: now)
    _ = state.apply(sides.notifierChange, at: now)
    self.state = state
  }

  private static func log(_ groups: [GroupSnapshot], at now: Timestamp) -> [NotificationLogEntry] {
    groups.flatMap { group in
      let told = group.alerts.filter { $0.alert.state == .firing && !$0.muting.isMuted }.map(\.alert.fingerprint)
        .sorted()
      guard !told.isEmpty else { return [NotificationLogEntry]() }
      return group.channels.map { channel in
        NotificationLogEntry(
          key: .init(owner: group.owner, groupKey: group.key, channel: channel), sentAt: now,
          expiresAt: now + .seconds(5 * 24 * 3600), firing: told, resolved: [])
      }
    }
  }

  /// What the groups of a notifier will tell later.
  static func waiting(_ groups: [GroupSnapshot], at now: Timestamp) -> Set<ShadowTelling.Key> {
    var keys: Set<ShadowTelling.Key> = []
    for group in groups where group.nextFlush > now {
      for (alert, muting) in group.alerts where !muting.isMuted {
        for channel in group.channels {
          keys.insert(
            .init(
              owner: group.owner, channel: channel, alert: alert.fingerprint, isFiring: alert.state != .resolved))
        }
      }
    }
    return keys
  }
}

/// Takes the place of every channel: it says that all is well, and sends nothing.
struct SilentChannel: Channel {
  func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    Receipt(detail: "recorded by a shadow; nothing was sent")
  }
}

/// A way out of the process that is closed, should anything ever try it.
struct ClosedOutlet: HTTPTransport, MailTransport {
  static var outlet: Outlet { Outlet(http: ClosedOutlet(), mail: ClosedOutlet(), console: { _ in }) }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    throw .refusedByPolicy("a shadow sends nothing")
  }

  func submit(_ mail: MailSubmission) async throws(MailError) -> String {
    throw .transport(.refusedByPolicy("a shadow sends nothing"))
  }
}
