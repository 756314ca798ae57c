import Diagnostics
import Model
import YAML

/// A configuration of Alertmanager as it was read, before anything is made of it.
struct AlertmanagerConfig {
  /// A node of the route tree.
  struct Route {
    var receiver: String?
    var matchers: [Matcher] = []
    var groupBy: [String] = []
    var groupWait: String?
    var groupInterval: String?
    var repeatInterval: String?
    var continues = false
    var muteTimeIntervals: [String] = []
    var activeTimeIntervals: [String] = []
    var labels: YAMLEntry?
    var routes: [Route] = []
    var range: SourceRange
  }

  struct Integration {
    var kind: IntegrationKind
    var section: Section
  }

  struct Receiver {
    var name: String
    var range: SourceRange
    var integrations: [Integration] = []
  }

  struct InhibitRule {
    var name: String?
    var source: [Matcher]
    var target: [Matcher]
    var equal: [String]
    var range: SourceRange
  }

  struct Interval {
    var name: String
    var items: [YAMLNode]
    var range: SourceRange
  }

  var global: Section
  var root: Route?
  var receivers: [Receiver] = []
  var inhibitRules: [InhibitRule] = []
  var intervals: [Interval] = []
  /// Patterns of template files.
  var templates: [String] = []
  /// Top-level fields that Belfry has nothing like.
  var others: [YAMLEntry] = []

  static let fieldNames = [
    "global", "route", "receivers", "inhibit_rules", "templates", "time_intervals", "mute_time_intervals", "tracing",
    "event_recorder",
  ]

  init(_ node: YAMLNode, _ reader: inout ConfigReader) {
    let root = reader.section(node, "a configuration of Alertmanager", Self.fieldNames)
    global = reader.section(
      root["global"] ?? YAMLNode(.mapping([]), at: node.range), "'global'", GlobalFields.names)
    GlobalFields.check(global, &reader)
    templates = reader.words(root["templates"], "template files")
    readIntervals(root, &reader)
    readReceivers(root, &reader)
    inhibitRules = reader.items(root["inhibit_rules"], "inhibit rules").map { InhibitRule($0, &reader) }
    others = root.entries.filter { ["tracing", "event_recorder"].contains($0.name) && !$0.value.isNull }
    readRoot(root, node, &reader)
  }

  // MARK: Parts

  private mutating func readRoot(_ root: Section, _ node: YAMLNode, _ reader: inout ConfigReader) {
    guard let node = root["route"] else {
      reader.error("missing-field", "the configuration has no 'route'", at: root.place(of: "route"))
      return
    }
    let route = Route(node, depth: 1, &reader)
    let section = Section(entries: node.entries ?? [], range: node.range)
    if route.receiver == nil {
      reader.error("missing-field", "the root route has no 'receiver'", at: section.place(of: "receiver"))
    }
    for name in ["matchers", "match", "match_re", "mute_time_intervals", "active_time_intervals"] {
      guard let value = section[name], !(value.items?.isEmpty ?? value.entries?.isEmpty ?? false) else { continue }
      reader.error(
        "conflicting-fields", "the root route takes every alert and has no '\(name)'", at: section.place(of: name))
    }
    if route.continues {
      reader.error("conflicting-fields", "the root route has no 'continue'", at: section.place(of: "continue"))
    }
    self.root = route
    let receivers = Set(receivers.map(\.name))
    let intervals = Set(intervals.map(\.name))
    check(route, receivers, intervals, &reader)
  }

  private func check(
    _ route: Route, _ receivers: Set<String>, _ intervals: Set<String>, _ reader: inout ConfigReader
  ) {
    if let name = route.receiver, !receivers.contains(name) {
      let near = nearest(to: name, in: receivers).map { "; did you mean '\($0)'?" } ?? ""
      reader.error(
        .undefinedName, "no receiver is named '\(name.shortened)'" + near,
        at: route.range.startOnly)
    }
    for name in route.muteTimeIntervals + route.activeTimeIntervals where !intervals.contains(name) {
      reader.error(
        .undefinedName, "no time interval is named '\(name.shortened)'",
        at: route.range.startOnly)
    }
    for child in route.routes { check(child, receivers, intervals, &reader) }
  }

  private mutating func readIntervals(_ root: Section, _ reader: inout ConfigReader) {
    var names: Set<String> = []
    for key in ["mute_time_intervals", "time_intervals"] {
      for node in reader.items(root[key], "time intervals") {
        let section = reader.section(node, "a time interval", ["name", "time_intervals"])
        guard let name = reader.text(section["name"], "a name") else {
          reader.error("missing-field", "a time interval has no name", at: section.place(of: "name"))
          continue
        }
        if !names.insert(name).inserted {
          reader.error(
            .duplicateName, "a second time interval is named '\(name.shortened)'", at: section.place(of: "name"))
        }
        let items = reader.items(section["time_intervals"], "times")
        intervals.append(Interval(name: name, items: items, range: node.range))
      }
    }
  }

  private mutating func readReceivers(_ root: Section, _ reader: inout ConfigReader) {
    var names: Set<String> = []
    for node in reader.items(root["receivers"], "receivers") {
      let section = reader.section(
        node, "a receiver", ["name", "labels"] + IntegrationKind.allCases.map(\.key))
      guard let name = reader.text(section["name"], "a name") else {
        reader.error("missing-field", "a receiver has no name", at: section.place(of: "name"))
        continue
      }
      if !names.insert(name).inserted {
        reader.error(.duplicateName, "a second receiver is named '\(name.shortened)'", at: section.place(of: "name"))
      }
      var receiver = Receiver(name: name, range: section.place(of: "name"))
      // In the order of the file, so that the channels stand in it too.
      for entry in section.entries {
        guard let kind = IntegrationKind.allCases.first(where: { $0.key == entry.name }) else { continue }
        for item in reader.items(entry.value, "integrations") {
          let fields = reader.section(item, "an entry of '\(kind.key)'", kind.fields)
          receiver.integrations.append(Integration(kind: kind, section: fields))
        }
      }
      receivers.append(receiver)
    }
  }
}
