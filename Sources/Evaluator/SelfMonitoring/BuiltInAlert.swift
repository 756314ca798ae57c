package import Model

/// An alert that Belfry raises about itself.
package struct BuiltInAlert: Hashable, Sendable {
  package let name: String
  package let severity: String
  /// How long the trouble must last, and how long the alert goes on after it.
  package let hold: Hold

  /// The alerts there are, in alphabetical order.
  ///
  /// Holds outlast what mends itself: a commit that follows at once, a source that restarts, a retried delivery. The
  /// ledger guards what is sent after a crash, and a source that is down hides every alert on it, so these come soon.
  package static let all: [BuiltInAlert] = [
    channelFailing, dataSourceDown, ledgerFailing, ruleFailing, scopeHeld, ticksMissed,
  ]

  static let channelFailing = BuiltInAlert("BelfryChannelFailing", "critical", after: 300)
  static let dataSourceDown = BuiltInAlert("BelfryDataSourceDown", "critical", after: 120)
  static let ledgerFailing = BuiltInAlert("BelfryLedgerFailing", "critical", after: 60)
  static let ruleFailing = BuiltInAlert("BelfryRuleFailing", "warning", after: 600, keeping: 120)
  static let scopeHeld = BuiltInAlert("BelfryScopeHeld", "warning", after: 900)
  static let ticksMissed = BuiltInAlert("BelfryTicksMissed", "warning", after: 300, keeping: 300)

  private init(_ name: String, _ severity: String, after: Int, keeping: Int = 0) {
    self.name = name
    self.severity = severity
    hold = Hold(beforeFiring: .seconds(after), afterwards: .seconds(keeping))
  }
}

extension Trouble {
  /// The alert that tells of it.
  package var alert: BuiltInAlert {
    switch self {
    case .scopeHeld: .scopeHeld
    case .dataSourceDown: .dataSourceDown
    case .ruleFailing: .ruleFailing
    case .channelFailing: .channelFailing
    case .ledgerFailing: .ledgerFailing
    case .ticksMissed: .ticksMissed
    }
  }

  /// Whom it concerns.
  package var scope: Scope {
    switch self {
    case .scopeHeld(let scope), .ticksMissed(let scope): scope
    case .dataSourceDown(let id), .ruleFailing(let id), .channelFailing(let id): id.scope
    case .ledgerFailing: .platform
    }
  }

  /// The label that tells it from others of its kind.
  var ownLabel: Label? {
    switch self {
    case .dataSourceDown(let id): Label("data_source", id.name)
    case .ruleFailing(let id): Label("group", id.name)
    case .channelFailing(let id): Label("channel", id.name)
    case .scopeHeld, .ticksMissed, .ledgerFailing: nil
    }
  }

  /// The trouble that a built-in alert tells of; `nil` for other alerts.
  init?(_ alert: Alert) {
    func id(_ kind: Kind, _ label: String) -> ResourceID { ResourceID(alert.scope, kind, alert.labels[label]) }
    switch alert.labels["alertname"] {
    case BuiltInAlert.scopeHeld.name: self = .scopeHeld(alert.scope)
    case BuiltInAlert.dataSourceDown.name: self = .dataSourceDown(id(.dataSource, "data_source"))
    case BuiltInAlert.ruleFailing.name: self = .ruleFailing(id(.ruleGroup, "group"))
    case BuiltInAlert.channelFailing.name: self = .channelFailing(id(.channel, "channel"))
    case BuiltInAlert.ledgerFailing.name: self = .ledgerFailing
    case BuiltInAlert.ticksMissed.name: self = .ticksMissed(alert.scope)
    default: return nil
    }
  }

  /// What is wrong, in a few words.
  var summary: String {
    switch self {
    case .scopeHeld(let scope): "changes to \(scope) are held back; its last good revision stays live"
    case .dataSourceDown(let id): "data source '\(id.name)' does not answer; rules on it see nothing"
    case .ruleFailing(let id): "rules of group '\(id.name)' fail; their alerts stay as they were"
    case .channelFailing(let id): "channel '\(id.name)' takes no messages; they wait"
    case .ledgerFailing: "the ledger can't be written; after a restart some notifications may come twice"
    case .ticksMissed(let scope): "rule groups of \(scope) are evaluated less often than they say"
    }
  }
}
