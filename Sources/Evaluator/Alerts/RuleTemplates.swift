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
  /// Whether labels or annotations depend on more than labels, so that they must be expanded at each evaluation.
  let labelsVary: Bool
  let annotationsVary: Bool
  let generatorURL: String

  init(_ definition: GroupDefinition, rule index: Int, sourceURL: String) {
    let rule = definition.spec.rules[index]
    let name = "__alert_" + rule.name
    self.name = name
    alertName = rule.name
    labels = definition.mergedLabels(index).map { ($0.name, Self.read($0.value, name)) }
    annotations = rule.annotations.map { ($0.name, Self.read($0.value, name)) }
    labelsVary = labels.contains { Self.varies($0.text) }
    annotationsVary = annotations.contains { Self.varies($0.text) }
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

  private static func varies(_ text: Text) -> Bool {
    guard case .template(let template) = text else { return false }
    return !template.dependencies.isEmpty
  }

  /// The final labels: the sample's without its name, the rule's, `alertname`, then what the scope adds.
  func expandedLabels(_ sample: QuerySample, in scene: RuleScene) -> Labels {
    var expanded = sample.labels
    expanded["__name__"] = ""
    if !labels.isEmpty {
      let data = data(sample, scene)
      for label in labels { expanded[label.name] = Self.expanded(label.text, data) }
    }
    expanded["alertname"] = alertName
    return expanded.filled(from: scene.context.addedLabels)
  }

  func expandedAnnotations(_ sample: QuerySample, in scene: RuleScene) -> [Label] {
    if let fixedAnnotations { return fixedAnnotations }
    let data = data(sample, scene)
    return annotations.map { Label($0.name, Self.expanded($0.text, data)) }
  }

  private func data(_ sample: QuerySample, _ scene: RuleScene) -> TemplateData {
    TemplateData(
      name: name, labels: sample.labels, value: sample.value, externalLabels: scene.context.externalLabels,
      externalURL: scene.context.externalURL, now: scene.now, answers: scene.answers
    )
  }

  private static func expanded(_ text: Text, _ data: TemplateData) -> String {
    switch text {
    case .fixed(let text): text
    case .template(let template): Self.expanded(template, data)
    }
  }

  /// As in Prometheus nothing fails: words stand in place of what can't be expanded.
  private static func expanded(_ template: Template, _ data: TemplateData) -> String {
    switch template.expand(data) {
    case .text(let text), .failed(_, let text): return text
    case .needs(let query):
      var answered = data
      answered.answers[query] = .failed(TemplateQueries.words)
      return expanded(template, answered)
    }
  }
}

// MARK: - Queries

/// A query that a template asks.
struct TemplateQuery: Hashable, Sendable {
  var expression: String
  /// Whether a label depends on it, and with it which alert it is.
  var isForLabel: Bool
}

extension RuleTemplates {
  /// The queries that labels and annotations of these samples ask and that aren't answered, each once, at most `limit`.
  func missingQueries(_ samples: [QuerySample], in scene: RuleScene, limit: Int) -> [TemplateQuery] {
    let askingLabels = labels.compactMap { Self.asking($0.text) }
    let askingAnnotations = annotations.compactMap { Self.asking($0.text) }
    guard !(askingLabels.isEmpty && askingAnnotations.isEmpty) else { return [] }
    var missing: [TemplateQuery] = []
    var seen: Set<String> = []
    for (templates, isForLabel) in [(askingLabels, true), (askingAnnotations, false)] {
      for sample in samples {
        for template in templates where missing.count < limit {
          guard case .needs(let query) = template.expand(data(sample, scene)), seen.insert(query).inserted else {
            continue
          }
          missing.append(TemplateQuery(expression: query, isForLabel: isForLabel))
        }
      }
    }
    return missing
  }

  private static func asking(_ text: Text) -> Template? {
    guard case .template(let template) = text, template.dependencies.contains(.queries) else { return nil }
    return template
  }
}
