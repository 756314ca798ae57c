package import Model

/// What keeps an alert from being told.
package struct Muting: Hashable, Sendable {
  package var inhibitedBy: Inhibitor.Inhibition?
  package var silencedBy: [ResourceID] = []
  /// Intervals of the route.
  package var timeIntervals: [ResourceID] = []

  package init() {}

  package var isMuted: Bool { inhibitedBy != nil || !silencedBy.isEmpty || !timeIntervals.isEmpty }
}

/// One group as it stands, for the status API.
package struct GroupSnapshot: Sendable {
  package let owner: Scope
  package let key: String
  package let labels: Labels
  package let route: ResourceID
  /// Which children lead from the root to the route.
  package let routePath: [Int]
  package let channels: [ResourceID]
  package let nextFlush: Timestamp
  /// What keeps some of its alerts back at present, beside muting.
  package let hold: Hold?
  package let alerts: [(alert: Alert, muting: Muting)]

  /// Until when.
  package var heldUntil: Timestamp? { hold?.until }
}

/// A silence with its state, and how many alerts it would mute.
package struct SilenceSnapshot: Sendable {
  package let silence: Silence
  package let state: Silence.State
  /// `nil` where nobody counted.
  package let matchingAlerts: Int?
}

/// Why an alert went where it went, or didn't.
package struct AlertExplanation: Sendable {
  /// One group it is in.
  package struct Place: Sendable {
    package let group: String
    package let route: ResourceID
    package let routePath: [Int]
    package let nextFlush: Timestamp
    package let muting: Muting
    /// What keeps the alert back at present, beside muting; until when stands in it.
    package let hold: Hold?
    package let channels: [ChannelStanding]
  }

  /// What a channel was told of the group, and whether this alert was in it.
  package struct ChannelStanding: Sendable {
    package let channel: ResourceID
    package let lastSentAt: Timestamp?
    package let wasToldFiring: Bool
    package let isUnderWay: Bool
  }

  package let alert: Alert
  /// Empty when no route takes it.
  package let places: [Place]
}

extension Dispatcher {
  /// Its groups, by key, with what mutes each alert at `now`.
  ///
  /// `after`: only those behind this key; `limit`: at most so many.
  package func groupSnapshots(
    at now: Timestamp, in surroundings: Surroundings, after: String? = nil, limit: Int = .max
  ) -> [GroupSnapshot] {
    let present = groups.indices.compactMap { position in groups[position].map { (position, $0) } }
      .filter { element in after.map { $0.precedesInBytes(element.1.key) } ?? true }
    return present.sorted { $0.1.key.precedesInBytes($1.1.key) }.prefix(limit).map { position, group in
      let node = routes[group.identity.target]
      let members = group.members.compactMap { alerts[$0]?.alert }.inMessageOrder()
      return GroupSnapshot(
        owner: owner, key: group.key, labels: group.identity.labels, route: routes.trees[group.identity.target.tree].id,
        routePath: node.path, channels: channels(of: group), nextFlush: group.nextFlush, hold: holds[position]?.hold,
        alerts: members.map { ($0, muting(of: $0, node, at: now, in: surroundings)) })
    }
  }

  /// The alerts that no route takes.
  package var unroutedAlerts: [Alert] {
    unrouted.sorted().compactMap { alerts[$0]?.alert }
  }

  package var unroutedCount: Int { unrouted.count }

  /// Explains the alerts with a fingerprint: one for each scope that has one.
  package func explain(_ fingerprint: Fingerprint, at now: Timestamp, in surroundings: Surroundings)
    -> [AlertExplanation]
  {
    alerts.positions(of: fingerprint).compactMap { slot in
      guard let entry = alerts[slot] else { return nil }
      let present = entry.groups.compactMap { position in groups[position].map { (position, $0) } }
      let places = present.map { position, group in
        let node = routes[group.identity.target]
        return AlertExplanation.Place(
          group: group.key, route: routes.trees[group.identity.target.tree].id, routePath: node.path,
          nextFlush: group.nextFlush, muting: muting(of: entry.alert, node, at: now, in: surroundings),
          hold: holds[position].flatMap { $0.alerts.contains(fingerprint) ? $0.hold : nil },
          channels: channels(of: group).map { standing($0, group, fingerprint, at: now) })
      }
      return AlertExplanation(alert: entry.alert, places: places)
    }
  }

  private func standing(
    _ channel: ResourceID, _ group: Group, _ fingerprint: Fingerprint, at now: Timestamp
  ) -> AlertExplanation.ChannelStanding {
    let entry = log.entry(logKey(group, channel), at: now)
    return AlertExplanation.ChannelStanding(
      channel: channel, lastSentAt: entry?.sentAt, wasToldFiring: entry?.firing.contains(fingerprint) ?? false,
      isUnderWay: group.outstanding.contains { $0.channel == channel })
  }

