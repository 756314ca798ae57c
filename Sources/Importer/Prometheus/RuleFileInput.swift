import Diagnostics
import Specs
import YAML

/// An input of `belfry import prometheus`, read.
struct RuleFileInput {
  enum Kind: Hashable {
    case rules, settings, unitTest
    /// Nothing that can be used, with a finding that says why.
    case unusable
  }

  let path: String
  let bytes: [UInt8]
  var kind = Kind.rules
  /// The groups of all documents, in order.
  var groups: [RuleGroupText] = []
  /// Groups, by position, that Belfry can't read.
  var refused: Set<Int> = []
  /// Whether something beside the groups is wrong, so that no part of the file can be used.
  var isRefused = false
  var text: RuleText
  /// The document of settings.
  var root: YAMLNode?

  init(path: String, bytes: [UInt8], options: SpecOptions, diagnostics: inout Diagnostics) {
    self.path = path
    self.bytes = bytes
    text = RuleText(source: SourceText(bytes), root: nil)
    guard bytes.count <= options.limits.fileBytes else {
      diagnostics.error(
        ImportCode.ruleLeft.rawValue,
        "the file has \(bytes.count) bytes; at most \(options.limits.fileBytes) are read",
        at: SourceSpan(file: path, range: .fileBegin), fix: "split it into several files")
      (kind, isRefused) = (.unusable, true)
      return
    }
    let stream = YAMLStream(parsing: bytes, file: path, limits: options.limits.yaml)
    let roots = stream.documents.compactMap(\.root).filter { !$0.isNull }
    guard !stream.diagnostics.hasErrors else {
      diagnostics.append(stream.diagnostics)
      (kind, isRefused) = (.unusable, true)
      return
    }
    kind = Self.kind(of: roots)
    switch kind {
    case .settings: root = roots.first
    case .rules: readGroups(roots, options, &diagnostics)
    case .unitTest:
      diagnostics.warning(
        ImportCode.ruleLeft.rawValue, "a unit test is not moved, since it names its rule files by their paths",
        at: SourceSpan(file: path, range: .fileBegin),
        fix: "put it beside the rules, with their new names in 'rule_files'")
    case .unusable:
      diagnostics.error(
        ImportCode.otherFile.rawValue, Self.otherWords(roots.first), at: SourceSpan(file: path, range: .fileBegin),
        fix: "name rule files, and the prometheus.yml that loads them")
    }
  }

  private static let settings: Set = [
    "scrape_configs", "rule_files", "alerting", "remote_write", "remote_read", "storage", "scrape_config_files",
  ]

  private static func kind(of roots: [YAMLNode]) -> Kind {
    guard let root = roots.first else { return .rules }
    let names = Set((root.entries ?? []).map(\.name))
    if names.contains("tests") { return .unitTest }
    if root["kind"] == nil, names.contains("route") || names.contains("receivers") { return .unusable }
    if root["kind"] == nil, !names.isDisjoint(with: settings) || names == ["global"] { return .settings }
    if names.contains("groups") || root["kind"]?.text == "PrometheusRule" || root["items"] != nil { return .rules }
    return .unusable
  }

  private static func otherWords(_ root: YAMLNode?) -> String {
    if root?["route"] != nil || root?["receivers"] != nil {
      return "this belongs to Alertmanager; use 'belfry import alertmanager'"
    }
    if let kind = root?["kind"]?.text { return "a \(kind.shortened) holds no rules that Belfry reads" }
    return "this is neither a rule file nor the settings of a Prometheus"
  }

  /// Which groups Belfry reads is asked of Belfry itself.
  private mutating func readGroups(_ roots: [YAMLNode], _ options: SpecOptions, _ diagnostics: inout Diagnostics) {
    for root in roots { collect(root) }
    text = RuleText(source: text.source, root: roots.count == 1 && roots[0]["groups"] != nil ? roots.first : nil)
    let file = SpecFile.parse(path: "platform/rules.yaml", bytes: bytes, options: options)
    for var finding in file.diagnostics.all where finding.severity == .error {
      finding.span.file = path
      let line = finding.span.range.start.line
      let index = groups.firstIndex { $0.node.range.start.line <= line && line <= $0.node.range.end.line }
      if let index { refused.insert(index) } else { isRefused = true }
      finding.notes.append(Diagnostic.Note("what Belfry can't read is kept in not-imported/"))
      diagnostics.report(finding)
    }
  }

  private mutating func collect(_ root: YAMLNode) {
    if let items = root["items"]?.items {
      for item in items { collect(item) }
    } else {
      let list = root["groups"] ?? root["spec"]?["groups"]
      groups += (list?.items ?? []).map(RuleGroupText.init)
    }
  }
}
