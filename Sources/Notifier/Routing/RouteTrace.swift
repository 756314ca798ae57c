package import Model

/// Every node of the route trees that an alert comes by, and what becomes of it there.
package struct RouteTrace: Sendable {
  /// What becomes of an alert at a node.
  package enum Outcome: Hashable, Sendable {
    /// No child takes it, so the node does.
    case taken
    /// A child takes it.
    case passed
    /// This matcher, the first that doesn't, doesn't accept it.
    case refused(Matcher)
    /// A sibling in front took it and doesn't say `continue`.
    case notReached
  }

  /// One node.
  package struct Step: Sendable {
    package let route: ResourceID
    package let node: RouteTree.Node
    package let outcome: Outcome
  }

  /// The most nodes listed that don't take the alert; a tree may have thousands.
  package static let mostRefused = 100

  /// In the order of the walk, each node before its children.
  package private(set) var steps: [Step] = []
  /// How many nodes beyond ``mostRefused`` don't take it.
  package private(set) var leftOut = 0
  private var refused = 0

  package init(of labels: Labels, in scope: Scope, through routes: RouteSet) {
    for tree in [routes.nearest(to: scope), routes.alwaysTree].compactMap(\.self)
    where !routes.trees[tree].nodes.isEmpty {
      _ = walk(routes.trees[tree], 0, labels)
    }
  }

  /// - Returns: whether the node accepts the alert.
  private mutating func walk(_ tree: RouteTree, _ position: Int, _ labels: Labels) -> Bool {
    let node = tree.nodes[position]
    if let matcher = node.matchers.first(where: { !$0.accepts(labels) }) {
      note(Step(route: tree.id, node: node, outcome: .refused(matcher)))
      return false
    }
    let own = steps.count
    steps.append(Step(route: tree.id, node: node, outcome: .taken))
    var isPassed = false
    var isStopped = false
    for child in tree.children(of: position) {
      if isStopped {
        note(Step(route: tree.id, node: tree.nodes[child], outcome: .notReached))
      } else if walk(tree, child, labels) {
        isPassed = true
        isStopped = !tree.nodes[child].continues
      }
    }
    if isPassed { steps[own] = Step(route: tree.id, node: node, outcome: .passed) }
    return true
  }

  private mutating func note(_ step: Step) {
    refused += 1
    if refused > Self.mostRefused { leftOut += 1 } else { steps.append(step) }
  }
}
