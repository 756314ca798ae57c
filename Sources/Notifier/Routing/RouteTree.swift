package import Model
package import Specs

/// A route with its tree below it, compiled: which nodes take a label set, and how each of them groups and sends.
///
/// Inheritance as in Alertmanager: channels, grouping and intervals come from the parent unless given; `continue` and
/// the mute and active intervals don't.
package struct RouteTree: Sendable {
  /// One node, with everything it inherits filled in: a class, since each alert and each flush looks at one.
  package final class Node: Sendable {
    /// Which children lead here from the root: `[]` for the root, `[2, 0]` for the first child of its third child.
    package let path: [Int]
    /// Alertmanager's route key: the parent's key, `/`, and the matchers. A sibling written like an earlier one
    /// gets its position behind it, so that no two routes share an entry of the notification log.
    package let key: String
    package let matchers: [Matcher]
    package let continues: Bool
    package let channels: [ResourceID]
    package let groupBy: RouteNode.GroupBy
    package let groupWait: Duration
    package let groupInterval: Duration
    package let repeatInterval: Duration
    package let muteTimeIntervals: [ResourceID]
    package let activeTimeIntervals: [ResourceID]
    package let mentions: [String]
    /// At which depth each inherited setting is written.
    package let depths: SettingDepths

    /// A route as it is written, below a parent.
    fileprivate init(
      _ route: RouteNode, below parent: Node?, at path: [Int], key: String, _ resolve: (Kind, String) -> ResourceID
    ) {
      self.path = path
      self.key = key
      matchers = route.matchers
      continues = route.continues
      channels = route.channels.isEmpty ? parent?.channels ?? [] : route.channels.map { resolve(.channel, $0) }
      groupBy = route.groupBy ?? parent?.groupBy ?? RouteTree.defaultGroupBy
      groupWait = route.groupWait ?? parent?.groupWait ?? RouteTree.defaultGroupWait
      // Specs refuse 0; a timer that never moves on must not be possible.
      groupInterval = max(.seconds(1), route.groupInterval ?? parent?.groupInterval ?? RouteTree.defaultGroupInterval)
      repeatInterval = route.repeatInterval ?? parent?.repeatInterval ?? RouteTree.defaultRepeatInterval
      muteTimeIntervals = route.muteTimeIntervals.map { resolve(.timeInterval, $0) }
      activeTimeIntervals = route.activeTimeIntervals.map { resolve(.timeInterval, $0) }
      mentions = route.mentions.isEmpty ? parent?.mentions ?? [] : route.mentions
      depths = SettingDepths(route, below: parent?.depths, at: path.count)
    }
  }

  /// The depths of the nodes, 0 for the root, at which a node's settings are written; `nil` for what no node says.
  package struct SettingDepths: Hashable, Sendable {
    package let groupBy: Int?
    package let groupWait: Int?
    package let groupInterval: Int?
    package let repeatInterval: Int?

    fileprivate init(_ route: RouteNode, below parent: Self?, at depth: Int) {
      groupBy = route.groupBy == nil ? parent?.groupBy : depth
      groupWait = route.groupWait == nil ? parent?.groupWait : depth
      groupInterval = route.groupInterval == nil ? parent?.groupInterval : depth
      repeatInterval = route.repeatInterval == nil ? parent?.repeatInterval : depth
    }
  }

  /// What is below a node: positions in ``nodes``, and which of them take a label set.
  private struct Branches: Sendable {
    var children: [Int] = []
    var index = MatcherIndex([])
  }

  /// The resource it comes from.
  package let id: ResourceID
  /// Whether every alert is given to it as well.
  package let always: Bool
  /// The root first; a node before its children.
  package private(set) var nodes: [Node] = []
  private var branches: [Branches] = []

  /// What Alertmanager takes where a root says nothing, but for `group_by`, which is `[alertname]` here.
  package static let defaultGroupBy = RouteNode.GroupBy.labels(["alertname"])
  package static let defaultGroupWait = Duration.seconds(30)
  package static let defaultGroupInterval = Duration.seconds(300)
  package static let defaultRepeatInterval = Duration.seconds(4 * 3600)

  /// `resolve`: the id of the channel or time interval that a name means in the route's scope.
  package init(_ id: ResourceID, _ spec: RouteSpec, resolve: (Kind, String) -> ResourceID) {
    self.id = id
    always = spec.always && id.scope == .platform
    add(spec.root, below: nil, at: [], key: "{}", resolve)
  }

  private mutating func add(
    _ route: RouteNode, below parent: Node?, at path: [Int], key: String, _ resolve: (Kind, String) -> ResourceID
  ) {
    let own = nodes.count
    let node = Node(route, below: parent, at: path, key: key, resolve)
    nodes.append(node)
    branches.append(Branches())
    var keys: Set<String> = []
    for (position, child) in route.routes.enumerated() {
      var childKey = key + "/" + child.matchers.routeKey
      if !keys.insert(childKey).inserted { childKey += "#" + String(position) }
      branches[own].children.append(nodes.count)
      add(child, below: node, at: path + [position], key: childKey, resolve)
    }
    branches[own].index = MatcherIndex(route.routes.map(\.matchers))
  }

  /// The nodes that take an alert with these labels, in the order of the tree; none when the root doesn't accept it.
  ///
  /// At a node, the matching children are walked in order up to the first one without `continue`; a node that no
  /// child takes the alert from takes it itself.
  package func match(_ labels: Labels) -> [Int] {
    guard let root = nodes.first, root.matchers.accept(labels) else { return [] }
    var taken: [Int] = []
    walk(0, labels, &taken)
    return taken
  }

  private func walk(_ position: Int, _ labels: Labels, _ taken: inout [Int]) {
    var anyChild = false
    if !branches[position].children.isEmpty {
      branches[position].index.forEachAccepting(labels) { child in
        anyChild = true
        let next = branches[position].children[child]
        walk(next, labels, &taken)
        return nodes[next].continues
      }
    }
    if !anyChild { taken.append(position) }
  }

  /// The positions of a node's children, in order.
  func children(of position: Int) -> [Int] { branches[position].children }

  /// Every channel that some node sends to.
  package var channels: Set<ResourceID> { Set(nodes.lazy.flatMap(\.channels)) }
}

extension RouteTree.Node {
  /// The labels by which `labels` is grouped here.
  package func groupLabels(of labels: Labels) -> Labels {
    switch groupBy {
    case .all: labels
    case .labels(let names): labels.selecting(names)
    }
  }
}

extension Labels {
  /// The same as ``only(_:)``, for an array: this is asked for every alert, and generic code from another module is
  /// slow.
  fileprivate func selecting(_ names: [String]) -> Labels {
    var kept: [Label] = []
    kept.reserveCapacity(names.count)
    for pair in pairs {
      for name in names where name == pair.name {
        kept.append(pair)
        break
      }
    }
    return Labels(adopting: kept) ?? only(names)
  }
}

extension [Matcher] {
  /// `{a="b",c=~"d"}`: sorted, as Alertmanager writes it in route keys.
  fileprivate var routeKey: String { "{" + sorted().map(\.description).joined(separator: ",") + "}" }
}
