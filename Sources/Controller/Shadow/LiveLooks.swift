import Evaluator
import JSON
import Model
import Notifier

/// Looks at the live controller again and again, and gives the branch's notifier the alerts that the branch leaves alone.
actor LiveLooks {
  /// What the looks brought.
  struct Records: Sendable {
    var timeline: AlertTimeline
    var looks = 0
    var failures = 0
    /// Why the last look failed; `nil` where it didn't.
    var trouble: CommandFailure?
  }

  private(set) var records: Records
  private let client: StatusClient
  private let clock: any WallClock
  private let groups: ShadowGroups
  private let owners: Set<Scope>?
  private let notifier: NotifierRunner

  /// `owners`: whose alerts matter; `nil` for all.
  init(
    _ alerts: [Alert], client: StatusClient, clock: any WallClock, groups: ShadowGroups, owners: Set<Scope>?,
    notifier: NotifierRunner
  ) {
    records = Records(timeline: AlertTimeline(alerts.filter { owners?.contains($0.scope.owner) ?? true }))
    self.client = client
    self.clock = clock
    self.groups = groups
    self.owners = owners
    self.notifier = notifier
  }

  /// Looks until the task is cancelled.
  func run(every pause: Duration) async {
    while !Task.isCancelled {
      try? await clock.sleep(until: clock.now + pause, tolerance: nil)
      if !Task.isCancelled { await look() }
    }
  }

  /// Looks once.
  func look() async {
    do {
      var alerts: [Alert] = []
      for item in try await client.items("/api/v1/alerts") {
        let alert = try PreviewAlert.alert(fromAPI: item)
        if owners?.contains(alert.scope.owner) ?? true { alerts.append(alert) }
      }
      records.looks += 1
      records.trouble = nil
      let changed = records.timeline.look(alerts, at: clock.now)
      await notifier.receive(changed.filter { !groups.owns($0.alert.rule.group) })
    } catch {
      guard !Task.isCancelled else { return }
      records.failures += 1
      records.trouble = (error as? CommandFailure) ?? CommandFailure(.failed, "\(error)")
    }
  }
}

extension StatusClient {
  /// What the controller's deliveries since `start` say of each alert.
  func tellings(since start: Timestamp) async throws -> [ShadowTelling] {
    var tellings: [ShadowTelling] = []
    var cursor: String?
    repeat {
      let page = try await get(
        "/api/v1/deliveries?limit=1000&since=" + start.description.percentEncoded
          + (cursor.map { "&cursor=" + $0.percentEncoded } ?? ""))
      tellings += (page["items"]?.array ?? []).flatMap(ShadowTelling.all(fromAPI:))
      cursor = page["next"]?.string
    } while cursor != nil
    return tellings
  }

  /// What the controller's groups will tell at their next turn.
  func waiting(at now: Timestamp) async throws -> Set<ShadowTelling.Key> {
    var keys: Set<ShadowTelling.Key> = []
    for group in try await items("/api/v1/groups") {
      guard let owner = group["owner"]?.string.flatMap({ Scope(named: $0[...]) }),
        let next = group["nextFlushAt"]?.string.flatMap({ Timestamp(rfc3339: $0) }), next > now
      else { continue }
      let channels = (group["channels"]?.array ?? []).compactMap { channel -> ResourceID? in
        guard let name = channel["name"]?.string, let scope = channel["scope"]?.string.flatMap({ Scope(named: $0[...]) })
        else { return nil }
        return ResourceID(scope, .channel, name)
      }
      for alert in group["alerts"]?.array ?? [] where alert["muted"]?.bool != true {
        guard let fingerprint = alert["fingerprint"]?.string.flatMap({ Fingerprint($0) }) else { continue }
        let isFiring = alert["state"]?.string != AlertState.resolved.rawValue
        for channel in channels {
          keys.insert(.init(owner: owner, channel: channel, alert: fingerprint, isFiring: isFiring))
        }
      }
    }
    return keys
  }
}
