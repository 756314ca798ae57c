import Diagnostics
import Model
import YAML

/// What a file's documents add up to while they are read.
struct DocumentHarvest {
  var resources: [Resource] = []
  /// Resources that are declared and could not be read.
  var unreadable: [ResourceID] = []
  /// The ids of native rule groups so far.
  var groups: Set<String> = []
  /// Where unit tests stand.
  var unitTests: [SourceRange] = []
  var hasSpecs = false
}

extension Reading {
  /// Reads one document.
  mutating func document(_ root: YAMLNode, index: Int, into harvest: inout DocumentHarvest) {
    switch DocumentForm(root) {
    case .unitTest:
      harvest.unitTests.append(root.range)
      return
    case .ruleFile:
      if let fields = Fields(root, RuleForm.ruleFileNames, &self) {
        harvest.resources += groups(
          fields["groups"], .ruleFile, document: index, qualifier: nil, taken: &harvest.groups)
      }
    case .prometheusRule: prometheusRule(root, index: index, into: &harvest)
    case .list:
      for item in root["items"].map({ items($0, "documents") }) ?? [] {
        document(item, index: index, into: &harvest)
      }
    case .belfry: belfryDocument(root, index: index, into: &harvest)
    case .unknown(let message, let fix):
      error(.unknownDocument, message, at: root.range.firstLineStart, fix: fix)
    }
    harvest.hasSpecs = true
  }

  private mutating func prometheusRule(_ root: YAMLNode, index: Int, into harvest: inout DocumentHarvest) {
    guard let fields = Fields(root, Self.prometheusRuleNames, &self),
      let node = fields.required("spec", &self), let spec = Fields(node, Self.prometheusRuleSpecNames, &self)
    else { return }
    let name = fields["metadata"]?["name"]?.text
    harvest.resources += groups(
      spec["groups"], .prometheusRule, document: index, qualifier: name, taken: &harvest.groups)
  }

  private static let prometheusRuleNames = FieldNames(
    "a PrometheusRule", ["apiVersion", "kind", "metadata", "spec", "status"])
  private static let prometheusRuleSpecNames = FieldNames("the spec of a PrometheusRule", ["groups"])

  private mutating func belfryDocument(_ root: YAMLNode, index: Int, into harvest: inout DocumentHarvest) {
    guard var envelope = Envelope(root, index: index, &self) else { return }
    let errorsBefore = diagnostics.errorCount
    let spec = Spec(&envelope, &self)
    let references = takeReferences()
    let id = ResourceID(scope, envelope.kind, envelope.name.value)
    guard let spec else {
      if !envelope.name.value.isEmpty { harvest.unreadable.append(id) }
      return
    }
    // A silence applies even while its scope is held, so one that is half read must not exist.
    if case .silence = spec, diagnostics.errorCount > errorsBefore || envelope.hasErrors {
      harvest.unreadable.append(id)
      return
    }
    harvest.resources.append(
      Resource(
        id: id, spec: spec, owner: envelope.owner, labels: envelope.labels, previousNames: envelope.previousNames,
        origin: envelope.origin(file: file), nameRange: envelope.name.range, references: references))
  }
}

extension Diagnostics {
  /// How many findings are errors.
  var errorCount: Int { all.count { $0.severity == .error } }
}
