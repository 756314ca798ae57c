import Evaluator
import JSON
import Model
import Notifier
import Specs
import Templates

/// Alerts made for a look at a message.
enum PreviewAlert {
  /// An alert with these labels, as the rule of that name in the working tree would make it.
  ///
  /// The scope's labels are added as in the controller. Where a rule has the alert's name, its labels and annotations
  /// are expanded with the labels given and `value`; further annotations replace those.
  static func alert(
    _ labels: Labels, annotations: [Label], value: Double, in scope: Scope, _ surroundings: SpecSurroundings,
    at now: Timestamp
  ) -> Alert {
    let context = RuleContext(scope: scope, settings: surroundings.settings(of: scope))
    let found = rule(named: labels["alertname"], in: scope, surroundings)
    var labels = labels
    var all: [Label] = []
    if let found {
      let data = TemplateData(name: "__alert_" + found.rule.name, labels: labels, value: value, now: now)
      for label in found.rule.labels where labels[label.name].isEmpty {
        labels[label.name] = expanded(label.value, data)
      }
      all = found.rule.annotations.map { Label($0.name, expanded($0.value, data)) }
    }
    for annotation in annotations {
      all.removeAll { $0.name == annotation.name }
      all.append(annotation)
    }
    return Alert(
      scope: found?.group.id.scope ?? scope, labels: labels.filled(from: context.addedLabels),
      annotations: all.sorted { $0.name.precedesInBytes($1.name) }, state: .firing, value: value,
      activeAt: now - .seconds(300), firedAt: now - .seconds(300),
      rule: RuleReference(
        group: found?.group.id ?? ResourceID(scope, .ruleGroup, "preview"), rule: labels["alertname"],
        provenance: found.map { Provenance(file: $0.group.origin.file, line: $0.line) }
          ?? Provenance(file: "", line: 0)), generatorURL: "")
  }

  private static func expanded(_ text: String, _ data: TemplateData) -> String {
    guard let template = try? Template(parsing: text) else { return text }
    return switch template.expand(data) {
    case .text(let text), .failed(_, let text): text
    // What a query would give isn't known here.
    case .needs: text
    }
  }

  private static func rule(
    named name: String, in scope: Scope, _ surroundings: SpecSurroundings
  ) -> (group: Resource, rule: Rule, line: Int)? {
    guard !name.isEmpty else { return nil }
    for place in scope.lineage {
      for group in surroundings.groups(of: place) {
        guard case .ruleGroup(let spec) = group.spec else { continue }
        for (index, rule) in spec.rules.enumerated() where rule.purpose == .alert && rule.name == name {
          let lines = group.origin.ruleLines
          return (group, rule, index < lines.count ? Int(lines[index]) : group.origin.line)
        }
      }
    }
    return nil
  }

  /// An alert as the status API of a controller shows it.
  ///
  /// - Throws: a ``CommandFailure`` where the answer isn't one.
  static func alert(fromAPI value: JSONValue) throws -> Alert {
    func instant(_ name: String) -> Timestamp? { value[name]?.string.flatMap { Timestamp(rfc3339: $0) } }
    func labels(_ name: String) -> [Label] {
      (value[name]?.members ?? []).map { Label($0.name, $0.value.string ?? "") }
    }
    guard let scope = value["scope"]?.string.flatMap({ Scope(named: $0[...]) }),
      let state = value["state"]?.string.flatMap(AlertState.init(rawValue:)), let activeAt = instant("activeAt")
    else { throw CommandFailure(.failed, "the controller's answer is no alert") }
    let rule = value["rule"]
    let change = rule?["lastChange"]
    return Alert(
      scope: scope, labels: Labels(labels("labels")), annotations: labels("annotations"), state: state,
      value: value["value"]?.string.flatMap { Double($0) } ?? .nan, activeAt: activeAt, firedAt: instant("firedAt"),
      keepFiringSince: instant("keepFiringSince"), resolvedAt: instant("resolvedAt"),
      rule: RuleReference(
        group: ResourceID(scope, .ruleGroup, rule?["group"]?["name"]?.string ?? ""), rule: rule?["name"]?.string ?? "",
        provenance: Provenance(
          file: rule?["file"]?.string ?? "", line: (rule?["line"]?.int).map { Int($0) } ?? 0,
          commit: change?["commit"]?.string.flatMap { ObjectID($0) }, author: change?["author"]?.string,
          committedAt: change?["committedAt"]?.string.flatMap { Timestamp(rfc3339: $0) })),
      generatorURL: value["generatorUrl"]?.string ?? "")
  }
}
