package import Model

/// `Platform`, `Tenant` and `Project`: what holds for all of a scope.
package struct ScopeSettings: Hashable, Sendable {
  /// What becomes of a scope's notifications.
  package enum Notify: String, Hashable, Sendable, CaseIterable {
    case send
    /// Evaluate and record what would be sent; send nothing.
    case observe
    case none
  }

  /// Whether new commits are applied.
  package enum Sync: String, Hashable, Sendable, CaseIterable {
    case auto, paused
  }

  package var displayName: String?
  package var externalLabels: Labels = .empty
  /// The default of rule groups that name none.
  package var interval: Duration?
  /// The default data source's name.
  package var dataSource: String?
  package var locale: String?
  /// An IANA name.
  package var timezone: String?
  package var limits = Limits()
  package var notify = Notify.send
  /// When `notify` goes back to `send`.
  package var notifyUntil: Timestamp?
  package var sync = Sync.auto
  /// When `sync` goes back to `auto`.
  package var syncUntil: Timestamp?

  /// Of the platform: the values of the label `severity`, the gravest first; `nil` for the usual list.
  package var severities: SeverityScale?

  /// Bounds on what a scope may hold or cause; `nil` for the platform's.
  package struct Limits: Hashable, Sendable {
    package var rules: Int?
    package var alertsPerRule: Int?
    package var notificationsPerHour: Int?

    package init() {}
  }

  package init() {}

  /// The mode at `now`: `notify` until its end, then `send`.
  package func notify(at now: Timestamp) -> Notify {
    guard let notifyUntil, now >= notifyUntil else { return notify }
    return .send
  }

  /// The mode at `now`: `sync` until its end, then `auto`.
  package func sync(at now: Timestamp) -> Sync {
    guard let syncUntil, now >= syncUntil else { return sync }
    return .auto
  }
}
