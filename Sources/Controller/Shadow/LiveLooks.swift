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
      let alerts = try await client.alerts(of: owners)
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
  /// How many tenants are asked for one by one, instead of for all at once.
  private static let mostSingleTenants = 8

  /// The pending and firing alerts of these owners; `nil` for all.
  func alerts(of owners: Set<Scope>?) async throws -> [Alert] {
    let tenants = owners.map { $0.compactMap(\.tenant).sorted() } ?? []
    let isEach = owners.map { $0.count == tenants.count && $0.count <= Self.mostSingleTenants } ?? false
    var alerts: [Alert] = []
    for filter in isEach ? tenants.map({ "tenant=" + $0.percentEncoded }) : [nil] {
      for item in try await items("/api/v1/alerts", filter) {
        let alert = try PreviewAlert.alert(fromAPI: item)
        if owners?.contains(alert.scope.owner) ?? true { alerts.append(alert) }
      }
    }
    return alerts
  }

  /// What the controller's deliveries since `start` say of each alert.
  func tellings(since start: Timestamp) async throws -> [ShadowTelling] {
    try await items("/api/v1/deliveries", "since=" + start.description.percentEncoded)
      .flatMap(ShadowTelling.all(fromAPI:))
  }

  /// What the controller's groups will tell at their next turn.
  func waiting(at now: Timestamp) async throws -> Set<ShadowTelling.Key> {
    var keys: Set<ShadowTelling.Key> = []
    for group in try await items("/api/v1/groups") {
      guard let owner = group["owner"]?.string.flatMap({ Scope(named: $0[...]) }),
        let next = group["nextFlushAt"]?.string.flatMap({ Timestamp(rfc3339: $0) }), next > now
      else { continue }
      let channels = (group["channels"]?.array ?? []).compactMap { channel -> ResourceID? in
        guard let name = channel["name"]?.string,
          let scope = channel["scope"]?.string.flatMap({ Scope(named: $0[...]) })
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
