package import Model

/// What a channel is asked to tell: one group's alerts as they stood when its timer expired.
package struct Message: Hashable, Sendable {
  /// `firing` while any alert in the message fires; the raw values are Alertmanager's words.
  package enum Status: String, Hashable, Sendable, CaseIterable {
    case firing, resolved
  }

  /// The dispatcher's owner: the tenant, or platform.
  package var owner: Scope
  package var groupKey: String
  package var channel: ResourceID
  package var reason: NotificationReason
  package var groupLabels: Labels
  /// Firing alerts first; each part by `job`, `instance` (those without one last), then labels.
  package var alerts: [Alert]
  /// Whom the route wants named.
  package var mentions: [String]
  /// The controller's own address for links, or `""`.
  package var externalURL: String
  /// Of the route that made the group.
  package var groupInterval: Duration
  package var repeatInterval: Duration
  /// What the destination called the group's last message, as long as the same trouble goes on: to be changed, or
  /// answered in its thread.
  package var handle: String?
  /// How many alerts a bound held back since the last message: a rule's `cooldown` or `max_per_day`, or a scope's
  /// `notifications_per_hour`. Some of them may be told by this one.
  package var heldBack = 0
  /// How many alerts were left out.
  package var truncated = 0
  /// When it was made.
  package var at: Timestamp

  package init(
    owner: Scope, groupKey: String, channel: ResourceID, reason: NotificationReason, groupLabels: Labels,
    alerts: [Alert], mentions: [String] = [], externalURL: String = "", groupInterval: Duration = .seconds(300),
    repeatInterval: Duration = .seconds(4 * 3600), handle: String? = nil, at: Timestamp
  ) {
    self.owner = owner
    self.groupKey = groupKey
    self.channel = channel
    self.reason = reason
    self.groupLabels = groupLabels
    self.alerts = alerts
    self.mentions = mentions
    self.externalURL = externalURL
    self.groupInterval = groupInterval
    self.repeatInterval = repeatInterval
    self.handle = handle
    self.at = at
  }

  /// Over the alerts that are included.
  package var status: Status { firing.isEmpty ? .resolved : .firing }

  package var firing: ArraySlice<Alert> { alerts.prefix { $0.state != .resolved } }
  package var resolved: ArraySlice<Alert> { alerts.drop { $0.state != .resolved } }

  /// The labels that are equal on all alerts.
  package var commonLabels: Labels {
    guard let first = alerts.first else { return .empty }
    return alerts.dropFirst().reduce(first.labels) { $0.isEmpty ? $0 : $0.common(with: $1.labels) }
  }

  /// The annotations that are equal on all alerts.
  package var commonAnnotations: [Label] {
    guard let first = alerts.first else { return [] }
    return alerts.dropFirst().reduce(first.annotations) { common, alert in
      common.filter { alert.annotations.contains($0) }
    }
  }

  /// This message with at most `limit` alerts, the rest counted; 0 for all. Firing alerts are never hidden by resolved
  /// ones, since they come first.
  package func truncated(to limit: Int) -> Message {
    guard limit > 0, alerts.count > limit else { return self }
    var message = self
    message.alerts = Array(alerts.prefix(limit))
    message.truncated += alerts.count - limit
    return message
  }
}

extension [Alert] {
  /// In the order of messages.
  func inMessageOrder() -> [Alert] {
    let keys = map { alert in
      OrderKey(
        isResolved: alert.state == .resolved, job: alert.labels["job"], instance: alert.labels["instance"],
        labels: alert.labels)
    }
    return indices.sorted { keys[$0] < keys[$1] }.map { self[$0] }
  }
}

private struct OrderKey: Comparable {
  let isResolved: Bool
  let job: String
  let instance: String
  let labels: Labels

  static func < (left: Self, right: Self) -> Bool {
    if left.isResolved != right.isResolved { return right.isResolved }
    if left.job != right.job { return left.job.comesBefore(right.job) }
    if left.instance != right.instance { return left.instance.comesBefore(right.instance) }
    return left.labels < right.labels
  }
}

extension String {
  /// By bytes, the empty text last.
  fileprivate func comesBefore(_ other: String) -> Bool {
    if isEmpty || other.isEmpty { return other.isEmpty && !isEmpty }
    return precedesInBytes(other)
  }
}
