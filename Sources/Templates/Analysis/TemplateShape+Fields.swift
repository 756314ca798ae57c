/// Which fields and methods values of a shape have.
extension TemplateShape {
  /// The shape of a field or method of a value; `nil` when it has none of that name.
  func field(_ name: String) -> TemplateShape? {
    switch self {
    case .rule: FieldTable.rule[name]
    case .sample: FieldTable.sample[name]
    case .notification: FieldTable.notification[name]
    case .alerts: name == "Firing" || name == "Resolved" ? .alertList : nil
    case .alert: FieldTable.alert[name]
    case .namedValues: FieldTable.namedValues[name]
    case .namedPairs: FieldTable.namedPairs[name]
    case .namedPair: name == "Name" || name == "Value" ? .text(nil) : nil
    case .texts: name == "Join" ? .unknown : nil
    case .messageAdditions: FieldTable.messageAdditions[name]
    case .alertAdditions: FieldTable.alertAdditions[name]
    default: nil
    }
  }

  /// The fields and methods that there are, for texts.
  var fieldNames: [String] {
    switch self {
    case .rule: ["Labels", "Value", "ExternalLabels", "ExternalURL"]
    case .sample: ["Labels", "Value"]
    case .notification: FieldTable.notification.keys.sorted()
    case .alerts: ["Firing", "Resolved"]
    case .alert: FieldTable.alert.keys.sorted()
    case .namedPairs: FieldTable.namedPairs.keys.sorted()
    case .namedPair: ["Name", "Value"]
    case .texts: ["Join"]
    case .messageAdditions: FieldTable.messageAdditions.keys.sorted()
    case .alertAdditions: FieldTable.alertAdditions.keys.sorted()
    default: []
    }
  }

  /// What to write in place of a field that isn't there.
  func remedy(for name: String) -> String? {
    switch (self, name) {
    case (.rule, _): "labels are .Labels.\(name) or $labels.\(name)"
    case (.notification, "Labels"): "write .CommonLabels, or go over the alerts: {{ range .Alerts }}"
    case (.notification, "Annotations"): "write .CommonAnnotations, or go over the alerts: {{ range .Alerts }}"
    case (.notification, _) where FieldTable.alert[name] != nil: "go over the alerts: {{ range .Alerts }}"
    case (.notification, _): "labels are .CommonLabels.\(name), and annotations .CommonAnnotations.\(name)"
    case (.alert, _): "labels are .Labels.\(name), and annotations .Annotations.\(name)"
    case (.alerts, _), (.alertList, _): "go over the alerts: {{ range .Alerts }}"
    default: nil
    }
  }
}

/// The fields and methods of structs.
private enum FieldTable {
  static let rule: [String: TemplateShape] = [
    "Labels": .labels, "ExternalLabels": .externalLabels, "ExternalURL": .text(nil), "Value": .float,
  ]

  static let sample: [String: TemplateShape] = ["Labels": .sampleLabels, "Value": .float]

  static let notification: [String: TemplateShape] = [
    "Receiver": .text(nil), "Status": .text(nil), "Alerts": .alerts, "NotificationReason": .text(nil),
    "GroupLabels": .namedValues, "CommonLabels": .namedValues, "CommonAnnotations": .namedValues,
    "RouteLabels": .namedValues, "ExternalURL": .text(nil), "Belfry": .messageAdditions,
  ]

  static let alert: [String: TemplateShape] = [
    "Status": .text(nil), "Labels": .namedValues, "Annotations": .namedValues, "StartsAt": .time, "EndsAt": .time,
    "GeneratorURL": .text(nil), "Fingerprint": .text(nil), "Value": .float, "Belfry": .alertAdditions,
  ]

  static let namedValues: [String: TemplateShape] = [
    "SortedPairs": .namedPairs, "Names": .texts, "Values": .texts, "Remove": .namedValues, "String": .text(nil),
  ]

  static let namedPairs: [String: TemplateShape] = [
    "Names": .texts, "Values": .texts, "String": .text(nil),
  ]

  static let messageAdditions: [String: TemplateShape] = [
    "Title": .text(nil), "Text": .text(nil), "State": .text(nil), "Severity": .text(nil), "Level": .text(nil),
    "Colour": .text(nil), "Tenant": .text(nil), "Project": .text(nil), "Source": .text(nil), "Provenance": .texts,
    "SilenceCommand": .text(nil), "GroupKey": .text(nil), "TruncatedAlerts": .integer(nil), "IsTest": .bool,
  ]

  static let alertAdditions: [String: TemplateShape] = [
    "Value": .float, "Severity": .text(nil), "Tenant": .text(nil), "Project": .text(nil), "Rule": .text(nil),
    "File": .text(nil), "Line": .integer(nil), "Author": .text(nil), "Commit": .text(nil),
    "PullRequest": .text(nil), "StartsAt": .time, "EndsAt": .time,
  ]
}

extension TemplateShape {
  /// What the dot of a definition probably is, by the fields that it asks of it; unknown where nothing tells.
  init(guessedFrom nodes: [TemplateNode]) {
    let names = Self.dotFields(in: nodes, depth: 0)
    if !names.isDisjoint(with: ["Alerts", "CommonLabels", "CommonAnnotations", "GroupLabels", "Receiver"]) {
      self = .notification
    } else if !names.isDisjoint(with: ["StartsAt", "EndsAt", "GeneratorURL", "Fingerprint", "Annotations"]) {
      self = .alert
    } else {
      self = .unknown
    }
  }

  /// The first fields behind the dot, where it is what it was at the start.
  private static func dotFields(in nodes: [TemplateNode], depth: Int) -> Set<String> {
    var names: Set<String> = []
    guard depth < 20 else { return names }
    for node in nodes {
      switch node {
      case .text, .breakOut, .continueLoop: break
      case .action(let pipeline): names.formUnion(dotFields(of: pipeline, depth: depth))
      case .invocation(let invocation):
        if let pipeline = invocation.argument { names.formUnion(dotFields(of: pipeline, depth: depth)) }
      case .branch(let branch):
        for arm in branch.arms {
          names.formUnion(dotFields(of: arm.condition, depth: depth))
          if !branch.rebindsDot { names.formUnion(dotFields(in: arm.body, depth: depth + 1)) }
        }
        names.formUnion(dotFields(in: branch.otherwise, depth: depth + 1))
      case .loop(let loop): names.formUnion(dotFields(of: loop.pipeline, depth: depth))
      }
    }
    return names
  }

  private static func dotFields(of pipeline: TemplatePipeline, depth: Int) -> Set<String> {
    var names: Set<String> = []
    guard depth < 20 else { return names }
    for operand in pipeline.commands.lazy.flatMap(\.operands) {
      switch operand.kind {
      case .field, .dot: if let name = operand.path.first { names.insert(name) }
      case .variable(let variable) where variable.number == TemplateVariable.root:
        if let name = operand.path.first { names.insert(name) }
      case .parenthesised(let inner): names.formUnion(dotFields(of: inner, depth: depth + 1))
      default: break
      }
    }
    return names
  }
}
