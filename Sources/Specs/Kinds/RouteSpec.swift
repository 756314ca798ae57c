package import Model

/// `Route`: a tree that decides which channels an alert goes to.
package struct RouteSpec: Hashable, Sendable {
  package var root: RouteNode
  /// Of a platform route: every alert is given to it as well.
  package var always = false

  package init(root: RouteNode) {
    self.root = root
  }
}

/// One node of a route tree; `nil` means: as the parent has it.
package struct RouteNode: Hashable, Sendable {
  /// Which labels make a group.
  package enum GroupBy: Hashable, Sendable {
    /// `['...']`: every alert is a group of its own.
    case all
    case labels([String])
  }

  /// Empty: the parent's.
  package var channels: [String] = []
  package var matchers: [Matcher] = []
  package var groupBy: GroupBy?
  package var groupWait: Duration?
  package var groupInterval: Duration?
  package var repeatInterval: Duration?
  package var continues = false
  /// Not inherited, as in Alertmanager.
  package var muteTimeIntervals: [String] = []
  package var activeTimeIntervals: [String] = []
  package var mentions: [String] = []
  package var routes: [RouteNode] = []

  package init() {}
}
