package import Model

/// Where alerts go, in the shape of Alertmanager's configuration.
package struct RoutingOutline: Hashable, Sendable {
  /// The trees that alerts of one scope are walked through; the platform's takes what has none of its own.
  package struct Tree: Hashable, Sendable {
    package var scope: Scope
    /// Every alert is given to it as well.
    package var always: Bool
    package var root: Node

    package init(scope: Scope, always: Bool, root: Node) {
      self.scope = scope
      self.always = always
      self.root = root
    }
  }

  /// A route with what it inherits filled in.
  package struct Node: Hashable, Sendable {
    package var channels: [ResourceID] = []
    package var matchers: [Matcher] = []
    /// `["..."]`: every alert is a group of its own.
    package var groupBy: [String] = []
    package var groupWait = Duration.seconds(30)
    package var groupInterval = Duration.seconds(300)
    package var repeatInterval = Duration.seconds(4 * 3600)
    package var continues = false
    package var muteTimeIntervals: [ResourceID] = []
    package var activeTimeIntervals: [ResourceID] = []
    package var children: [Node] = []

    package init() {}
  }

  /// Alerts that keep others from being told.
  package struct Inhibition: Hashable, Sendable {
    /// Concerns the alerts of this scope and of those below.
    package var scope: Scope
    package var sources: [Matcher]
    package var targets: [Matcher]
    package var equal: [String]

    package init(scope: Scope, sources: [Matcher], targets: [Matcher], equal: [String]) {
      self.scope = scope
      self.sources = sources
      self.targets = targets
      self.equal = equal
    }
  }

  /// A named set of moments.
  package struct Interval: Hashable, Sendable {
    /// A moment is in it when every list that isn't empty contains it; all in Alertmanager's notation.
    package struct Part: Hashable, Sendable {
      /// Beginning and end, `09:00` and `17:00`.
      package var times: [Label] = []
      package var weekdays: [String] = []
      package var daysOfMonth: [String] = []
      package var months: [String] = []
      package var years: [String] = []
      package var location: String?

      package init() {}
    }

    package var id: ResourceID
    package var parts: [Part]

    package init(id: ResourceID, parts: [Part]) {
      self.id = id
      self.parts = parts
    }
  }

  /// Every channel, ascending.
  package var channels: [ResourceID] = []
  package var trees: [Tree] = []
  package var inhibitions: [Inhibition] = []
  package var intervals: [Interval] = []

  package init() {}
}
