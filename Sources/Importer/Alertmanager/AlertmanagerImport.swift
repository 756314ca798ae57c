import Diagnostics
import Model
package import Specs
import YAML

/// A configuration of Alertmanager, turned into a spec tree that routes exactly alike.
///
/// The whole route tree becomes one `Route` of the platform, which is walked for the alerts of every scope that has no
/// tree of its own; receivers become channels of the platform, several where a receiver has several integrations.
package struct AlertmanagerImport: Sendable {
  /// A template file that the configuration names.
  package struct TemplateFile: Sendable {
    package var path: String
    package var bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
      self.path = path
      self.bytes = bytes
    }
  }

  let file: String
  let bytes: [UInt8]
  let options: SpecOptions

  /// `file` is the name that findings have; `options` are those by which the result is checked.
  package init(file: String, bytes: [UInt8], options: SpecOptions = SpecOptions()) {
    self.file = file
    self.bytes = bytes
    self.options = options
  }

  /// The patterns under `templates`, as they are written; none where the file can't be read.
  package var templatePatterns: [String] {
    var ignored = Diagnostics()
    guard let text = ConfigText(file: file, bytes: bytes, diagnostics: &ignored) else { return [] }
    return (text.node["templates"]?.items ?? []).compactMap(\.text)
  }

  /// The tree, or every reason why there is none.
  package func result(templates: [TemplateFile] = []) -> Imported {
    var imported = Imported()
    guard let text = ConfigText(file: file, bytes: bytes, diagnostics: &imported.diagnostics) else { return imported }
    var reader = text.reader
    let config = AlertmanagerConfig(text.node, &reader)
    var maker = ChannelMaker(reader, config.global)
    let drafts = config.receivers.map { maker.channels(of: $0) }
    // What is wrong with the configuration itself; what can't be carried over doesn't keep the rest back.
    var work = TreeMaker(config: config, maker: maker, options: options)
    guard !work.isBroken, let root = config.root else { return refused(work.maker.reader.diagnostics, imported) }
    work.templates(templates)
    work.check(drafts)
    work.others()
    work.intervals()
    work.inhibition()
    work.route(root)
    work.checkAll()
    guard !work.isBroken else { return refused(work.maker.reader.diagnostics, imported) }
    imported.files = work.files
    imported.secrets = work.maker.secrets.all
    imported.receivers = work.receivers
    imported.diagnostics.append(work.maker.reader.diagnostics)
    imported.files.append(ImportedFile("IMPORT.md", AlertmanagerReport(imported, from: file).text))
    return imported
  }
}

extension AlertmanagerImport {
  /// Nothing but what is wrong with the configuration itself: what would be lost doesn't matter yet.
  private func refused(_ found: Diagnostics, _ imported: Imported) -> Imported {
    var imported = imported
    for finding in found.all where !ImportCode.isAboutCarrying(finding.code) { imported.diagnostics.report(finding) }
    return imported
  }
}

extension ImportCode {
  /// Whether a finding of this code is about what was made, and not about an input that can't be used.
  static func isAboutCarrying(_ code: String) -> Bool {
    switch ImportCode(rawValue: code) {
    case .notCarried, .noSuchChannel, .worksOtherwise, .templateLeft, .ruleLeft, .groupDivided: true
    case .otherFile, .undefinedName, .duplicateName, nil: false
    }
  }
}
