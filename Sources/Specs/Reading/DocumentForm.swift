import Model
import YAML

/// What a document is, judged by its outermost fields.
enum DocumentForm {
  case belfry
  case ruleFile
  case prometheusRule
  /// A list of documents, as `kubectl get -o yaml` writes it.
  case list
  case unitTest
  /// Something else, with what to say about it.
  case unknown(message: String, fix: String)

  init(_ root: YAMLNode) {
    guard let entries = root.entries else {
      self = .unknown(message: "\(root.kindWords) stands where a document's fields are expected", fix: Self.accepted)
      return
    }
    let version = root["apiVersion"]?.text
    let kind = root["kind"]?.text
    if version == nil, kind == nil {
      self = Self.withoutKind(root, entries.map(\.name))
    } else if let version, version.hasPrefix("monitoring.coreos.com/"), let kind {
      switch kind {
      case "PrometheusRule": self = .prometheusRule
      case "PrometheusRuleList", "List": self = .list
      default: self = Self.foreign(kind)
      }
    } else if version == "v1", kind == "List" {
      self = .list
    } else if kind == "PrometheusRule" {
      self = .unknown(
        message: "a PrometheusRule has the apiVersion 'monitoring.coreos.com/v1'"
          + (version.map { ", not '\(Wording.short($0))'" } ?? ""),
        fix: "write apiVersion: monitoring.coreos.com/v1")
    } else if let kind, Kind(rawValue: kind) == nil, let version, version.contains("/") || version == "v1",
      !Self.looksLikeBelfry(version)
    {
      self = Self.foreign(kind)
    } else {
      self = .belfry
    }
  }

  private static func looksLikeBelfry(_ version: String) -> Bool {
    let group = version.prefix { $0 != "/" }
    return group == "belfry" || group.hasPrefix("belfry.") || nearest(group)
  }

  private static func withoutKind(_ root: YAMLNode, _ names: [String]) -> Self {
    if names.isEmpty || names.contains("groups") { return .ruleFile }
    if names.contains("tests") || names.contains("rule_files") { return .unitTest }
    if names.contains("route") || names.contains("receivers") {
      return .unknown(
        message: "this is a configuration of Alertmanager, which is not read as a spec",
        fix: "turn it into specs with 'belfry import alertmanager'")
    }
    if names.contains("spec") || names.contains("metadata") {
      return .belfry
    }
    let near = names.lazy.compactMap { name in Self.topLevel.first { Wording.isNear(name, $0) }.map { (name, $0) } }
    let hint = near.first.map { "; '\($0.0)' looks like '\($0.1)'" } ?? ""
    return .unknown(message: "nothing tells what this document is" + hint, fix: accepted)
  }

  private static func foreign(_ kind: String) -> Self {
    switch kind {
    case "AlertmanagerConfig":
      .unknown(
        message: "an AlertmanagerConfig is not read as a spec",
        fix: "turn it into specs with 'belfry import alertmanager'")
    case "VMRule":
      .unknown(
        message: "a VMRule is of the VictoriaMetrics operator and not read as a spec",
        fix: "write its groups as a Prometheus rule file")
    default:
      .unknown(
        message: "a document of kind '\(Wording.short(kind))' is not read as a spec"
          + Wording.suggestion(kind, among: Kind.allCases.map(\.rawValue)),
        fix: accepted + "; or name the file in .belfryignore")
    }
  }

  private static func nearest(_ group: Substring) -> Bool { Wording.isNear(String(group), "belfry") }

  private static let topLevel = ["groups", "apiVersion", "kind", "tests", "rule_files"]

  /// The documents that are accepted, in a sentence.
  static let accepted =
    "a document is one of Belfry's ('apiVersion: belfry/v1'), a Prometheus rule file ('groups:'), a PrometheusRule,"
    + " or a unit test ('rule_files:' and 'tests:')"
}
