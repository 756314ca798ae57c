package import Model

/// Where an alert with given labels would go, and by which routes.
package struct RoutePreview: Hashable, Sendable {
  /// One route that takes it.
  package struct Step: Hashable, Sendable {
    package let route: ResourceID
    /// Which children lead from the root to the route: `[]` for the root itself.
    package let path: [Int]
    package let matchers: [Matcher]
    package let channels: [ResourceID]
    package let groupLabels: Labels
    package let groupKey: String
    package let groupWait: Duration
    package let groupInterval: Duration
    package let repeatInterval: Duration
  }

  package let steps: [Step]

  /// Whether no route with a channel takes it.
  package var isUnrouted: Bool { steps.isEmpty }

  /// The channels, each once, in the order of the routes.
  package var channels: [ResourceID] {
    var seen: Set<ResourceID> = []
    return steps.flatMap(\.channels).filter { seen.insert($0).inserted }
  }

  package init(of labels: Labels, in scope: Scope, through routes: RouteSet) {
    steps = routes.targets(of: labels, in: scope).map { target in
      let node = routes[target]
      let group = node.groupLabels(of: labels)
      return Step(
        route: routes.trees[target.tree].id, path: node.path, matchers: node.matchers, channels: node.channels,
        groupLabels: group, groupKey: routes.groupKey(of: target, labels: group), groupWait: node.groupWait,
        groupInterval: node.groupInterval, repeatInterval: node.repeatInterval)
    }
  }
}
