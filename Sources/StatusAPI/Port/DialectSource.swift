package import Model

/// What only the dialects of other systems ask.
package protocol DialectSource: Sendable {
  func now() async -> Timestamp

  /// When the process began.
  func runningSince() async -> Timestamp

  /// Whether there is a tenant of this name, whatever its state.
  func hasTenant(_ name: String) async -> Bool

  /// The rule groups of one tenant with its projects, or of all for `nil`, ascending by file, then name; groups
  /// without a rule that `query` takes are left out. `nil` when its token names no group.
  ///
  /// What the query doesn't take, and what a limit leaves for later, isn't made.
  func ruleGroups(
    _ query: RuleQuery, of tenant: String?, for reader: Visibility
  ) async -> RuleGroupPage?

  /// Channels, routes and inhibition of one tenant with its projects, or of all for `nil`.
  func routing(of tenant: String?, for reader: Visibility) async -> RoutingOutline
}
