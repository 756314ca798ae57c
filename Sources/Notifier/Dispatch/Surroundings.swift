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
