import Diagnostics
import Model
import YAML

extension Reading {
  /// The groups of a Prometheus rule file or of a `PrometheusRule`'s spec, each as a resource.
  ///
  /// `taken` holds the ids of the groups that came before in the same file; `qualifier`, the object's name, tells groups
  /// of one name in several objects apart.
  mutating func groups(
    _ node: YAMLNode?, _ form: RuleForm, document: Int, qualifier: String?, taken: inout Set<String>
  ) -> [Resource] {
    guard let node else { return [] }
    var firsts: [String: SourceRange] = [:]
    var resources: [Resource] = []
    let prefix = scope.relativePath(of: file) + ":"
    for item in items(node, "rule groups") {
      guard let group = ruleGroup(item, form) else { continue }
      let references = takeReferences()
      let name = group.spec.name
      if let first = firsts[name] {
        reportDuplicate(name, at: group.nameRange, first: first)
        continue
      }
      firsts[name] = group.nameRange
      var id = prefix + name
      if taken.contains(id), let qualifier { id = prefix + qualifier + "/" + name }
      guard taken.insert(id).inserted else {
        reportDuplicate(name, at: group.nameRange, first: nil)
        continue
      }
      resources.append(resource(group, id: id, form, document, references))
    }
    return resources
  }

  private mutating func reportDuplicate(_ name: String, at range: SourceRange, first: SourceRange?) {
    diagnostics.error(
      DiagnosticCode.duplicateGroup.rawValue, "a group named '\(Wording.short(name))' is already in this file",
      at: span(range), fix: "give it another name, or put its rules into the first",
      notes: first.map { [.init("the first one", at: span($0))] } ?? [])
  }

  private func resource(
    _ group: ReadGroup, id: String, _ form: RuleForm, _ document: Int, _ references: [Reference]
  ) -> Resource {
    let origin = Origin(
      file: file, line: Int(group.nameRange.start.line), document: document, format: form.format,
      ruleLines: group.ruleLines)
    return Resource(
      id: ResourceID(scope, .ruleGroup, id), spec: .ruleGroup(group.spec), origin: origin, nameRange: group.nameRange,
      references: references)
  }
}
