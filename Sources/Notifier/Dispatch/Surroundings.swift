package import Model
package import Specs

/// What every dispatcher reads and none owns.
package struct Surroundings: Sendable {
  package var silences = SilenceSet()
  /// The platform's inhibit rules, with the firing alerts of all tenants that inhibit by them.
  package var platformInhibitor = Inhibitor()
  package var timeIntervals: [ResourceID: TimeIntervalSpec] = [:]
  package var settings: [Scope: ScopeSettings] = [:]
  package var channels: [ResourceID: ChannelSpec] = [:]
  package var zones: Zones
  /// The controller's own address for links, or `""`.
  package var externalURL: String

  package init(zones: Zones = .utcOnly, externalURL: String = "") {
    self.zones = zones
    self.externalURL = externalURL
  }

  /// What becomes of the notifications of a scope: the strictest of its own setting and those above it.
  package func notify(in scope: Scope, at now: Timestamp) -> ScopeSettings.Notify {
    var strictest = ScopeSettings.Notify.send
    for place in scope.lineage {
      switch settings[place]?.notify(at: now) {
      case .some(.none): return .none
      case .observe: strictest = .observe
      case .send, nil: break
      }
    }
    return strictest
  }

  /// The bounds on notifications in an hour that hold for alerts of a scope, and the scope for which each counts: the
  /// tenant's, or the platform's for it, and the project's own. The platform itself has none.
  func hourlyLimits(of scope: Scope) -> [(scope: Scope, limit: Int)] {
    guard scope.tenant != nil else { return [] }
    let standard = settings[.platform]?.limits.notificationsPerHour
    let tenant = settings[scope.owner]?.limits.notificationsPerHour ?? standard
    let project = scope.project == nil ? nil : settings[scope]?.limits.notificationsPerHour
    return [(scope.owner, tenant), (scope, project)].compactMap { scope, limit in limit.map { (scope, $0) } }
  }

  /// The zone of a scope's calendar days: that of the nearest scope upwards that has one, or UTC.
  func zone(of scope: Scope) -> ZoneRules {
    for place in scope.lineage {
      if let name = settings[place]?.timezone, let zone = zones[name] { return zone }
    }
    return .utc
  }

  /// The platform's list of severities, or the usual one.
  var severities: SeverityScale { settings[.platform]?.severities ?? .standard }

  /// What a flush needs of a channel: a spec is large, and isn't copied for it.
  func traits(of channel: ResourceID) -> (sendsResolved: Bool, forgetsAlerts: Bool) {
    guard let position = channels.index(forKey: channel) else { return (true, false) }
    return (channels.values[position].sendResolved, channels.values[position].kind.forgetsAlerts)
  }

  /// By what the destination of an entry goes on knowing a group whose key changes; `nil` where it asks for no key.
  func groupHandle(of key: NotificationLogEntry.Key) -> String? {
    guard let kind = channels[key.channel]?.kind, kind == .pagerduty || kind == .opsgenie else { return nil }
    return Message.handle(ofGroup: key)
  }

  /// The intervals of a route that mute it at `now`: those of `mute_time_intervals` that contain the time, or all of
  /// `active_time_intervals` when none does. An interval that isn't there mutes nothing.
  func mutingIntervals(of node: RouteTree.Node, at now: Timestamp) -> [ResourceID] {
    let active = node.activeTimeIntervals.filter { timeIntervals[$0] != nil }
    if !active.isEmpty, !active.contains(where: { contains($0, now) }) { return active }
    return node.muteTimeIntervals.filter { contains($0, now) }
  }

  private func contains(_ interval: ResourceID, _ now: Timestamp) -> Bool {
    timeIntervals[interval]?.contains(now, in: zones) ?? false
  }
}
