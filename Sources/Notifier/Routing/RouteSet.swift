package import Model

/// The route trees that one dispatcher walks: those of its scopes, the platform's, and the platform's `always` tree.
package struct RouteSet: Sendable {
  /// One node of one tree.
  package struct Target: Hashable, Sendable {
    /// Position in ``RouteSet/trees``.
    package let tree: Int
    /// Position in ``RouteTree/nodes``.
    package let node: Int
  }

  package let trees: [RouteTree]
  private var byScope: [Scope: Int] = [:]
  private var always: Int?

  /// Of several trees for one place, the first by name counts.
  package init(_ trees: [RouteTree] = []) {
    self.trees = trees.sorted { $0.id < $1.id }
    for (position, tree) in self.trees.enumerated() {
      if tree.always {
        always = always ?? position
      } else if byScope[tree.id.scope] == nil {
        byScope[tree.id.scope] = position
      }
    }
  }

  /// The tree that alerts of `scope` are walked through: the nearest of project, tenant and platform.
  package func nearest(to scope: Scope) -> Int? {
    var place: Scope? = scope
    while let here = place {
      if let position = byScope[here] { return position }
      place = here.parent
    }
    return nil
  }

  /// The nodes with channels that take an alert; empty when it is unrouted.
  package func targets(of labels: Labels, in scope: Scope) -> [Target] {
    var targets: [Target] = []
    if let nearest = nearest(to: scope) { collect(nearest, labels, &targets) }
    if let always { collect(always, labels, &targets) }
    return targets
  }

  private func collect(_ tree: Int, _ labels: Labels, _ targets: inout [Target]) {
    for node in trees[tree].match(labels) where !trees[tree].nodes[node].channels.isEmpty {
      targets.append(Target(tree: tree, node: node))
    }
  }

  package subscript(target: Target) -> RouteTree.Node {
    // Yielded, since a node is large and asked for once for each alert.
    _read { yield trees[target.tree].nodes[target.node] }
  }

  /// The key of a group: Alertmanager's text, `<route key>:<group labels>`, for the routes of tenant and platform.
  ///
  /// A dispatcher has one entry of the notification log for each key and channel, so the trees that it walks beside
  /// those put a word in front: a project's tree its name, the `always` tree `always`.
  package func groupKey(of target: Target, labels: Labels) -> String {
    let tree = trees[target.tree]
    let prefix = tree.always ? "always " : tree.id.scope.project.map { $0 + " " } ?? ""
    return prefix + tree.nodes[target.node].key + ":" + labels.description
  }
}
