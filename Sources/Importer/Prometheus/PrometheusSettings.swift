import Diagnostics
import YAML

/// What of a prometheus.yml concerns alerting, as documents of the platform.
struct PrometheusSettings {
  var diagnostics = Diagnostics()
  private let dataSource: String?
  private var platform: [SpecField] = []
  private var origin: String?

  init(dataSource: String?) {
    self.dataSource = dataSource
  }

  var files: [ImportedFile] {
    let url = dataSource ?? "http://127.0.0.1:9090"
    let comment = dataSource == nil ? ["Whose samples the rules are about: write the Prometheus's own address"] : []
    let source = SpecDocument(
      kind: "DataSource", name: "prometheus", comments: comment,
      spec: [SpecField("prometheus", .map([SpecField("url", url)])), SpecField("default", true)])
    var files = [ImportedFile("platform/sources.yaml", source.text)]
    if !platform.isEmpty {
      let document = SpecDocument(
        kind: "Platform", name: "platform", comments: origin.map { ["From \($0)"] } ?? [], spec: platform)
      files.append(ImportedFile("platform/platform.yaml", document.text))
    }
    return files
  }

  mutating func read(_ file: RuleFileInput, isFirst: Bool) {
    guard let root = file.root else { return }
    var reader = ConfigReader(file: file.path)
    defer { diagnostics.append(reader.diagnostics) }
    guard isFirst else {
      reader.error(
        .otherFile, "these are the settings of a second Prometheus, which are not read", at: root.range.startOnly,
        fix: "import each into a folder of its own, and give each tenant the DataSource that it uses")
      return
    }
    origin = file.path
    if dataSource == nil {
      reader.warning(
        .worksOtherwise, "a Prometheus doesn't say its own address; platform/sources.yaml has http://127.0.0.1:9090",
        at: root.range.startOnly, fix: "write it there, or import again with --data-source URL")
    }
    if let global = root["global"] { readGlobal(global, &reader) }
    if let alerting = root["alerting"] { Self.readAlerting(alerting, &reader) }
    if let writes = root.entry("remote_write") {
      reader.warning(
        .notCarried, "'remote_write' stays with this Prometheus", at: writes.key.range,
        fix: "to have Belfry evaluate recording rules, set 'recording' and 'remote_write' in platform/sources.yaml")
    }
    let others = (root.entries ?? []).map(\.name)
      .filter { !["global", "alerting", "remote_write", "rule_files"].contains($0) }
    if !others.isEmpty {
      let names = others.map { "'\($0.shortened)'" }.joined(separator: ", ")
      reader.warning(.notCarried, "\(names): collecting samples stays with Prometheus", at: root.range.startOnly)
    }
  }

  private mutating func readGlobal(_ global: YAMLNode, _ reader: inout ConfigReader) {
    let known = [
      "scrape_interval", "scrape_timeout", "evaluation_interval", "external_labels", "rule_query_offset",
      "query_log_file",
    ]
    if let text = reader.duration(global["evaluation_interval"], allowsZero: false) {
      platform.append(SpecField("interval", text))
    }
    var labels: [SpecField] = []
    for entry in global["external_labels"]?.entries ?? [] {
      guard let text = reader.text(entry.value, "the value of a label") else { continue }
      if text.contains("${") || text.hasPrefix("$") {
        reader.error(
          .notCarried, "the external label '\(entry.name.shortened)' is filled from the environment of Prometheus",
          at: entry.key.range, fix: "write its value under 'external_labels' in platform/platform.yaml")
      } else {
        labels.append(SpecField(entry.name, text))
      }
    }
    if !labels.isEmpty { platform.append(SpecField("external_labels", .map(labels))) }
    if let offset = global.entry("rule_query_offset"), offset.value.text != "0s", offset.value.text != "0" {
      reader.error(
        .notCarried, "'rule_query_offset' has no counterpart for all groups", at: offset.key.range,
        fix: "write 'query_offset' in each group")
    }
    let others = (global.entries ?? []).map(\.name).filter { !known.contains($0) }
    if !others.isEmpty {
      let names = others.map { "'\($0.shortened)'" }.joined(separator: ", ")
      reader.warning(.notCarried, "\(names) of 'global' stays with Prometheus", at: global.range.startOnly)
    }
  }

  private static func readAlerting(_ alerting: YAMLNode, _ reader: inout ConfigReader) {
    if let relabel = alerting.entry("alert_relabel_configs") {
      reader.error(
        .notCarried, "'alert_relabel_configs' changes alerts on their way, and Belfry has no such step",
        at: relabel.key.range,
        fix: "change the labels in the rules, or write 'external_labels' for those that are only added")
    }
    if let managers = alerting.entry("alertmanagers") {
      reader.warning(
        .notCarried, "'alertmanagers' is not carried over: Belfry notifies by itself", at: managers.key.range,
        fix: "import the Alertmanager too; to keep it for a while, write a Channel of the kind 'alertmanager'")
    }
  }
}
