import Model
import PromQL
import Specs
import Templates

/// A rule's labels and annotations, read for expansion; made when a rule first has a sample.
struct RuleTemplates: Sendable {
  private enum Text: Sendable {
    case fixed(String)
    case template(Template)
  }

  private let name: String
  private let alertName: String
  private let labels: [(name: String, text: Text)]
  private let annotations: [(name: String, text: Text)]
  /// All annotations, where none is a template.
  private let fixedAnnotations: [Label]?
  /// Whether labels or annotations depend on the value, so that they must be expanded at each evaluation.
  let labelsUseValue: Bool
  let annotationsUseValue: Bool
  let generatorURL: String

  init(_ definition: GroupDefinition, rule index: Int, sourceURL: String) {
    let rule = definition.spec.rules[index]
    let name = "__alert_" + rule.name
    self.name = name
    alertName = rule.name
    labels = definition.mergedLabels(index).map { ($0.name, Self.read($0.value, name)) }
    annotations = rule.annotations.map { ($0.name, Self.read($0.value, name)) }
    labelsUseValue = labels.contains { Self.usesValue($0.text) }
    annotationsUseValue = annotations.contains { Self.usesValue($0.text) }
    let areFixed = annotations.allSatisfy { if case .fixed = $0.text { true } else { false } }
    fixedAnnotations = areFixed ? rule.annotations : nil
    generatorURL =
      sourceURL.isEmpty ? "" : sourceURL + "/graph?g0.expr=" + queryEscaped(rule.expression.text) + "&g0.tab=1"
  }

  private static func read(_ text: String, _ name: String) -> Text {
    guard Template.hasActions(text) else { return .fixed(text) }
    do throws(TemplateSyntaxError) {
      return .template(try Template(parsing: text))
    } catch {
      return .fixed(Template.textInPlace(of: error, in: text, named: name))
    }
  }

  private static func usesValue(_ text: Text) -> Bool {
    guard case .template(let template) = text else { return false }
    return template.usesValue
  }

  /// The final labels: the sample's without its name, the rule's, `alertname`, then what the scope adds.
  func expandedLabels(_ sample: QuerySample, in context: RuleContext) -> Labels {
    var expanded = sample.labels
    expanded["__name__"] = ""
    if !labels.isEmpty {
      let data = data(sample, context)
      for label in labels { expanded[label.name] = Self.expanded(label.text, data) }
    }
    expanded["alertname"] = alertName
    return expanded.filled(from: context.addedLabels)
  }

  func expandedAnnotations(_ sample: QuerySample, in context: RuleContext) -> [Label] {
    if let fixedAnnotations { return fixedAnnotations }
    let data = data(sample, context)
    return annotations.map { Label($0.name, Self.expanded($0.text, data)) }
  }

  private func data(_ sample: QuerySample, _ context: RuleContext) -> TemplateData {
    TemplateData(
      name: name, labels: sample.labels, value: sample.value, externalLabels: context.externalLabels,
      externalURL: context.externalURL
    )
  }

  private static func expanded(_ text: Text, _ data: TemplateData) -> String {
    switch text {
    case .fixed(let text): text
    case .template(let template): template.render(data).text
    }
  }
}
