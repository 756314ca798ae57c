import Diagnostics
import Model
import YAML

/// The text of a configuration, wherever it stands: a file of its own, or the Secret that an operator reads.
struct ConfigText {
  var node: YAMLNode
  var reader: ConfigReader

  private static let keys = ["alertmanager.yaml", "alertmanager.yml", "config.yml", "config.yaml"]

  /// `nil`, with findings in `diagnostics`, where there is no configuration of Alertmanager.
  init?(file: String, bytes: [UInt8], diagnostics: inout Diagnostics) {
    let stream = YAMLStream(parsing: bytes, file: file)
    for finding in stream.diagnostics.all { diagnostics.report(finding.withoutText) }
    guard !stream.diagnostics.hasErrors else { return nil }
    var reader = ConfigReader(file: file)
    defer { diagnostics.append(reader.diagnostics) }
    let roots = stream.documents.compactMap(\.root).filter { !$0.isNull }
    guard let root = roots.first else {
      reader.error(.otherFile, "the file is empty", at: .fileBegin, fix: "name the configuration of an Alertmanager")
      return nil
    }
    if roots.count > 1 {
      reader.error(.otherFile, "a configuration is one document, and this file has \(roots.count)", at: roots[1].range)
      return nil
    }
    if root["kind"]?.text == "Secret" || root["kind"]?.text == "ConfigMap" {
      guard let inner = Self.inner(root, file, &diagnostics) else {
        reader.error(
          .otherFile, "the \(root["kind"]?.text ?? "") holds no 'alertmanager.yaml'", at: root.range.startOnly,
          fix: "name the file of the configuration itself")
        return nil
      }
      self = inner
      return
    }
    guard Self.looksRight(root, &reader) else { return nil }
    node = root
    self.reader = reader
  }

  private init(node: YAMLNode, reader: ConfigReader) {
    self.node = node
    self.reader = reader
  }

  private static func looksRight(_ root: YAMLNode, _ reader: inout ConfigReader) -> Bool {
    if root.entries != nil, root["route"] != nil || root["receivers"] != nil || root["global"] != nil,
      root["scrape_configs"] == nil, root["rule_files"] == nil
    {
      return true
    }
    let (what, fix): (String, String)
    switch root["kind"]?.text {
    case "AlertmanagerConfig":
      what = "this is an AlertmanagerConfig, of which the operator makes a part of the configuration"
      fix = "import what the operator generates: the Secret alertmanager-<name>-generated, unpacked"
    case let kind?:
      what = "this is a \(kind.shortened), and no configuration of Alertmanager"
      fix = "name the file that Alertmanager is started with"
    case nil where root["groups"] != nil || root["scrape_configs"] != nil || root["rule_files"] != nil:
      what = "this belongs to Prometheus"
      fix = "use 'belfry import prometheus'"
    case nil:
      what = "\(root.entries == nil ? root.kindWords : "this") is no configuration of Alertmanager"
      fix = "name the file that Alertmanager is started with; it has 'route' and 'receivers'"
    }
    reader.error(.otherFile, what, at: root.range.startOnly, fix: fix)
    return false
  }

  /// The configuration within a Secret or ConfigMap, with the places of the outer file where it stands as a block.
  private static func inner(_ root: YAMLNode, _ file: String, _ diagnostics: inout Diagnostics) -> ConfigText? {
    for key in keys {
      if let plain = (root["stringData"] ?? root["data"])?[key], let text = plain.text, text.contains("\n") {
        return read(
          Array(text.utf8), file, offset: plain.scalar?.style == .literal ? plain.range.start.line : 0, &diagnostics)
      }
      if let packed = root["data"]?[key]?.text, let bytes = Array(packed.utf8).base64Decoded {
        return read(bytes, file + ":" + key, offset: 0, &diagnostics)
      }
    }
    return nil
  }

  private static func read(
    _ bytes: [UInt8], _ file: String, offset: Int32, _ diagnostics: inout Diagnostics
  ) -> ConfigText? {
    var reader = ConfigReader(file: file)
    reader.lineOffset = offset
    let stream = YAMLStream(parsing: bytes, file: file)
    for var finding in stream.diagnostics.all.map(\.withoutText) {
      finding.span = reader.span(finding.span.range)
      diagnostics.report(finding)
    }
    guard !stream.diagnostics.hasErrors, let root = stream.documents.first?.root, looksRight(root, &reader) else {
      diagnostics.append(reader.diagnostics)
      return nil
    }
    return ConfigText(node: root, reader: reader)
  }
}

extension Diagnostic {
  /// The same without a line of the file: in a configuration any line may hold a secret.
  fileprivate var withoutText: Diagnostic {
    guard ["misplaced-line", "key-without-colon"].contains(code) else { return self }
    var finding = self
    finding.message =
      code == "misplaced-line" ? "something stands here that doesn't belong here" : "a key has no ':' here"
    return finding
  }
}

extension SourceRange {
  static let fileBegin = SourceRange(SourcePosition(line: 1, column: 1), SourcePosition(line: 1, column: 1))

  /// The first place of this range alone, for findings about all of a long mapping.
  var startOnly: SourceRange { SourceRange(start, start) }
}
