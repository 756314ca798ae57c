package import JSON
package import Model

/// One node of a route tree that an alert came by.
package struct RouteStepView: Hashable, Sendable {
  /// What became of the alert at a node.
  package enum Outcome: String, Hashable, Sendable {
    /// It is told by this node: no child takes it.
    case taken
    /// It matches, and a child of it takes the alert.
    case passed
    /// A matcher doesn't accept it.
    case refused
    /// A sibling in front takes it, and doesn't say `continue`.
    case notReached = "not-reached"
  }

  /// A setting, and the depth of the node that it is written at; `nil` for what Belfry takes where none says it.
  package struct Setting<Value: Hashable & Sendable>: Hashable, Sendable {
    package var value: Value
    package var depth: Int?

    package init(_ value: Value, depth: Int?) {
      self.value = value
      self.depth = depth
    }
  }

  /// How a node groups and when it tells; each setting with where it comes from.
  package struct Settings: Hashable, Sendable {
    /// Label names; `...` for every label.
    package var groupBy: Setting<[String]>
    package var groupWait: Setting<Duration>
    package var groupInterval: Setting<Duration>
    package var repeatInterval: Setting<Duration>

    package init(
      groupBy: Setting<[String]>, groupWait: Setting<Duration>, groupInterval: Setting<Duration>,
      repeatInterval: Setting<Duration>
    ) {
      self.groupBy = groupBy
      self.groupWait = groupWait
      self.groupInterval = groupInterval
      self.repeatInterval = repeatInterval
    }
  }

  /// The scope whose tree it is.
  package var owner: Scope
  /// The route resource; `nil` for a tree's joining root that no file has.
  package var route: ResourceID?
  /// 0 for the root.
  package var depth: Int
  /// Which children lead from the root here, from 0.
  package var path: [Int]
  package var matchers: [Matcher]
  package var outcome: Outcome
  /// The first matcher that doesn't accept the alert; `nil` where all do.
  package var refusedBy: Matcher?
  /// The value of the label that ``refusedBy`` asks for, empty for a label that the alert doesn't have.
  package var refusedValue: String
  /// Whether the walk goes on behind it.
  package var continues: Bool
  /// Where it sends to; empty unless it is where the walk ended.
  package var channels: [ResourceID]
  /// `nil` where the walk didn't end.
  package var settings: Settings?
  package var provenance: Provenance?

  /// Whether its matchers accept the alert.
  package var isMatch: Bool { outcome == .taken || outcome == .passed }

  package init(
    owner: Scope, route: ResourceID? = nil, path: [Int] = [], matchers: [Matcher], outcome: Outcome,
    refusedBy: Matcher? = nil, refusedValue: String = "", continues: Bool = false, channels: [ResourceID] = [],
    settings: Settings? = nil, provenance: Provenance? = nil
  ) {
    self.owner = owner
    self.route = route
    depth = path.count
    self.path = path
    self.matchers = matchers
    self.outcome = outcome
    self.refusedBy = refusedBy
    self.refusedValue = refusedValue
    self.continues = continues
    self.channels = channels
    self.settings = settings
    self.provenance = provenance
  }
}

extension RouteStepView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("owner", owner.description)
      $0.key("route")
      if let route { $0.object { $0.reference(to: route) } } else { $0.null() }
      $0.member("depth", depth)
      $0.array("path", path) { $1.int($0) }
      $0.strings("matchers", matchers)
      $0.member("matches", isMatch)
      $0.member("outcome", outcome.rawValue)
      $0.key("refusedBy")
      if let refusedBy {
        $0.object {
          $0.member("matcher", refusedBy.description)
          $0.member("label", refusedBy.name)
          $0.member("value", refusedValue)
        }
      } else {
        $0.null()
      }
      $0.member("continue", continues)
      $0.array("channels", channels) { channel, writer in writer.object { $0.reference(to: channel) } }
      $0.view("settings", settings)
      $0.key("origin")
      if let provenance { $0.object { provenance.writeMembers(to: &$0) } } else { $0.null() }
    }
  }
}

extension RouteStepView.Settings: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.object("groupBy") {
        $0.strings("value", groupBy.value)
        $0.optional("depth", groupBy.depth)
      }
      for (name, setting) in [
        ("groupWait", groupWait), ("groupInterval", groupInterval), ("repeatInterval", repeatInterval),
      ] {
        $0.object(name) {
          $0.member("value", setting.value.prometheus)
          $0.optional("depth", setting.depth)
        }
      }
    }
  }
}
