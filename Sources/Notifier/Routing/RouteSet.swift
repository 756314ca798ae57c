package import Model
import Specs

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
  /// Of the dispatcher's own rules.
  let controls: RuleControlSet
  private var byScope: [Scope: Int] = [:]
  private var always: Int?
  /// For rules that name channels in scopes without a tree: one root with Alertmanager's defaults and no channels.
  private var fallback: Int?

  /// Of several trees for one place, the first by name counts.
  package init(_ trees: [RouteTree] = [], controls: RuleControlSet = RuleControlSet()) {
    self.controls = controls
    let sorted = trees.sorted { $0.id < $1.id }
    if controls.namesChannels {
      fallback = sorted.count
      // No resource can have this name.
      let id = ResourceID(.platform, .route, "(none)")
      self.trees = sorted + [RouteTree(id, RouteSpec(root: RouteNode())) { ResourceID(.platform, $0, $1) }]
    } else {
      self.trees = sorted
    }
    for (position, tree) in sorted.enumerated() {
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

  /// The tree that every alert is given to as well.
  var alwaysTree: Int? { always }

  /// The nodes with channels that take an alert; empty when it is unrouted.
  package func targets(of labels: Labels, in scope: Scope) -> [Target] {
    var targets: [Target] = []
    if let nearest = nearest(to: scope) { collect(nearest, labels, &targets) }
    if let always { collect(always, labels, &targets) }
    return targets
  }

  /// The same for an alert whose rule has controls, and for each node whether the controls hold there.
  ///
  /// A rule with channels of its own is told once, as the first node groups and times that takes the alert, with or
  /// without channels. The `always` tree is the platform's own view, which no rule changes.
  func targets(
    of labels: Labels, in scope: Scope, under controls: RuleControls
  ) -> [(target: Target, isControlled: Bool)] {
    var own: [Target] = []
    if let tree = nearest(to: scope) {
      if controls.channels.isEmpty {
        collect(tree, labels, &own)
      } else {
        own = [Target(tree: tree, node: trees[tree].match(labels).first ?? 0)]
      }
    } else if !controls.channels.isEmpty, let fallback {
      own = [Target(tree: fallback, node: 0)]
    }
    var general: [Target] = []
    if let always { collect(always, labels, &general) }
    return own.map { ($0, true) } + general.map { ($0, false) }
  }

  private func collect(_ tree: Int, _ labels: Labels, _ targets: inout [Target]) {
    for node in trees[tree].match(labels) where !trees[tree].nodes[node].channels.isEmpty {
      targets.append(Target(tree: tree, node: node))
    }
  }

  package subscript(target: Target) -> RouteTree.Node { trees[target.tree].nodes[target.node] }

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
