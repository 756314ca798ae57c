import Model

/// A routing as a configuration that Alertmanager 0.25 loads: which receivers there are, without their addresses and
/// secrets, and which alerts go to which.
///
/// A route of Belfry may have several channels, and one of Alertmanager has one receiver. Such a route gets, behind its
/// children, one more child for each channel; that says the same unless a child before them has `continue: true`.
struct AlertmanagerConfiguration {
  private let routing: RoutingOutline

  init(_ routing: RoutingOutline) {
    self.routing = routing
  }

  /// The receiver of what no route takes.
  static let unrouted = "unrouted"

  var yaml: String {
    var yaml = YAMLText()
    yaml.comment("Made by Belfry from the specs in git: to be read, not to be loaded. Receivers stand for channels.")
    yaml.line("global:")
    yaml.nested { $0.line("resolve_timeout: 5m") }
    yaml.line("route:")
    yaml.nested { yaml in
      yaml.line("receiver: " + Self.unrouted)
      let roots = routing.trees.sorted { $0.place < $1.place }.map { tree in
        var root = tree.root
        root.matchers = tree.scope.ownLabels + root.matchers
        root.continues = tree.always
        return root
      }
      write(roots, to: &yaml)
    }
    writeInhibitions(to: &yaml)
    yaml.line("receivers:")
    for name in [Self.unrouted] + routing.receivers { yaml.line("- name: " + name.inYAML) }
    writeIntervals(to: &yaml)
    yaml.line("templates: []")
    return yaml.text
  }

  // MARK: Routes

  private func write(_ routes: [RoutingOutline.Node], to yaml: inout YAMLText) {
    guard !routes.isEmpty else { return }
    yaml.line("routes:")
    for route in routes { write(route, to: &yaml) }
  }

  private func write(_ route: RoutingOutline.Node, to yaml: inout YAMLText) {
    yaml.line("- receiver: " + (route.channels.first?.receiverName ?? Self.unrouted).inYAML)
    yaml.nested { yaml in
      yaml.list("group_by", route.groupBy.map(\.inYAML))
      yaml.list("matchers", route.matchers.map(\.description.inYAML))
      yaml.line("continue: \(route.continues)")
      yaml.line("group_wait: " + route.groupWait.prometheus)
      yaml.line("group_interval: " + route.groupInterval.prometheus)
      yaml.line("repeat_interval: " + route.repeatInterval.prometheus)
      yaml.list("mute_time_intervals", route.muteTimeIntervals.map(\.receiverName.inYAML))
      yaml.list("active_time_intervals", route.activeTimeIntervals.map(\.receiverName.inYAML))
      write(route.children + route.fanOut, to: &yaml)
    }
  }

  // MARK: The rest

  private func writeInhibitions(to yaml: inout YAMLText) {
    guard !routing.inhibitions.isEmpty else { return }
    yaml.line("inhibit_rules:")
    for rule in routing.inhibitions {
      let own = rule.scope.ownLabels
      yaml.items("source_matchers", (own + rule.sources).map(\.description.inYAML))
      yaml.nested {
        $0.list("target_matchers", (own + rule.targets).map(\.description.inYAML))
        $0.list("equal", rule.equal.map(\.inYAML))
      }
    }
  }

  private func writeIntervals(to yaml: inout YAMLText) {
    guard !routing.intervals.isEmpty else { return }
    yaml.line("time_intervals:")
    for interval in routing.intervals {
      yaml.line("- name: " + interval.id.receiverName.inYAML)
      yaml.nested { yaml in
        yaml.line("time_intervals:")
        for part in interval.parts {
          yaml.items("weekdays", part.weekdays.map(\.inYAML))
          yaml.nested { yaml in
            if !part.times.isEmpty {
              yaml.line("times:")
              for time in part.times {
                yaml.line("- start_time: " + time.name.inYAML)
                yaml.nested { $0.line("end_time: " + time.value.inYAML) }
              }
            }
            yaml.list("days_of_month", part.daysOfMonth.map(\.inYAML))
            yaml.list("months", part.months.map(\.inYAML))
            yaml.list("years", part.years.map(\.inYAML))
            if let location = part.location { yaml.line("location: " + location.inYAML) }
          }
        }
      }
    }
  }
}

extension RoutingOutline {
  /// The names of the receivers, ascending, each once.
  var receivers: [String] {
    var names = Set(channels.map(\.receiverName))
    for tree in trees { tree.root.collectReceivers(into: &names) }
    return names.sorted { $0.precedesInBytes($1) }
  }
}

extension RoutingOutline.Node {
  fileprivate func collectReceivers(into names: inout Set<String>) {
    for channel in channels { names.insert(channel.receiverName) }
    for child in children { child.collectReceivers(into: &names) }
  }

  /// One child for each channel where there are several.
  fileprivate var fanOut: [Self] {
    guard channels.count > 1 else { return [] }
    return channels.enumerated().map { index, channel in
      var child = self
      child.channels = [channel]
      child.matchers = []
      child.continues = index < channels.count - 1
      child.children = []
      return child
    }
  }
}

extension RoutingOutline.Tree {
  /// What every alert is given to comes first, then projects before their tenants, and the platform last.
  fileprivate var place: (Int, Int, Scope) {
    (always ? 0 : 1, scope.project != nil ? 0 : scope.tenant != nil ? 1 : 2, scope)
  }
}

extension Scope {
  /// The labels by which alerts of this scope are known.
  fileprivate var ownLabels: [Matcher] {
    [tenant.map { Matcher("tenant", equals: $0) }, project.map { Matcher("project", equals: $0) }].compactMap { $0 }
  }
}
