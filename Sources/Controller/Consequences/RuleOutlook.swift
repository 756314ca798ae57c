import Evaluator
import Model

/// What a new, changed or removed rule would do: now, and over a stretch of the past.
struct RuleOutlook: Sendable {
  /// What happened to the rule.
  enum Change: String, Sendable {
    case new, changed, removed
  }

  /// One version of the rule over the past.
  struct Past: Sendable {
    var backtest: Backtest
    /// How much of the past was asked for.
    var length: Duration
    /// How often each channel would have been told of a firing alert, whatever muted it then.
    var channels: [ResourceID: Int]
    /// How many firings no route would have taken.
    var unrouted: Int
  }

  let scope: Scope
  let group: ResourceID
  let rule: String
  let change: Change
  /// Whether the rule is evaluated as it would be.
  let isEnabled: Bool
  /// How many alerts it has now, as it is live.
  let before: Consequences.Kept
  /// And as it would be; `nil` where it wasn't asked.
  let now: Consequences.Kept?
  var pastBefore: Past?
  var pastAfter: Past?
}

extension Consequences.Kept {
  /// How many of these alerts are pending and how many fire.
  init(_ alerts: [Alert]) {
    self.init(firing: alerts.count { $0.state == .firing }, pending: alerts.count { $0.state == .pending })
  }
}
