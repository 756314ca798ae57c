import Diagnostics
import Model
import Specs
import YAML

extension TreeMaker {
  mutating func inhibition() {
    var names = NameBook()
    let documents = config.inhibitRules.map { rule in
      let name = names.name(for: rule.name ?? "inhibit-1", else: "inhibit-1")
      var spec = [
        SpecField("source_matchers", .matchers(rule.source, all: true)),
        SpecField("target_matchers", .matchers(rule.target, all: true)),
      ]
      if !rule.equal.isEmpty { spec.append(SpecField("equal", .list(rule.equal.map(SpecValue.text)))) }
      return SpecDocument(
        kind: "InhibitRule", name: name, comments: ["Inhibit rule, \(maker.reader.place(rule.range))"], spec: spec)
    }
    if !documents.isEmpty { files.append(ImportedFile("platform/inhibition.yaml", documents.text)) }
  }

  mutating func route(_ root: AlertmanagerConfig.Route) {
    let channels = Dictionary(receivers.map { ($0.name, $0.channels) }) { first, _ in first }
    var spec = fields(of: root, channels)
    // Without it Belfry groups by alertname, and Alertmanager makes one group of all.
    if root.groupBy.isEmpty { spec.insert(SpecField("group_by", .list([])), at: 1) }
    let document = SpecDocument(
      kind: "Route", name: "default", comments: ["The route tree of \(maker.reader.file)"], spec: spec)
    files.append(ImportedFile("platform/routes.yaml", document.text))
  }

  private mutating func fields(
    of route: AlertmanagerConfig.Route, _ channels: [String: [String]]
  ) -> [SpecField] {
    var fields: [SpecField] = []
    if !route.matchers.isEmpty { fields.append(SpecField("matchers", .matchers(route.matchers))) }
    if let names = route.receiver.flatMap({ channels[$0] }) {
      fields.append(
        names.count == 1 ? SpecField("channel", names[0]) : SpecField("channels", .list(names.map(SpecValue.text))))
    }
    if !route.groupBy.isEmpty { fields.append(SpecField("group_by", .list(route.groupBy.map(SpecValue.text)))) }
    let durations = [
      ("group_wait", route.groupWait), ("group_interval", route.groupInterval),
      ("repeat_interval", route.repeatInterval),
    ]
    for (name, value) in durations {
      if let value { fields.append(SpecField(name, value)) }
    }
    if route.continues { fields.append(SpecField("continue", true)) }
    for (name, intervals) in [
      ("mute_time_intervals", route.muteTimeIntervals), ("active_time_intervals", route.activeTimeIntervals),
    ] where !intervals.isEmpty {
      var seen: Set<String> = []
      let names = intervals.compactMap { intervalNames[$0] }.filter { seen.insert($0).inserted }
      fields.append(SpecField(name, .list(names.map(SpecValue.text))))
    }
    if let labels = route.labels {
      maker.reader.warning(
        .notCarried, "Belfry's routes have no 'labels', and 'routeLabels' gives nothing in templates",
        at: labels.key.range, fix: "say it in the channel's template")
      fields.append(SpecField("x-labels", SpecValue(copying: labels.value)))
    }
    if !route.routes.isEmpty {
      fields.append(SpecField("routes", .list(route.routes.map { .map(self.fields(of: $0, channels)) })))
    }
    return fields
  }
}

extension SpecValue {
  /// Matchers as Alertmanager's newer syntax writes them. `all`: where there is none, one that takes every alert.
  static func matchers(_ matchers: [Matcher], all: Bool = false) -> SpecValue {
    let texts = matchers.map {
      $0.name.isPlainName ? $0.description : $0.name.quotedAsGo + $0.operation.rawValue + $0.value.quotedAsGo
    }
    return .list((texts.isEmpty && all ? ["alertname=~\"(?s:.*)\""] : texts).map(SpecValue.text))
  }
}

extension String {
  fileprivate var isPlainName: Bool {
    utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
      && !(utf8.first.map { $0.isDigit } ?? true)
  }
}
