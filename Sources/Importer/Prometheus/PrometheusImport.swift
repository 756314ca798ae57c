import Diagnostics
import Model
package import Specs
import YAML

/// Rule files and the settings of a Prometheus, turned into a spec tree: rules as they are, in the folders of tenants.
package struct PrometheusImport: Sendable {
  let inputs: [ImportedFile]
  let placement: TenantPlacement
  let dataSource: String?
  let options: SpecOptions

  /// `inputs`: each file by the path that findings show, and that `path:` patterns see. `dataSource`: the address of the
  /// Prometheus that has the samples.
  package init(
    _ inputs: [ImportedFile], placement: TenantPlacement = .platform, dataSource: String? = nil,
    options: SpecOptions = SpecOptions()
  ) {
    self.inputs = inputs
    self.placement = placement
    self.dataSource = dataSource
    self.options = options
  }

  /// The patterns under `rule_files` of a prometheus.yml; none for any other file.
  package static func ruleFilePatterns(in bytes: [UInt8]) -> [String] {
    let stream = YAMLStream(parsing: bytes, file: "")
    guard let root = stream.documents.first?.root, root["tests"] == nil else { return [] }
    return (root["rule_files"]?.items ?? []).compactMap(\.text)
  }

  /// Whether a file is one of rules, and not the settings of some server.
  package static func holdsRules(_ bytes: [UInt8]) -> Bool {
    let stream = YAMLStream(parsing: bytes, file: "")
    return stream.documents.contains { $0.root?["groups"] != nil || $0.root?["spec"]?["groups"] != nil }
  }

  /// The tree; empty where no input can be used at all.
  package func result() -> Imported {
    var imported = Imported()
    var work = RuleWork(placement: placement, options: options)
    var settings: [RuleFileInput] = []
    for input in inputs {
      let read = RuleFileInput(
        path: input.path, bytes: input.bytes, options: options, diagnostics: &imported.diagnostics)
      if read.kind == .settings { settings.append(read) } else { work.inputs.append(read) }
    }
    guard work.inputs.contains(where: { $0.kind == .rules }) || !settings.isEmpty else { return imported }
    work.place()
    var platform = PrometheusSettings(dataSource: dataSource)
    for (index, file) in settings.enumerated() { platform.read(file, isFirst: index == 0) }
    imported.files = platform.files + work.tenantFiles + work.files
    imported.diagnostics.append(platform.diagnostics)
    imported.diagnostics.append(work.diagnostics)
    check(&imported)
    imported.files.append(ImportedFile("IMPORT.md", PrometheusReport(imported, work).text))
    return imported
  }

  /// What Belfry says of the tree as a whole.
  private func check(_ imported: inout Imported) {
    var tree = SpecTree()
    tree.update(
      imported.files.filter { SpecFile.scope(ofPath: $0.path) != nil }
        .map { ($0.path, SpecFile.parse(path: $0.path, bytes: $0.bytes, options: options)) })
    for problem in tree.problems where problem.severity == .error { imported.diagnostics.report(problem) }
  }
}
