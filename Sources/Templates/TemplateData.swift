package import Model

/// What a rule's template sees: the sample it is expanded for, and where it is expanded.
package struct TemplateData: Sendable {
  /// The template's name in error texts: `__alert_<alert name>`.
  package var name: String
  /// The labels of the query's sample, `__name__` among them: `.Labels`, `$labels`.
  package var labels: Labels
  /// `.Value`, `$value`.
  package var value: Double
  /// `.ExternalLabels`, `$externalLabels`.
  package var externalLabels: Labels
  /// `.ExternalURL`, `$externalURL`.
  package var externalURL: String
  /// When the rule is evaluated: what `now` gives.
  package var now: Timestamp
  /// What is known of the queries that the template asks, by their texts.
  package var answers: [String: TemplateAnswer]
  package var limits: TemplateLimits

  package init(
    name: String, labels: Labels, value: Double, externalLabels: Labels = .empty, externalURL: String = "",
    now: Timestamp = .epoch, answers: [String: TemplateAnswer] = [:], limits: TemplateLimits = TemplateLimits()
  ) {
    self.name = name
    self.labels = labels
    self.value = value
    self.externalLabels = externalLabels
    self.externalURL = externalURL
    self.now = now
    self.answers = answers
    self.limits = limits
  }

  var scene: TemplateScene {
    let root = RuleRoot(
      labels: labels, value: value, externalLabels: externalLabels, externalURL: externalURL)
    return TemplateScene(
      name: name, root: .object(root), now: now, externalURL: externalURL, answers: answers, limits: limits)
  }
}

/// The root object of rule templates.
private struct RuleRoot: TemplateObject {
  let labels: Labels
  let value: Double
  let externalLabels: Labels
  let externalURL: String

  var typeName: String {
    "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }"
  }

  var fields: [(name: String, value: TemplateValue)] {
    [
      ("Labels", .labels(labels)), ("ExternalLabels", .labels(externalLabels)), ("ExternalURL", .string(externalURL)),
      ("Value", .float(value)),
    ]
  }

  func field(_ name: String) -> TemplateValue? {
    switch name {
    case "Labels": .labels(labels)
    case "Value": .float(value)
    case "ExternalLabels": .labels(externalLabels)
    case "ExternalURL": .string(externalURL)
    default: nil
    }
  }
}