  private func muting(
    of alert: Alert, _ node: RouteTree.Node, at now: Timestamp, in surroundings: Surroundings
  ) -> Muting {
    var muting = Muting()
    muting.inhibitedBy =
      inhibitor.inhibition(of: alert.labels, in: alert.scope)
      ?? surroundings.platformInhibitor.inhibition(of: alert.labels, in: alert.scope)
    muting.silencedBy = surroundings.silences.muting(
      alert.labels, firingSince: alert.firingSince, in: alert.scope, at: now, zones: surroundings.zones)
    muting.timeIntervals = surroundings.mutingIntervals(of: node, at: now)
    return muting
  }
}

extension NotifierState {
  /// The groups of one owner, or of all.
  package func groups(of owner: Scope? = nil, at now: Timestamp) -> [GroupSnapshot] {
    let owners = owner.map { [$0] } ?? dispatchers.keys.sorted()
    return owners.flatMap { dispatchers[$0]?.groupSnapshots(at: now, in: configuration.surroundings) ?? [] }
  }

  /// The groups of the owners that `isWanted` names, by owner and key: those behind `key` of `owner`, at most `limit`.
  package func groups(
    of isWanted: (Scope) -> Bool, after owner: Scope?, _ key: String?, limit: Int, at now: Timestamp
  ) -> [GroupSnapshot] {
    var found: [GroupSnapshot] = []
    for candidate in dispatchers.keys.filter(isWanted).sorted() where owner.map({ $0 <= candidate }) ?? true {
      found +=
        dispatchers[candidate]?.groupSnapshots(
          at: now, in: configuration.surroundings, after: candidate == owner ? key : nil, limit: limit - found.count)
        ?? []
      if found.count >= limit { break }
    }
    return found
  }

  /// All silences with their states and how many firing alerts each matches.
  package func silences(at now: Timestamp) -> [SilenceSnapshot] {
    let surroundings = configuration.surroundings
    var matching: [ResourceID: Int] = [:]
    for alert in dispatchers.values.flatMap(\.firing) {
      let view = surroundings.silences.view(of: alert.scope)
      for id in view.matching(alert.labels, firingSince: alert.firingSince) { matching[id, default: 0] += 1 }
    }
    return surroundings.silences.all.map { silence in
      SilenceSnapshot(
        silence: silence, state: silence.state(at: now, in: surroundings.zones),
        matchingAlerts: matching[silence.id] ?? 0)
    }
  }

  /// The alerts that no route takes.
  package var unroutedAlerts: [Alert] {
    dispatchers.keys.sorted().flatMap { dispatchers[$0]?.unroutedAlerts ?? [] }
  }

  package var unroutedCount: Int { dispatchers.values.reduce(0) { $0 + $1.unroutedCount } }

  /// Resolved alerts whose end isn't told everywhere yet.
  package var untold: [Alert] { dispatchers.keys.sorted().flatMap { dispatchers[$0]?.untold ?? [] } }

  /// How many alerts were kept from being told, in all.
  package var suppressed: Dispatcher.Suppressed {
    dispatchers.values.reduce(into: Dispatcher.Suppressed()) { sum, dispatcher in
      sum.inhibited += dispatcher.suppressed.inhibited
      sum.silenced += dispatcher.suppressed.silenced
      sum.timeInterval += dispatcher.suppressed.timeInterval
      sum.cooldown += dispatcher.suppressed.cooldown
      sum.dailyLimit += dispatcher.suppressed.dailyLimit
      sum.hourlyLimit += dispatcher.suppressed.hourlyLimit
    }
  }

  /// How each channel does.
  package var channelHealth: [ResourceID: EndpointHealth] { queues.mapValues { $0.health(quotas) } }

  /// Explains the alerts with a fingerprint.
  package func explain(_ fingerprint: Fingerprint, at now: Timestamp) -> [AlertExplanation] {
    dispatchers.keys.sorted().flatMap {
      dispatchers[$0]?.explain(fingerprint, at: now, in: configuration.surroundings) ?? []
    }
  }

  /// Where an alert with these labels would go.
  package func preview(_ labels: Labels, in scope: Scope) -> RoutePreview {
    RoutePreview(of: labels, in: scope, through: configuration.routes(of: scope.owner))
  }
}

extension Alert {
  /// `nil` unless it fires.
  fileprivate var firingSince: Timestamp? { state == .firing ? firedAt : nil }
}
